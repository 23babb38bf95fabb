"""Choosing one quote, or none. Only whose brief it is chooses: a helper offers options, and never makes the choice."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import take_turns
from marketplace.brokerage.models import Award, Brief, BriefNeed, Quote, QuoteAnswer
from marketplace.brokerage.rules import choosing as rules
from marketplace.brokerage.rules.choosing import KindReason
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, QuoteId, QuoteStatus
from marketplace.brokerage.services.counting import count_brief
from marketplace.brokerage.services.looking import (
    BriefNotFoundError,
    QuoteAddress,
    QuoteGoneError,
    QuoteNotFoundError,
    brief_to_look_at,
    noted,
    quotes_on,
    refuse_unless_ready,
)
from marketplace.budgets.rules import StreamId
from marketplace.catalogue.rules import OfferId, Unit
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, WrongAnswerError
from marketplace.kit.facts import FactKind
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules import LONGEST_WORDS, ArrangementId
from marketplace.purchasing.rules.nouns import PackId, PayBy
from marketplace.purchasing.rules.packs import Contents
from marketplace.purchasing.services.letters import Address
from marketplace.purchasing.services.packs import keep_pack
from marketplace.purchasing.services.quoted import Quoted, make_arrangement_on_quote


class NotYourChoiceError(NotAllowedError):
    """Somebody else's choice, even for a helper who may do everything up to it."""


class ChosenAlreadyError(DomainError):
    """Another quote was chosen, in another tab or by another member."""


class ChoiceUnclearError(WrongAnswerError):
    """A reason or a day will not do."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The quote that a pool chose, as far as it opens on it."""

    quote_id: QuoteId
    offer_id: OfferId
    organisation_id: uuid.UUID
    quoted_by: PersonId
    unit: Unit
    unit_price: Money
    people: int


def award_quote(
    session: Session,
    *,
    brief_id: BriefId,
    quote_id: QuoteId,
    by: PersonId,
    because: str,
    pay_by: PayBy,
    shares: Mapping[StreamId, Money],
    why_not: Mapping[QuoteId, KindReason],
    starts_on: date | None,
    link: Address,
    quote_link: QuoteAddress,
    now: datetime,
) -> ArrangementId:
    """
    Choose a quote: it becomes an arrangement on its very terms, its money is set aside, and every provider hears.

    All of it or nothing. Chosen twice, it is chosen once.

    :raises BriefNotFoundError, QuoteNotFoundError: if there is no such quote on a brief of theirs.
    :raises NotYourChoiceError: if they only help with it.
    :raises NotReadyError: if quotes still come in, or it was taken back, or none was chosen.
    :raises ChosenAlreadyError: if another quote was chosen.
    :raises QuoteGoneError: if the provider took it back.
    :raises ChoiceUnclearError: if a reason or the first day will not do.
    :raises OfferGoneError, OwnOfferError, RequestUnclearError: as `make_arrangement_on_quote`.
    :raises StreamNotFoundError, BudgetClosedError, NotEnoughLeftError: if their budgets cannot pay it.
    """
    take_turns(session, person_id=by)
    brief = _own_brief(session, brief_id=brief_id, by=by, now=now)
    known = session.get(Award, brief_id)
    if known is not None:
        return ArrangementId(_same(known, quote_id).arrangement_id or quote_id)
    because = _tidied(because, why_not)
    quote, others = _standing(session, brief, quote_id=quote_id, now=now)
    arrangement_id = make_arrangement_on_quote(
        session,
        arrangement_id=ArrangementId(quote_id),
        quoted=_quoted(session, brief, quote, starts_on=starts_on, now=now),
        person_id=brief.person_id,
        pay_by=pay_by,
        shares=shares,
        link=link,
        now=now,
    )
    award = Award(brief_id=brief_id, quote_id=quote_id, because=because, by=by, at=now, arrangement_id=arrangement_id)
    _settle(session, brief, award, quote, others, why_not=why_not, link=quote_link, now=now)
    return arrangement_id


