"""The catalogue for machines: Open Referral UK 3.0, open to every site and in need of no key."""

import json
import time
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from werkzeug.exceptions import HTTPException

from marketplace.accounts.access import public
from marketplace.catalogue.forms.feed import WrongParameterError, read_page, read_wanted
from marketplace.catalogue.queries import open_referral as queries
from marketplace.catalogue.queries.open_referral import SharedPage
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.rules import open_referral as rules
from marketplace.catalogue.rules.sharing import SharedOffer, SharedRating, id_at_place
from marketplace.catalogue.rules.taxonomies import Taxonomy
from marketplace.catalogue.rules.wanted import LONGEST_PAGE, USUAL_PAGE, Wanted
from marketplace.catalogue.views.addresses import publisher
from marketplace.catalogue.views.shown import today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import FEED, limiter
from marketplace.ratings import queries as ratings

PREFIX = "/open-referral"

bp = Blueprint("open_referral", __name__, url_prefix=PREFIX, template_folder="../templates")
limiter.limit(FEED)(bp)

WORDS = {
    400: "This feed is only read. Use GET.",
    404: "There is nothing at this address. What was here may have been taken down. /open-referral/about says what is.",
    405: "This feed is only read. Use GET.",
    429: "You have asked very often. Wait as many seconds as Retry-After says, then go on where you were.",
    500: "Something went wrong here. It is our fault, and we have been told. Try again in a few minutes.",
}


@bp.get("/", strict_slashes=False)
@public
def root() -> ResponseReturnValue:
    return _json(rules.about())


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    return render_template(
        "catalogue/open_referral.html",
        address=page_address("open_referral.root"),
        usual_page=USUAL_PAGE,
        longest_page=LONGEST_PAGE,
        taxonomies=list(Taxonomy),
    )


@bp.get("/services")
@public
def services() -> ResponseReturnValue:
    wanted = read_wanted(request.args)
    page = queries.services(db.session, wanted=wanted, gazetteer=gazetteer(), on=today())
    return _list(page, wanted, rules.service if wanted.is_full else rules.service_in_list)


@bp.get("/services/<uuid:offer_id>")
@public
def service(offer_id: UUID) -> ResponseReturnValue:
    return _one(_offer(offer_id), rules.service)


@bp.get("/service_at_locations")
@public
def service_at_locations() -> ResponseReturnValue:
    wanted = read_wanted(request.args, find=gazetteer().find)
    page = queries.services_at_locations(db.session, wanted=wanted, gazetteer=gazetteer(), on=today())
    return _list(page, wanted, rules.service_at_location if wanted.is_full else rules.service_at_location_in_list)


@bp.get("/service_at_locations/<uuid:place_id>")
@public
def service_at_location(place_id: UUID) -> ResponseReturnValue:
    offer = _offer(id_at_place(place_id))
    if not rules.at_location(offer):
        abort(404)
    return _one(offer, rules.service_at_location)


@bp.get("/taxonomies")
@public
def taxonomies() -> ResponseReturnValue:
    return _listed([_taxonomy(one) for one in Taxonomy], read_page(request.args))


@bp.get("/taxonomies/<uuid:taxonomy_id>")
@public
def taxonomy(taxonomy_id: UUID) -> ResponseReturnValue:
    one = next((one for one in Taxonomy if one.id == taxonomy_id), None) or abort(404)
    return _json(_taxonomy(one))


@bp.get("/taxonomy_terms")
@public
def taxonomy_terms() -> ResponseReturnValue:
    by = publisher()
    return _listed([rules.taxonomy_term(term, by=by) for term in queries.terms(db.session)], read_page(request.args))


@bp.get("/taxonomy_terms/<uuid:term_id>")
@public
def taxonomy_term(term_id: UUID) -> ResponseReturnValue:
    term = next((term for term in queries.terms(db.session) if term.id == term_id), None) or abort(404)
    return _json(rules.taxonomy_term(term, by=publisher()))


@bp.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@public
def nothing(rest: str) -> ResponseReturnValue:
    """Answer for every other address: a program that strays should be told in its own language."""
    return _refusal(404 if request.method in {"GET", "HEAD"} else 405)


# ---------------------------------------------------------------- answers


def _offer(offer_id: UUID) -> SharedOffer:
    return queries.service(db.session, offer_id=OfferId(offer_id), gazetteer=gazetteer(), on=today()) or abort(404)


def ratings_of(offers: tuple[SharedOffer, ...]) -> dict[OfferId, SharedRating]:
    """Return what people gave each of some offers, in one query."""
    found = ratings.summaries_for(db.session, offer_ids=[offer.id for offer in offers]) if offers else {}
    return {
        offer_id: SharedRating(count=summary.count, average=summary.average, spread=summary.spread)
        for offer_id, summary in found.items()
    }


def _one(offer: SharedOffer, said: Any) -> Response:
    by = publisher(parents=queries.category_parents(db.session))
    return _json(said(offer, rating=ratings_of((offer,)).get(offer.id), by=by))


def _list(page: SharedPage, wanted: Wanted, said: Any) -> Response:
    by = publisher(parents=queries.category_parents(db.session) if wanted.is_full else {})
    rated = ratings_of(page.offers)
    contents = [said(offer, rating=rated.get(offer.id), by=by) for offer in page.offers]
    return _json(rules.page(contents, total=page.total, number=wanted.page, per_page=wanted.per_page))


def _listed(everything: list[rules.Json], wanted: Wanted) -> Response:
    start = (wanted.page - 1) * wanted.per_page
    contents = everything[start : start + wanted.per_page]
    return _json(rules.page(contents, total=len(everything), number=wanted.page, per_page=wanted.per_page))


def _taxonomy(one: Taxonomy) -> rules.Json:
    return rules.taxonomy(one, uri=page_address("open_referral.taxonomy", {"taxonomy_id": one.id}))


def _json(said: rules.Json, status: int = 200) -> Response:
    body = json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # What is withdrawn is soon gone from caches too.
    caching = "public, max-age=60" if status < 400 else "no-store"  # noqa: PLR2004
    return Response(body, status, mimetype="application/json", headers={"Cache-Control": caching})


def _refusal(status: int, sentence: str = "", **more: str) -> Response:
    words = sentence or WORDS.get(status, WORDS[400])
    return _json({"status": status, "message": words, **more}, status)


# ---------------------------------------------------------------- refusals


def _wrong(error: WrongParameterError) -> Response:
    return _refusal(422, str(error), parameter=error.parameter)


def _refused(error: DomainError) -> Response:
    return _refusal(404 if isinstance(error, NotFoundError) else 503, str(error))


def _stopped(error: HTTPException) -> Response:
    response = _refusal(error.code or 400)
    response.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
    if isinstance(error, RateLimitExceeded):
        limit = limiter.current_limit
        wait = max(1, round(limit.reset_at - time.time())) if limit else 60
        response.headers["Retry-After"] = str(wait)
    return response


bp.register_error_handler(WrongParameterError, _wrong)
bp.register_error_handler(DomainError, _refused)
for _code in WORDS:
    bp.register_error_handler(_code, _stopped)


@bp.before_app_request
def _not_found_at_all() -> Response | None:
    """Answer in the feed's own language before Flask answers in its: no view, so no blueprint, was found."""
    stopped = request.routing_exception
    if stopped is None or (stopped.code or 0) < 400 or not request.path.startswith(f"{PREFIX}/"):  # noqa: PLR2004
        return None
    return _stopped(stopped)


@bp.after_app_request
def _open_to_every_site(response: Response) -> Response:
    """Let any site read any answer, even one given before a view was found."""
    if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    return response
