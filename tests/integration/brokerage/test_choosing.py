"""Quotes beside each other, scored alone and together, and chosen: once, with the money, or not at all."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.accounts.services import delegations
from marketplace.brokerage.models import Award, Brief, Quote
from marketplace.brokerage.queries.choosing import choosing
from marketplace.brokerage.queries.quotes_of import our_quote
from marketplace.brokerage.rules.choosing import KindReason
from marketplace.brokerage.rules.nouns import BriefStatus, MeetingKind, QuoteStatus, WhyNot
from marketplace.brokerage.services import awarding, looking, meeting, scoring
from marketplace.brokerage.services.scoring import Points
from marketplace.budgets.services.backing import NotEnoughLeftError
from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from marketplace.purchasing.models import Arrangement, ArrangementRate
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.purchasing.services.quoted import OfferGoneError
from marketplace.web.queries import broken_books
from tests.factories import accounts, budgets
from tests.factories import choosing as worlds
from tests.factories.choosing import CLOSED

FAR_AHEAD = date(2028, 1, 1)


def link(thing_id):
    return f"https://example.org/{thing_id}"


@pytest.fixture
def world(session):
    return worlds.closed(session)


def award(session, world, number=0, *, by=None, shares=None, **differences):
    """Choose one of the quotes, paid from the person's budget."""
    it = session.get_one(Quote, world.quotes[number])
    stream = next(iter(budgets.streams(session, world.budget_id).values()))
    plain = {
        "because": "They make me laugh.",
        "pay_by": PayBy.BANK_TRANSFER,
        "shares": {stream: it.total} if shares is None else shares,
        "why_not": {},
        "starts_on": None,
        "link": link,
        "quote_link": link,
        "now": CLOSED,
    }
    return awarding.award_quote(
        session, brief_id=world.brief.id, quote_id=it.id, by=(by or world.person).id, **plain | differences
    )


def statuses(session, world):
    return [session.get_one(Quote, it).status for it in world.quotes]


def test_a_chosen_quote_is_an_arrangement_on_its_terms_with_its_money(session, world):
    kind = {world.quotes[1]: KindReason(WhyNot.OWN_WORDS, "Come to my garden party.")}
    session.get_one(Offer, world.providers[0][1].id).travel_per_mile = Money(45)
    arrangement_id = award(session, world, why_not=kind)
    # Pressed twice, it is chosen once.
    assert award(session, world) == arrangement_id
    it = session.scalars(select(Arrangement)).one()
    assert it.status is ArrangementStatus.ACCEPTED
    assert (it.unit_price, it.quantity, it.weeks, it.total) == (Money(15_00), 1, 12, Money(180_00))
    # Travel is within the price that was quoted, and so is every hour of the week.
    assert (it.notice_hours, it.travel_per_mile, it.starts_on) == (24, None, world.brief.starts_on)
    assert session.scalars(select(ArrangementRate)).all() == []
    assert budgets.standing(session, world.budget_id)["promised"] == 180_00
    assert statuses(session, world) == [QuoteStatus.AWARDED, QuoteStatus.NOT_CHOSEN, QuoteStatus.NOT_CHOSEN]
    assert session.get_one(Brief, world.brief.id).status is BriefStatus.AWARDED
    letters = session.scalars(select(Message).where(Message.subject.startswith("Not chosen this time"))).all()
    assert len(letters) == 2
    # Kind words of one's own are read on the page, and no letter tells a provider anything of the others.
    assert broken_books(session, today=FAR_AHEAD) == ()
    assert not any("garden party" in it.body or "Provider" in it.body or "£" in it.body for it in letters)


