"""The quotes on a brief as a decision pack keeps them: in words, and never looked up again."""

from marketplace.brokerage.queries.quotes_seen import Answered, Choosing, QuoteSeen
from marketplace.brokerage.rules.nouns import Fit, QuoteStatus, TrialOffer
from marketplace.kit.said import day
from marketplace.kit.sentences import one_word, worded
from marketplace.purchasing.rules.packs import FrozenQuote
from marketplace.purchasing.rules.terms import notice_words

_FIT = {Fit.YES: "yes", Fit.PARTLY: "partly", Fit.NO: "no"}
_TRIAL = {TrialOffer.FREE: "Can be tried out free", TrialOffer.PAID: "Can be tried out, and that is paid"}


def frozen_quotes(page: Choosing) -> tuple[FrozenQuote, ...]:
    """Return every quote there was to choose between, the chosen one first, as it stood."""
    chosen = page.award.quote_id if page.award else None
    ordered = sorted(page.quotes, key=lambda quote: quote.id != chosen)
    return tuple(
        FrozenQuote(provider=quote.provider_name, total=str(quote.total), said=" ".join(_said(page, quote)))
        for quote in ordered
    )


def _said(page: Choosing, quote: QuoteSeen) -> list[str]:
    said = [
        one_word("Chosen.") if quote.status is QuoteStatus.AWARDED else "Not chosen.",
        worded(
            "For {how_much}, at {unit_price} {each}.",
            how_much=page.how_much,
            unit_price=quote.unit_price,
            each=quote.unit.each,
        ),
        worded(
            "In it: support {support}, admin {admin}, overheads {overhead}, travel {travel}.",
            support=quote.support,
            admin=quote.admin,
            overhead=quote.overhead,
            travel=quote.travel,
        ),
        *(_answered(one) for one in quote.answers),
        worded("Can start on {can_start_on}.", can_start_on=day(quote.can_start_on)),
        worded("Notice to cancel: {notice_words}.", notice_words=notice_words(quote.notice_hours).lower()),
    ]
    if quote.times:
        said.append(worded("Times: {times}.", times=quote.times.rstrip(".")))
    if quote.trial in _TRIAL:
        said.append(f"{_TRIAL[quote.trial]}: {quote.trial_words.rstrip('.')}.")
    if quote.worth is not None:
        said.append(worded("Points: {worth} out of 100.", worth=quote.worth))
    return said


def _answered(one: Answered) -> str:
    words = f", {one.words.rstrip('.')}" if one.words else ""
    return f"“{one.need.rstrip('.')}”: {_FIT[one.fit]}{words}."
