"""Checklists: what a user-led organisation's checkers look at."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import OrganisationId, Permission
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.fields import choices
from marketplace.kit.refusals import show_refusal
from marketplace.ratings.forms.quality import ChecklistForm
from marketplace.ratings.queries import checklists as queries
from marketplace.ratings.queries.checklists import CheckingOrganisation, ShownChecklist
from marketplace.ratings.rules.nouns import ChecklistId
from marketplace.ratings.rules.quality import items_of
from marketplace.ratings.services import checklists as services
from marketplace.ratings.views.blueprint import bp


@bp.get("/checklists/<uuid:checklist_id>")
@public
def checklist(checklist_id: UUID) -> ResponseReturnValue:
    return render_template("ratings/checklist.html", it=_shown(checklist_id))


@bp.route("/checklists/new", methods=["GET", "POST"])
@requires(Permission.CHECK)
def new_checklist() -> ResponseReturnValue:
    own = queries.checking_organisations(db.session, viewer=viewer())
    if not own and request.method == "POST":
        abort(403)  # The page that says why has no form to send.
    form = ChecklistForm()
    form.organisation.choices = choices((one.id, one.name) for one in own)
    if len(own) <= 1:
        del form.organisation
    if form.validate_on_submit():
        try:
            with transaction() as session:
                written = services.write_checklist(
                    session, organisation_id=_organisation(form, own), title=form.title.data or "",
                    items=items_of(form.items.data or ""), by=viewer(), now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. You can go by it on your next visit.")
            return redirect(url_for(".checklist", checklist_id=written))
    page = render_template("ratings/write_checklist.html", form=form, it=None, organisations=own)
    return page, 422 if form.errors else 200


@bp.route("/checklists/<uuid:checklist_id>/follow", methods=["GET", "POST"])
@requires(Permission.CHECK)
def follow_checklist(checklist_id: UUID) -> ResponseReturnValue:
    it = _own(checklist_id)
    form = ChecklistForm(items="\n".join(item.words for item in it.items))
    del form.organisation, form.title
    if form.validate_on_submit():
        try:
            with transaction() as session:
                written = services.follow_checklist(
                    session, checklist_id=it.id, items=items_of(form.items.data or ""), by=viewer(),
                    now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved as a new edition. Reports that went by the one before keep it.")
            return redirect(url_for(".checklist", checklist_id=written))
    page = render_template("ratings/write_checklist.html", form=form, it=it, organisations=())
    return page, 422 if form.errors else 200


@bp.post("/checklists/<uuid:checklist_id>/retire")
@requires(Permission.CHECK)
def retire_checklist(checklist_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.retire_checklist(session, checklist_id=ChecklistId(checklist_id), by=viewer(), now=datetime.now(UTC))
    flash("Out of use. Reports that went by it keep it.")
    return redirect(url_for(".my_quality_checks"))


def _shown(checklist_id: UUID) -> ShownChecklist:
    found = queries.checklist_page(db.session, checklist_id=ChecklistId(checklist_id), viewer=viewer())
    return found or abort(404)


def _own(checklist_id: UUID) -> ShownChecklist:
    it = _shown(checklist_id)
    return it if it.is_own else abort(404)


def _organisation(form: ChecklistForm, own: tuple[CheckingOrganisation, ...]) -> OrganisationId:
    if "organisation" not in form:
        wanted = own[:1]
    else:
        wanted = tuple(one for one in own if str(one.id) == form.organisation.data)
    if not wanted:
        raise services.QualityUnclearError("Choose one of your organisations.", field="organisation")
    return wanted[0].id
