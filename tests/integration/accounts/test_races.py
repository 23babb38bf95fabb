"""Real threads on a real engine: buttons that are pressed twice at once."""

from sqlalchemy import func, select

from marketplace.accounts import services
from marketplace.accounts.models import Person, RoleGrant
from marketplace.accounts.rules import Role
from tests.factories import accounts as make
from tests.races import in_transactions

CROWD = 6


def test_signing_up_many_times_at_once_opens_one_account(real_app, arrange, now):
    def press(session):
        services.sign_up(
            session, email="ada@example.org", name="Ada", password="kettle garden bus", link=str,
            sign_in_address="https://x/sign-in", now=now,
        )  # fmt: skip

    assert in_transactions(real_app, [press] * CROWD) == [None] * CROWD
    assert arrange(lambda session: session.scalar(select(func.count(Person.id)))) == 1


def test_a_role_given_many_times_at_once_is_held_once(real_app, arrange, now):
    arrange(lambda session: make.person(session, email="mo@example.org"))

    def press(session):
        services.trust_with_role(session, email="mo@example.org", role=Role.MODERATOR, council=None, by=None, now=now)

    outcomes = in_transactions(real_app, [press] * CROWD)
    assert sum(isinstance(it, services.RoleAlreadyHeldError) for it in outcomes) == CROWD - 1
    held = select(func.count()).where(RoleGrant.role == Role.MODERATOR)
    assert arrange(lambda session: session.scalar(held)) == 1
