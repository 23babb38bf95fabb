"""Why is this result here? In plain sentences, made of what put it where it stands."""

from collections.abc import Iterable
from datetime import date

from marketplace.catalogue.queries import OfferCard
from marketplace.catalogue.rules import Setting
from marketplace.kit.places import miles
from marketplace.kit.said import count
from marketplace.kit.sentences import one_word, worded
from marketplace.search.rules import Part, Sort, Why

_WHERE = {
    Part.TITLE: "in its title",
    Part.LABEL: "in what kind of support it is, or who offers it",
    Part.BODY: "in its description",
}
_FIRST = {
    Sort.DISTANCE: "You asked for the nearest first.",
    Sort.PRICE: "You asked for the lowest price an hour first. What has no such price comes last.",
    Sort.RATING: "You asked for what people like best first. What nobody has rated comes last.",
}


def sentences(why: Why, card: OfferCard, *, place: str, sort: Sort, on: date) -> list[str]:
    """Return why a result stands where it stands, what counts most first."""
    found = [_FIRST[sort]] if sort in _FIRST else []
    found += [f"{_quoted(words)} {_WHERE[part]}." for part, words in _by_part(why)]
    if place:
        found.append(_near(why, card, place))
    found.append(confirmed(card, on=on))
    if why.is_new:
        found.append("It is new on the site, so we show it here, in the place that each page keeps for something new.")
    if why.is_shuffled:
        found.append("It and its neighbours fit equally well. Chance decides between them, anew every day.")
    return found


def confirmed(card: OfferCard, *, on: date) -> str:
    """Return when somebody last said that an offer is right."""
    days = (on - card.confirmed_on).days
    when = {0: one_word("today"), 1: one_word("yesterday")}.get(
        days, worded("{days} ago", days=count(days, "day", "days"))
    )
    if card.is_published:
        return worded("We read it in a published list {when}.", when=when)
    return worded("Its provider confirmed {when} that it is right.", when=when)


def _by_part(why: Why) -> Iterable[tuple[Part, list[str]]]:
    for part in Part:
        words = [word for word, where in why.words if where is part]
        if words:
            yield part, words


def _quoted(words: list[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    said = (
        quoted[0]
        if len(quoted) == 1
        else worded("{quoted} and {quoted_2}", quoted=", ".join(quoted[:-1]), quoted_2=quoted[-1])
    )
    return f"{said} {'is' if len(quoted) == 1 else 'are'}"


def _near(why: Why, card: OfferCard, place: str) -> str:
    if card.setting is Setting.ONLINE:
        return "It is online or by phone, so it is as near as you are."
    if why.distance_metres is None:
        return "It comes to people in your area." if card.setting is Setting.AT_HOME else "It serves your area."
    far = miles(why.distance_metres)
    said = "less than a tenth of a mile"
    if far >= 0.1:  # noqa: PLR2004
        said = worded("{far} miles", far=f"{far:.1f}" if far < 10 else f"{far:.0f}")  # noqa: PLR2004
    if card.setting is Setting.AT_HOME:
        return worded("It comes to people, and starts {said} from {place}.", said=said, place=place)
    return worded("It is {said} from {place}.", said=said, place=place)
