"""The catalogue to take away: a page that explains it, all of it as a table, what is new, and maps of the site."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.catalogue.queries import sharing as queries
from marketplace.catalogue.rules import sitemap as maps
from marketplace.catalogue.rules import table
from marketplace.catalogue.rules.atom import entry_of
from marketplace.catalogue.rules.sharing import SharedOffer, derived_id
from marketplace.catalogue.rules.table import TableRow
from marketplace.catalogue.views.addresses import publisher
from marketplace.catalogue.views.open_referral import ratings_of
from marketplace.catalogue.views.shown import today
from marketplace.kit.addresses import page_address
from marketplace.kit.atom import Channel, atom
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import WHOLE_CATALOGUE, limiter
from marketplace.kit.pages import as_csv, csv_part
from marketplace.kit.places import CouncilCode
from marketplace.kit.sentences import worded

STANDING = (
    "web.home", "catalogue.results", "pooling.index", "web.how_it_works", "ratings.policy", "open_data.show",
    "open_referral.about", "web.accessibility", "web.privacy", "web.cookies", "web.contact",
)  # fmt: skip
"""The pages that are always there."""

bp = Blueprint("open_data", __name__, template_folder="../templates")


@bp.get("/open-data")
@public
def show() -> ResponseReturnValue:
    return render_template(
        "catalogue/open_data.html",
        columns=table.COLUMNS,
        councils=gazetteer().councils(),
        sources=queries.sources(db.session),
        licence=table.OPEN_LICENCE,
        licence_url=table.OPEN_LICENCE_URL,
    )


@bp.get("/open-data/catalogue.csv")
@limiter.limit(WHOLE_CATALOGUE)
@public
def catalogue_csv() -> ResponseReturnValue:
    response = Response(stream_with_context(_table()), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="catalogue-{today().isoformat()}.csv"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _table() -> Iterator[str]:
    by = publisher()
    yield as_csv(table.header(), [])
    for offers in queries.everything(db.session, gazetteer=gazetteer(), on=today()):
        rated = ratings_of(offers)
        yield csv_part(table.cells(TableRow(offer, rated.get(offer.id), by.offer(offer.id))) for offer in offers)


@bp.get("/offers/new.atom")
@public
def new_atom() -> ResponseReturnValue:
    council = gazetteer().council(CouncilCode(code)) if (code := request.args.get("council", "").strip()) else None
    area = council.code if council else None
    offers: tuple[SharedOffer, ...] = queries.newest_in(db.session, council=area, gazetteer=gazetteer(), on=today())
    channel = Channel(
        id=derived_id("atom", area or ""),
        title=worded("New in {name}", name=council.name) if council else "New offers",
        author=current_app.config["SITE_NAME"],
        address=page_address("open_data.new_atom") + (f"?council={area}" if area else ""),
        page=page_address("catalogue.results") + (f"?near={council.name.replace(' ', '+')}" if council else ""),
    )
    entries = [entry_of(offer, address=publisher().offer(offer.id)) for offer in offers]
    return _xml(atom(channel, entries, now=datetime.now(UTC)), "application/atom+xml")


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    if current_app.config["IS_PRODUCTION"]:
        # A results page for every wish there is leads nowhere new: all offers are on the map.
        words = (
            f"User-agent: *\nDisallow: /offers?\nDisallow: /accounts/\nSitemap: {page_address('open_data.sitemap')}\n"
        )
    else:
        words = "# Invented people live here.\nUser-agent: *\nDisallow: /\n"
    return Response(words, mimetype="text/plain")


@bp.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    parts = queries.sitemap_parts(db.session, size=maps.PART)
    return _xml(
        maps.sitemap_index(
            [
                (page_address("open_data.sitemap_pages"), None),
                *(
                    (page_address("open_data.sitemap_offers", {"number": part.number}), part.changed_at)
                    for part in parts
                ),
            ]
        )
    )


@bp.get("/sitemaps/pages.xml")
@public
def sitemap_pages() -> ResponseReturnValue:
    return _xml(maps.sitemap([(page_address(endpoint), None) for endpoint in STANDING]))


@bp.get("/sitemaps/offers-<int:number>.xml")
@public
def sitemap_offers(number: int) -> ResponseReturnValue:
    if not 1 <= number <= 1_000_000:  # noqa: PLR2004  (more offers than there are people)
        abort(404)
    pages = queries.sitemap_part(db.session, number=number, size=maps.PART)
    if not pages and number > 1:
        abort(404)
    by = publisher()
    return _xml(maps.sitemap([(by.offer(page.offer_id), page.changed_at) for page in pages]))


def _xml(content: bytes, mimetype: str = "application/xml") -> Response:
    return Response(content, mimetype=mimetype, headers={"Cache-Control": "public, max-age=300"})
