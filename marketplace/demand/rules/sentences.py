"""
What released figures say, in sentences.

Figures are rounded, so a sentence says “about”; it says more or less only where rounding alone cannot have made the
difference; it gives no percent of counts; and it never says how small a hidden figure is, because nobody knows.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.demand.rules.figures import Area, AreaFigures
from marketplace.demand.rules.shapes import PRICED_UNITS, Row, Unit
from marketplace.kit.regions import Level
from marketplace.kit.sentences import one_word, worded

NOT_SHOWN = "not shown"
MOST_NAMED = 3
"""How many rows a sentence names: those with the largest figures."""
LEAST_PART = 10
"""A change is said where it is at least one in so many of what was before."""

_STEPS = {
    Unit.PEOPLE: 10,
    Unit.PROVIDERS: 10,
    Unit.PENCE: 1_000_00,
    Unit.STARS: 30,
    Unit.POINTS: 30,
}
"""The least difference that is said: twice what rounding could make of none, or more."""
PRICE_STEP = 1_00
"""The least difference between two middle prices that is said, in pence."""
_NOUNS = {Unit.PEOPLE: "people", Unit.PROVIDERS: "providers"}
_PENCE = 100


class Change(enum.Enum):
    """How a figure stands to another one of the same kind."""

    MORE = "more"
    FEWER = "fewer"
    SAME = "same"
    # One of them, or both, are not shown.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """One measure of a table, and what people did, in words: `paid for support`."""

    table: str
    measure: str
    doing: str
    unit: Unit = Unit.PEOPLE


PAID = Column("support", "bought", "paid for support")
SEARCHED = Column("unmet", "searched", "searched and found nothing")
WAITING = Column("unmet", "waiting", "began to wait for space")
UNANSWERED = Column("unmet", "unanswered", "asked for quotes and got none")
POOLED = Column("pools", "met", "were in pools that went ahead")


def change(now: int | None, before: int | None, unit: Unit, *, step: int | None = None) -> Change:
    """Return how a shown figure stands to an earlier or another one, rounding allowed for."""
    if now is None or before is None:
        return Change.UNKNOWN
    if abs(now - before) < (step or _STEPS[unit]) or abs(now - before) * LEAST_PART < before:
        return Change.SAME
    return Change.MORE if now > before else Change.FEWER


def said(value: int | None, unit: Unit) -> str:
    """Return a shown figure in words: `about 45 people`, `about £53,200`, `£14.50`, `4.3`, `not shown`."""
    if value is None:
        return NOT_SHOWN
    if unit in _NOUNS:
        return worded("about {value:,} {nouns}", value=value, nouns=_NOUNS[unit])
    if unit is Unit.PENCE:
        return worded("about {money}", money=money(value))
    return f"{value / 100:.1f}"


def figure(value: int | None, unit: Unit) -> str:
    """Return a shown figure as a table has it: `45`, `£53,200`, `£14.50`, `4.3`, `not shown`."""
    if value is None:
        return NOT_SHOWN
    if unit in _NOUNS:
        return f"{value:,}"
    return money(value) if unit is Unit.PENCE else f"{value / 100:.1f}"


def money(pence: int) -> str:
    """Return an amount without pence when it has none: `£1,200`, `£14.50`, `50p`."""
    if 0 < pence < _PENCE:
        return f"{pence}p"
    return f"£{pence // _PENCE:,}" if pence % _PENCE == 0 else f"£{pence // _PENCE:,}.{pence % _PENCE:02d}"


def largest(figures: AreaFigures, table: str, measure: str) -> tuple[tuple[Row, int], ...]:
    """Return the rows of a measure whose figures are shown, the largest first; equal ones as the release has them."""
    shown = [(row, value) for row, value in figures.column(table, measure) if value is not None]
    return tuple(sorted(shown, key=lambda pair: -pair[1]))


def named(rows: Sequence[tuple[Row, int]], unit: Unit = Unit.PEOPLE) -> str:
    """Return the first few of some rows with their figures, as the end of a sentence."""
    return listed([f"{row.name} ({_short(value, unit)})" for row, value in rows[:MOST_NAMED]])


def listed(words: Sequence[str]) -> str:
    """Return several things in a row: `a, b and c`. Those with an “and” of their own are parted by semicolons."""
    if any(" and " in one or "," in one.partition(" (")[0] for one in words):
        return "; ".join(words)
    return (
        ", ".join(words)
        if len(words) <= 1
        else worded("{words} and {words_2}", words=", ".join(words[:-1]), words_2=words[-1])
    )


def in_all(column: Column, now: AreaFigures, before: AreaFigures | None) -> str:
    """Return how many did something in all, beside the quarter before. Empty if it is not shown."""
    value = now.value(column.table, column.measure)
    if value is None:
        return ""
    sentence = f"{_upper(said(value, column.unit))} {column.doing}"
    earlier = before.value(column.table, column.measure) if before else None
    if before is None or earlier is None:
        return f"{sentence}."
    if change(value, earlier, column.unit) is Change.SAME:
        return worded(
            "{sentence}, much as in {label} ({short}).",
            sentence=sentence,
            label=before.quarter.label,
            short=_short(earlier, column.unit),
        )
    way = "up" if value > earlier else "down"
    return worded(
        "{sentence}, {way} from {short} in {label}.",
        sentence=sentence,
        way=way,
        short=_short(earlier, column.unit),
        label=before.quarter.label,
    )


def moved(column: Column, now: AreaFigures, before: AreaFigures | None, change_to: Change) -> str:
    """Return for which rows a figure rose or fell since the quarter before. Empty if for none."""
    if before is None:
        return ""
    found = []
    for row, value in largest(now, column.table, column.measure):
        earlier = before.value(column.table, column.measure, row.code)
        if earlier is not None and change(value, earlier, column.unit) is change_to:
            found.append(
                (
                    abs(value - earlier),
                    worded(
                        "{name} ({short}, was {earlier:,})",
                        name=row.name,
                        short=_short(value, column.unit),
                        earlier=earlier,
                    ),
                )
            )
    if not found:
        return ""
    most = [words for _, words in sorted(found, key=lambda pair: -pair[0])[:MOST_NAMED]]
    way = one_word("More") if change_to is Change.MORE else one_word("Fewer")
    return worded(
        "{way} people than in {label} {doing} here: {listed}.",
        way=way,
        label=before.quarter.label,
        doing=column.doing,
        listed=listed(most),
    )


def what_changed(now: AreaFigures, before: AreaFigures | None) -> tuple[str, ...]:
    """Return what is most worth knowing of a quarter, and what is different from the one before."""
    spend = now.value("support", "spend")
    sentences = [
        in_all(PAID, now, before),
        _spent(now, before, spend),
        _most("Most people paid for", now, PAID),
        moved(PAID, now, before, Change.MORE),
        moved(PAID, now, before, Change.FEWER),
        in_all(SEARCHED, now, before),
        _most("What most of them looked for", now, SEARCHED),
        moved(SEARCHED, now, before, Change.MORE),
        in_all(WAITING, now, before),
        in_all(UNANSWERED, now, before),
        in_all(POOLED, now, before),
        _rated(now, before),
    ]
    return tuple(one for one in sentences if one)


def funding(now: AreaFigures) -> tuple[str, ...]:
    """Return whose money pays."""
    spends = largest(now, "funding", "spend")
    if not spends:
        return ()
    return (
        worded(
            "Most was paid with {lower}: about {money}.", lower=_lower(spends[0][0].name), money=money(spends[0][1])
        ),
    )


def prices(now: AreaFigures, around: Sequence[AreaFigures]) -> tuple[str, ...]:
    """Return where a middle price is clearly above or below that of a wider area."""
    found = []
    for _, words in PRICED_UNITS:
        table = f"price-of-{words.replace(' ', '-')}"
        for row, value in largest(now, table, "median"):
            for wider in around:
                other = wider.value(table, "median", row.code)
                kind = change(value, other, Unit.PENCE, step=PRICE_STEP)
                if other is not None and kind in {Change.MORE, Change.FEWER}:
                    way = "more" if kind is Change.MORE else "less"
                    found.append(
                        worded(
                            "{name}: the middle price of {words} is {money}, which is {way} than in "
                            "{named_area} ({money_2}).",
                            name=row.name,
                            words=words,
                            money=money(value),
                            way=way,
                            named_area=named_area(wider.area),
                            money_2=money(other),
                        )
                    )
                    break
    return tuple(found) or (("No middle price is clearly above or below that of the wider area.",) if around else ())


def supply(now: AreaFigures) -> tuple[str, ...]:
    """Return what the market has to offer, and where people look in vain."""
    value = now.value("supply", "providers")
    sentences = [
        worded("{upper} offer support here.", upper=_upper(said(value, Unit.PROVIDERS))) if value is not None else "",
        _of_providers(now),
    ]
    gaps = [
        row.name
        for row, _ in largest(now, SEARCHED.table, SEARCHED.measure)
        if now.value("supply", "providers_space", row.code) is None
    ]
    if gaps:
        sentences.append(
            worded("People look in vain, and we can show no providers with space: {listed}.", listed=listed(gaps))
        )
    return tuple(one for one in sentences if one)


def pools(now: AreaFigures, before: AreaFigures | None) -> tuple[str, ...]:
    """Return how buying together went, and why it failed."""
    ended = largest(now, "pool-endings", "failed")
    sentences = [
        in_all(Column("pools", "opened", "were in pools that opened"), now, before),
        in_all(POOLED, now, before),
        in_all(Column("pools", "failed", "were in pools that ended without"), now, before),
        worded("Why pools ended, as far as it can be shown: {named}.", named=named(ended)) if ended else "",
    ]
    return tuple(one for one in sentences if one)


def briefs(now: AreaFigures, before: AreaFigures | None) -> tuple[str, ...]:
    """Return how asking for quotes went, and why providers did not quote."""
    reasons = largest(now, "no-quotes", "providers")
    sentences = [
        in_all(Column("briefs", "opened", "asked for quotes on their own terms"), now, before),
        in_all(Column("briefs", "awarded", "chose a quote"), now, before),
        in_all(UNANSWERED, now, before),
        worded("Why providers did not quote, as far as it can be shown: {named}.", named=named(reasons, Unit.PROVIDERS))
        if reasons
        else "",
    ]
    return tuple(one for one in sentences if one)


def ratings(now: AreaFigures, before: AreaFigures | None) -> tuple[str, ...]:
    """Return what people say of their support, and what it did for them."""
    best = largest(now, "outcomes", "mean")
    by_stars = largest(now, "ratings", "stars")
    sentences = [
        _rated(now, before),
        worded("Rated highest: {named}.", named=named(by_stars, Unit.STARS)) if by_stars else "",
        worded("Support did most for: {named}, of 5.", named=named(best, Unit.POINTS)) if best else "",
        worded("The lowest score that can be shown: {named}.", named=named(best[::-1][:1], Unit.POINTS))
        if len(best) > MOST_NAMED
        else "",
    ]
    return tuple(one for one in sentences if one)


def named_area(area: Area) -> str:
    """Return an area as a sentence names it: `the North West`, `England`, `Trafford`."""
    takes_the = area.level is Level.REGION and area.name.split()[0] in {"North", "South", "East", "West"}
    return worded("the {name}", name=area.name) if takes_the else area.name


def _spent(now: AreaFigures, before: AreaFigures | None, spend: int | None) -> str:
    if spend is None:
        return ""
    earlier = before.value("support", "spend") if before else None
    if before is None or change(spend, earlier, Unit.PENCE) is Change.UNKNOWN:
        return worded("They spent {said}.", said=said(spend, Unit.PENCE))
    words = {Change.MORE: "more than", Change.FEWER: "less than", Change.SAME: "much as"}
    way = words[change(spend, earlier, Unit.PENCE)]
    return worded(
        "They spent {said}, {way} in {label} ({figure}).",
        said=said(spend, Unit.PENCE),
        way=way,
        label=before.quarter.label,
        figure=figure(earlier, Unit.PENCE),
    )


def _most(opening: str, now: AreaFigures, column: Column) -> str:
    rows = largest(now, column.table, column.measure)
    return f"{opening}: {named(rows)}." if rows else ""


def _rated(now: AreaFigures, before: AreaFigures | None) -> str:
    people, stars = now.value("ratings", "people"), now.value("ratings", "stars")
    if people is None or stars is None:
        return ""
    sentence = worded(
        "{upper} rated their support: {figure} stars of 5",
        upper=_upper(said(people, Unit.PEOPLE)),
        figure=figure(stars, Unit.STARS),
    )
    earlier = before.value("ratings", "stars") if before else None
    if before is None or earlier is None:
        return f"{sentence}."
    words = {Change.MORE: "up from", Change.FEWER: "down from", Change.SAME: "much as"}
    way = words[change(stars, earlier, Unit.STARS)]
    return worded(
        "{sentence}, {way} in {label} ({figure}).",
        sentence=sentence,
        way=way,
        label=before.quarter.label,
        figure=figure(earlier, Unit.STARS),
    )


def _of_providers(now: AreaFigures) -> str:
    space = now.value("supply", "providers_space")
    full = now.value("supply", "providers_full")
    waits = now.value("supply", "providers_waiting_list")
    parts = [
        (space, "say that they have space now"),
        (waits, "have a waiting list"),
        (full, "are full"),
    ]
    shown = [worded("about {value:,} {words}", value=value, words=words) for value, words in parts if value is not None]
    return worded("Of them, {listed}.", listed=listed(shown)) if shown else ""


def _short(value: int, unit: Unit) -> str:
    return worded("about {value:,}", value=value) if unit in _NOUNS else figure(value, unit)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lower(words: str) -> str:
    # “NHS money” stays as it is.
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
