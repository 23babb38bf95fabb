"""What the pages of a council's figures hold: always the same charts, in the same order."""

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.demand.rules import gaps, pictures, sentences
from marketplace.demand.rules.pictures import Chart, Seen
from marketplace.demand.rules.shapes import PRICED_UNITS, SPACE, Unit
from marketplace.kit.sentences import one_word, worded


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page: its name in an address, its title, what it answers, what it says in sentences, and its charts."""

    slug: str
    title: str
    lead: str
    says: Callable[[Seen], tuple[str, ...]]
    charts: Callable[[Seen], tuple[Chart, ...]]


def _buying(seen: Seen) -> tuple[Chart, ...]:
    return (
        pictures.bars(
            seen.here,
            "support",
            "bought",
            title="People who paid for support",
            words="Each bar is how many different people paid in the quarter. Somebody may be in more than one.",
        ),
        pictures.bars(
            seen.here,
            "support",
            "spend",
            title="What they spent",
            words="Each bar is all that was paid in the quarter, from whatever purse, to the nearest £100.",
        ),
        pictures.bars(
            seen.here,
            "support",
            "visited",
            title="People who had a visit",
            words="Each bar is how many different people had support that they confirmed.",
        ),
    )


def _money(seen: Seen) -> tuple[Chart, ...]:
    return (
        pictures.shares_over_time(
            seen.history,
            "funding",
            "spend",
            title="Whose money was spent",
            words="Each bar is one quarter. Its parts are whose money it was.",
        ),
        pictures.bars(
            seen.here,
            "funding",
            "bought",
            title="People who paid, by whose money",
            words="Somebody who paid with two kinds of money is in both.",
            in_order=True,
        ),
    )


def _gaps(seen: Seen) -> tuple[Chart, ...]:
    return (
        pictures.bars(
            seen.here,
            "unmet",
            "searched",
            title="People whose search found nothing",
            words="Each bar is how many different people looked for this kind of support and found none.",
            tone="orange",
        ),
        pictures.bars(
            seen.here,
            "unmet",
            "waiting",
            title="People who began to wait for space",
            words="They asked to be told when a provider who is full has space again.",
            tone="orange",
        ),
        pictures.bars(
            seen.here,
            "unmet",
            "shortlisted",
            title="People who kept an offer to think about",
            words="They put an offer on their shortlist. Many go on to buy; others are not sure yet.",
        ),
        pictures.bars(
            seen.here,
            "unmet",
            "unanswered",
            title="People who asked for quotes and got none",
            words="Their time for quotes ran out, and no provider had sent one.",
            tone="orange",
        ),
    )


def _prices(seen: Seen) -> tuple[Chart, ...]:
    return tuple(
        pictures.prices(
            seen.areas,
            f"price-of-{said.replace(' ', '-')}",
            title=worded("What people pay for {said}", said=said),
            words="Each mark is the middle price: half pay more, half less. The line holds the middle half of prices.",
        )
        for _, said in PRICED_UNITS
    )


def _supply(seen: Seen) -> tuple[Chart, ...]:
    return (
        gaps.by_category(seen.here),
        pictures.bars(
            seen.here,
            "supply",
            "providers",
            title="Providers who offer support",
            words="Each bar is how many different providers had an offer up when the quarter ended.",
        ),
        pictures.space(
            seen.here,
            dict(SPACE),
            title="How much space providers have",
            words="What providers of all kinds say about the space they have.",
        ),
        pictures.bars(
            seen.here,
            "freshness",
            "providers",
            title="How up to date offers are",
            words="When providers last said that what their offers say is still true.",
            in_order=True,
        ),
    )


def _pools(seen: Seen) -> tuple[Chart, ...]:
    return (
        pictures.lines(
            seen.history,
            [("Opened", "pools", "opened"), ("Went ahead", "pools", "met"), ("Ended without", "pools", "failed")],
            unit=Unit.PEOPLE,
            slug="pools-by-quarter",
            title="People in pools, by quarter",
            words="How many different people were in pools that opened, went ahead, or ended without.",
        ),
        pictures.bars(
            seen.here,
            "pools",
            "met",
            title="People in pools that went ahead",
            words="Each bar is how many different people bought this kind of support together.",
            tone="plum",
        ),
        pictures.bars(
            seen.here,
            "pool-endings",
            "failed",
            title="Why pools ended without going ahead",
            words="Each bar is how many people were in pools that ended for this reason.",
            tone="plum",
            in_order=True,
        ),
    )


def _quotes(seen: Seen) -> tuple[Chart, ...]:
    return (
        pictures.lines(
            seen.history,
            [
                ("Asked for quotes", "briefs", "opened"),
                ("Chose a quote", "briefs", "awarded"),
                ("Got no quote", "unmet", "unanswered"),
            ],
            unit=Unit.PEOPLE,
            slug="briefs-by-quarter",
            title="People who asked for quotes, by quarter",
            words="They wrote down what they need, and providers could offer a price for it.",
        ),
        pictures.bars(
            seen.here,
            "briefs",
            "opened",
            title="What they asked quotes for",
            words="Each bar is how many different people asked for quotes for this kind of support.",
        ),
        pictures.bars(
            seen.here,
            "no-quotes",
            "providers",
            title="Why providers did not quote",
            words="Each bar is how many different providers gave this reason.",
            tone="orange",
            in_order=True,
        ),
    )


def _ratings(seen: Seen) -> tuple[Chart, ...]:
    return (
        pictures.scores(
            seen.areas,
            "ratings",
            "stars",
            title="Stars by kind of support",
            words="The average of what people gave, from 1 to 5 stars.",
            heading="Kind of support",
        ),
        pictures.scores(
            seen.areas,
            "outcomes",
            "mean",
            title="What support did for people",
            words="How much people say it helped with each part of life, on average, from 1 to 5.",
            heading="Part of life",
        ),
        pictures.scores(
            seen.areas,
            "criteria",
            "mean",
            title="What matters to people, and how it was",
            words="What people chose to say about their support, on average, from 1 to 5.",
            heading="What matters",
        ),
        pictures.bars(
            seen.here,
            "moderation",
            "people",
            title="What became of reviews",
            words="Each bar is how many people wrote a review that moderators decided this about.",
            in_order=True,
        ),
    )


def trends(seen: Seen) -> tuple[Chart, ...]:
    """Return how the main figures of the council went from quarter to quarter."""
    of = (
        ("What people buy", "People who paid for support", "support", "bought", Unit.PEOPLE),
        ("What they spend", "Spent in the quarter", "support", "spend", Unit.PENCE),
        ("What they cannot find", "People whose search found nothing", "unmet", "searched", Unit.PEOPLE),
        ("Waiting for space", "People who began to wait for space", "unmet", "waiting", Unit.PEOPLE),
        ("Who offers support", "Providers", "supply", "providers", Unit.PROVIDERS),
        ("Buying together", "People in pools that went ahead", "pools", "met", Unit.PEOPLE),
        ("Stars", "Average stars", "ratings", "stars", Unit.STARS),
    )
    return tuple(
        pictures.lines(
            seen.history,
            [(name, table, measure)],
            unit=unit,
            slug=f"trend-{table}-{measure}",
            title=title,
            words=worded("{name}, all kinds of support together.", name=name),
        )
        for title, name, table, measure, unit in of
    )


def _nothing(seen: Seen) -> tuple[str, ...]:
    return ()


CHAPTERS = (
    Chapter(
        "buying",
        "What people buy",
        "Which kinds of support people paid for, how many they are, and what they spent.",
        lambda seen: tuple(
            one
            for one in (
                sentences.in_all(sentences.PAID, seen.here, seen.before),
                sentences.moved(sentences.PAID, seen.here, seen.before, sentences.Change.MORE),
                sentences.moved(sentences.PAID, seen.here, seen.before, sentences.Change.FEWER),
            )
            if one
        ),
        _buying,
    ),
    Chapter(
        "money",
        "Whose money",
        "Council money, NHS money, money for housing support, and people’s own.",
        lambda seen: sentences.funding(seen.here),
        _money,
    ),
    Chapter(
        "unmet",
        "What they cannot find",
        "What people look for in vain, wait for, or ask for without an answer.",
        lambda seen: tuple(
            one
            for one in (
                sentences.in_all(sentences.SEARCHED, seen.here, seen.before),
                sentences.in_all(sentences.WAITING, seen.here, seen.before),
                sentences.in_all(sentences.UNANSWERED, seen.here, seen.before),
            )
            if one
        ),
        _gaps,
    ),
    Chapter(
        "supply",
        "Supply and gaps",
        "Who offers support, how much space they have, and where that is too little.",
        lambda seen: sentences.supply(seen.here),
        _supply,
    ),
    Chapter(
        "prices",
        one_word("Prices"),
        "What people pay here, beside what they pay around you.",
        lambda seen: sentences.prices(seen.here, seen.around),
        _prices,
    ),
    Chapter(
        "pools",
        "Buying together",
        "How many people join pools, how many pools go ahead, and why others do not.",
        lambda seen: sentences.pools(seen.here, seen.before),
        _pools,
    ),
    Chapter(
        "quotes",
        "Asking for quotes",
        "Who asks providers for a price on their own terms, and what becomes of it.",
        lambda seen: sentences.briefs(seen.here, seen.before),
        _quotes,
    ),
    Chapter(
        "ratings",
        "Ratings and outcomes",
        "What people say about their support, and what it did for them.",
        lambda seen: sentences.ratings(seen.here, seen.before),
        _ratings,
    ),
    Chapter(
        "trends",
        "Quarter by quarter",
        "How the main figures went. Each quarter stands by itself: nobody is counted in two at once.",
        _nothing,
        trends,
    ),
)
"""The pages after the overview, in the order in which they are read."""
