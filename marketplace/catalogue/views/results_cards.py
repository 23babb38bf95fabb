"""What each result shows on the results page, and why it is there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.catalogue import queries
from marketplace.catalogue.forms.looking import Looking
from marketplace.catalogue.queries import OfferCard
from marketplace.catalogue.queries.evidence import evidence_on_offers
from marketplace.catalogue.rules import Capacity, CheckKind, CheckState, Freshness, OfferId, freshness, said_lately
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.catalogue.views.results_why import sentences
from marketplace.catalogue.views.shortlist import shortlist_button
from marketplace.catalogue.views.shown import Rating, beginning, card_shown, marked
from marketplace.kit.db import db
from marketplace.kit.places import Place, Precision
from marketplace.kit.said import day, day_of_year
from marketplace.kit.sentences import joined, one_word, worded
from marketplace.ratings import queries as ratings
from marketplace.search import queries as search
from marketplace.search.rules import Hit

_CHECKED = {
    CheckKind.IDENTITY: one_word("identity"),
    CheckKind.DBS: one_word("DBS"),
    CheckKind.INSURANCE: one_word("insurance"),
    CheckKind.REFERENCES: one_word("references"),
    CheckKind.TRAINING: one_word("training"),
    CheckKind.FOOD_HYGIENE: "food hygiene",
    CheckKind.CQC_REGISTRATION: "registered with the Care Quality Commission",
}
_SPACE_TONES = {Capacity.SPACE_NOW: "green", Capacity.WAITING_LIST: "orange", Capacity.FULL: "quiet"}


@dataclass(frozen=True, slots=True)
class Result:
    """One result: the offer, its number in the whole list, and what was found of it."""

    number: int
    card: OfferCard
    hit: Hit
    rating: Rating | None
    evidence: Sequence[Evidence]


def results_of(hits: Iterable[Hit], *, first: int, on: date) -> list[Result]:
    """Return what is known of some hits, numbered from `first`. Four queries, however many."""
    by_id = {OfferId(hit.id): hit for hit in hits}
    cards = queries.cards_for(db.session, offer_ids=list(by_id), on=on)
    ids = [card.id for card in cards]
    rated = ratings.summaries_for(db.session, offer_ids=ids)
    checked = evidence_on_offers(db.session, offer_ids=ids, on=on)
    return [
        Result(number, card, by_id[card.id], rated.get(card.id), checked.get(card.id, ()))
        for number, card in enumerate(cards, start=first)
    ]


def shown(
    result: Result,
    asked: Looking,
    place: Place | None,
    *,
    chosen: Collection[OfferId],
    is_numbered: bool,
    on: date,
) -> dict[str, object]:
    """Return the arguments of the offer_card component for one result. `chosen` is what is on the shortlist."""
    card, hit = result.card, result.hit
    plain = card_shown(
        card,
        rating=result.rating,
        title=marked(search.highlight(card.title, asked.q)),
        summary=marked(beginning(search.highlight(card.description, asked.q))),
        distance_metres=hit.distance_metres,
    )
    return plain | {
        "number": result.number if is_numbered else 0,
        "is_new": hit.why.is_new,
        "space": _space(card, on=on),
        "checked": _checked(result.evidence),
        "warning": _warning(card, on=on),
        "button": shortlist_button(card.id, card.title, chosen=chosen),
        "why": sentences(hit.why, card, place=_middle_of(place), sort=asked.sort, on=on),
    }


def _middle_of(place: Place | None) -> str:
    """Return where distances are measured from."""
    if place is None:
        return ""
    return worded("the middle of {name}", name=place.name) if place.precision is Precision.COUNCIL else place.name


def _space(card: OfferCard, *, on: date) -> dict[str, str] | None:
    """Return whether there is room, as long as what the provider said about it counts."""
    if card.capacity is None or card.capacity_on is None or not said_lately(card.capacity_on, on):
        return None
    said = one_word("today") if card.capacity_on == on else worded("on {day}", day=day_of_year(card.capacity_on))
    return {"text": card.capacity.words, "tone": _SPACE_TONES[card.capacity], "said": worded("said {said}", said=said)}


def _checked(evidence: Iterable[Evidence]) -> str:
    """Return what somebody has checked, in a few words. What nobody has is on the offer's own page."""
    kinds = [_CHECKED[each.kind] for each in evidence if each.state is CheckState.CHECKED]
    return worded("Checked: {kinds}", kinds=joined(kinds)) if kinds else ""


def _warning(card: OfferCard, *, on: date) -> str:
    is_stale = freshness(card.confirmed_on, on) in {Freshness.STALE, Freshness.LAPSED}
    return (
        worded("Not confirmed since {confirmed_on}", confirmed_on=day(card.confirmed_on))
        if is_stale and not card.is_published
        else ""
    )
