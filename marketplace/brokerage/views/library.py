"""Pages of the library: looking for something, reading it, keeping it, and beginning one's plan from it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.queries import library as queries
from marketplace.brokerage.queries.library_search import (
    LibraryQuestion,
    categories_of_pieces,
    library_list,
    outcomes_of_pieces,
)
from marketplace.brokerage.rules.documents import blocks_of, plain_text
from marketplace.brokerage.rules.nouns import OutcomeId, Part, PartOfDay, PieceId, PieceKind
from marketplace.brokerage.rules.plans import TITLES
from marketplace.brokerage.rules.week import DAYS, PARTS_OF_DAY
from marketplace.brokerage.services.examples import Begun, begin_from
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.db import db, transaction
from marketplace.kit.pages import page_number
from marketplace.kit.said import count
from marketplace.kit.sentences import one_word, worded
from marketplace.kit.text import tidy_line
from marketplace.ratings.queries import criteria as ratings

KINDS = {
    PieceKind.STORY: one_word("Stories"),
    PieceKind.EXAMPLE_PLAN: "Example plans",
    PieceKind.MODEL_DOCUMENT: "Letters and lists to fill in",
}
LONGEST_QUESTION = 200

_PAGES = {
    PieceKind.STORY: "brokerage/library_story.html",
    PieceKind.EXAMPLE_PLAN: "brokerage/library_example_plan.html",
    PieceKind.MODEL_DOCUMENT: "brokerage/library_model_document.html",
}


@bp.get("/library")
@public
def library() -> ResponseReturnValue:
    named = _outcomes(outcomes_of_pieces(db.session))
    categories = dict(categories_of_pieces(db.session))
    typed = request.args
    asked = LibraryQuestion(
        words=tidy_line(typed.get("q"))[:LONGEST_QUESTION],
        kind=PieceKind(typed["kind"]) if typed.get("kind") in set(PieceKind) else None,
        outcome_id=OutcomeId(typed["outcome"]) if typed.get("outcome") in named else None,
        category=CategorySlug(typed["category"]) if typed.get("category") in categories else None,
    )
    found = library_list(db.session, asked=asked, outcomes=named, page=page_number(typed.get("page")))
    kept = {"q": asked.words, "kind": asked.kind, "outcome": asked.outcome_id, "category": asked.category}
    return render_template(
        "brokerage/library_all.html",
        found=found,
        asked=asked,
        kinds=KINDS,
        outcomes=named,
        categories=categories,
        is_asked=any(kept.values()),
        page_href=f"{url_for('.library')}?{urlencode({**{k: v for k, v in kept.items() if v}, 'page': ''})}",
    )


@bp.get("/library/<uuid:piece_id>")
@public
def piece(piece_id: UUID) -> ResponseReturnValue:
    it = queries.piece_page(db.session, piece_id=PieceId(piece_id), viewer=viewer()) or abort(404)
    plan = it.plan or {}
    lines = plan.get("lines", ())
    return render_template(
        _PAGES[it.kind],
        piece=it,
        blocks=blocks_of(it.words),
        parts=[(TITLES[part], plan["parts"][part]) for part in Part if part in plan.get("parts", {})],
        lines=lines,
        week=_week(plan.get("week", ())),
        outcomes=_outcomes([it.outcome_id or "", *(line["outcome_id"] for line in lines)]),
    )


@bp.get("/library/<uuid:piece_id>/file")
@public
def piece_file(piece_id: UUID) -> ResponseReturnValue:
    file = queries.piece_file(db.session, piece_id=PieceId(piece_id), viewer=viewer()) or abort(404)
    return _to_keep(file.contents, name=file.name, media_type=file.media_type)


@bp.get("/library/<uuid:piece_id>/text")
@public
def piece_text(piece_id: UUID) -> ResponseReturnValue:
    it = queries.piece_page(db.session, piece_id=PieceId(piece_id), viewer=viewer()) or abort(404)
    if it.kind is not PieceKind.MODEL_DOCUMENT:
        abort(404)
    name = it.file_name.rpartition(".")[0] + ".txt"
    said = plain_text(it.title, blocks_of(it.words)).encode()
    return _to_keep(said, name=name, media_type="text/plain; charset=utf-8")


@bp.post("/library/<uuid:piece_id>/begin")
@requires(Permission.BUY)
def begin_from_example(piece_id: UUID) -> ResponseReturnValue:
    example = queries.example_of(db.session, piece_id=PieceId(piece_id), viewer=viewer()) or abort(404)
    with transaction() as session:
        begun = begin_from(session, example=example, by=me(), now=datetime.now(UTC))
    flash(_said(begun))
    return redirect(url_for(".plan", plan_id=begun.plan_id))


def _outcomes(ids: Iterable[str]) -> dict[OutcomeId, str]:
    """Return what some outcomes are called."""
    wanted: list[Any] = [one for one in set(ids) if one]
    found = ratings.outcomes_named(db.session, wanted)
    return {OutcomeId(one): name for one, name in found.items()}


def _said(begun: Begun) -> str:
    added = [
        count(number, one, many)
        for number, one, many in (
            (begun.parts, "part", "parts"),
            (begun.lines, "line", "lines"),
            (begun.things_in_week, "thing in your week", "things in your week"),
        )
        if number
    ]
    if not added:
        return "All of that is in your plan already. Nothing was changed."
    told = " and ".join([", ".join(added[:-1]), added[-1]] if added[1:] else added)
    kept = f" You had written {' and '.join(f'“{one}”' for one in begun.kept)} yourself: we left that." * bool(
        begun.kept
    )
    return worded(
        "Added to your plan: {told}. Now make it yours: change and cross out what you like.{kept}", told=told, kept=kept
    )


def _week(things: list[dict[str, object]]) -> list[tuple[str, list[tuple[str, list[dict[str, object]]]]]]:
    """Return the days of an example's week, and what is in each part of each."""
    return [
        (
            name,
            [
                (
                    PARTS_OF_DAY[part],
                    [it for it in things if it["day"] == day and PartOfDay(str(it["part_of_day"])) is part],
                )
                for part in PartOfDay
            ],
        )
        for day, name in DAYS.items()
    ]


def _to_keep(contents: bytes, *, name: str, media_type: str) -> Response:
    return Response(
        contents,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