def award_for_pool(
    session: Session,
    *,
    pool_key: uuid.UUID,
    brief_id: BriefId,
    quote_id: QuoteId,
    by: PersonId,
    because: str,
    why_not: Mapping[QuoteId, KindReason],
    answer_key: uuid.UUID,
    quote_link: QuoteAddress,
    now: datetime,
) -> Chosen | None:
    """
    Choose a quote for a pool, which opens on it: each member then sees what it costs them before they promise anything.

    Whether this member may choose for the others is the pool's affair. None: it was chosen already.

    :raises BriefNotFoundError, QuoteNotFoundError, NotReadyError, ChosenAlreadyError: as `award_quote`.
    :raises QuoteGoneError, ChoiceUnclearError: as `award_quote`.
    """
    brief = _brief_of_pool(session, pool_key=pool_key, brief_id=brief_id, by=by, now=now)
    known = session.get(Award, brief_id)
    if known is not None:
        _same(known, quote_id)
        return None
    because = _tidied(because, why_not)
    quote, others = _standing(session, brief, quote_id=quote_id, now=now)
    award = Award(brief_id=brief_id, quote_id=quote_id, because=because, by=by, at=now, pool_answer_key=answer_key)
    _settle(session, brief, award, quote, others, why_not=why_not, link=quote_link, now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=quote.organisation_id,
        subject=worded("Your quote was chosen: {title}", title=brief.title),
        body=worded(
            "A group of people has chosen your quote. What happens next: the group opens with your price, and each "
            "of them decides whether to promise their part. We write to you once it is certain.\n\n{quote_link}",
            quote_link=quote_link(quote.id),
        ),
        now=now,
    )
    return Chosen(
        quote_id=quote.id,
        offer_id=quote.offer_id,
        organisation_id=quote.organisation_id,
        quoted_by=quote.quoted_by,
        unit=quote.unit,
        unit_price=quote.unit_price,
        people=brief.people,
    )


def choose_none(
    session: Session,
    *,
    brief_id: BriefId,
    by: PersonId,
    because: str,
    said: KindReason,
    quote_link: QuoteAddress,
    now: datetime,
    pool_key: uuid.UUID | None = None,
) -> None:
    """
    Choose none of the quotes, and thank everybody for theirs. `because` stays with the person.

    Done twice, it is done once.

    :raises BriefNotFoundError: if there is no such brief of theirs.
    :raises NotYourChoiceError: if they only help with it.
    :raises NotReadyError: if quotes still come in, it was taken back, or one was chosen.
    :raises ChoiceUnclearError: if a reason will not do.
    """
    if pool_key is None:
        brief = _own_brief(session, brief_id=brief_id, by=by, now=now)
    else:
        brief = _brief_of_pool(session, pool_key=pool_key, brief_id=brief_id, by=by, now=now)
    if brief.status is BriefStatus.NONE_CHOSEN:
        return
    because = _tidied(because, {})
    problem = rules.reason_problem(said)
    if problem:
        raise ChoiceUnclearError(problem, field="kind_words")
    refuse_unless_ready(brief, now=now)
    brief.status, brief.ended_at, brief.why_ended, brief.updated_at = BriefStatus.NONE_CHOSEN, now, because, now
    for quote in quotes_on(session, brief).values():
        if quote.status is QuoteStatus.SENT:
            _not_chosen(session, brief, quote, reason=said, link=quote_link, now=now)
    noted(session, brief, by=by, did="chose none", act="chose none of the quotes", now=now)
    session.flush()


def keep_pack_of_choice(
    session: Session, *, brief_id: BriefId, by: PersonId, contents: Contents, pdf: bytes, now: datetime
) -> PackId:
    """
    Keep the decision pack of a choice for good: what there was to choose between, and why. Done twice, it is done once.

    :raises BriefNotFoundError: if there is no choice of this person's on that brief.
    :raises TooManyPacksError, PacksAtOnceError: as `keep_pack`.
    """
    award = session.get(Award, brief_id, with_for_update=True, populate_existing=True)
    if award is None or award.by != by:
        raise BriefNotFoundError("We could not find that choice.")
    pack_id = pack_of(brief_id)
    keep_pack(session, contents=contents, pack_id=pack_id, pdf=pdf, by=by, now=now)
    award.pack_id = pack_id
    session.flush()
    return pack_id


def pack_of(brief_id: BriefId) -> PackId:
    """Return the key of the decision pack of a choice: there is one for each."""
    return PackId(uuid.uuid5(brief_id, "decision pack"))


