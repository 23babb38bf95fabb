"""Up to four offers side by side: prices, places, times, access, checks and ratings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.catalogue import queries
from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules import MOST_COMPARED, AccessFact, CheckState, Day, PartOfDay, offers_named
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.catalogue.views import told
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import rating_shown, today
from marketplace.kit.db import db
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.ratings import queries as ratings

NOT_SAID = "They do not say"
OTHER_PRICES, NO_OTHERS = "Other prices", "None"
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that offers are compared by, with what each of them says: some lines of words."""

    what: str
    cells: list[list[str]]


@bp.get("/compare")
@public
def compare() -> ResponseReturnValue:
    asked = offers_named(request.args.getlist("offer"), most=MOST_COMPARED + 1)
    on = today()
    offers = [
        offer
        for offer_id in asked[:MOST_COMPARED]
        if (offer := queries.offer_page(db.session, offer_id=offer_id, viewer=viewer(), on=on))
    ]
    summaries = ratings.summaries_for(db.session, offer_ids=[offer.id for offer in offers])
    page = render_template(
        "catalogue/compare.html",
        offers=[
            {
                "title": offer.title,
                "href": url_for("catalogue.offer", offer_id=offer.id),
                "provider": offer.provider.name,
                "price": told.price_card(offer)["price"],
                "rating": rating_shown(summaries.get(offer.id)),
            }
            for offer in offers
        ],
        chosen=[str(offer.id) for offer in offers],
        rows=_rows(offers) if len(offers) >= FEWEST else [],
        is_too_many=len(asked) > MOST_COMPARED,
        most=MOST_COMPARED,
        missing=len(asked[:MOST_COMPARED]) - len(offers),
    )
    return page, 200 if len(offers) >= FEWEST else 422 if asked else 200


def _rows(offers: Sequence[OfferPage]) -> list[Row]:
    evidence = queries.evidence_on_offers(db.session, offer_ids=[offer.id for offer in offers], on=today())
    asked: list[tuple[str, Callable[[OfferPage], Sequence[str]]]] = [
        (OTHER_PRICES, _other_prices),
        ("Conditions", _conditions),
        ("Included", lambda offer: [offer.included] if offer.included else []),
        ("Where", lambda offer: [row["value"] for row in told.where_rows(offer)[:1]]),
        ("When", _when),
        ("Room", lambda offer: [space["text"]] if (space := told.space_shown(offer, on=today())) else []),
        ("Access", _access),
        ("Languages besides English", lambda offer: list(offer.languages)),
        ("Who it suits", lambda offer: [offer.suits] if offer.suits else []),
        ("Ways to pay", lambda offer: [way.words for way in offer.ways]),
        ("Who they are", lambda offer: [told.kind_said(offer.provider)]),
        ("Checks", lambda offer: _checks(evidence.get(offer.id, ()))),
        ("How fresh", lambda offer: [told.freshness_shown(offer, on=today())["words"]]),
    ]
    rows = [Row(what, [[line for line in said(offer) if line] for offer in offers]) for what, said in asked]
    return [
        Row(row.what, [cell or [NO_OTHERS if row.what == OTHER_PRICES else NOT_SAID] for cell in row.cells])
        for row in rows
        if any(row.cells)
    ]


def _other_prices(offer: OfferPage) -> list[str]:
    card = told.price_card(offer)
    rates = card["rates"] if isinstance(card["rates"], list) else []
    steps = told.ladder_shown(offer.ladder)
    return [
        *(f"{rate}: {amount}" for rate, amount in rates),
        *(worded("{people} people: {each}", people=people, each=each) for people, each in steps),
    ]


def _conditions(offer: OfferPage) -> list[str]:
    conditions = told.price_card(offer)["conditions"]
    return list(conditions) if isinstance(conditions, list) else []


def _when(offer: OfferPage) -> list[str]:
    """Return for each day the parts of it, days that are alike together: `Monday, Tuesday: morning, afternoon`."""
    alike: dict[tuple[PartOfDay, ...], list[Day]] = {}
    for one in Day:
        parts = tuple(part for part in PartOfDay if (one, part) in offer.times)
        if parts:
            alike.setdefault(parts, []).append(one)
    return [
        f"{', '.join(one.words for one in days)}: {', '.join(part.words.lower() for part in parts)}"
        for parts, days in alike.items()
    ]


def _access(offer: OfferPage) -> list[str]:
    return [fact.words for fact in AccessFact if fact in offer.access]


def _checks(evidence: Sequence[Evidence]) -> list[str]:
    told_of = [one for one in evidence if one.state is not CheckState.NOT_NEEDED]
    return [f"{one.label}: {one.state.words.lower()}{f', {day(one.since)}' if one.since else ''}" for one in told_of]
