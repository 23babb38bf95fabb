from datetime import UTC, datetime, timedelta

import pytest

from marketplace.accounts.rules import (
    ANYONE,
    PERMISSIONS,
    Permission,
    Role,
    Viewer,
    browser_in_words,
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


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/148.0 Safari/537.36 Edg/148.0", "Edge on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1", "Safari on an iPhone"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_what_its_owner_calls_it_and_nothing_finer(said, words):
    assert browser_in_words(said) == words


@pytest.mark.parametrize(
    "password", ["nadineferris1", "nadine@example.org!", "Ferris12345", "Clubtogether26", "example.org99"]
)
def test_a_password_that_says_whose_it_is_is_refused(password):
    assert password_problem(password=password, email="nadine@example.org", name="Nadine Ferris").endswith(".")


def test_a_password_may_hold_a_name_among_other_words():
    assert password_problem(password="nadine rides a purple horse", email="nadine@example.org", name="Nadine") is None
