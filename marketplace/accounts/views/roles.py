"""Giving people roles, and taking them away: for operators."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import queries, services
from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.forms import TRUSTED, RoleForm
from marketplace.accounts.rules import SECOND_FACTOR_FOR, Permission, Role
from marketplace.accounts.services import second_factor
from marketplace.accounts.views.blueprint import bp
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line


@bp.route("/roles", methods=["GET", "POST"])
@requires(Permission.OPERATE)
def roles() -> ResponseReturnValue:
    form = RoleForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.trust_with_role(
                    session,
                    email=tidy_line(form.email.data),
                    role=Role(form.role.data),
                    council=None,
                    by=me(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error, beside="email")
        else:
            flash(worded("{data} now has that role.", data=tidy_line(form.email.data)))
            return redirect(url_for(".roles"))
    people = queries.trusted_people(db.session, viewer=viewer())
    councils = {council.code: council.name for council in gazetteer().councils()}
    page = render_template(
        "accounts/roles.html",
        form=form,
        people=people,
        roles=TRUSTED,
        councils=councils,
        needs_code=SECOND_FACTOR_FOR,
    )
    return page, 422 if form.errors else 200


@bp.post("/roles/<int:grant_id>/take-away")
@requires(Permission.OPERATE)
def take_role_away(grant_id: int) -> ResponseReturnValue:
    with transaction() as session:
        services.take_role_away(session, grant_id=grant_id, by=me(), now=datetime.now(UTC))
    flash("That role is taken away.")
    return redirect(url_for(".roles"))


@bp.post("/roles/<int:grant_id>/forget-phone")
@requires(Permission.OPERATE)
def forget_phone(grant_id: int) -> ResponseReturnValue:
    with transaction() as session:
        second_factor.forget_phone(session, grant_id=grant_id, by=me(), now=datetime.now(UTC))
    flash("That phone is forgotten. We have written to them: they set up another when they sign in next.")
    return redirect(url_for(".roles"))
