from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Role
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import ProviderKind
from marketplace.kit.audit import AuditEvent
from marketplace.kit.days import day_of
from marketplace.kit.outbox import Message
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Flag, FlaggedReview, OfferRating, Screening
from marketplace.ratings.queries import flags as queries
from marketplace.ratings.rules.flags import LOOKS_BACK_DAYS, SETTLING_DAYS
from marketplace.ratings.rules.nouns import Basis, FlagKind, FlagOutcome, Ground, ReviewStatus
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services.counting import count_again
from marketplace.ratings.services.reminding import FLAGS, remind
from marketplace.ratings.services.reviewing import declare_use_and_review
from marketplace.ratings.services.settling import (
    FlagMovedOnError,
    FlagNotFoundError,
    FlagUnclearError,
    decide_about_flag,
)
from tests.factories import accounts, fairness, purchasing, ratings
from tests.factories import flags as made


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


@pytest.fixture
def library(session):
    """A service open to everyone, with some honest reviews of long ago."""
    offer = purchasing.offer(session, organisation_id=None, is_free=True)
    for stars in (2, 3, 3, 4, 2, 3):
        ratings.review(session, offer=offer, stars=stars)
    return offer


@pytest.fixture
def moderator(session):
    return accounts.as_viewer(accounts.person(session, role=Role.MODERATOR), role=Role.MODERATOR)


@pytest.fixture
def now(now):
    return now + timedelta(days=200)


@pytest.fixture
def decide(session, moderator, now):
    def deciding(flag, not_genuine=(), *, by=moderator, reason="The accounts have one owner."):
        decide_about_flag(
            session,
            flag_id=flag.id,
            not_genuine=[it.id for it in not_genuine],
            reason=reason,
            by=by,
            link=link,
            address=made.address,
            now=now,
        )

    return deciding


def letters(session, to=None):
    wanted = select(Message.subject).order_by(Message.created_at)
    return session.scalars(wanted.where(Message.to == to) if to else wanted).all()


def kept(session, offer):
    return session.get_one(OfferRating, offer.id, populate_existing=True)


class TestRaising:
    def test_a_wave_by_accounts_made_for_it_is_flagged_with_its_evidence(self, session, library, moderator, now):
        fakes = made.wave(session, offer=library, now=now)
        assert made.look_at(session, offer=library, now=now) == 1
        flag = session.scalars(select(Flag)).one()
        assert (flag.kind, flag.since, flag.provider_id) == (
            FlagKind.BURST,
            day_of(now - timedelta(days=3)),
            library.provider_id,
        )
        assert {it.id for it in made.under(session, flag)} == {it.id for it in fakes}
        assert (flag.evidence["leaning"], flag.evidence["fresh"], flag.evidence["lean"]) == (12, 12, "up")
        assert letters(session) == ["Some reviews look arranged"]
        assert session.scalars(select(AuditEvent.did).where(AuditEvent.to_kind == "flag")).all() == ["raised"]

    def test_what_is_flagged_stays_shown_and_counted_but_moves_no_place(self, session, library, now):
        before = kept(session, library)
        sums = (before.weight, before.own_weight, before.own_weight_stars)
        made.flag(session, offer=library, now=now)
        after = kept(session, library)
        assert (after.fives, after.set_aside) == (12, 12)
        assert (after.weight, after.own_weight, after.own_weight_stars) == sums
        assert count_again(session, offer_ids=[library.id]) == {}

    def test_it_stays_set_aside_however_long_nobody_decides(self, session, library, now):
        made.flag(session, offer=library, now=now)
        made.look_at(session, offer=library, now=now + timedelta(days=2 * SETTLING_DAYS))
        assert kept(session, library).set_aside == 12

    def test_looking_twice_raises_it_once(self, session, library, now):
        made.flag(session, offer=library, now=now)
        assert made.look_at(session, offer=library, now=now) == 0
        assert letters(session) == []  # There is no moderator yet, and nobody else hears of it.
        assert session.scalar(select(func.count()).select_from(FlaggedReview)) == 12

    def test_more_of_the_same_come_under_the_same_flag(self, session, library, now):
        flag = made.flag(session, offer=library, now=now)
        made.wave(session, offer=library, now=now, count=4, days_ago=2)
        assert made.look_at(session, offer=library, now=now) == 0
        assert len(made.under(session, flag)) == 16
        assert flag.evidence["reviews"] == 16

    def test_praise_and_blame_are_flagged_apart(self, session, library, now):
        made.flag(session, offer=library, now=now)
        made.wave(session, offer=library, now=now, stars=1, days_ago=40)
        assert made.look_at(session, offer=library, now=now) == 1
        flags = session.scalars(select(Flag)).all()
        assert {flag.evidence["lean"] for flag in flags} == {"up", "down"}

    def test_two_that_begin_on_one_day_are_told_apart(self, session, library, now):
        made.wave(session, offer=library, now=now)
        made.wave(session, offer=library, now=now, stars=1, count=20)
        made.look_at(session, offer=library, now=now)
        assert session.scalar(select(func.count(Flag.since.distinct()))) == session.scalar(
            select(func.count()).select_from(Flag)
        )

    def test_a_wave_of_people_who_arranged_it_is_honest(self, session, now):
        _ada, organisation, _speaker = purchasing.two_sides(session)
        offer = purchasing.offer(session, organisation_id=organisation.id)
        for _ in range(12):
            ratings.review_of_done(
                session,
                offer=offer,
                organisation_id=organisation.id,
                stars=5,
                person=made.newcomer(session, at=now),
                written_at=now,
            )
        assert made.look_at(session, offer=offer, now=now) == 0
        assert session.scalars(select(Flag)).all() == []
        assert kept(session, offer).set_aside == 0

    def test_what_is_not_shown_is_not_looked_at(self, session, library, now):
        for it in made.wave(session, offer=library, now=now):
            fairness.stopped(session, it)
        assert made.look_at(session, offer=library, now=now) == 0

    def test_people_who_move_together_are_a_ring(self, session, library, now):
        others = [purchasing.offer(session, organisation_id=None, is_free=True) for _ in range(2)]
        for each in others:
            each.provider_id = another_provider(session)
        people = [accounts.person(session) for _ in range(4)]
        for offer in (library, *others):
            for person in people:
                ratings.review(session, offer=offer, stars=5, person=person, written_at=now - timedelta(days=9))
        assert made.look_at(session, offer=library, now=now) == 1
        flag = session.scalars(select(Flag)).one()
        assert (flag.kind, flag.evidence["people"], flag.evidence["providers"]) == (FlagKind.RING, 4, 3)
        assert kept(session, library).set_aside == 4


