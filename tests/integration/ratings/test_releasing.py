"""Shown together: nobody before there are three people, then all at once, and nothing says who came when."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from marketplace.kit.outbox import Message
from marketplace.ratings import queries
from marketplace.ratings.models import LedgerLine, Review
from marketplace.ratings.rules.nouns import Release, ReviewStatus
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services.amending import change_review, withdraw_review
from marketplace.ratings.services.publishing import publish
from tests.factories import accounts, purchasing, ratings
from tests.races import in_transactions

NOW = datetime(2026, 6, 3, 9, tzinfo=UTC)


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


def send(session, offer, *, person=None, stars=2, **differences):
    """Bring a review in that its writer wants shown with others, as it is once nothing needs to be read."""
    it = ratings.review(
        session, offer=offer, stars=stars, person=person, status=ReviewStatus.WAITING,
        release=Release.WITH_OTHERS, **differences,
    )  # fmt: skip
    publish(session, it, link=link, now=NOW)
    session.flush()
    return it


def statuses(session):
    return sorted(session.scalars(select(Review.status)))


@pytest.fixture
def offer(session):
    return purchasing.offer(session, organisation_id=purchasing.two_sides(session)[1].id)


def test_two_wait_and_three_are_shown_at_once_in_one_month(session, offer):
    reviews = [send(session, offer, stars=stars, written_at=datetime(2026, stars, 9, tzinfo=UTC)) for stars in (1, 5)]
    assert statuses(session) == ["waiting"] * 2
    reviews.append(send(session, offer, stars=4))
    assert statuses(session) == ["shown"] * 3
    assert {it.shown_month for it in reviews} == {date(2026, 6, 1)}
    assert len({it.shuffle for it in reviews}) == 3
    assert queries.summaries_for(session, offer_ids=[offer.id])[offer.id].spread == (1, 0, 0, 1, 1)
    lines = session.scalars(select(LedgerLine)).all()
    assert {line.published_at for line in lines} == {NOW}


def test_what_was_written_first_is_not_shown_first(session, offer):
    """Of sixty in a row, some come before an earlier one: the order is drawn by lot."""
    written = [send(session, offer).id for _ in range(60)]
    shown = list(session.scalars(select(Review.id).order_by(Review.shown_month.desc(), Review.shuffle)))
    assert sorted(shown) == sorted(written)
    assert shown != written


def test_one_person_who_writes_three_times_is_one_person(session):
    organisation_id = purchasing.two_sides(session)[1].id
    ada = accounts.person(session)
    offers = [purchasing.offer(session, organisation_id=None)]
    for _ in range(2):
        another = purchasing.offer(session, organisation_id=organisation_id)
        another.provider_id = offers[0].provider_id
        offers.append(another)
    session.flush()
    for it in offers:
        send(session, it, person=ada)
    send(session, offers[0])
    assert statuses(session) == ["waiting"] * 4
    send(session, offers[1])
    assert statuses(session) == ["shown"] * 5


def test_others_of_another_provider_do_not_help(session, offer):
    elsewhere = purchasing.offer(session, organisation_id=None)
    send(session, offer)
    send(session, offer)
    send(session, elsewhere)
    assert statuses(session) == ["waiting"] * 3


def test_who_withdraws_is_not_counted(session, offer):
    gone = send(session, offer)
    withdraw_review(session, review_id=gone.id, by=gone.person_id, now=NOW)
    send(session, offer)
    send(session, offer)
    assert statuses(session) == ["waiting"] * 2
    send(session, offer)
    assert statuses(session) == ["shown"] * 3


def test_after_a_release_others_wait_for_others_again(session, offer):
    for _ in range(4):
        send(session, offer)
    assert statuses(session) == ["shown"] * 3 + ["waiting"]


def test_what_was_shown_once_does_not_wait_again(session, offer):
    it = ratings.review(
        session,
        offer=offer,
        stars=2,
        status=ReviewStatus.HELD,
        release=Release.WITH_OTHERS,
        shown_month=date(2026, 5, 1),
    )
    publish(session, it, link=link, now=NOW)
    assert (it.status, it.shown_month) == (ReviewStatus.SHOWN, date(2026, 5, 1))


def test_the_waiting_writers_get_a_letter_and_the_provider_hears_nothing_before(session, offer):
    first, second = send(session, offer), send(session, offer)
    assert session.scalars(select(Message)).all() == []
    send(session, offer)
    subjects = [it.subject for it in session.scalars(select(Message))]
    assert subjects.count("Your review is shown now") == 2
    assert sum(subject.startswith("Somebody has reviewed") for subject in subjects) == 3
    assert first.person_id != second.person_id


def test_paper_without_an_account_is_somebody_of_its_own(session, offer):
    typist = accounts.person(session)
    cards = [
        ratings.review(session, offer=offer, stars=4, status=ReviewStatus.WAITING, told="paper", typed_by=typist.id)
        for _ in range(3)
    ]
    for card in cards:
        card.person_id, card.release = None, Release.WITH_OTHERS
    publish(session, cards[0], link=link, now=NOW)
    session.flush()
    assert statuses(session) == ["shown"] * 3


@pytest.mark.parametrize("crowd", [3, 7])
def test_whoever_comes_at_the_same_moment_sees_the_others(real_app, arrange, crowd):
    """Real threads: without a queue each of them would see nobody else, and all would wait for ever."""

    def prepare(session):
        made = purchasing.offer(session, organisation_id=purchasing.two_sides(session)[1].id)
        reviews = [
            ratings.review(session, offer=made, stars=3, status=ReviewStatus.UNREAD, release=Release.WITH_OTHERS)
            for _ in range(crowd)
        ]
        for it in reviews:
            it.shown_month = None
        return made.provider_id, [it.id for it in reviews]

    provider_id, review_ids = arrange(prepare)

    def sending(review_id):
        return lambda session: publish(session, session.get_one(Review, review_id), link=link, now=NOW)

    in_transactions(real_app, [sending(it) for it in review_ids])
    found = arrange(lambda s: list(s.scalars(select(Review.status).where(Review.provider_id == provider_id))))
    assert found.count(ReviewStatus.SHOWN) == crowd - crowd % 3


def test_one_who_withdraws_at_that_moment_is_never_shown_and_never_counted(real_app, arrange):
    def prepare(session):
        made = purchasing.offer(session, organisation_id=purchasing.two_sides(session)[1].id)
        reviews = [
            ratings.review(session, offer=made, stars=3, status=status, release=Release.WITH_OTHERS)
            for status in (ReviewStatus.WAITING, ReviewStatus.WAITING, ReviewStatus.UNREAD)
        ]
        reviews[2].shown_month = None
        return made.provider_id, [(it.id, it.person_id) for it in reviews]

    provider_id, [(gone_id, gone_by), _, (last_id, _)] = arrange(prepare)
    in_transactions(
        real_app,
        [
            lambda session: publish(session, session.get_one(Review, last_id), link=link, now=NOW),
            lambda session: withdraw_review(session, review_id=gone_id, by=gone_by, now=NOW),
        ],
    )
    found = arrange(lambda s: list(s.scalars(select(Review.status).where(Review.provider_id == provider_id))))
    # Whoever was first: either all three were shown and one then left, or two wait for another.
    assert found in ([ReviewStatus.SHOWN] * 2, [ReviewStatus.WAITING] * 2)


def test_who_changes_theirs_at_that_moment_keeps_nobody_waiting(real_app, arrange):
    """Whoever changes a waiting review queues at the provider too, before it is locked: else the two would deadlock."""

    def prepare(session):
        made = purchasing.offer(session, organisation_id=purchasing.two_sides(session)[1].id)
        reviews = [
            ratings.review(session, offer=made, stars=3, status=status, release=Release.WITH_OTHERS)
            for status in (ReviewStatus.WAITING, ReviewStatus.WAITING, ReviewStatus.UNREAD)
        ]
        reviews[2].shown_month = None
        return made.provider_id, [(it.id, it.person_id) for it in reviews]

    provider_id, [(changed_id, changed_by), _, (last_id, _)] = arrange(prepare)
    written = Written(stars=5, words="They came when they said, twice.", release=Release.WITH_OTHERS)
    outcomes = in_transactions(
        real_app,
        [
            lambda session: publish(session, session.get_one(Review, last_id), link=link, now=NOW),
            lambda session: change_review(
                session, review_id=changed_id, by=changed_by, written=written, link=link, now=NOW
            ),
        ],
    )
    found = arrange(lambda s: list(s.scalars(select(Review.status).where(Review.provider_id == provider_id))))
    assert found == [ReviewStatus.SHOWN] * 3, outcomes
