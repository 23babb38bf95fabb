"""What somebody answered to the three questions, how to change it, and what to leave out when too little is found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for

from marketplace.catalogue.forms.looking import USUAL_DISTANCE, Looking
from marketplace.catalogue.rules import CheckKind
from marketplace.catalogue.views.results_panel import Link, href
from marketplace.kit.places import Place
from marketplace.kit.said import count
from marketplace.search.rules import Cost, Hit, Sort

TOO_FEW = 3
"""Results under which we look again, with one thing left out."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody answered, each answer in a sentence, with the page that changes it."""

    do: str
    how: str
    where: str
    do_href: str
    how_href: str
    where_href: str


@dataclass(frozen=True, slots=True)
class Loosened:
    """The same look without one thing: what that is, in words that follow “leave out”, and what is found then."""

    without: str
    looking: Looking
    total: int
    hits: tuple[Hit, ...]

    @property
    def href(self) -> str:
        """Where all of that is."""
        return href(self.looking)


def told(asked: Looking, place: Place | None) -> Told:
    """Return what somebody answered, and how to change it."""
    parts = asked.address()
    return Told(
        do=_listed([aim.words for aim in asked.aims]) or "anything",
        how=_listed(list(_how(asked))) or "it does not matter",
        where=_listed(list(_where(asked, place))) or "anywhere, and paid in any way",
        do_href=url_for("catalogue.find", **parts),
        how_href=url_for("catalogue.find_how", **parts),
        where_href=url_for("catalogue.find_where", **parts),
    )


def looser(asked: Looking) -> Iterator[tuple[str, Looking]]:
    """
    Return what to leave out, in words, and the look without it: what is easiest to do without first, one at a time.

    What somebody needs to get in is never left out for them, nor that it is free: that would waste a journey.
    """
    for is_asked, words, changes in _LOOSENINGS:
        if is_asked(asked):
            yield words(asked), asked.but(**changes)


def ways_on(save_href: str, need_href: str) -> list[Link]:
    """Return what else one can do when a look finds too little."""
    return [
        Link("Ask providers for quotes, on your own terms", url_for("brokerage.briefs")),
        Link("Write down what a good life would be, and plan from there", url_for("brokerage.index")),
        Link("Hear by email of what is new", save_href),
        Link("Talk to somebody who helps free of charge", url_for("brokerage.free_help")),
        Link("Tell us what is missing", need_href),
    ]


def _how(asked: Looking) -> Iterator[str]:
    if asked.setting:
        yield asked.setting.words
    yield from (fact.words for fact in asked.access)
    if asked.space:
        yield "has space now"
    if asked.group:
        yield "costs less with others"
    if asked.checks:
        yield _checked(asked)
    if asked.rated:
        yield f"{asked.rated} stars or more"
    if asked.q:
        yield f"the words “{asked.q}”"


def _where(asked: Looking, place: Place | None) -> Iterator[str]:
    if place:
        far = "at any distance from" if asked.within is None else f"within {count(asked.within, 'mile', 'miles')} of"
        yield f"{far} {place.name}"
    if asked.cost is Cost.FREE:
        yield "free"
    if asked.pay:
        yield f"paid from: {_listed([way.words for way in asked.pay])}"


def _checked(asked: Looking) -> str:
    return "checked: " + ", ".join("DBS certificate" if kind is CheckKind.DBS else kind.words for kind in asked.checks)


def _listed(parts: list[str]) -> str:
    return "; ".join(parts)


_Loosening = tuple[Callable[[Looking], object], Callable[[Looking], str], dict[str, object]]

_LOOSENINGS: tuple[_Loosening, ...] = (
    (lambda asked: asked.q, lambda asked: f"the words “{asked.q}”", {"q": ""}),
    (lambda asked: asked.rated, lambda asked: f"“{asked.rated} stars or more”", {"rated": None}),
    (lambda asked: asked.space, lambda _asked: "“has space now”", {"space": None}),
    (lambda asked: asked.group, lambda _asked: "“costs less with others”", {"group": None}),
    (lambda asked: asked.checks, lambda asked: f"“{_checked(asked)}”", {"checks": ()}),
    (
        lambda asked: asked.near and asked.within is not None,
        lambda asked: f"“within {count(asked.within or USUAL_DISTANCE, 'mile', 'miles')}”",
        {"within": None, "sort": Sort.DISTANCE},
    ),
    (lambda asked: asked.setting, lambda asked: f"“{asked.setting.words if asked.setting else ''}”", {"setting": None}),
    (lambda asked: asked.pay, lambda _asked: "how you would pay", {"pay": ()}),
    (lambda asked: asked.aims, lambda _asked: "what you would like to be able to do", {"aims": ()}),
)