@pytest.mark.parametrize(
    "wrong", ["helper", "outsider", "taken_back", "offer_gone", "too_dear", "too_early", "still_open", "held"]
)
def test_what_cannot_be_chosen_changes_nothing(session, wrong):
    world = worlds.closed(session, pence=100 if wrong == "too_dear" else 52_000)
    differences, refusal = {}, None
    if wrong == "helper":
        differences, refusal = {"by": world.helper}, awarding.NotYourChoiceError
    elif wrong == "outsider":
        differences, refusal = {"by": accounts.person(session)}, looking.BriefNotFoundError
    elif wrong == "taken_back":
        session.get_one(Quote, world.quotes[0]).status = QuoteStatus.WITHDRAWN
        refusal = looking.QuoteGoneError
    elif wrong == "offer_gone":
        session.get_one(Offer, world.providers[0][1].id).status = OfferStatus.UNLISTED
        refusal = OfferGoneError
    elif wrong == "too_dear":
        refusal = NotEnoughLeftError
    elif wrong == "too_early":
        differences, refusal = {"starts_on": CLOSED.date()}, awarding.ChoiceUnclearError
    elif wrong == "still_open":
        differences, refusal = {"now": world.brief.opened_at}, looking.NotReadyError
    else:
        session.get_one(Brief, world.brief.id).held_at = CLOSED
        refusal = looking.NotReadyError
    session.commit()
    with pytest.raises(refusal) as said, session.begin_nested():
        award(session, world, **differences)
    assert str(said.value).endswith(".")
    session.expire_all()
    assert session.get_one(Brief, world.brief.id).status is BriefStatus.OPEN
    assert QuoteStatus.AWARDED not in statuses(session, world)
    assert session.scalar(select(func.count()).select_from(Arrangement)) == 0
    assert session.scalar(select(func.count()).select_from(Award)) == 0
    assert budgets.standing(session, world.budget_id)["promised"] == 0
    assert broken_books(session, today=FAR_AHEAD) == ()


def points(world, brief_points):
    """Give a criterion its points, by its number among those that people score."""
    return {it.id: Points(*given) for it, given in zip(world, brief_points, strict=True)}


def seen_by(session, world, viewer):
    return choosing(session, brief_id=world.brief.id, viewer=viewer, now=CLOSED)


def score(session, world, *, by, given, number=0):
    criteria = seen_by(session, world, accounts.as_viewer(by)).scored
    scoring.score_quote(
        session, brief_id=world.brief.id, quote_id=world.quotes[number], by=by.id, given=points(criteria, given),
        now=CLOSED,
    )  # fmt: skip


def test_each_scores_alone_and_sees_the_others_once_all_have_finished(session, world):
    ada, asha = world.person, world.helper
    about = {"brief_id": world.brief.id, "now": CLOSED}
    score(session, world, by=ada, given=[(4, "Kind")])
    alone = seen_by(session, world, world.viewer)
    # 60 of a hundred for the price, where the cheapest of three quotes has 4 points; 40 for what Ada says.
    assert [quote.total for quote in alone.quotes if quote.id == world.quotes[0]] == [Money(180_00)]
    assert alone.quote(world.quotes[0]).cost_points == Decimal("3.2")
    assert alone.quote(world.quotes[0]).worth == Decimal("88.0")
    assert alone.still_to_score == 2
    # A helper who has not scored yet sees nobody's points, and after scoring only their own.
    helping = accounts.as_viewer(asha)
    assert seen_by(session, world, helping).quote(world.quotes[0]).given == {}
    score(session, world, by=asha, given=[(1, "Late")])
    for viewer, said in ((world.viewer, "Kind"), (helping, "Late")):
        there = seen_by(session, world, viewer).quote(world.quotes[0]).given
        assert [one.because for scores in there.values() for one in scores] == [said]
    scoring.finish_scoring(session, by=ada.id, **about)
    with pytest.raises(scoring.NotTogetherYetError):
        scoring.agree_on_scores(session, quote_id=world.quotes[0], by=ada.id, points={}, **about)
    with pytest.raises(scoring.NotYoursToHurryError):
        scoring.go_on_without(session, by=asha.id, **about)
    scoring.go_on_without(session, by=ada.id, **about)
    together = seen_by(session, world, helping)
    criterion = together.scored[0].id
    quote = together.quote(world.quotes[0])
    assert {one.because for one in quote.given[criterion]} == {"Kind", "Late"}
    assert quote.to_talk_about == (criterion,)
    assert quote.points[criterion] == Decimal("2.5")
    with pytest.raises(scoring.FinishedScoringError):
        score(session, world, by=asha, given=[(4, "")])
    scoring.agree_on_scores(session, quote_id=quote.id, by=asha.id, points={criterion: 3}, **about)
    agreed = seen_by(session, world, world.viewer).quote(world.quotes[0])
    assert (agreed.points[criterion], agreed.to_talk_about) == (3, ())
    # Consent that has ended: nothing is there to see, and what was given does not count.
    delegations.end_consent(session, delegation_id=world.consent_id, by=ada.id, link="/", now=CLOSED)
    assert seen_by(session, world, helping) is None
    assert [one.called for one in seen_by(session, world, world.viewer).scorers] == ["Ada"]


