"""What tests of races need: an application of their own, in which everything is committed."""

import pytest
from sqlalchemy.orm import Session


@pytest.fixture
def real_app(new_app):
    """An application on an empty database that nothing rolls back."""
    app = new_app()
    yield app
    # Its connections go with it: a server has only so many.
    app.extensions["engine"].dispose()


@pytest.fixture
def arrange(real_app):
    """Return a function that runs another in a committed transaction of its own."""

    def run(doing):
        with Session(real_app.extensions["engine"], expire_on_commit=False) as session:
            session.connection(execution_options={"writing": True})
            result = doing(session)
            session.commit()
        return result

    return run