def another_provider(session):
    """Add another provider of services open to everyone."""
    it = Provider(
        id=uuid.uuid4(),
        name="Another place",
        kind=ProviderKind.UNIVERSAL_SERVICE,
        about="",
        created_at=purchasing.ASKED_AT,
    )
    session.add(it)
    session.flush()
    return it.id


def fresh_among(seen, review):
    (found,) = (each.is_fresh for each in seen if each.id == review.id)
    return found


class TestSettling:
    @pytest.fixture
    def write(self, session, library, now):
        def writing(person, at=now):
            return declare_use_and_review(
                session,
                offer_id=library.id,
                by=person.id,
                written=Written(stars=5, words="They helped me find a book."),
                link=link,
                now=at,
            )

        return writing

    def test_a_new_own_word_moves_no_place_at_once(self, session, library, write):
        write(accounts.person(session))
        assert (kept(session, library).fives, kept(session, library).set_aside) == (1, 1)

    @pytest.mark.parametrize(("days", "set_aside"), [(SETTLING_DAYS - 1, 1), (SETTLING_DAYS, 0)])
    def test_after_a_while_it_does(self, session, library, write, now, days, set_aside):
        write(accounts.person(session))
        made.look_at(session, offer=library, now=now + timedelta(days=days))
        assert kept(session, library).set_aside == set_aside
        assert count_again(session, offer_ids=[library.id]) == {}

    def test_an_account_used_for_other_things_was_not_made_for_it(self, session, library, now):
        (it,) = made.wave(session, offer=library, now=now, count=1)
        person = session.get_one(Person, it.person_id)
        first = queries.observed(session, provider_id=library.provider_id, today=day_of(now)).recent
        purchasing.arrangement(
            session,
            person=person,
            organisation_id=accounts.organisation(session)[0].id,
            status=ArrangementStatus.DONE,
        )
        again = queries.observed(session, provider_id=library.provider_id, today=day_of(now)).recent
        assert (fresh_among(first, it), fresh_among(again, it)) == (True, False)

    def test_what_turns_out_proven_moves_the_place_at_once(self, session, library, now):
        it = ratings.review(session, offer=library, stars=4, basis=Basis.INVOICE, written_at=now, is_set_aside=True)
        it.is_verified = True
        session.flush()
        assert library.provider_id in queries.providers_to_look_at(session, now=now + timedelta(days=20))
        made.look_at(session, offer=library, now=now)
        assert not it.is_set_aside

    def test_those_who_are_due_are_looked_at(self, session, library, write, now):
        assert library.provider_id not in queries.providers_to_look_at(session, now=now)
        write(accounts.person(session))
        assert library.provider_id in queries.providers_to_look_at(session, now=now)
        assert library.provider_id not in queries.providers_to_look_at(session, now=now + timedelta(days=30))
        assert library.provider_id in queries.providers_to_look_at(session, now=now + timedelta(days=SETTLING_DAYS))

    def test_what_is_old_is_only_counted(self, session, library, now):
        later = now + timedelta(days=LOOKS_BACK_DAYS + 1)
        seen = queries.observed(session, provider_id=library.provider_id, today=day_of(later))
        assert (seen.recent, seen.settled) == ((), (0, 2, 3, 1, 0))


