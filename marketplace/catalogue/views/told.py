"""What the pages of offers and providers tell, in words: what it costs, when it can be had, who is behind it."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from marketplace.catalogue import rules
from marketplace.catalogue.gateways.questions import listing_questions
from marketplace.catalogue.queries import OfferPage, ProviderLine, ProviderPage
from marketplace.catalogue.rules import (
    Capacity,
    Day,
    Freshness,
    PartOfDay,
    Price,
    ProviderKind,
    Setting,
    Unit,
)
from marketplace.catalogue.views.shown import council_name, price_shown, reach
from marketplace.kit.places import CouncilCode
from marketplace.kit.said import day, pounds
from marketplace.kit.sentences import one_word, worded

Row = dict[str, str]
"""A row of a summary list: `key` and `value`."""

MOSTLY = 75
"""The share of a board, in hundreds, from which we say how large it is or that it is over half."""

PARTS = ("Morn\N{SOFT HYPHEN}ing", "After\N{SOFT HYPHEN}noon", "Even\N{SOFT HYPHEN}ing", "Night")
"""The parts of a day at the head of a narrow column, with where each word may be broken."""

_SAID_OF_SPACE = {
    Capacity.SPACE_NOW: ("Has space now", "Had space"),
    Capacity.WAITING_LIST: ("Has a waiting list", "Had a waiting list"),
    Capacity.FULL: ("Full for now", "Was full"),
}

_SAID_EASILY_OF_SPACE = {
    Capacity.SPACE_NOW: ("They have space now", "They had space"),
    Capacity.WAITING_LIST: ("They have a waiting list", "They had a waiting list"),
    Capacity.FULL: ("They are full now", "They were full"),
}


def price_card(offer: OfferPage) -> dict[str, object]:
    """Return everything an offer's price card shows, each part in words."""
    price = offer.price
    return {
        "price": price_shown(is_free=offer.is_free, price=price, group_price=offer.group_price),
        "unit": price.unit.one if price else "",
        "rates": [(one.rate.words, pounds(one.amount)) for one in offer.rates] if len(offer.rates) > 1 else [],
        "conditions": rules.conditions_said(travel_per_mile=offer.travel_per_mile, notice_hours=offer.notice_hours),
        "split": split_said(price) if price else "",
        "next": _next_said(offer.next_prices),
    }


def ladder_shown(steps: Sequence[Price]) -> list[tuple[str, str]]:
    """Return the steps of a price for groups: from how many people, and what each pays."""
    return [
        (worded("{people_from} or more", people_from=step.people_from), f"{pounds(step.amount)}{_for_each(step.unit)}")
        for step in steps
    ]


def split_said(price: Price) -> str:
    """Return where an amount goes, in a sentence, or nothing if its provider does not say [001]."""
    split = rules.split_of(price)
    if split is None:
        return ""
    helps = "pays for what you get" if price.unit in {Unit.ITEM, Unit.MILE} else "goes to the person who helps you"
    parts = [f"{pounds(split.helper)} {helps}" if split.helper.pence else ""]
    parts += [worded("{admin} to admin", admin=pounds(split.admin))] if split.admin.pence else []
    parts += [worded("{overhead} to overheads", overhead=pounds(split.overhead))] if split.overhead.pence else []
    return worded("Of {amount}: {parts}.", amount=pounds(price.amount), parts=", ".join(part for part in parts if part))


def freshness_shown(offer: OfferPage, *, on: date) -> dict[str, str]:
    """Return how fresh what an offer says is, in a few words, and a warning when nobody has confirmed it for long."""
    ago = (on - offer.confirmed_on).days
    when = {0: one_word("today"), 1: one_word("yesterday")}.get(ago, worded("{ago} days ago", ago=ago))
    if offer.source is not None:
        return {"words": worded("Read from the published list {when}", when=when), "warning": ""}
    stale = rules.freshness(offer.confirmed_on, on) in {Freshness.STALE, Freshness.LAPSED}
    warning = worded(
        "Nobody has confirmed this for {ago} days. Prices and times may have changed: ask before you count on it.",
        ago=ago,
    )
    return {"words": worded("Confirmed {when}", when=when), "warning": warning if stale else ""}


def space_shown(offer: OfferPage, *, on: date) -> dict[str, str]:
    """Return whether there is room, with the day somebody said so: as what was, once that is long ago."""
    if offer.capacity is None or offer.capacity_on is None:
        return {}
    is_recent = rules.said_lately(offer.capacity_on, on)
    now, then = _SAID_OF_SPACE[offer.capacity]
    easily_now, easily_then = _SAID_EASILY_OF_SPACE[offer.capacity]
    tone = "green" if offer.capacity is Capacity.SPACE_NOW else "orange"
    if is_recent:
        return {
            "text": now,
            "easy": easily_now,
            "tone": tone,
            "said": worded("They said so on {capacity_on}.", capacity_on=day(offer.capacity_on)),
        }
    return {
        "text": then,
        "easy": easily_then,
        "tone": "quiet",
        "said": worded("That was on {capacity_on}. Ask how it is now.", capacity_on=day(offer.capacity_on)),
    }


