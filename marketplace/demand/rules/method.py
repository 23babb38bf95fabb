"""What each table and each figure of a release says, in words for whoever has never seen statistics."""

from dataclasses import dataclass

from marketplace.demand.rules.shapes import PRICED_UNITS
from marketplace.kit.sentences import one_word, worded


@dataclass(frozen=True, slots=True)
class Note:
    """What one column of a table counts."""

    slug: str
    words: str


_ONCE = "Each person counts once in a row, however often they did it."
_PROVIDERS = "A provider counts once in a row. Somebody who works alone is a provider too."

TABLES: dict[str, str] = {
    "support": "Support that people asked a provider for, agreed and paid for, by kind of support.",
    "funding": "Which money paid for it. One person may pay from several.",
    **{
        f"price-of-{said.replace(' ', '-')}": worded(
            "What people agreed to pay for {said}, by kind of support.", said=said
        )
        for _, said in PRICED_UNITS
    },
    "unmet": "What people wanted and did not get, or not yet.",
    "pools": "People who club together to buy the same thing.",
    "pool-endings": "Why pools ended before they began.",
    "briefs": "People who wrote down what they want and asked several providers for quotes.",
    "no-quotes": "The reasons that providers gave for sending no quote.",
    "supply": "Providers with an offer here when the quarter was counted, in the council where they are.",
    "freshness": "How long ago providers last said that an offer still holds. Of several, the oldest word counts.",
    "ratings": "Reviews that were published, by kind of support. One on a paper card counts where the provider is.",
    "criteria": "What people said matters to them, and how well support did it: from 1, badly, to 5, very well.",
    "outcomes": "Whether support changed people’s lives for the better, by what the law calls wellbeing.",
    "moderation": "What moderators decided about reviews.",
}
"""What each table is about, by its code."""

_ROWS = {
    "funding": "Whose money",
    "pool-endings": "Why the pool ended",
    "no-quotes": "Why there was no quote",
    "freshness": "When offers were confirmed",
    "criteria": "What matters",
    "outcomes": "Part of wellbeing",
    "moderation": one_word("Decision"),
}

_SPREAD = {
    "people": worded("How many people agreed on a price for this. {once} What is free is left out.", once=_ONCE),
    "lower_quartile": "Put everybody’s price in order. A quarter of the people pay this or less.",
    "median": "Put everybody’s price in order. This is the one in the middle: half pay less, half pay more.",
    "upper_quartile": "Put everybody’s price in order. A quarter of the people pay this or more.",
}
_MEANINGS: dict[tuple[str, str], str] = {
    ("support", "asked"): worded("How many people asked a provider for support. {once}", once=_ONCE),
    ("support", "agreed"): worded(
        "How many people agreed support with a provider, alone, from a quote or in a pool. {once}", once=_ONCE
    ),
    ("support", "bought"): worded("How many people paid for support that they had agreed here. {once}", once=_ONCE),
    (
        "support",
        "spend",
    ): "What they paid in all, to the nearest £100. What they were given back in the same quarter is taken off.",
    ("support", "visited"): worded("How many people had a visit or a session that was confirmed. {once}", once=_ONCE),
    ("funding", "bought"): worded(
        "How many people paid with this money. {once} One person may pay with more than one kind.", once=_ONCE
    ),
    ("funding", "spend"): "What was paid with this money in all, rounded to the nearest £100.",
    ("unmet", "searched"): worded(
        "How many people searched and found nothing. {once} We keep no words that they typed.", once=_ONCE
    ),
    ("unmet", "shortlisted"): worded("How many people kept an offer to think about. {once}", once=_ONCE),
    ("unmet", "waiting"): worded("How many people asked a provider who had no space at the time. {once}", once=_ONCE),
    ("unmet", "unanswered"): worded("How many people asked for quotes and got none. {once}", once=_ONCE),
    ("pools", "opened"): worded("How many people were in pools that opened for others to join. {once}", once=_ONCE),
    ("pools", "met"): worded("How many people were in pools that had enough people and went ahead. {once}", once=_ONCE),
    ("pools", "failed"): worded("How many people were in pools that ended without going ahead. {once}", once=_ONCE),
    ("pool-endings", "failed"): worded("How many people were in pools that ended for this reason. {once}", once=_ONCE),
    ("briefs", "opened"): worded("How many people asked providers for quotes. {once}", once=_ONCE),
    ("briefs", "awarded"): worded("How many people chose one of the quotes they were given. {once}", once=_ONCE),
    ("no-quotes", "providers"): worded("How many providers gave this reason. {providers}", providers=_PROVIDERS),
    ("supply", "providers"): worded("How many providers offer this in the area. {providers}", providers=_PROVIDERS),
    ("supply", "providers_space"): worded(
        "How many of them said that they have space. {providers}", providers=_PROVIDERS
    ),
    ("supply", "providers_waiting_list"): worded(
        "How many of them said that they have a waiting list. {providers}", providers=_PROVIDERS
    ),
    ("supply", "providers_full"): worded("How many of them said that they are full. {providers}", providers=_PROVIDERS),
    ("supply", "providers_not_said"): worded(
        "How many of them have not said how much space they have. {providers}", providers=_PROVIDERS
    ),
    ("freshness", "providers"): worded(
        "How many providers confirmed their offers so long ago. {providers}", providers=_PROVIDERS
    ),
    ("ratings", "people"): worded("How many people rated support they had used. {once}", once=_ONCE),
    ("ratings", "stars"): "The average of what they gave, from 1 to 5 stars. Each person weighs the same.",
    ("criteria", "people"): worded("How many people scored this. {once}", once=_ONCE),
    ("criteria", "mean"): "The average of their scores, from 1 to 5. Each person weighs the same.",
    ("outcomes", "people"): worded("How many people said what support did for this. {once}", once=_ONCE),
    ("outcomes", "mean"): "The average of what they said, from 1 to 5. Each person weighs the same.",
    ("moderation", "people"): worded("How many people wrote the reviews that were decided so. {once}", once=_ONCE),
}


def rows_are(table: str) -> str:
    """Return what the rows of a table are, as the heading of its first column."""
    return _ROWS.get(table, "Kind of support")


def note_about(table: str, measure: str) -> Note | None:
    """Return what a column of a table counts, or None for one that we do not know: of a release to come."""
    if table.startswith("price-of-") and measure in _SPREAD:
        return Note(f"price-{measure}", _SPREAD[measure])
    words = _MEANINGS.get((table, measure))
    return Note(f"{table}-{measure}", words) if words else None
