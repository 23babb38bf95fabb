"""Quoting for a brief: kept as a draft, sent, changed until the brief closes, and taken back."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.brokerage.models import Brief, BriefNeed, Quote, QuoteAnswer, QuoteCheck
from marketplace.brokerage.queries.quotes_of import written
from marketplace.brokerage.queries.sides import OwnOffer, called_among, own_offer, why_barred
from marketplace.brokerage.rules import quoting as rules
from marketplace.brokerage.rules.days import last_day
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, NeedId, QuoteId, QuoteStatus, TrialOffer
from marketplace.brokerage.rules.quoting import NewAnswer, NewQuote
from marketplace.brokerage.services.asking import quote_after_all
from marketplace.catalogue.queries.evidence import checks_that_count
from marketplace.kit import audit, text
from marketplace.kit.days import day_of, midnight
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.said import day
from marketplace.kit.sentences import worded

BriefAddress = Callable[[BriefId], str]
"""Turns a brief into the address at which its person reads it."""

_LOTS = 1_000_000_000


class BriefNotFoundError(NotFoundError):
    """There is no such brief, or it is not for anybody this person speaks for."""


class QuoteNotFoundError(NotFoundError):
    """There is no such quote, or it is not of anybody this person speaks for."""


class BriefClosedError(DomainError):
    """The brief takes no quotes: it closed, was taken back, or is being looked at by a moderator."""


class ChoiceOverError(DomainError):
    """The choice has been made: nothing about a quote changes any more."""


class QuoteUnclearError(WrongAnswerError):
    """Some answers will not do. `problems` has a sentence for each; the error itself says the first."""

    def __init__(self, problems: dict[str, str]) -> None:
        field, sentence = next(iter(problems.items()))
        super().__init__(sentence, field=field)
        self.problems = problems


class QuoteChangedError(DomainError):
    """Somebody else who speaks for the provider changed the quote after this page was opened."""


class BarredError(NotAllowedError):
    """The provider helps to ask [003], or the brief names it, so it cannot answer."""


def keep_draft(
    session: Session, *, brief_id: BriefId, by: Viewer, wanted: NewQuote, now: datetime, seen: datetime | None = None
) -> QuoteId:
    """
    Keep a quote that is not ready. Only those who speak for its provider see it. Return its id.

    A quote that was sent stays as it was sent: only `send_quote` changes it. `seen` is when what the writer began from
    was last changed.

    :raises BriefNotFoundError, BriefClosedError, BarredError: as `send_quote` does.
    :raises QuoteUnclearError: if an answer cannot be kept.
    :raises QuoteChangedError: if a colleague changed it meanwhile.
    """
    brief, offer, quote = _opened(session, brief_id=brief_id, by=by, wanted=wanted, now=now)
    if quote is not None and quote.status is not QuoteStatus.DRAFT:
        return quote.id
    wanted, needs = _tidied(session, brief, wanted)
    _refuse(rules.keeping_problems(wanted, needs=needs, is_free=offer.is_free))
    _check_unchanged(session, quote, wanted, seen=seen)
    return _write(session, brief, quote, offer=offer, wanted=wanted, by=_me(by), now=now).id


def send_quote(
    session: Session,
    *,
    brief_id: BriefId,
    by: Viewer,
    wanted: NewQuote,
    link: BriefAddress,
    now: datetime,
    seen: datetime | None = None,
) -> QuoteId:
    """
    Send a quote, or change the one that was sent. Return its id. Sent again just as it is, nothing happens.

    The first quote of a day is told to the person, without its price or its provider. Those that come after it on that
    day are found on the same page: one letter a day is enough.

    :raises BriefNotFoundError: if there is no such brief, or it is not for anybody `by` speaks for.
    :raises BriefClosedError: if it takes no quotes any more.
    :raises BarredError: if somebody at the provider helps to ask, or the brief names it.
    :raises QuoteUnclearError: if an answer will not do; `problems` says which, and why.
    :raises QuoteChangedError: if a colleague changed the quote after `seen`.
    """
    brief, offer, quote = _opened(session, brief_id=brief_id, by=by, wanted=wanted, now=now)
    wanted, needs = _tidied(session, brief, wanted)
    _refuse(rules.sending_problems(wanted, needs=needs, is_free=offer.is_free, today=day_of(now)))
    is_new = quote is None or quote.status is QuoteStatus.DRAFT
    if quote is not None and not is_new and written(session, quote) == wanted:
        return quote.id
    _check_unchanged(session, quote, wanted, seen=seen)
    is_first_today = not _any_sent(session, brief_id=brief_id, since=midnight(day_of(now)))
    quote = _write(session, brief, quote, offer=offer, wanted=wanted, by=_me(by), now=now)
    _attach_checks(session, quote, offer, now=now)
    if is_new:
        quote.status, quote.sent_at, quote.shown_at = QuoteStatus.SENT, now, secrets.randbelow(_LOTS)
        quote_after_all(session, brief, organisation_id=offer.organisation_id, now=now)
    if is_new and is_first_today:
        _tell_person(session, brief, link=link, now=now)
    did = "sent a quote" if is_new else "changed a quote"
    audit.record(session, by=_me(by), did=did, to_kind="quote", to_id=quote.id, now=now)
    session.flush()
    return quote.id


def withdraw_quote(session: Session, *, quote_id: QuoteId, by: Viewer, link: BriefAddress, now: datetime) -> None:
    """
    Take a quote back, and tell the person if it was sent. A draft is thrown away. Twice is as good as once.

    :raises QuoteNotFoundError: if it is not of anybody `by` speaks for.
    :raises ChoiceOverError: if one was chosen, or the brief is over.
    """
    own = Quote.organisation_id.in_(by.organisations)
    brief_id = session.scalar(select(Quote.brief_id).where(Quote.id == quote_id, own))
    # The brief first, as everywhere: whoever chooses at this moment locks it too.
    brief = session.get(Brief, brief_id, with_for_update=True) if brief_id else None
    quote = session.get(Quote, quote_id, with_for_update=True, populate_existing=True) if brief else None
    if brief is None or quote is None:
        raise QuoteNotFoundError("There is no such quote. It may have been thrown away already.")
    if quote.status is QuoteStatus.WITHDRAWN:
        return
    if quote.status is QuoteStatus.DRAFT:
        _throw_away(session, quote)
        return
    if quote.status is not QuoteStatus.SENT or brief.status not in {BriefStatus.OPEN, BriefStatus.CLOSED}:
        raise ChoiceOverError("The choice has been made, so this quote cannot be taken back any more.")
    quote.status, quote.changed_at = QuoteStatus.WITHDRAWN, now
    audit.record(session, by=_me(by), did="took back a quote", to_kind="quote", to_id=quote.id, now=now)
    accounts.write_to_person(
        session,
        person_id=brief.person_id,
        subject=worded("A quote was taken back: {title}", title=brief.title),
        body=worded(
            "A provider has taken its quote back. You need do nothing about it.\n\n"
            "See what there is to choose from:\n{link}",
            link=link(brief.id),
        ),
        now=now,
    )


def _opened(
    session: Session, *, brief_id: BriefId, by: Viewer, wanted: NewQuote, now: datetime
) -> tuple[Brief, OwnOffer, Quote | None]:
    """Return a brief that takes quotes, locked, with the offer that is quoted and its provider's live quote."""
    called = called_among(session, brief_id=brief_id, organisations=by.organisations)
    brief = session.get(Brief, brief_id, with_for_update=True, populate_existing=True) if called else None
    if brief is None:
        raise BriefNotFoundError("There is no such brief, or it is not for you.")
    if not rules.takes_quotes(status=brief.status, closes_at=brief.closes_at, held_at=brief.held_at, now=now):
        raise BriefClosedError(rules.why_closed(brief.status, is_held=brief.held_at is not None))
    offer = own_offer(session, offer_id=wanted.offer_id, organisations=called)
    if offer is None:
        raise QuoteUnclearError({"offer": "Choose one of your offers that is on the site."})
    barred = why_barred(session, brief=brief, organisation_id=offer.organisation_id, on=day_of(now))
    if barred:
        raise BarredError(barred.sentence)
    quote = session.scalars(
        select(Quote)
        .where(
            Quote.brief_id == brief_id,
            Quote.organisation_id == offer.organisation_id,
            Quote.status != QuoteStatus.WITHDRAWN,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    return brief, offer, quote


def _tidied(session: Session, brief: Brief, wanted: NewQuote) -> tuple[NewQuote, list[NeedId]]:
    """Return a quote with its words tidied and nothing but what the brief asks, and the needs of the brief in order."""
    needs = list(
        session.scalars(select(BriefNeed.id).where(BriefNeed.brief_id == brief.id).order_by(BriefNeed.position))
    )
    answers = {
        need_id: NewAnswer(answer.fit, text.tidy(answer.words))
        for need_id, answer in wanted.answers.items()
        if need_id in needs and (answer.fit is not None or text.tidy(answer.words))
    }
    return replace(
        wanted,
        times=text.tidy_line(wanted.times),
        trial_words="" if wanted.trial is TrialOffer.NONE else text.tidy_line(wanted.trial_words),
        answers=answers,
    ), needs


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise QuoteUnclearError(problems)


def _check_unchanged(session: Session, quote: Quote | None, wanted: NewQuote, *, seen: datetime | None) -> None:
    if quote is None or seen is None or quote.changed_at == seen or written(session, quote) == wanted:
        return
    raise QuoteChangedError(
        "A colleague changed this quote while you were writing. What you typed is still here, and nothing of it is "
        "kept yet. Press again to keep yours instead of theirs."
    )


def _write(
    session: Session,
    brief: Brief,
    quote: Quote | None,
    *,
    offer: OwnOffer,
    wanted: NewQuote,
    by: PersonId,
    now: datetime,
) -> Quote:
    """Put what was written into the quote, which begins as a draft."""
    if quote is None:
        quote = Quote(
            id=QuoteId(uuid.uuid4()),
            brief_id=brief.id,
            organisation_id=offer.organisation_id,
            status=QuoteStatus.DRAFT,
            began_at=now,
            shown_at=0,
            why_not_words="",
        )
        session.add(quote)
    quote.offer_id, quote.quoted_by, quote.changed_at = wanted.offer_id, by, now
    quote.unit, quote.quantity, quote.weeks = brief.unit, brief.quantity, brief.weeks
    quote.unit_price = wanted.unit_price
    quote.admin, quote.overhead, quote.travel = wanted.admin, wanted.overhead, wanted.travel
    quote.total = rules.total_of(wanted.unit_price, quantity=brief.quantity, weeks=brief.weeks)
    quote.notice_hours, quote.times = wanted.notice_hours, wanted.times
    quote.can_start_on = wanted.can_start_on or rules.first_day(wanted_on=brief.starts_on, today=day_of(now))
    quote.trial, quote.trial_words = wanted.trial, wanted.trial_words
    session.flush()
    session.execute(delete(QuoteAnswer).where(QuoteAnswer.quote_id == quote.id))
    session.add_all(
        QuoteAnswer(quote_id=quote.id, need_id=need_id, fit=answer.fit, words=answer.words)
        for need_id, answer in wanted.answers.items()
        if answer.fit is not None
    )
    session.flush()
    return quote


def _attach_checks(session: Session, quote: Quote, offer: OwnOffer, *, now: datetime) -> None:
    """Point to every check on the provider that counts now. They are shown as they stand whenever somebody looks."""
    session.execute(delete(QuoteCheck).where(QuoteCheck.quote_id == quote.id))
    found = checks_that_count(session, provider_id=offer.provider_id, on=day_of(now))
    session.add_all(QuoteCheck(quote_id=quote.id, check_id=check_id) for check_id in found)


def _any_sent(session: Session, *, brief_id: BriefId, since: datetime) -> bool:
    """Test whether any quote for a brief came since a moment, also one that was taken back again."""
    sent = select(Quote.id).where(Quote.brief_id == brief_id, Quote.sent_at >= since).limit(1)
    return session.scalar(sent) is not None


def _throw_away(session: Session, quote: Quote) -> None:
    session.execute(delete(QuoteAnswer).where(QuoteAnswer.quote_id == quote.id))
    session.execute(delete(QuoteCheck).where(QuoteCheck.quote_id == quote.id))
    session.delete(quote)
    session.flush()


def _tell_person(session: Session, brief: Brief, *, link: BriefAddress, now: datetime) -> None:
    last = last_day(brief.closes_at or now)
    accounts.write_to_person(
        session,
        person_id=brief.person_id,
        subject=worded("A quote has come: {title}", title=brief.title),
        body=worded(
            "A provider has quoted for what you asked. You need do nothing yet: more may come. All quotes stay closed "
            "until the last day for them. After {last} you look at them beside each other, here:\n"
            "{link}\n\n"
            "We write about new quotes at most once a day. All that come are on that page then.",
            last=day(last),
            link=link(brief.id),
        ),
        now=now,
    )


def _me(by: Viewer) -> PersonId:
    if by.person_id is None:
        raise BriefNotFoundError("There is no such brief, or it is not for you.")
    return by.person_id
