from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.kit.outbox import Message
from marketplace.moderation.rules import ReportReason, SubjectKind
from marketplace.moderation.services import close_report
from marketplace.ratings import services
from marketplace.ratings.models import LedgerLine, Review, Screening
from marketplace.ratings.rules.nouns import Ground, PointKind, ReviewStatus, Screened, ScreeningOutcome
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import reminding, reporting, screening
from tests.factories import accounts, fairness, moderation, purchasing, ratings

HARM = "He hit me when I was slow."


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


def letters_to(session, person):
    return session.scalars(select(Message.subject).where(Message.to == person.email).order_by(Message.created_at)).all()


@pytest.fixture
def library(session):
    return purchasing.offer(session, organisation_id=None, title="Sale Library")


@pytest.fixture
def ada(session):
    return accounts.person(session, name="Ada")


@pytest.fixture
def judges(session):
    """A moderator and an operator."""
    return accounts.person(session, role=Role.MODERATOR), accounts.person(session, role=Role.OPERATOR)


@pytest.fixture
def write(session, library, ada, now):
    def writing(words, **differences):
        written = Written(**{"stars": 1, "words": words} | differences)
        review_id = services.declare_use_and_review(
            session, offer_id=library.id, by=ada.id, written=written, link=link, now=now
        )
        return session.get_one(Review, review_id)

    return writing


def the_screening(session):
    return session.scalars(select(Screening)).one()


def test_plain_anger_is_shown_at_once(session, write, now):
    review = write("Rude and late. I hated every minute of it.")
    assert (review.status, review.counts) == (ReviewStatus.SHOWN, True)
    assert session.scalars(select(Screening)).all() == []
    line = session.get_one(LedgerLine, review.id)
    assert (line.stopped_at, line.published_at) == (None, now)


def test_what_may_be_unlawful_waits_and_counts_for_nothing_yet(session, write, judges, now):
    review = write("The manager is a thief.")
    assert (review.status, review.counts, review.shown_month) == (ReviewStatus.UNREAD, False, None)
    it = the_screening(session)
    assert (it.suspected, it.decided_at) == (["unlawful"], None)
    line = session.get_one(LedgerLine, review.id)
    assert (line.stopped_at, line.published_at) == (now, None)
    # It is no emergency: the moderators hear of it with all else that waits.
    assert letters_to(session, judges[0]) == []


@pytest.mark.parametrize("stars", [1, 5])
def test_the_stars_make_no_difference(session, write, stars):
    assert write("The manager is a thief.", stars=stars).status is ReviewStatus.UNREAD


def test_all_that_is_said_is_read(session, write):
    review = write("Nice enough building.", points={PointKind.NOT_WORKING: HARM})
    assert review.status is ReviewStatus.UNREAD


def test_harm_is_told_at_once_to_all_who_can_act(session, write, judges, now):
    write(HARM)
    it = the_screening(session)
    assert (it.suspected, it.due_at, it.told_at) == (["safeguarding"], now + timedelta(hours=4), now)
    for judge in judges:
        assert letters_to(session, judge) == ["Read this now: somebody may be being harmed"]


class TestChanging:
    def change(self, session, review, words, now):
        review.words = words
        screening.receive(session, review, link=link, now=now)

    def test_words_put_right_are_shown_without_waiting(self, session, write, now):
        review = write("The manager is a thief.")
        self.change(session, review, "The manager is rude.", now)
        it = the_screening(session)
        assert (review.status, it.outcome, it.decided_by) == (ReviewStatus.SHOWN, ScreeningOutcome.SHOWN, None)

    def test_a_worry_about_harm_is_read_even_if_its_words_are_gone(self, session, write, judges, now):
        review = write(HARM)
        self.change(session, review, "It was fine.", now)
        assert (review.status, the_screening(session).decided_at) == (ReviewStatus.UNREAD, None)
        assert len(letters_to(session, judges[0])) == 1

    def test_a_worse_change_is_more_urgent(self, session, write, judges, now):
        review = write("The manager is a thief.")
        self.change(session, review, HARM, now)
        it = the_screening(session)
        assert (it.suspected, it.due_at) == (["safeguarding", "unlawful"], now + timedelta(hours=4))
        assert len(letters_to(session, judges[1])) == 1

    def test_what_was_shown_waits_if_it_changes_for_the_worse(self, session, write, now):
        review = write("Fine, and warm.")
        self.change(session, review, "The manager is a thief.", now)
        assert (review.status, review.counts) == (ReviewStatus.UNREAD, False)

    def test_what_was_refused_is_read_by_a_person_however_it_changes(self, session, library, ada, judges, now):
        review = ratings.review(session, offer=library, stars=2, person=ada)
        fairness.refused(session, review, by=judges[0])
        self.change(session, review, "It was fine.", now)
        waiting = session.scalars(select(Screening).where(Screening.decided_at.is_(None))).one()
        assert (review.status, waiting.suspected) == (ReviewStatus.UNREAD, [])


