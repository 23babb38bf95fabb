"""The filters beside the results: what each offers, what is on, and how many there would be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from marketplace.catalogue.forms import looking
from marketplace.catalogue.forms.looking import ANY, DISTANCES, RATED_BY, STARS, Group, Looking, Space
from marketplace.catalogue.gateways.questions import listing_questions
from marketplace.catalogue.queries import Branch, CategoryLine
from marketplace.catalogue.rules import AccessFact, CheckKind, Day, PartOfDay, ProviderKind, Setting, WayToPay
from marketplace.catalogue.rules.aims import Aim, categories_for
from marketplace.catalogue.rules.marks import (
    GROUP_PRICE,
    SPACE_NOW,
    access_mark,
    check_mark,
    time_mark,
    way_mark,
)
from marketplace.kit.said import count as counted
from marketplace.kit.said import pounds
from marketplace.kit.sentences import one_word, worded
from marketplace.search.rules import Cost, Found, Sort


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go on to."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Option:
    """
    One value of a filter; `count` is how many there would be with it, None where nobody counted.

    `is_under` means that it belongs to the option above it.
    """

    value: object
    text: str
    is_on: bool
    count: int | None = None
    is_under: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """
    One filter, as the filter panel draws it: its `type` is checkbox, radio, select or pounds.

    `is_least` means that its counts are not exact: there are at least so many.
    """

    name: str
    legend: str
    type: str
    options: Sequence[Option] = ()
    is_least: bool = False
    hint: str = ""
    value: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Filters that belong together, of which `on` are on. What is folded opens when something in it is on, or wrong."""

    legend: str
    filters: Sequence[Filter]
    is_folded: bool = False
    on: int = 0

    @property
    def is_open(self) -> bool:
        """Whether what is in it is shown at once."""
        return self.on > 0 or any(each.error for each in self.filters)


@dataclass(frozen=True, slots=True)
class Shelving:
    """The categories there are, with and without the broad kinds they belong to."""

    shelves: Sequence[CategoryLine]
    branches: Sequence[Branch] = ()

    @property
    def names(self) -> dict[str, str]:
        """What each category and each broad kind is called."""
        branches: dict[str, str] = {branch.slug: branch.name for branch in self.branches}
        return branches | {shelf.slug: shelf.name for shelf in self.shelves}

    def meant(self, asked: Iterable[str], aims: Iterable[Aim] = ()) -> frozenset[str]:
        """
        Return the categories that are meant.

        Of a broad kind, and of an aim, those are all, or those of its own that are asked for as well.
        """
        named = frozenset(asked)
        meant = named & {shelf.slug for shelf in self.shelves}
        for branch in self.branches:
            own = {str(shelf.slug) for shelf in branch.shelves}
            if branch.slug in named and not own & named:
                meant |= own
        for aim in aims:
            own = {str(slug) for slug in categories_for([aim])}
            meant |= set() if own & named else own
        return meant


class _Counts:
    """How many there would be with each value of a filter; None when nothing was looked for."""

    def __init__(self, found: Found | None) -> None:
        self._counts: Mapping[str, Mapping[str, int]] | None = found.counts if found else None
        self._at_least = found.at_least if found else frozenset()

    def __call__(self, name: str, *values: str) -> int | None:
        """Return how many there would be with any of these values."""
        if self._counts is None:
            return None
        return sum(self._counts.get(name, {}).get(value, 0) for value in values)

    def mark(self, mark: str) -> int | None:
        """Return how many there would be with a mark."""
        return self("mark", mark)

    def checkboxes(self, name: str, options: Sequence[Option], *, of: str, legend: str = "", hint: str = "") -> Filter:
        """Return a filter whose options were counted as one of the counts."""
        return Filter(name, legend, "checkbox", options, is_least=of in self._at_least, hint=hint)

    @property
    def is_nothing(self) -> bool:
        """Whether no category has anything, so that none is a better choice than another."""
        return not (self._counts and self._counts.get("category"))


