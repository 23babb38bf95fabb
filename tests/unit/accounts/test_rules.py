from datetime import UTC, datetime, timedelta

import pytest

from marketplace.accounts.rules import (
    ANYONE,
    PERMISSIONS,
    Permission,
    Role,
    Viewer,
    link_is_live,
    normal_email,
    password_problem,
    token_hash,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_every_role_is_in_the_table():
    assert set(PERMISSIONS) == set(Role)


def test_a_commissioner_may_read_demand_and_nothing_else():
    assert PERMISSIONS[Role.COMMISSIONER] == {Permission.READ_DEMAND}


def test_a_viewer_may_do_what_any_of_their_roles_may():
    both = Viewer(roles=frozenset({Role.PERSON, Role.PROVIDER}))
    assert both.may(Permission.BUY)
    assert both.may(Permission.PROVIDE)
    assert not both.may(Permission.MODERATE)
    assert not any(ANYONE.may(permission) for permission in Permission)


@pytest.mark.parametrize(("used", "minutes_left", "live"), [(False, 1, True), (False, 0, False), (True, 1, False)])
def test_a_link_works_once_and_in_time(used, minutes_left, live):
    expires_at = NOON + timedelta(minutes=minutes_left)
    assert link_is_live(expires_at=expires_at, used_at=NOON if used else None, now=NOON) is live


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaa", "sam@example.org"])
def test_a_weak_password_is_refused_in_a_sentence(password):
    assert password_problem(password=password, email="sam@example.org").endswith(".")


def test_three_words_make_a_password():
    assert password_problem(password="kettle garden bus", email="sam@example.org") is None


def test_an_address_is_compared_in_lower_case_and_a_token_kept_as_a_hash():
    assert normal_email("  Sam@Example.ORG ") == "sam@example.org"
    assert token_hash("abc") != "abc"
    assert len(token_hash("abc")) == 64
