"""The files of a plan: given to those who may see it, put in words, removed."""

import io
from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.telling import FileForm
from marketplace.brokerage.queries import files as queries
from marketplace.brokerage.queries.files import FileKept
from marketplace.brokerage.rules.nouns import FileId, FileKind, Part
from marketplace.brokerage.services import files as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.giving_back import gives_back
from marketplace.brokerage.views.plans import seen_plan, today, written_plan
from marketplace.kit.db import db, transaction


@bp.get("/plans/<uuid:plan_id>/files/<uuid:file_id>")
@signed_in
def plan_file(plan_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Show, play or give a file. Players ask for it in pieces."""
    return _kept(plan_id, file_id, is_small=False)


@bp.get("/plans/<uuid:plan_id>/files/<uuid:file_id>/small")
@signed_in
def small_plan_file(plan_id: UUID, file_id: UUID) -> ResponseReturnValue:
    return _kept(plan_id, file_id, is_small=True)


@bp.route("/plans/<uuid:plan_id>/files/<uuid:file_id>/words", methods=["GET", "POST"])
@signed_in
@gives_back(said="What the file shows or says")
def say_of_file(plan_id: UUID, file_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    it = queries.file_seen(db.session, plan_id=plan.id, file_id=FileId(file_id), viewer=viewer(), on=today()) or abort(
        404
    )
    form = FileForm(data={"said": it.said, "part": it.part.value})
    if form.validate_on_submit():
        with transaction() as session:
            services.say_of_file(
                session,
                plan_id=plan.id,
                file_id=it.id,
                said=form.said.data or "",
                part=Part(form.part.data),
                by=me(),
                now=datetime.now(UTC),
            )
        flash("Saved.")
        return redirect(url_for(".tell", plan_id=plan.id, part=form.part.data))
    return render_template("brokerage/plan_file.html", form=form, plan=plan, file=it), 422 if form.errors else 200


@bp.post("/plans/<uuid:plan_id>/files/<uuid:file_id>/remove")
@signed_in
def remove_plan_file(plan_id: UUID, file_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    it = queries.file_seen(db.session, plan_id=plan.id, file_id=FileId(file_id), viewer=viewer(), on=today()) or abort(
        404
    )
    with transaction() as session:
        services.remove_file(session, plan_id=plan.id, file_id=it.id, by=me(), now=datetime.now(UTC))
    flash("It is deleted.")
    return redirect(url_for(".tell", plan_id=plan.id, part=it.part))


def file_response(kept: FileKept) -> Response:
    """Return a file of a plan for a browser: pictures, recordings and films to see, documents to keep."""
    response = send_file(
        io.BytesIO(kept.contents),
        mimetype=kept.media_type,
        as_attachment=kept.kind is FileKind.DOCUMENT,
        download_name=kept.name,
        conditional=True,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; media-src 'self'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _kept(plan_id: UUID, file_id: UUID, *, is_small: bool) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    kept = queries.file_kept(
        db.session, plan_id=plan.id, file_id=FileId(file_id), viewer=viewer(), on=today(), is_small=is_small
    ) or abort(404)
    return file_response(kept)