def groups(asked: Looking, shelving: Shelving, found: Found | None, *, has_place: bool) -> list[FilterGroup]:
    """Return the filters: first and open what most people need."""
    count, called = _Counts(found), listing_questions().filter_labels

    def folded(legend: str, *filters: Filter, on: int) -> FilterGroup:
        return FilterGroup(legend, filters, is_folded=True, on=on)

    ways = [Option(way, way.words, way in asked.pay, count.mark(way_mark(way))) for way in WayToPay]
    access = [Option(fact, fact.words, fact in asked.access, count.mark(access_mark(fact))) for fact in AccessFact]
    checks = [Option(kind, kind.words, kind in asked.checks, count.mark(check_mark(kind))) for kind in CheckKind]
    near = [FilterGroup("How far", [_distances(asked)])] if has_place else []
    return [
        *near,
        FilterGroup(one_word("Order"), [_orders(asked, has_place=has_place)]),
        *_aims(asked),
        FilterGroup("Show only what", _only(asked, count)),
        folded("Where it happens", _settings(asked), on=int(asked.setting is not None)),
        folded(called["category"], _categories(asked, shelving, count), on=len(asked.categories)),
        folded(called["day"], *_times(asked, count), on=len(asked.days) + len(asked.parts)),
        folded(
            "Price and paying",
            _most(asked),
            count.checkboxes("pay", ways, of="mark", legend=called["pay"]),
            on=(asked.price is not None) + len(asked.pay),
        ),
        folded(called["access"], count.checkboxes("access", access, of="mark"), on=len(asked.access)),
        folded("Who offers it", _kinds(asked, count), on=len(asked.kinds)),
        folded("What people say", *_ratings(asked), on=int(asked.rated is not None)),
        folded("What has been checked", count.checkboxes("check", checks, of="mark"), on=len(asked.checks)),
    ]


def applied(asked: Looking, names: Mapping[str, str]) -> list[Link]:
    """Return each filter that is on, with the address of the same look without it."""
    links = [Link(ProviderKind(kind).words, href(asked.without("kinds", kind))) for kind in asked.kinds]
    links += [Link(names[slug], href(asked.without("categories", slug))) for slug in asked.categories]
    links += [Link(aim.words, href(asked.without("aims", aim))) for aim in asked.aims]
    for what in ("access", "days", "parts", "pay"):
        links += [Link(each.words, href(asked.without(what, each))) for each in getattr(asked, what)]
    links += [
        Link(worded("Checked: {kind}", kind=kind.words), href(asked.without("checks", kind))) for kind in asked.checks
    ]
    return links + _applied_once(asked)


def _applied_once(asked: Looking) -> list[Link]:
    links = []
    if asked.setting is not None:
        links.append(Link(asked.setting.words, href(asked.but(setting=None))))
    if asked.space is not None:
        links.append(Link("Has space now", href(asked.but(space=None))))
    if asked.group is not None:
        links.append(Link("Costs less in a group", href(asked.but(group=None))))
    if asked.cost is not None:
        links.append(
            Link(one_word("Free") if asked.cost is Cost.FREE else "Has a price, or ask", href(asked.but(cost=None)))
        )
    if asked.price is not None:
        links.append(
            Link(
                worded("At most {price} an hour", price=pounds(asked.price)),
                href(asked.but(price=None, price_typed="")),
            )
        )
    if asked.rated is not None:
        links.append(
            Link(
                worded("{stars}, from {people}", stars=_stars(asked.rated), people=_people(asked.rated_by)),
                href(asked.but(rated=None)),
            )
        )
    if asked.near and asked.within != looking.USUAL_DISTANCE:
        far = (
            "Any distance"
            if asked.within is None
            else worded("Within {miles}", miles=counted(asked.within, "mile", "miles"))
        )
        links.append(Link(far, href(asked.but(within=looking.USUAL_DISTANCE))))
    return links


def href(asked: Looking) -> str:
    """Return the address of a look."""
    return url_for("catalogue.results", **asked.address())


def _aims(asked: Looking) -> list[FilterGroup]:
    """Return what somebody wants to be able to do, to change it: for those who said so."""
    if not asked.aims:
        return []
    options = [Option(aim, aim.words, aim in asked.aims) for aim in Aim]
    # Folded, though on: what they chose stands above the results.
    return [FilterGroup("What you want to be able to do", [Filter("aim", "", "checkbox", options)], is_folded=True)]


def _settings(asked: Looking) -> Filter:
    options = [Option(setting, setting.words, asked.setting is setting) for setting in Setting]
    return Filter("setting", "Where it happens", "select", [Option("", "Anywhere", asked.setting is None), *options])


def _distances(asked: Looking) -> Filter:
    options = [
        Option(far, worded("Within {miles}", miles=counted(far, "mile", "miles")), asked.within == far)
        for far in DISTANCES
    ]
    return Filter("within", "How far", "select", [*options, Option(ANY, "Any distance", asked.within is None)])


