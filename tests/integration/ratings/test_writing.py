"""Every way of telling makes the same record, and asks the same of everybody."""

import pytest
from sqlalchemy import select

from marketplace.kit.outbox import Message
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Criterion, CriterionAnswer, LedgerLine, OutcomeAnswer, Point, Review
from marketplace.ratings.queries.criteria import criteria_for, outcomes_for
from marketplace.ratings.queries.writing import my_review
from marketplace.ratings.rules.nouns import (
    CriterionStatus,
    Help,
    PointKind,
    Release,
    ReviewStatus,
    Telling,
    WriterRole,
)
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import reviewing
from marketplace.ratings.services.answers import ReviewUnclearError
from tests.factories import accounts, purchasing

WORDS = "They came when they said, and listened."


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def done(session, sides):
    return purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.DONE)


@pytest.fixture
def write(session, sides, done, now):
    def written(**differences):
        review_id = reviewing.review_arrangement(
            session,
            arrangement_id=done.id,
            by=sides[0].id,
            written=Written(**{"stars": 4, "words": WORDS} | differences),
            link=link,
            now=now,
        )
        return session.get_one(Review, review_id)

    return written


def everything(session, done):
    [criterion, other, *_] = criteria_for(session, done.category)
    [outcome, *_] = outcomes_for(session, None)
    return {
        "criteria": {criterion.id: 5, other.id: 1},
        "outcomes": {outcome.id: 3},
        "points": {
            PointKind.WORKING: " The rota. ",
            PointKind.SHOULD_CHANGE: "Evenings too.",
            PointKind.NOT_WORKING: "",
        },
        "role": WriterRole.CARES_FOR_USER,
        "help": Help.PEER_SUPPORTER,
        "declared_link": "A neighbour of mine\nworks there",
        "pseudonym": "Quiet Heron",
        "release": Release.NOW,
    }


def test_all_that_is_said_is_kept(session, sides, done, write):
    said = everything(session, done)
    it = write(**said)
    mine = my_review(session, review_id=it.id, viewer=accounts.as_viewer(sides[0])).written
    assert (mine.criteria, mine.outcomes) == (said["criteria"], said["outcomes"])
    assert mine.points == {PointKind.WORKING: "The rota.", PointKind.SHOULD_CHANGE: "Evenings too."}
    assert (mine.role, mine.help) == (WriterRole.CARES_FOR_USER, Help.PEER_SUPPORTER)
    assert (mine.declared_link, mine.pseudonym) == ("A neighbour of mine works there", "Quiet Heron")
    assert (mine.told, mine.release) == (Telling.WORDS, Release.NOW)
    assert session.get_one(LedgerLine, it.id).stars == 4


def test_nobody_else_is_told_what_somebody_wrote(session, sides, write):
    it = write()
    for other in (sides[2], accounts.person(session)):
        assert my_review(session, review_id=it.id, viewer=accounts.as_viewer(other)) is None


def test_who_takes_no_name_is_given_one(write):
    assert len(write().pseudonym.split()) == 2


def test_pictures_need_no_words(write):
    it = write(words="", told=Telling.PICTURES)
    assert (it.words, it.told, it.status) == ("", Telling.PICTURES, ReviewStatus.SHOWN)


def test_words_may_be_missing_where_something_else_is_said(session, done, write):
    with pytest.raises(ReviewUnclearError):
        write(words="")
    [criterion, *_] = criteria_for(session, done.category)
    assert write(words="", criteria={criterion.id: 4}).words == ""


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("working", {"points": {PointKind.WORKING: "x" * 501}}),
        ("declared_link", {"declared_link": "x" * 201}),
        ("pseudonym", {"pseudonym": "x" * 61}),
    ],
)
def test_what_is_too_long_says_where(session, write, field, said):
    with pytest.raises(ReviewUnclearError) as refusal:
        write(**said)
    assert refusal.value.field == field
    assert session.scalars(select(Review)).all() == []


def test_an_answer_is_from_one_to_five_about_something_that_is_asked(session, done, write):
    [criterion, other, *_] = criteria_for(session, done.category)
    with pytest.raises(ReviewUnclearError), session.begin_nested():
        write(criteria={criterion.id: 6})
    session.get_one(Criterion, other.id).status = CriterionStatus.RETIRED
    session.get_one(Criterion, other.id).reason = "Nobody chose it."
    session.flush()
    for said in ({"criteria": {other.id: 3}}, {"outcomes": {"nobody.asks": 3}}):
        with pytest.raises(ReviewUnclearError), session.begin_nested():
            write(**said)
    assert session.scalars(select(CriterionAnswer)).all() == []
    assert session.scalars(select(OutcomeAnswer)).all() == []


def test_who_works_there_or_lives_with_somebody_who_does_is_refused(session, write):
    with pytest.raises(reviewing.OwnProviderError):
        write(works_there=True)
    assert session.scalars(select(Review)).all() == []


def test_who_wants_to_be_shown_with_others_waits(session, write):
    it = write(release=Release.WITH_OTHERS)
    assert (it.status, it.shown_month, it.counts) == (ReviewStatus.WAITING, None, False)


def test_the_provider_is_not_told_of_a_review_that_waits(session, sides, write):
    write(release=Release.WITH_OTHERS)
    assert session.scalars(select(Message).where(Message.to == sides[2].email)).all() == []


def test_points_stand_by_themselves(session, write):
    it = write(points={PointKind.NOT_WORKING: "The gate sticks."})
    assert [(p.kind, p.words) for p in session.scalars(select(Point).where(Point.review_id == it.id))] == [
        (PointKind.NOT_WORKING, "The gate sticks.")
    ]
