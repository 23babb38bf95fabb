import pytest
from sqlalchemy import select

from marketplace.accounts.models import RoleGrant
from tests.factories import accounts as make


@pytest.fixture
def grant(app, session):
    def run(*words):
        session.commit()
        return app.test_cli_runner().invoke(args=["accounts", "grant", *words])

    return run


def test_an_operator_is_named_at_the_command_line(session, grant):
    make.person(session, email="ona@example.org")
    done = grant("Ona@example.org", "operator")
    assert (done.exit_code, done.output) == (0, "Ona@example.org is now here as operator.\n")
    assert "operator" in session.scalars(select(RoleGrant.role)).all()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody@example.org", "moderator"), "Nobody has an account with that address."),
        (("ona@example.org", "commissioner"), "A commissioner needs one council"),
        (("ona@example.org", "person"), "'person' is not one of"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(session, grant, words, sentence):
    make.person(session, email="ona@example.org")
    refused = grant(*words)
    assert refused.exit_code
    assert sentence in refused.output
