"""A moderator reads what waits, and shows it or keeps it from view."""

import uuid
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.views.safety import safeguarding_shown
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.ratings.forms.fairness import JudgeForm
from marketplace.ratings.queries import fairness
from marketplace.ratings.rules.nouns import Ground, Screened, ScreeningOutcome
from marketplace.ratings.services import holding
from marketplace.ratings.services.screening import Subject
from marketplace.ratings.views.blueprint import bp, review_address


@bp.get("/queue")
@requires(Permission.MODERATE)
def queue() -> ResponseReturnValue:
    waiting = fairness.queue(
        db.session, viewer=viewer(), now=datetime.now(UTC), page=page_number(request.args.get("page"))
    )
    return render_template("ratings/queue.html", queue=waiting)


@bp.route("/decide/<any(review, reply, addition):kind>/<uuid:subject_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide(kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    it = fairness.to_decide(db.session, kind=Screened(kind), subject_id=subject_id, viewer=viewer()) or abort(404)
    form = JudgeForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                holding.decide(
                    session,
                    Subject(it.kind, it.id, it.review_id),
                    outcome=ScreeningOutcome(form.outcome.data),
                    ground=Ground(form.ground.data) if form.ground.data else None,
                    reason=form.reason.data or "",
                    by=me(),
                    link=review_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. Where something changed, we have written to whoever wrote it.")
            return redirect(url_for(".queue"))
    page = render_template("ratings/decide.html", it=it, form=form, safety=safeguarding_shown(it.council))
    return page, 422 if form.errors else 200