def _orders(asked: Looking, *, has_place: bool) -> Filter:
    options = [Option(Sort.FIT, "Best match first", asked.sort is Sort.FIT)]
    if has_place:
        options.append(Option(Sort.DISTANCE, "Nearest first", asked.sort is Sort.DISTANCE))
    options += [
        Option(Sort.PRICE, "Lowest price an hour first", asked.sort is Sort.PRICE),
        Option(Sort.RATING, "Best liked first", asked.sort is Sort.RATING),
    ]
    return Filter("sort", one_word("Order"), "select", options)


def _only(asked: Looking, count: _Counts) -> list[Filter]:
    """Return the filters of one answer each. What has a price is asked for by an address alone."""
    costs = [Option(Cost.FREE, "Is free", asked.cost is Cost.FREE, count("cost", Cost.FREE))]
    if asked.cost is Cost.PAID:
        costs.append(Option(Cost.PAID, "Has a price, or ask", is_on=True, count=count("cost", Cost.PAID)))
    space = Option(Space.NOW, "Has space now", asked.space is not None, count.mark(SPACE_NOW))
    group = Option(Group.YES, "Costs less in a group", asked.group is not None, count.mark(GROUP_PRICE))
    return [
        count.checkboxes("space", [space], of="mark"),
        count.checkboxes("cost", costs, of="cost"),
        count.checkboxes("group", [group], of="mark"),
    ]


def _categories(asked: Looking, shelving: Shelving, count: _Counts) -> Filter:
    """Return the categories, each under its broad kind. One with nothing in it is no choice, unless it is on."""
    options: list[Option] = []
    hung = set()
    for branch in shelving.branches:
        hung |= {shelf.slug for shelf in branch.shelves}
        own = [option for shelf in branch.shelves for option in _shelf(asked, shelf, count, is_under=True)]
        is_on = branch.slug in asked.categories
        if own or is_on:
            within = count("category", *(shelf.slug for shelf in branch.shelves))
            options += [Option(branch.slug, branch.name, is_on, within), *own]
    loose = [shelf for shelf in shelving.shelves if shelf.slug not in hung]
    options += [option for shelf in loose for option in _shelf(asked, shelf, count)]
    return count.checkboxes("category", options, of="category")


def _shelf(asked: Looking, shelf: CategoryLine, count: _Counts, *, is_under: bool = False) -> list[Option]:
    found, is_on = count("category", shelf.slug), shelf.slug in asked.categories
    return [Option(shelf.slug, shelf.name, is_on, found, is_under)] if found or is_on or count.is_nothing else []


def _times(asked: Looking, count: _Counts) -> list[Filter]:
    """Return the days and the parts of a day. Each is counted together with what is chosen of the other."""

    def found(chosen: Sequence[Day | PartOfDay], each: Day | PartOfDay) -> int | None:
        if len(chosen) > 1:
            return None
        return count.mark(time_mark(*sorted((*chosen, each), key=lambda one: isinstance(one, PartOfDay))))

    days = [Option(day.name.lower(), day.words, day in asked.days, found(asked.parts, day)) for day in Day]
    parts = [Option(part, part.words, part in asked.parts, found(asked.days, part)) for part in PartOfDay]
    hint = "Choose several to find what is there on all of them."
    return [
        count.checkboxes("day", days, of="mark", legend=one_word("Days"), hint=hint),
        count.checkboxes("part", parts, of="mark", legend="Parts of the day"),
    ]


def _most(asked: Looking) -> Filter:
    legend = "The most you would pay for an hour"
    return Filter("price", legend, "pounds", value=asked.price_typed, error=asked.price_problem)


def _kinds(asked: Looking, count: _Counts) -> Filter:
    options = [Option(kind, kind.words, kind in asked.kinds, count("kind", kind)) for kind in ProviderKind]
    return count.checkboxes("kind", options, of="kind")


def _ratings(asked: Looking) -> list[Filter]:
    stars = [Option(number, _stars(number), asked.rated == number) for number in STARS]
    people = [
        Option(number, worded("From {people}", people=_people(number)), asked.rated_by == number) for number in RATED_BY
    ]
    return [
        Filter("rated", one_word("Rated"), "select", [Option("", "Rated or not", asked.rated is None), *stars]),
        Filter("by", "By how many people", "select", people),
    ]


def _stars(number: int) -> str:
    return worded("{number} stars or more", number=number)


def _people(number: int) -> str:
    return worded("{number} people or more", number=number)