class TestDeciding:
    def test_nothing_wrong_lets_them_move_the_place_for_good(self, session, library, now, decide):
        flag = made.flag(session, offer=library, now=now)
        decide(flag, reason="A newspaper wrote about them.")
        assert (flag.outcome, flag.decided_at) == (FlagOutcome.NOTHING_WRONG, now)
        assert kept(session, library).set_aside == 0
        assert made.look_at(session, offer=library, now=now + timedelta(days=1)) == 0
        assert len(session.scalars(select(Flag)).all()) == 1

    def test_those_not_genuine_are_refused_so_that_their_writers_can_appeal(self, session, library, now, decide):
        flag = made.flag(session, offer=library, now=now)
        fakes, others = made.under(session, flag)[:9], made.under(session, flag)[9:]
        decide(flag, fakes)
        assert flag.outcome is FlagOutcome.NOT_GENUINE
        assert {it.status for it in fakes} == {ReviewStatus.HELD}
        assert {(it.status, it.is_set_aside) for it in others} == {(ReviewStatus.SHOWN, False)}
        grounds = session.execute(select(Screening.ground, Screening.reason).distinct()).all()
        assert grounds == [(Ground.NOT_GENUINE, "The accounts have one owner.")]
        assert letters(session).count("We have kept something from view") == 9
        assert (kept(session, library).fives, kept(session, library).set_aside) == (3, 0)
        assert count_again(session, offer_ids=[library.id]) == {}

    def test_it_is_remembered_who_decided(self, session, library, now, decide, moderator):
        flag = made.flag(session, offer=library, now=now)
        decide(flag)
        event = session.scalars(select(AuditEvent).where(AuditEvent.did == "decided")).one()
        assert (event.by_person_id, event.to_id, flag.decided_by) == (moderator.person_id, flag.id, moderator.person_id)

    def test_only_once(self, session, library, now, decide):
        flag = made.flag(session, offer=library, now=now)
        decide(flag)
        with pytest.raises(FlagMovedOnError, match="has just decided"):
            decide(flag)

    @pytest.mark.parametrize(("reason", "refusal"), [(" ", "Say why"), ("a" * 2001, "at most")])
    def test_never_without_a_reason(self, session, library, now, decide, reason, refusal):
        flag = made.flag(session, offer=library, now=now)
        with pytest.raises(FlagUnclearError, match=refusal) as refused:
            decide(flag, reason=reason)
        assert refused.value.field == "reason"
        assert flag.decided_at is None

    def test_only_about_reviews_under_it(self, session, library, now, decide):
        flag = made.flag(session, offer=library, now=now)
        with pytest.raises(FlagMovedOnError, match="Look again"):
            decide(flag, [ratings.review(session, offer=library, stars=1)])

    def test_nobody_decides_about_their_own_organisation_or_words(self, session, now, decide):
        _ada, organisation, _speaker = purchasing.two_sides(session)
        offer = purchasing.offer(session, organisation_id=organisation.id)
        flag = made.flag(session, offer=offer, now=now, basis=Basis.INVOICE)
        theirs = accounts.as_viewer(accounts.person(session), organisation, role=Role.MODERATOR)
        writer = session.get_one(Person, made.under(session, flag)[0].person_id)
        wrote_one = accounts.as_viewer(writer, role=Role.MODERATOR)
        nobody = accounts.as_viewer(accounts.person(session))
        for viewer in (theirs, wrote_one, nobody):
            assert queries.open_flags(session, viewer=viewer, now=now).lines == ()
            with pytest.raises(FlagNotFoundError):
                decide(flag, by=viewer)


def test_moderators_are_reminded_and_operators_hear_of_what_is_late(session, library, moderator, now):
    accounts.person(session, role=Role.OPERATOR, email="opal@example.org")
    made.flag(session, offer=library, now=now)
    address = "https://example.org/reviews/flags"
    assert remind(session, FLAGS, address=address, now=now + timedelta(hours=1)) == 0
    assert remind(session, FLAGS, address=address, now=now + timedelta(days=6)) == 1
    assert letters(session, "opal@example.org") == ["1 flag on reviews waits for a decision, 1 of them late"]


def test_a_flag_says_nothing_of_who_wrote(session, library, moderator, now):
    flag = made.flag(session, offer=library, now=now)
    page = queries.flag_page(session, flag_id=flag.id, viewer=moderator)
    assert len(page.reviews) == 12
    assert all(it.is_fresh for it in page.reviews)
    people = {str(it.person_id) for it in made.under(session, flag)}
    assert not any(person in repr(page) for person in people)


def test_looking_costs_the_same_however_many_wrote(session, library, now, count_queries):
    def cost():
        session.expire_all()
        count_queries.clear()
        made.look_at(session, offer=library, now=now)
        return len(count_queries)

    made.wave(session, offer=library, now=now, count=12, days_ago=3)
    made.look_at(session, offer=library, now=now)
    few = cost()
    made.wave(session, offer=library, now=now, count=12, days_ago=3)
    made.look_at(session, offer=library, now=now)
    assert cost() == few
