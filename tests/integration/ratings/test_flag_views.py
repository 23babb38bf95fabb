from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from marketplace.accounts.rules import Role
from marketplace.ratings.jobs import flags as jobs
from marketplace.ratings.models import Flag
from marketplace.ratings.rules.nouns import Basis, FlagOutcome, ReviewStatus
from marketplace.web.jobs import PERIODIC
from tests.factories import accounts, purchasing, ratings
from tests.factories import flags as made


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def library(session):
    offer = purchasing.offer(session, organisation_id=None, is_free=True)
    for stars in (2, 3, 3, 4):
        ratings.review(session, offer=offer, stars=stars)
    return offer


@pytest.fixture
def flag(session, library, now):
    return made.flag(session, offer=library, now=now, words="Best library in the north.")


@pytest.fixture
def moderator(session, sign_in):
    return sign_in(accounts.person(session, role=Role.MODERATOR).id)


def fails_once(service):
    """Return a service that fails the first time."""
    times = iter([True])

    def failing(*given, **named):
        if next(times, False):
            raise RuntimeError
        return service(*given, **named)

    return failing


def words(response):
    return " ".join(BeautifulSoup(response.text, "html.parser").select_one("main").get_text(" ").split())


def test_the_list_says_what_waits(moderator, flag):
    page = words(moderator.get("/reviews/flags"))
    assert "1 flag waits." in page
    assert "12 reviews since" in page


def test_without_flags_the_list_says_so(moderator):
    assert "No reviews look arranged." in words(moderator.get("/reviews/flags"))


def test_a_flag_shows_its_evidence_and_nobody(moderator, session, flag):
    response = moderator.get(f"/reviews/flags/{flag.id}")
    page = words(response)
    assert "Many reviews came at once" in page
    assert "Best library in the north." in page
    assert "The account seems made for it." in page
    assert "Does not move the place now" in page
    writers = [it.person_id for it in made.under(session, flag)]
    assert not any(str(person_id) in response.text for person_id in writers)


def test_cards_and_blame_are_called_by_their_names(moderator, session, now):
    _ada, organisation, _speaker = purchasing.two_sides(session)
    offer = purchasing.offer(session, organisation_id=organisation.id)
    it = made.flag(session, offer=offer, now=now, stars=1, basis=Basis.INVOICE)
    page = words(moderator.get(f"/reviews/flags/{it.id}"))
    assert "blame (1 or 2 stars)" in page
    assert "By an invoice." in page


def test_nothing_wrong_closes_it(moderator, session, flag):
    response = moderator.fill_in(f"/reviews/flags/{flag.id}", which="none", reason="A newspaper wrote about them.")
    assert (response.status_code, response.location) == (302, "/reviews/flags")
    session.refresh(flag)
    assert flag.outcome is FlagOutcome.NOTHING_WRONG
    page = words(moderator.get(f"/reviews/flags/{flag.id}"))
    assert "Nothing is wrong" in page
    assert "Save this decision" not in page


def test_all_of_them_are_kept_from_view(moderator, session, flag):
    moderator.fill_in(f"/reviews/flags/{flag.id}", which="all", reason="One person wrote them all.")
    assert {it.status for it in made.under(session, flag)} == {ReviewStatus.HELD}
    assert "Not shown now" in words(moderator.get(f"/reviews/flags/{flag.id}"))


def test_some_of_them_are_kept_from_view(moderator, session, flag):
    first = made.under(session, flag)[0]
    response = moderator.fill_in(
        f"/reviews/flags/{flag.id}", which="some", chosen=str(first.id), reason="It says so itself."
    )
    assert response.status_code == 302
    session.expire_all()
    held = [it.id for it in made.under(session, flag) if it.status is ReviewStatus.HELD]
    assert held == [first.id]


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        ({"reason": "Why not."}, "Choose which are not genuine, or none."),
        ({"which": "none"}, "Say why."),
        ({"which": "some", "reason": "I think so."}, "Choose at least one review"),
        ({"which": "all", "reason": "I think so.", "seen": "3"}, "There are other reviews now"),
    ],
)
def test_what_is_unclear_is_asked_again(moderator, session, flag, answers, refusal):
    response = moderator.fill_in(f"/reviews/flags/{flag.id}", **answers)
    assert response.status_code == 422
    assert refusal in words(response)
    assert answers.get("reason", "") in response.text
    session.refresh(flag)
    assert flag.decided_at is None


def test_all_and_some_at_once_is_asked_again(moderator, session, flag):
    chosen = str(made.under(session, flag)[0].id)
    response = moderator.fill_in(f"/reviews/flags/{flag.id}", which="all", chosen=chosen, reason="I think so.")
    assert "You chose some reviews as well." in words(response)


def test_it_is_closed_to_others(client, session, sign_in, flag):
    assert client.get("/reviews/flags").status_code == 302
    sign_in(accounts.person(session).id)
    assert client.get("/reviews/flags").status_code == 403
    assert client.get(f"/reviews/flags/{flag.id}").status_code == 403


class TestJob:
    def test_it_is_on_the_clock(self):
        assert [one.every_seconds for one in PERIODIC if one.run is jobs.look_for_flags] == [3600]

    def test_it_looks_at_every_provider_and_one_that_fails_does_not_keep_the_others(
        self, real_app, arrange, now, monkeypatch
    ):
        def two(session):
            for _ in range(2):
                made.wave(session, offer=purchasing.offer(session, organisation_id=None, is_free=True), now=now)

        arrange(two)
        with real_app.test_request_context():
            with monkeypatch.context() as patched:
                patched.setattr(jobs, "look_at", fails_once(jobs.look_at))
                assert jobs.look_for_flags(now) == 1
            assert jobs.look_for_flags(now) == 1
            assert jobs.look_for_flags(now) == 0
        assert arrange(lambda session: session.query(Flag).count()) == 2
