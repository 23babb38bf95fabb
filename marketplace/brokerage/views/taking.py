"""Pages to read a whole plan, print it, read it easily, and take it away as a file."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO
from uuid import UUID

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.gateways.bundles import as_json, as_page, write_bundle
from marketplace.brokerage.gateways.plan_papers import MOST_PICTURES, draw_plan
from marketplace.brokerage.queries.files import file_kept
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.rules.contents import Contents, taken_away
from marketplace.brokerage.services.taking import note_copy
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.plans import seen_plan, today
from marketplace.brokerage.views.told import draw_told, names_of, own_files, pictures_of, sections, shown_as
from marketplace.brokerage.views.versions import contents_now
from marketplace.kit.db import db, transaction
from marketplace.kit.limits import limiter
from marketplace.kit.sentences import worded

_TAKEN = "12 per minute; 60 per hour"
"""Papers from one address: each takes a moment to make."""

_IN_MEMORY = 8_000_000
"""Bytes of a file that are held in memory before the rest goes to disk."""

_PIECE = 64 * 1024


@bp.get("/plans/<uuid:plan_id>/read")
@signed_in
def read_plan(plan_id: UUID) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    return draw_told("brokerage/keep_read.html", contents_now(plan), addresses=own_files(plan), plan=plan)


@bp.get("/plans/<uuid:plan_id>/easy")
@signed_in
def read_plan_easily(plan_id: UUID) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    return draw_told("brokerage/keep_easy.html", contents_now(plan), addresses=own_files(plan), plan=plan)


@bp.get("/plans/<uuid:plan_id>/take-away")
@signed_in
def take_plan_away(plan_id: UUID) -> ResponseReturnValue:
    return render_template("brokerage/keep_take.html", plan=seen_plan(plan_id))


@bp.post("/plans/<uuid:plan_id>/plan.pdf")
@signed_in
@limiter.limit(_TAKEN)
def take_plan_as_pdf(plan_id: UUID) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    contents = contents_now(plan)
    pictures = [
        (shown_as(file), small.contents)
        for file in pictures_of(contents)[:MOST_PICTURES]
        if (
            small := file_kept(db.session, plan_id=plan.id, file_id=file.id, viewer=viewer(), on=today(), is_small=True)
        )
    ]
    paper = draw_plan(title=_title(plan), made_at=datetime.now(UTC), sections=sections(contents), pictures=pictures)
    return _given(plan, Response(paper, mimetype="application/pdf"), "plan.pdf")


@bp.post("/plans/<uuid:plan_id>/plan.json")
@signed_in
@limiter.limit(_TAKEN)
def take_plan_as_json(plan_id: UUID) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    said = as_json(taken_away(contents_now(plan)))
    return _given(plan, Response(said, mimetype="application/json"), "plan.json")


@bp.post("/plans/<uuid:plan_id>/plan.zip")
@signed_in
@limiter.limit(_TAKEN)
def take_plan_as_zip(plan_id: UUID) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    contents = contents_now(plan)
    names = names_of(contents.files)
    page = as_page(
        title=_title(plan),
        made_at=datetime.now(UTC),
        sections=sections(contents),
        files=[(names[file.id], shown_as(file)) for file in contents.files],
    )
    packed = _packed(
        lambda into: write_bundle(into, page=page, taken=taken_away(contents), files=_files(plan, contents))
    )
    next(packed)
    return _given(plan, Response(packed, mimetype="application/zip"), "plan.zip")


def _packed(write: Callable[[IO[bytes]], None]) -> Iterator[bytes]:
    """Write a file at the first step, and give it in pieces at the next ones. It is closed however that ends."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as into:
        write(into)
        into.seek(0)
        yield b""
        while piece := into.read(_PIECE):
            yield piece


def _files(plan: PlanSeen, contents: Contents) -> Iterator[tuple[str, bytes]]:
    names = names_of(contents.files)
    for file in contents.files:
        kept = file_kept(db.session, plan_id=plan.id, file_id=file.id, viewer=viewer(), on=today())
        if kept is not None:
            yield names[file.id], kept.contents
            # One large film after another is not held all at once.
            db.session.expunge_all()


def _given(plan: PlanSeen, response: Response, name: str) -> Response:
    with transaction() as session:
        note_copy(session, person_id=plan.person_id, plan_id=plan.id, by=me(), now=datetime.now(UTC))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _title(plan: PlanSeen) -> str:
    return "My plan" if plan.is_mine else worded("The plan of {person_name}", person_name=plan.person_name)
