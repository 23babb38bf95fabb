"""What is kept of ratings always equals counting anew, whatever happens to reviews and in whichever order."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import (
    Criterion,
    CriterionAnswer,
    Outcome,
    OutcomeAnswer,
    Review,
)
from marketplace.ratings.queries import tallies
from marketplace.ratings.rules.counting import NOTHING_KEPT, Kept
from marketplace.ratings.rules.nouns import Basis, CriterionStatus, Ground, ReviewStatus, Subject, Telling
from marketplace.ratings.rules.scoring import Counted, tally_of
from marketplace.ratings.services import publishing
from marketplace.ratings.services.counting import count_again, count_criterion_again, counted_anew
from tests.factories import accounts, purchasing, ratings

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)


def link(review_id):
    return f"https://example.org/{review_id}"


def by_hand(session, offer_id):
    """Count as somebody with all the reviews on their desk would."""
    shown = [
        it
        for it in session.scalars(
            select(Review).where(Review.offer_id == offer_id), execution_options={"populate_existing": True}
        )
        if it.status is ReviewStatus.SHOWN
    ]
    latest = {}
    for it in sorted(shown, key=lambda it: it.id.hex, reverse=True):
        voice = it.person_id or it.id
        if voice not in latest or it.written_at >= latest[voice].written_at:
            latest[voice] = it
    voices = list(latest.values())
    assert {it.id for it in shown if it.counts} == {it.id for it in voices}
    if not voices:
        return NOTHING_KEPT
    merged = dict(session.execute(select(Criterion.id, Criterion.merged_into)).all())
    answers = {}
    for voice in voices:
        said = session.execute(
            select(CriterionAnswer.criterion_id, CriterionAnswer.stars).where(CriterionAnswer.review_id == voice.id)
        ).all()
        mine = {merged[about] or about: stars for about, stars in said if merged[about]}
        mine |= {about: stars for about, stars in said if not merged[about]}
        for about, stars in mine.items():
            answers.setdefault((Subject.CRITERION, str(about)), Counter())[stars] += 1
        for about, stars in session.execute(
            select(OutcomeAnswer.outcome_id, OutcomeAnswer.stars).where(OutcomeAnswer.review_id == voice.id)
        ):
            answers.setdefault((Subject.OUTCOME, about), Counter())[stars] += 1
    return Kept(
        tally=tally_of(
            Counted(it.stars, it.basis, it.is_verified, it.is_set_aside, it.shown_month.replace(day=1)) for it in voices
        ),
        first_month=min(it.shown_month for it in voices),
        last_month=max(it.shown_month for it in voices),
        answers={about: tuple(stars[n] for n in range(1, 6)) for about, stars in answers.items()},
    )


class Town:
    """Two offers, four people and a pile of paper, to whom anything may happen."""

    def __init__(self, session):
        self.session = session
        _, self.organisation, _ = purchasing.two_sides(session)
        self.offers = [
            purchasing.offer(session, organisation_id=self.organisation.id),
            purchasing.offer(session, organisation_id=None),
        ]
        self.people = [accounts.person(session) for _ in range(4)]
        self.criteria = session.scalars(
            select(Criterion).where(Criterion.status == CriterionStatus.ADOPTED).order_by(Criterion.position).limit(3)
        ).all()
        self.outcomes = session.scalars(select(Outcome).order_by(Outcome.id).limit(2)).all()
        self.reviews = []

    def write(self, draw):
        offer, n = draw(st.sampled_from(self.offers)), draw(st.integers(0, 4))
        person = self.people[n] if n < len(self.people) else None
        basis = draw(st.sampled_from([Basis.ARRANGEMENT, Basis.SAID_USED, Basis.INVOICE]))
        if person is None or any(
            (it.person_id, it.offer_id) == (person.id, offer.id) and it.basis is not Basis.ARRANGEMENT
            for it in self.reviews
        ):
            basis = Basis.ARRANGEMENT
        month = draw(st.integers(0, 30))
        arrangement = None
        if basis is Basis.ARRANGEMENT:
            arrangement = purchasing.arrangement(
                self.session, person=person or self.people[0], organisation_id=self.organisation.id, about=offer,
                status=ArrangementStatus.DONE,
            )  # fmt: skip
        it = ratings.review(
            self.session, offer=offer, stars=draw(st.integers(1, 5)), person=person or self.people[0],
            arrangement=arrangement, basis=basis, status=ReviewStatus.UNREAD,
            written_at=ratings.WRITTEN_AT + timedelta(minutes=draw(st.integers(0, 3))),
            shown_month=date(2024 + month // 12, month % 12 + 1, 1),
        )  # fmt: skip
        if person is None:
            it.told, it.typed_by, it.person_id = Telling.PAPER, self.people[0].id, None
        self.answer(draw, it)
        self.reviews.append(it)
        publishing.show(self.session, it, link=link, now=NOW)

    def answer(self, draw, it):
        self.session.flush()
        for table in (CriterionAnswer, OutcomeAnswer):
            self.session.execute(delete(table).where(table.review_id == it.id))
        for criterion in self.criteria:
            if stars := draw(st.integers(0, 5)):
                self.session.add(CriterionAnswer(review_id=it.id, criterion_id=criterion.id, stars=stars))
        for outcome in self.outcomes:
            if stars := draw(st.integers(0, 5)):
                self.session.add(OutcomeAnswer(review_id=it.id, outcome_id=outcome.id, stars=stars))
        self.session.flush()

    def happen(self, draw, what):
        it = draw(st.sampled_from(self.reviews))
        match what:
            case "show":
                publishing.show(self.session, it, link=link, now=NOW)
            case "stop":
                publishing.stop(self.session, it, now=NOW)
            case "refuse":
                publishing.refuse(self.session, it, ground=Ground.NOT_GENUINE, now=NOW)
            case _:
                with counted_anew(self.session, offer_id=it.offer_id, person_id=it.person_id):
                    self.change(draw, it, what)

    def change(self, draw, it, what):
        match what:
            case "edit":
                it.stars = draw(st.integers(1, 5))
                self.answer(draw, it)
            case "prove":
                it.is_verified = not it.is_verified
            case "set aside":
                it.is_set_aside = not it.is_set_aside
            case "withdraw":
                for table in (CriterionAnswer, OutcomeAnswer):
                    self.session.execute(delete(table).where(table.review_id == it.id))
                self.session.delete(it)
                self.reviews.remove(it)

    def merge(self):
        one, other = self.criteria[:2]
        if one.merged_into is None:
            one.status, one.merged_into, one.reason = CriterionStatus.MERGED, other.id, "They mean the same."
        else:
            one.status, one.merged_into, one.reason = CriterionStatus.ADOPTED, None, ""
        self.session.flush()
        count_criterion_again(self.session, criterion_ids=[one.id, other.id])


ACTS = ("write", "write", "show", "stop", "refuse", "edit", "prove", "set aside", "withdraw", "merge")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=st.data())
def test_what_is_kept_equals_counting_anew_after_whatever_happens(session, story):
    town = Town(session)
    for what in story.draw(st.lists(st.sampled_from(ACTS), min_size=4, max_size=14)):
        if what == "merge":
            town.merge()
        elif what == "write" or not town.reviews:
            town.write(story.draw)
        else:
            town.happen(story.draw, what)
        ids = [offer.id for offer in town.offers]
        kept, anew = tallies.kept_of(session, offer_ids=ids), tallies.counted_of_offers(session, offer_ids=ids)
        for offer_id in ids:
            expected = by_hand(session, offer_id)
            assert kept.get(offer_id, NOTHING_KEPT) == expected
            assert anew.get(offer_id, NOTHING_KEPT) == expected
    assert count_again(session, offer_ids=ids) == {}
    for criterion in town.criteria:
        criterion.status, criterion.merged_into, criterion.reason = CriterionStatus.ADOPTED, None, ""
