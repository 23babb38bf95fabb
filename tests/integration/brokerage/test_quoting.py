"""Quotes as providers send them: only those who are called, only while a brief is open, and nobody on both sides."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role, Scope
from marketplace.brokerage.models import BriefCall, BriefScorer, Quote, QuoteCheck
from marketplace.brokerage.queries import quotes_of
from marketplace.brokerage.queries.quote_form import quote_page
from marketplace.brokerage.rules.nouns import BriefStatus, NoBid, QuoteStatus
from marketplace.brokerage.services import quoting
from marketplace.brokerage.services.quoting import (
    BarredError,
    BriefClosedError,
    BriefNotFoundError,
    ChoiceOverError,
    QuoteChangedError,
    QuoteNotFoundError,
    QuoteUnclearError,
)
from marketplace.catalogue.models import Offer, OfferPrice, Provider
from marketplace.kit.audit import AuditEvent
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from tests.factories import accounts, briefs, checks, quotes
from tests.races import in_transactions


@pytest.fixture
def person(session):
    return accounts.person(session, name="Ada")


@pytest.fixture
def brief(session, person):
    return briefs.open_brief(session, person=person)


@pytest.fixture
def then(brief):
    """Return a moment while the brief is open."""
    return brief.opened_at + timedelta(days=1)


@pytest.fixture
def provider(session):
    return quotes.provider(session)


def send(session, brief, provider, now, *, seen=None, **differences):
    by, about = provider
    return quoting.send_quote(
        session, brief_id=brief.id, by=by, wanted=quotes.wanted(session, brief, about, **differences),
        link=quotes.address, now=now, seen=seen,
    )  # fmt: skip


def letters_to(session, somebody):
    return [letter.subject for letter in session.query(Message) if letter.to == somebody.email]


def test_a_quote_is_sent_once_told_once_a_day_and_without_its_price(session, brief, provider, person, then):
    quote_id = send(session, brief, provider, then)
    assert send(session, brief, provider, then + timedelta(minutes=1)) == quote_id  # the button pressed twice
    other = quotes.provider(session, name="Other Help")
    send(session, brief, other, then + timedelta(hours=1))

    it = session.get_one(Quote, quote_id)
    assert (it.unit_price, it.total) == (Money(15_00), Money(180_00))
    assert (it.status, it.sent_at, it.changed_at) == (QuoteStatus.SENT, then, then)
    assert letters_to(session, person) == ["A quote has come: Help in a garden"]
    letter = session.query(Message).filter_by(to=person.email).one()
    assert not any(word in letter.body for word in ("£", "Boring", "Other"))
    assert "After Monday 18 May 2026" in letter.body

    send(session, brief, quotes.provider(session, name="Third Help"), then + timedelta(days=1))
    assert len(letters_to(session, person)) == 2
    assert session.query(AuditEvent).filter_by(did="sent a quote").count() == 3


def test_a_quote_is_changed_until_the_brief_closes_and_then_no_more(session, brief, provider, then):
    quote_id = send(session, brief, provider, then)
    send(session, brief, provider, brief.closes_at - timedelta(seconds=1), support=Money(10_00))
    assert session.get_one(Quote, quote_id).total == Money(156_00)

    with pytest.raises(BriefClosedError, match="has closed"):
        send(session, brief, provider, brief.closes_at, support=Money(1_00))
    brief.held_at = then
    with pytest.raises(BriefClosedError, match="moderator"):
        send(session, brief, provider, then)
    assert session.get_one(Quote, quote_id).total == Money(156_00)


def test_only_a_provider_that_is_called_learns_that_there_is_a_brief(session, person, brief, provider, then):
    draft = briefs.draft(session, person=person)
    far = quotes.provider(session, name="Far Help", council="E09000001")
    other_kind = quotes.provider(session, name="Dance Help", category="arts-and-music")
    by, about = provider

    for asked, who in ((brief, far), (brief, other_kind), (draft, provider)):
        with pytest.raises(BriefNotFoundError):
            send(session, asked, who, then)
        assert quote_page(session, brief_id=asked.id, viewer=who[0], now=then) is None
    # Nor does anybody quote in the name of somebody else.
    with pytest.raises(QuoteUnclearError):
        quoting.send_quote(
            session, brief_id=brief.id, by=by, wanted=quotes.wanted(session, brief, far[1]), link=quotes.address,
            now=then,
        )  # fmt: skip
    assert quote_page(session, brief_id=brief.id, viewer=by, now=then).offer.id == about.id
    assert session.query(Quote).count() == 0


@pytest.mark.parametrize("side", ["writer", "helper", "scorer"])
def test_nobody_is_on_both_sides(session, person, brief, then, side):
    by, about = quotes.provider(session)
    if side == "writer":
        brief.written_by = by.person_id
        brief.person_id = by.person_id
    elif side == "helper":
        helper, _consent = accounts.friend(session, of=person, scopes={Scope.ASK_FOR_QUOTES}, now=briefs.BEGAN)
        session.add(RoleGrant(person_id=helper.id, role=Role.PROVIDER, organisation_id=next(iter(by.organisations))))
    else:
        session.add(BriefScorer(brief_id=brief.id, person_id=by.person_id, called="Sam", added_at=then))
    session.flush()

    with pytest.raises(BarredError, match="asking side"):
        send(session, brief, (by, about), then)
    assert "asking side" in quote_page(session, brief_id=brief.id, viewer=by, now=then).refused


def test_whom_the_brief_names_cannot_quote_and_is_told_why(session, person, then):
    brief = briefs.open_brief(session, person=person, about="As boring help did last year.")
    with pytest.raises(BarredError, match="names you"):
        send(session, brief, quotes.provider(session), then)


def test_a_draft_is_kept_as_far_as_it_goes_and_is_nobodys_but_theirs(session, brief, provider, person, then):
    by, about = provider
    page = quote_page(session, brief_id=brief.id, viewer=by, now=then)
    assert page.offer.begins.unit_price == session.query(OfferPrice).one().amount
    begun = quoting.keep_draft(session, brief_id=brief.id, by=by, wanted=page.offer.begins, now=then)

    assert quote_page(session, brief_id=brief.id, viewer=by, now=then).quote.wrote == page.offer.begins
    assert letters_to(session, person) == []
    assert quotes_of.our_quote(session, quote_id=begun, viewer=quotes.provider(session)[0], now=then) is None
    # What was sent stays as it was sent, whatever is kept afterwards.
    assert send(session, brief, provider, then) == begun
    quoting.keep_draft(session, brief_id=brief.id, by=by, wanted=page.offer.begins, now=then)
    assert session.get_one(Quote, begun).times == "Weekday mornings"
    assert about.id == session.get_one(Quote, begun).offer_id


def test_two_colleagues_do_not_undo_each_other_unseen(session, brief, provider, then):
    quote_id = send(session, brief, provider, then)
    send(session, brief, provider, then + timedelta(minutes=1), support=Money(11_00), seen=then)

    with pytest.raises(QuoteChangedError, match="colleague"):
        send(session, brief, provider, then + timedelta(minutes=2), support=Money(20_00), seen=then)
    assert session.get_one(Quote, quote_id).unit_price == Money(14_00)


def test_a_quote_is_taken_back_until_somebody_is_chosen(session, brief, provider, person, then):
    by, _about = provider
    stranger, _offer = quotes.provider(session, name="Other Help")
    quote_id = send(session, brief, provider, then)

    def withdraw(viewer, wanted=quote_id):
        quoting.withdraw_quote(session, quote_id=wanted, by=viewer, link=quotes.address, now=then)

    with pytest.raises(QuoteNotFoundError):
        withdraw(stranger)
    brief.status, brief.ended_at = BriefStatus.NONE_CHOSEN, then
    with pytest.raises(ChoiceOverError):
        withdraw(by)
    brief.status, brief.ended_at = BriefStatus.OPEN, None
    withdraw(by)
    withdraw(by)
    assert letters_to(session, person)[1:] == ["A quote was taken back: Help in a garden"]

    again = send(session, brief, provider, then)
    assert again != quote_id
    page = quotes_of.our_quotes(session, viewer=by, now=then)
    assert [[line.id for line in part] for part in (page.going, page.over)] == [[again], [quote_id]]
    assert (page.sent, page.waiting, page.chosen) == (1, 1, 0)


def test_a_quote_points_to_the_checks_that_count_and_takes_back_a_no(session, brief, provider, then):
    _by, about = provider
    body = session.get_one(Provider, session.get_one(Offer, about.id).provider_id)
    checks.checked(session, body, now=briefs.BEGAN)
    call = BriefCall(
        brief_id=brief.id, organisation_id=body.organisation_id, called_at=then, declined_at=then,
        why_not=NoBid.NO_SPACE,
    )  # fmt: skip
    session.add(call)
    session.flush()
    send(session, brief, provider, then)

    assert session.query(QuoteCheck).count() == 1
    assert (call.declined_at, call.why_not) == (None, None)


def test_no_provider_sees_anything_of_anothers_quote(session, brief, provider, then):
    by, _about = provider
    send(session, brief, provider, then)
    alone = quotes_of.our_quotes(session, viewer=by, now=then)
    other = quotes.provider(session, name="Secret Help")
    secret = send(session, brief, other, then, support=Money(77_77), times="Secret times")

    assert quotes_of.our_quotes(session, viewer=by, now=then) == alone
    assert quotes_of.our_quote(session, quote_id=secret, viewer=by, now=then) is None
    page = quote_page(session, brief_id=brief.id, viewer=by, now=then)
    assert "Secret" not in repr(page)
    assert "7777" not in repr(page)


def test_colleagues_who_press_at_once_send_one_quote(arrange, real_app):
    def prepared(session):
        brief = briefs.open_brief(session, person=accounts.person(session, name="Ada"))
        by, about = quotes.provider(session)
        return brief.id, brief.opened_at + timedelta(days=1), by, quotes.wanted(session, brief, about)

    brief_id, then, by, wanted = arrange(prepared)

    def sends(session):
        return quoting.send_quote(session, brief_id=brief_id, by=by, wanted=wanted, link=quotes.address, now=then)

    sent = in_transactions(real_app, [sends] * 3)

    assert len(set(sent)) == 1
    assert arrange(lambda session: [row.status for row in session.query(Quote)]) == [QuoteStatus.SENT]
    assert arrange(lambda session: session.query(Message).count()) == 1