class TestReplies:
    def reply(self, session, library, ada, now, words):
        review = ratings.review(session, offer=library, stars=2, person=ada)
        joan = accounts.person(session, name="Joan")
        it = ratings.reply(session, to=review, by=joan, words=words)
        return it, screening.receive_reply(session, it, link=link, now=now)

    def test_a_fair_one_is_shown_and_may_be_signed(self, session, library, ada, now):
        it, is_shown = self.reply(session, library, ada, now, "We are sorry. We open later now. Joan")
        assert (it.status, is_shown) == (ReviewStatus.SHOWN, True)

    def test_one_that_names_the_writer_waits(self, session, library, ada, now):
        it, is_shown = self.reply(session, library, ada, now, "We are sorry, Ada.")
        assert (it.status, is_shown) == (ReviewStatus.UNREAD, False)
        waiting = the_screening(session)
        assert (waiting.subject_kind, waiting.subject_id) == (Screened.REPLY, it.id)
        assert waiting.suspected == [Ground.IDENTIFYING]

    def test_so_does_one_that_names_another_so_that_trying_names_tells_nothing(self, session, library, ada, now):
        ratings.review(session, offer=library, stars=4, person=accounts.person(session, name="Zebedee Quill"))
        _it, is_shown = self.reply(session, library, ada, now, "We are sorry, Zebedee.")
        assert not is_shown


class TestReports:
    def report(self, session, review, **differences):
        return moderation.report(session, subject_kind=SubjectKind.REVIEW, subject_id=review.id, **differences)

    @pytest.fixture
    def review(self, session, library, ada):
        return ratings.review(session, offer=library, stars=1, person=ada)

    def test_a_report_starts_a_clock_and_takes_nothing_from_view(self, session, review, now):
        report = self.report(session, review)
        assert reporting.take_up_reports(session, now=now) == 1
        it = the_screening(session)
        assert (it.subject_id, it.opened_at, it.suspected) == (review.id, report.at, [])
        assert review.status is ReviewStatus.SHOWN
        assert reporting.take_up_reports(session, now=now) == 0

    def test_harm_has_the_short_clock(self, session, review, now):
        report = self.report(session, review, reason=ReportReason.UNSAFE)
        reporting.take_up_reports(session, now=now)
        assert the_screening(session).due_at == report.at + timedelta(hours=4)

    def test_the_clock_stops_with_the_report(self, session, review, judges, now):
        report = self.report(session, review)
        reporting.take_up_reports(session, now=now)
        close_report(session, report_id=report.id, by=judges[0].id, now=now)
        reporting.take_up_reports(session, now=now)
        assert the_screening(session).outcome is ScreeningOutcome.SHOWN

    def test_what_is_gone_needs_no_judgement(self, session, now):
        moderation.report(session, subject_kind=SubjectKind.REVIEW, subject_id=accounts.person(session).id)
        assert reporting.take_up_reports(session, now=now) == 0


class TestReminding:
    def remind(self, session, now):
        return reminding.remind(session, reminding.SCREENINGS, address="https://example.org/queue", now=now)

    def test_moderators_hear_of_all_that_waits_in_one_letter_and_operators_of_what_is_late(
        self, session, library, ada, judges
    ):
        review = ratings.review(session, offer=library, stars=2, person=ada)
        other = ratings.review(session, offer=library, stars=2)
        first, _second = fairness.stopped(session, review), fairness.stopped(session, other)
        assert self.remind(session, first.opened_at) == 2
        assert self.remind(session, first.opened_at) == 0
        assert letters_to(session, judges[0]) == ["2 reviews wait to be read"]
        assert letters_to(session, judges[1]) == []
        assert self.remind(session, first.due_at) == 2
        assert letters_to(session, judges[0])[1] == "2 reviews wait to be read, 2 of them late"
        assert letters_to(session, judges[1]) == ["2 reviews wait to be read, 2 of them late"]

    def test_nobody_hears_of_what_is_decided(self, session, library, ada, judges):
        review = ratings.review(session, offer=library, stars=2, person=ada)
        it = fairness.refused(session, review, by=judges[0])
        assert self.remind(session, it.due_at) == 0
