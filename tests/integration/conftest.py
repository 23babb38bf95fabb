"""What tests of races need: an application of their own, in which everything is committed. And sound books, always."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.budgets.queries import broken_rows
from marketplace.web.queries import broken_books


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


@pytest.fixture
def browse(app, connection, session, sign_in):
    """Return a function that gives somebody a plain browser: where only words matter, and there are many pages."""

    def somebody(person_id):
        client = FlaskClient(app, app.response_class)
        return sign_in(person_id, into=client) if person_id else client

    return somebody


@pytest.fixture(autouse=True)
def _books_are_sound(request):
    """Whatever a test did to budgets and arrangements, the ledger's check finds nothing amiss in it afterwards."""
    package = request.path.parent.name
    if package not in _OF_MONEY or "session" not in request.fixturenames or "unguarded" in request.fixturenames:
        yield
        return
    session = request.getfixturevalue("session")
    yield
    if session.is_active:
        assert _OF_MONEY[package](session) == ()


def _books(session):
    return broken_books(session, today=date(2028, 1, 1))


_OF_MONEY = {"budgets": broken_rows, "payments": _books, "purchasing": _books}
"""The packages whose tests move money, and what is asked after each. Budgets alone know no arrangements."""
