"""Looking at pools."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, signed_in, viewer
from marketplace.kit.days import day_of
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.pages import page_number
from marketplace.kit.places import UnknownPlaceError
from marketplace.kit.text import tidy_line
from marketplace.pooling import queries
from marketplace.pooling.queries import drafts
from marketplace.pooling.queries.membership import my_membership
from marketplace.pooling.queries.my_part import my_part
from marketplace.pooling.queries.pledging import how_far, pledge_page
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules.interests import GROUPS, WORDS, interest_words
from marketplace.pooling.rules.nouns import InterestSlug
from marketplace.pooling.views.blueprint import bp

LONGEST_PLACE = 100


@bp.get("")
@public
def index() -> ResponseReturnValue:
    near, place, problem = tidy_line(request.args.get("near"))[:LONGEST_PLACE], None, ""
    if near:
        try:
            place = gazetteer().find(near)
        except UnknownPlaceError as error:
            problem = str(error)
    about = request.args.get("about", "")
    interest = InterestSlug(about) if about in WORDS else None
    page = queries.pools_near(
        db.session,
        place=place,
        now=datetime.now(UTC),
        interest=interest,
        page=page_number(request.args.get("page")),
    )
    return render_template(
        "pooling/index.html",
        page=page,
        near=near,
        place=place,
        problem=problem,
        interest=interest,
        interest_words=interest_words(interest),
        groups=GROUPS,
    ), 422 if problem else 200


@bp.get("/mine")
@signed_in
def mine() -> ResponseReturnValue:
    page = queries.my_pools(
        db.session, viewer=viewer(), now=datetime.now(UTC), page=page_number(request.args.get("page"))
    )
    return render_template("pooling/mine.html", page=page)


@bp.get("/<uuid:pool_id>")
@public
def show(pool_id: UUID) -> ResponseReturnValue:
    page = queries.pool_page(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=datetime.now(UTC))
    if page is None:
        draft = drafts.draft_page(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
        return render_template("pooling/draft.html", page=draft)
    mine = my_membership(db.session, pool_id=PoolId(pool_id), viewer=viewer())
    now = datetime.now(UTC)
    terms = pledge_page(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=now)
    part = my_part(db.session, pool_id=PoolId(pool_id), viewer=viewer()) if viewer().is_signed_in else None
    return render_template(
        "pooling/show.html",
        page=page,
        membership=mine,
        part=part,
        terms=terms,
        # How far a pool has come says how many there are, which is not said while there are too few.
        progress=how_far(db.session, pool_id=PoolId(pool_id)) if page.is_open and page.people else None,
        costs=terms.costs(terms.ladder.usual) if terms else (),
        gone=page.gone(now),
        days_left=(page.last_day - day_of(now)).days,
    )
