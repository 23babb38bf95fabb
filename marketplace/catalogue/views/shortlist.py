"""The shortlist: kept without signing in, shared by its address."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.accounts.rules import PersonId
from marketplace.catalogue import queries, services
from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules import MOST_COMPARED, MOST_SHORTLISTED, OfferId, OfferStatus, offers_named
from marketplace.catalogue.services import ShortlistFullError
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import card_shown, today
from marketplace.kit.addresses import own_page, page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.said import count
from marketplace.kit.sentences import worded
from marketplace.kit.undo import flash_with_undo
from marketplace.ratings import queries as ratings

_KEPT = "shortlist"


def shortlisted() -> tuple[OfferId, ...]:
    """Return what is on the visitor's shortlist, the last one added first: of their account, or of this browser."""
    if viewer().is_signed_in:
        return queries.shortlist(db.session, viewer=viewer())
    return _kept_here()


def button_of(page: OfferPage) -> dict[str, object]:
    """Return the button of the page of an offer, which knows whether it is on the shortlist of an account."""
    is_on = page.is_shortlisted if viewer().is_signed_in else page.id in _kept_here()
    return shortlist_button(page.id, page.title, chosen=[page.id] if is_on else [])


def shortlist_button(offer_id: OfferId, title: str, *, chosen: Collection[OfferId]) -> dict[str, object]:
    """
    Return what puts an offer on the shortlist, or takes it off, and comes back here.

    A button that posts needs a cookie, and somebody who only looks is given none: for them it is a link to a page
    that asks.
    """
    back = request.full_path.rstrip("?")
    if not session and not viewer().is_signed_in:
        href = url_for("catalogue.begin_shortlist", offer_id=offer_id, back=back)
        return {"href": href, "text": "Add to shortlist", "about": title}
    is_on = offer_id in chosen
    action = "catalogue.take_off_shortlist" if is_on else "catalogue.shortlist_offer"
    return {
        "action": url_for(action, offer_id=offer_id),
        "text": "Take off your shortlist" if is_on else "Add to shortlist",
        "kind": "quiet" if is_on else "secondary",
        "about": title,
        "hidden": {"back": back},
    }


def keep_shortlist(person_id: PersonId) -> None:
    """Move what this browser kept to the account of somebody who has just signed in."""
    chosen = offers_named(session.pop(_KEPT, ()), most=MOST_SHORTLISTED)
    if chosen:
        with transaction() as writing:
            services.keep_shortlist(writing, offer_ids=chosen, by=person_id, now=datetime.now(UTC))


@bp.get("/shortlist")
@public
def shortlist() -> ResponseReturnValue:
    chosen = shortlisted()
    cards = _cards(chosen, chosen=chosen)
    return render_template(
        "catalogue/shortlist.html", cards=cards, most_compared=MOST_COMPARED, link=_link([card["id"] for card in cards])
    )


@bp.get("/offers/<uuid:offer_id>/shortlist")
@public
def begin_shortlist(offer_id: UUID) -> ResponseReturnValue:
    """Ask somebody who only looked until now: a shortlist needs a cookie, and looking gives none."""
    offer = queries.offer_page(db.session, offer_id=OfferId(offer_id), viewer=viewer(), on=today())
    if offer is None or offer.status is not OfferStatus.LIVE:
        abort(404)
    back = own_page(request.args.get("back")) or url_for("catalogue.offer", offer_id=offer.id)
    return render_template("catalogue/begin_shortlist.html", offer=offer, back=back)


@bp.get("/shortlist/shared")
@public
def shared_shortlist() -> ResponseReturnValue:
    """Show a shortlist that somebody sent as a link. It names offers, and nobody."""
    own = shortlisted()
    cards = _cards(offers_named(request.args.getlist("offer"), most=MOST_SHORTLISTED), chosen=own)
    return render_template(
        "catalogue/shared_shortlist.html",
        cards=cards,
        most_compared=MOST_COMPARED,
        is_all_kept=all(card["id"] in own for card in cards),
    )


