"""The page on which two texts that were written at once are made one."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.telling import ClashForm
from marketplace.brokerage.queries.clashes import ClashShown, clashes_of
from marketplace.brokerage.queries.plans import PartShown, PlanSeen, parts_of
from marketplace.brokerage.rules.nouns import ClashId
from marketplace.brokerage.rules.plans import TITLES, edition_seen
from marketplace.brokerage.services import clashes as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.giving_back import gives_back
from marketplace.brokerage.views.plans import today, written_plan
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal


@bp.route("/plans/<uuid:plan_id>/clashes/<uuid:clash_id>", methods=["GET", "POST"])
@signed_in
@gives_back(words="Both, put together")
def settle_clash(plan_id: UUID, clash_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    waiting = {it.id: it for it in clashes_of(db.session, plan_id=plan.id, viewer=viewer(), on=today())}
    clash = waiting.get(ClashId(clash_id)) or abort(404)
    now = parts_of(db.session, plan_id=plan.id, viewer=viewer(), on=today())[clash.part]
    form = ClashForm(data={"edition": str(now.edition), "words": f"{now.words}\n\n{clash.words}".strip()})
    if form.validate_on_submit():
        try:
            _settle(plan, clash, now, form)
        except DomainError as error:
            show_refusal(form, error)
            form.edition.data = str(now.edition)
        else:
            flash("Saved. It is one again.")
            return redirect(url_for(".plan", plan_id=plan.id))
    page = render_template(
        "brokerage/plan_clash.html", form=form, plan=plan, clash=clash, now=now, title=TITLES[clash.part]
    )
    return page, 422 if form.errors else 200


def _settle(plan: PlanSeen, clash: ClashShown, now: PartShown, form: ClashForm) -> None:
    words = {"now": now.words, "other": clash.words, "both": form.words.data or ""}[form.choice.data]
    with transaction() as session:
        services.settle_clash(
            session,
            plan_id=plan.id,
            clash_id=clash.id,
            words=words,
            edition=edition_seen(form.edition.data or ""),
            by=me(),
            now=datetime.now(UTC),
        )