def week_shown(offer: OfferPage) -> list[tuple[str, list[bool]]]:
    """Return the days of the week, and for each part of it whether the offer can be had. Empty if nobody has said."""
    if not offer.times:
        return []
    return [(one.words, [(one, part) in offer.times for part in PartOfDay]) for one in Day]


def where_rows(offer: OfferPage) -> list[Row]:
    """Return where it happens, as rows of a summary list."""
    area = ", ".join(part for part in (offer.postcode, council_name(offer.council)) if part)
    where = offer.setting.words
    if offer.setting is Setting.AT_HOME:
        where += reach(offer.travels_metres, area)
    rows = [{"key": one_word("Where"), "value": where}]
    if offer.setting is Setting.AT_PLACE:
        address = ", ".join(part for part in (offer.address, offer.postcode) if part)
        rows.append({"key": one_word("Address"), "value": address or "Ask them where it is"})
        if offer.council:
            rows.append({"key": one_word("Area"), "value": council_name(offer.council)})
    if offer.councils:
        rows.append({"key": "For people in", "value": _all_of(offer.councils)})
    return rows


def labels() -> dict[str, str]:
    """Return what each thing that we ask providers is called on a page, by the key of its question."""
    return {question.key: question.label for question in listing_questions().all}


def about_rows(offer: OfferPage) -> list[Row]:
    """Return what else somebody chooses by, as rows of a summary list: what is not said is left out."""
    said = {
        "languages": ", ".join(["English", *offer.languages]) if offer.languages else "",
        "ways_to_pay": "; ".join(way.words for way in offer.ways),
    }
    called = labels()
    return [{"key": called[key], "value": value} for key, value in said.items() if value]


def provider_rows(page: ProviderPage) -> list[Row]:
    """Return what is known of a provider, as rows of a summary list."""
    area = ", ".join(part for part in (page.district, council_name(page.council)) if part)
    rows: list[Row] = [{"key": page.provider.kind.words, "value": kind_said(page.provider)}]
    if area:
        rows.append({"key": "Based in", "value": area})
    if page.provider.website:
        rows.append({"key": one_word("Website"), "value": link_to(page.provider.website)})
    return rows


def link_to(address: str) -> Markup:
    """Return a link to a provider's website that shows its address. We vouch for nothing there."""
    return Markup('<a href="{0}" rel="nofollow noopener">{0}</a>').format(address)


def kind_said(provider: ProviderLine) -> str:
    """Return what sort of body a provider is, with what shows it, in one or two sentences."""
    if provider.kind is ProviderKind.MICRO_PROVIDER:
        return _size_said(provider)
    if provider.kind is ProviderKind.USER_LED_ORGANISATION:
        return board_said(provider)
    if provider.kind is ProviderKind.OTHER_PROVIDER:
        return f"{provider.trade.words}." if provider.trade else ""
    return "Open to everyone. Nobody has to be assessed first."


def board_said(provider: ProviderLine) -> str:
    """Return how many of a board use support themselves, who says so and since when [001]."""
    share = provider.board_share or 0
    how_many = worded("at least {mostly}%", mostly=MOSTLY) if share >= MOSTLY else "over 50%"
    source = (
        worded(" Source: {board_share_source}", board_share_source=provider.board_share_source)
        if provider.board_share_source
        else ""
    )
    since = f", {day(provider.board_share_on)}" if source and provider.board_share_on else ""
    said = worded(
        "Run by people who use support: {how_many} of its board do ({share} in every 100).",
        how_many=how_many,
        share=share,
    )
    return f"{said}{source}{since}." if source else said


def _size_said(provider: ProviderLine) -> str:
    size = ""
    if provider.staff_fte is not None:
        people = "person" if provider.staff_fte == 1 else "people"
        size = worded(
            ", with as much working time as {normalize:f} full-time {people}",
            normalize=provider.staff_fte.normalize(),
            people=people,
        )
    independent = " It declares that no larger organisation stands behind it." if provider.is_independent else ""
    return worded("A small provider{size}.{independent}", size=size, independent=independent)


def _next_said(prices: Sequence[Price]) -> str:
    """Return what follows today's prices, in a sentence."""
    if not prices:
        return ""
    usual = prices[0]
    said = worded(
        "From {begins_on}: {amount} {each}",
        begins_on=day(usual.begins_on),
        amount=pounds(usual.amount),
        each=usual.unit.each,
    )
    others = [f"{one.rate.words.lower()} {pounds(one.amount)}" for one in prices if one.people_from == 1][1:]
    groups = [
        worded("{amount} each from {people_from} people", amount=pounds(one.amount), people_from=one.people_from)
        for one in prices
        if one.people_from > 1
    ]
    return "; ".join([said, *others, *groups]) + "."


def _for_each(unit: Unit) -> str:
    return "" if unit is Unit.ITEM else f" {unit.one}"


def _all_of(councils: Sequence[CouncilCode]) -> str:
    names = [council_name(code) for code in councils]
    return (
        worded("All of {names} and {names_2}", names=", ".join(names[:-1]), names_2=names[-1])
        if len(names) > 1
        else worded("All of {names}", names=names[0])
    )