@bp.post("/shortlist/<uuid:offer_id>/add")
@public
def shortlist_offer(offer_id: UUID) -> ResponseReturnValue:
    wanted, person_id = OfferId(offer_id), viewer().person_id
    try:
        if person_id is not None:
            with transaction() as writing:
                services.shortlist_offer(writing, offer_id=wanted, by=person_id, now=datetime.now(UTC))
        else:
            session[_KEPT] = _named(services.shortlist_with(db.session, offer_id=wanted, chosen=shortlisted()))
    except ShortlistFullError as error:
        flash(str(error))
        return redirect(url_for("catalogue.shortlist"))
    flash("Added to your shortlist.")
    return _back()


@bp.post("/shortlist/<uuid:offer_id>/remove")
@public
def take_off_shortlist(offer_id: UUID) -> ResponseReturnValue:
    person_id = viewer().person_id
    if person_id is not None:
        with transaction() as writing:
            services.take_off_shortlist(writing, offer_id=OfferId(offer_id), by=person_id)
    else:
        session[_KEPT] = _named([one for one in shortlisted() if one != offer_id])
    again = url_for(".shortlist_offer", offer_id=offer_id)
    flash_with_undo("Taken off your shortlist.", text="Put it back", action=again, hidden={"back": _back_to()})
    return _back()


@bp.post("/shortlist/empty")
@public
def empty_shortlist() -> ResponseReturnValue:
    person_id, before = viewer().person_id, shortlisted()
    if person_id is not None:
        with transaction() as writing:
            services.empty_shortlist(writing, by=person_id)
    session.pop(_KEPT, None)
    flash_with_undo(
        "Your shortlist is empty.", text="See what was on it", href=url_for(".shared_shortlist", offer=before)
    )
    return redirect(url_for("catalogue.shortlist"))


@bp.post("/shortlist/keep")
@public
def keep_shared_shortlist() -> ResponseReturnValue:
    """Put everything of a shared shortlist on one's own, as far as there is room."""
    wanted = offers_named(request.form.getlist("offer"), most=MOST_SHORTLISTED)
    person_id = viewer().person_id
    if person_id is not None:
        with transaction() as writing:
            services.keep_shortlist(writing, offer_ids=wanted, by=person_id, now=datetime.now(UTC))
    else:
        chosen = shortlisted()
        new = [one for one in services.on_site(db.session, offer_ids=wanted) if one not in chosen]
        session[_KEPT] = _named([*new[: max(MOST_SHORTLISTED - len(chosen), 0)], *chosen])
    own = set(shortlisted())
    left_out = sum(one not in own for one in services.on_site(db.session, offer_ids=wanted))
    flash(
        worded(
            "There was no room for {offers}. Remove some, then open the link again.",
            offers=count(left_out, "offer", "offers"),
        )
        if left_out
        else "Added to your shortlist."
    )
    return redirect(url_for("catalogue.shortlist"))


def _kept_here() -> tuple[OfferId, ...]:
    """Return what this browser keeps, the last one added first."""
    return offers_named(session.get(_KEPT, ()), most=MOST_SHORTLISTED)


def _named(offer_ids: Sequence[OfferId]) -> list[str]:
    """Return offers as the browser keeps them."""
    return [str(offer_id) for offer_id in offer_ids]


def _cards(offer_ids: Sequence[OfferId], *, chosen: Collection[OfferId]) -> list[dict[str, object]]:
    cards = queries.cards_for(db.session, offer_ids=offer_ids, on=today())
    summaries = ratings.summaries_for(db.session, offer_ids=[card.id for card in cards])
    return [
        {
            "id": card.id,
            "title": card.title,
            "card": card_shown(card, rating=summaries.get(card.id))
            | {"button": shortlist_button(card.id, card.title, chosen=chosen)},
        }
        for card in cards
    ]


def _link(offer_ids: Sequence[object]) -> str:
    """Return the whole address of a shortlist, to send to somebody."""
    path = url_for("catalogue.shared_shortlist", offer=[str(offer_id) for offer_id in offer_ids])
    return page_address("catalogue.shared_shortlist") + path[path.find("?") :] if offer_ids else ""


def _back() -> ResponseReturnValue:
    return redirect(_back_to())


def _back_to() -> str:
    return own_page(request.form.get("back")) or url_for("catalogue.shortlist")
