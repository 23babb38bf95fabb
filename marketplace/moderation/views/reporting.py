"""Telling us that something is wrong. Anybody may, signed in or not."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.kit.db import transaction
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.moderation import services
from marketplace.moderation.forms import ReportForm
from marketplace.moderation.rules import ReportReason, SubjectKind
from marketplace.moderation.views import subjects
from marketplace.moderation.views.blueprint import bp


@bp.route("/report/<subject_kind>/<uuid:subject_id>", methods=["GET", "POST"])
@public
@limiter.limit(MAIL, exempt_when=only_looks)
def report(subject_kind: str, subject_id: UUID) -> ResponseReturnValue:
    if subject_kind not in set(SubjectKind):
        abort(404)
    kind = SubjectKind(subject_kind)
    subject = subjects.find(kind, subject_id) or abort(404)
    form = ReportForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.report_something(
                    session,
                    subject_kind=kind,
                    subject_id=subject_id,
                    by=viewer().person_id,
                    reason=ReportReason(form.reason.data),
                    words=form.words.data or "",
                    now=datetime.now(UTC),
                )
        except services.ReportUnclearError as error:
            show_refusal(form, error, beside="words")
        else:
            flash("Thank you. A moderator will look at it, most often within two days.")
            return redirect(subject.href)
    return render_template("moderation/report.html", form=form, subject=subject), 422 if form.errors else 200
