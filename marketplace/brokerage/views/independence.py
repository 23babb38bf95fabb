"""Pages about who pays those who help people plan, and what else they sell: for everyone to read."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import OrganisationId, Permission
from marketplace.brokerage.forms.helping import PAYERS, IndependenceForm
from marketplace.brokerage.queries import independence as queries
from marketplace.brokerage.rules.nouns import Payer
from marketplace.brokerage.services import independence as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue.views.shown import today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import WHOLE_CATALOGUE, limiter
from marketplace.kit.pages import as_csv, page_number
from marketplace.kit.refusals import show_refusal

_COLUMNS = (
    "organisation",
    "kind",
    "has_said",
    "said_on",
    "older_than_a_year",
    "who_pays",
    "who_exactly",
    "also_sells_in_their_words",
    "tied_to",
    "sells_here",
    "page",
)


@bp.get("/help/independence")
@public
def independence() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = queries.register(db.session, on=today(), page=number)
    if number > page.slice.pages:
        abort(404)
    return render_template("brokerage/help_independence.html", page=page, payers=PAYERS)


@bp.get("/help/independence.csv")
@public
@limiter.limit(WHOLE_CATALOGUE)
def independence_csv() -> ResponseReturnValue:
    rows = (_row(line) for line in queries.whole_register(db.session, on=today()))
    response = Response(as_csv(_COLUMNS, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="independence-register.csv"'
    return response


@bp.route("/help/independence/<uuid:organisation_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def declare_independence(organisation_id: UUID) -> ResponseReturnValue:
    wanted = OrganisationId(organisation_id)
    own = queries.own_declaration(db.session, organisation_id=wanted, viewer=viewer(), on=today()) or abort(404)
    form = IndependenceForm(obj=own.declaration)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.declare_independence(
                    session,
                    organisation_id=wanted,
                    payers={Payer(payer) for payer in form.payers.data or ()},
                    who_pays=form.who_pays.data or "",
                    also_sells=form.also_sells.data or "",
                    ties=form.ties.data or "",
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Thank you. Everybody can read it now, with today’s date.")
            return redirect(url_for(".independence"))
    return render_template("brokerage/help_declare.html", form=form, own=own), 422 if form.errors else 200


def _row(line: queries.RegisterLine) -> tuple[object, ...]:
    said = line.declaration
    return (
        line.name,
        line.kind.words,
        "yes" if said else "no",
        said.declared_on.isoformat() if said else "",
        ("yes" if said.is_stale else "no") if said else "",
        "; ".join(PAYERS[payer] for payer in said.payers) if said else "",
        said.who_pays if said else "",
        said.also_sells if said else "",
        said.ties if said else "",
        "; ".join(f"{it.name} ({it.offers})" for it in line.sells),
        page_address("catalogue.provider", {"provider_id": line.provider_id}),
    )