def _own_brief(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> Brief:
    brief = brief_to_look_at(session, brief_id=brief_id, by=by, now=now)
    if brief.pool_key is not None:
        raise BriefNotFoundError("The brief is of a pool. Choose on the pool’s page.")
    if brief.person_id != by:
        raise NotYourChoiceError(
            "The choice is theirs alone, so you cannot make it for them. You can show them what you found."
        )
    return brief


def _brief_of_pool(session: Session, *, pool_key: uuid.UUID, brief_id: BriefId, by: PersonId, now: datetime) -> Brief:
    brief = brief_to_look_at(session, brief_id=brief_id, by=by, now=now)
    if brief.pool_key != pool_key:
        raise BriefNotFoundError("We could not find that brief.")
    return brief


def _same(award: Award, quote_id: QuoteId) -> Award:
    if award.quote_id != quote_id:
        raise ChosenAlreadyError("Another quote was chosen on this brief already, so nothing has changed.")
    return award


def _tidied(because: str, why_not: Mapping[QuoteId, KindReason]) -> str:
    because = text.tidy(because)
    if len(because) > rules.LONGEST_BECAUSE:
        raise ChoiceUnclearError(
            worded("Use at most {longest_because:,} characters.", longest_because=rules.LONGEST_BECAUSE),
            field="because",
        )
    for quote_id, reason in why_not.items():
        problem = rules.reason_problem(reason)
        if problem:
            raise ChoiceUnclearError(problem, field=f"words_{quote_id}")
    return because


def _standing(session: Session, brief: Brief, *, quote_id: QuoteId, now: datetime) -> tuple[Quote, list[Quote]]:
    """Return the quote that is wanted and the others, all locked, if it can be chosen now."""
    refuse_unless_ready(brief, now=now)
    quotes = quotes_on(session, brief)
    quote = quotes.pop(quote_id, None)
    if quote is None:
        raise QuoteNotFoundError("We could not find that quote.")
    if quote.status is not QuoteStatus.SENT:
        raise QuoteGoneError(
            "They took this quote back before you chose it, so nothing is arranged and no money is set aside. "
            "You can choose another one."
        )
    return quote, [one for one in quotes.values() if one.status is QuoteStatus.SENT]


def _quoted(session: Session, brief: Brief, quote: Quote, *, starts_on: date | None, now: datetime) -> Quoted:
    first_day = starts_on or rules.first_day(wanted=brief.starts_on, can_start_on=quote.can_start_on, today=day_of(now))
    problem = rules.start_problem(starts_on=first_day, can_start_on=quote.can_start_on)
    if problem:
        raise ChoiceUnclearError(problem, field="starts_on")
    agreed = rules.Agreement(
        title=brief.title,
        about=brief.about,
        needs=_needs_met(session, quote),
        times=quote.times or brief.times,
        trial_words=quote.trial_words,
    )
    return Quoted(
        offer_id=quote.offer_id,
        organisation_id=quote.organisation_id,
        what=rules.what_was_agreed(agreed, most=LONGEST_WORDS),
        kind=brief.kind,
        unit=quote.unit,
        unit_price=quote.unit_price,
        quantity=quote.quantity,
        weeks=quote.weeks,
        notice_hours=quote.notice_hours,
        trial_weeks=rules.trial_weeks(trial=quote.trial, kind=brief.kind),
        starts_on=first_day,
    )


def _needs_met(session: Session, quote: Quote) -> tuple[rules.Met, ...]:
    rows = session.execute(
        select(BriefNeed.words, QuoteAnswer.fit, QuoteAnswer.words)
        .join(QuoteAnswer, QuoteAnswer.need_id == BriefNeed.id)
        .where(QuoteAnswer.quote_id == quote.id)
        .order_by(BriefNeed.position)
    )
    return tuple(rules.Met(*row) for row in rows)


def _settle(
    session: Session,
    brief: Brief,
    award: Award,
    quote: Quote,
    others: list[Quote],
    *,
    why_not: Mapping[QuoteId, KindReason],
    link: QuoteAddress,
    now: datetime,
) -> None:
    session.add(award)
    brief.status, brief.ended_at, brief.updated_at = BriefStatus.AWARDED, now, now
    quote.status, quote.changed_at = QuoteStatus.AWARDED, now
    for one in others:
        _not_chosen(session, brief, one, reason=rules.reason_for(one.id, why_not), link=link, now=now)
    audit.record(session, by=award.by, did="awarded", to_kind="quote", to_id=quote.id, now=now)
    audit.record(session, by=award.by, did="awarded", to_kind="brief", to_id=brief.id, now=now)
    count_brief(session, brief, FactKind.BRIEF_AWARDED, now=now)
    session.flush()


def _not_chosen(
    session: Session, brief: Brief, quote: Quote, *, reason: KindReason, link: QuoteAddress, now: datetime
) -> None:
    """Let a provider know, kindly and without anything about the others."""
    quote.status, quote.changed_at = QuoteStatus.NOT_CHOSEN, now
    quote.why_not, quote.why_not_words = reason.why, text.tidy(reason.words)
    audit.record(session, by=None, did="not chosen", to_kind="quote", to_id=quote.id, now=now)
    # In their own words only on the page: email is not private.
    own = "They have written you a few words." if quote.why_not_words else ""
    accounts.write_to_organisation(
        session,
        organisation_id=quote.organisation_id,
        subject=worded("Not chosen this time: {title}", title=brief.title),
        body=worded(
            "{kind_words}\n\nRead it on the page of your quote:\n{link}\n\nNo other provider has seen it.",
            kind_words=rules.kind_words(reason.why, own),
            link=link(quote.id),
        ),
        now=now,
    )