def test_nobody_sees_a_quote_who_should_not(session, world):
    seller, _about = world.providers[0]
    assert seen_by(session, world, seller) is None
    assert seen_by(session, world, accounts.as_viewer(accounts.person(session))) is None
    assert choosing(session, brief_id=world.brief.id, viewer=world.viewer, now=world.brief.opened_at).quotes == ()
    # A helper who comes to speak for a provider that quotes is on both sides, and sees nothing more [003].
    session.add(
        RoleGrant(person_id=world.helper.id, role=Role.PROVIDER, organisation_id=next(iter(seller.organisations)))
    )
    session.flush()
    assert seen_by(session, world, accounts.as_viewer(world.helper)) is None
    with pytest.raises(looking.BriefNotFoundError):
        scoring.finish_scoring(session, brief_id=world.brief.id, by=world.helper.id, now=CLOSED)


def test_a_provider_is_asked_answers_and_never_reads_how_it_was(session, world):
    key, (seller, _about) = uuid.uuid4(), world.providers[0]
    asked = {
        "brief_id": world.brief.id, "quote_id": world.quotes[0], "by": world.helper.id, "kind": MeetingKind.TRY_OUT,
        "words": "Could you come on Friday?", "key": key, "link": link, "now": CLOSED,
    }  # fmt: skip
    meeting_id = meeting.ask_provider(session, **asked)
    assert meeting.ask_provider(session, **asked) == meeting_id
    with pytest.raises(meeting.MeetingNotFoundError):
        meeting.answer_meeting(
            session, meeting_id=meeting_id, by=world.providers[1][0], answer="Me!", link=link, now=CLOSED
        )
    meeting.answer_meeting(session, meeting_id=meeting_id, by=seller, answer="Yes, at ten.", link=link, now=CLOSED)
    with pytest.raises(meeting.AnsweredAlreadyError):
        meeting.answer_meeting(session, meeting_id=meeting_id, by=seller, answer="No.", link=link, now=CLOSED)
    meeting.note_how_it_was(
        session, brief_id=world.brief.id, meeting_id=meeting_id, by=world.person.id, words="She sang.", now=CLOSED
    )
    (seen,) = seen_by(session, world, world.viewer).quote(world.quotes[0]).meetings
    assert (seen.answer, seen.how_it_was, seen.is_by_viewer) == ("Yes, at ten.", "She sang.", False)
    theirs = our_quote(session, quote_id=world.quotes[0], viewer=seller, now=CLOSED)
    assert "She sang." not in repr(theirs)
    letters = session.scalars(select(Message.body)).all()
    assert not any("Friday" in body or "at ten" in body or "sang" in body for body in letters)


def test_none_is_chosen_once_and_all_are_thanked(session, world):
    said = KindReason(WhyNot.NO_LONGER_NEEDED)
    about = {"brief_id": world.brief.id, "because": "My son does it.", "said": said, "quote_link": link, "now": CLOSED}
    with pytest.raises(awarding.NotYourChoiceError):
        awarding.choose_none(session, by=world.helper.id, **about)
    awarding.choose_none(session, by=world.person.id, **about)
    awarding.choose_none(session, by=world.person.id, **about)
    assert set(statuses(session, world)) == {QuoteStatus.NOT_CHOSEN}
    letters = session.scalars(select(Message.body).where(Message.subject.startswith("Not chosen"))).all()
    assert len(letters) == 3
    assert not any("son" in body for body in letters)
    with pytest.raises(looking.NotReadyError):
        award(session, world)
