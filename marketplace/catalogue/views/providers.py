"""The page of a provider, and how somebody becomes one."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries, services
from marketplace.catalogue.forms.founding import ProviderForm
from marketplace.catalogue.rules import ProviderId, ProviderKind, Trade
from marketplace.catalogue.services import ProviderDetails, WrongDetailError
from marketplace.catalogue.views import told
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import card_shown, today
from marketplace.kit.db import db, transaction
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.pages import page_number
from marketplace.kit.places import UnknownPlaceError
from marketplace.kit.refusals import show_refusal
from marketplace.ratings import queries as ratings
from marketplace.ratings.queries.quality import latest_quality_checks


@bp.get("/providers/<uuid:provider_id>")
@public
def provider(provider_id: UUID) -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = queries.provider_page(
        db.session, provider_id=ProviderId(provider_id), viewer=viewer(), on=today(), page=number
    ) or abort(404)
    if number > page.slice.pages:
        abort(404)
    summaries = ratings.summaries_for(db.session, offer_ids=[card.id for card in page.cards])
    return render_template(
        "catalogue/provider.html",
        page=page,
        facts=told.provider_rows(page),
        evidence=queries.evidence_of(db.session, provider_ids=[page.provider.id], on=today()).get(page.provider.id, ()),
        quality=latest_quality_checks(db.session, provider_id=page.provider.id, now=datetime.now(UTC)),
        quality_provider=page.provider.id,
        cards=[card_shown(card, rating=summaries.get(card.id)) for card in page.cards],
    )


@bp.route("/providers/new", methods=["GET", "POST"])
@requires(Permission.BUY)
def found_provider() -> ResponseReturnValue:
    form = ProviderForm()
    if form.validate_on_submit():
        try:
            details = _details(form)
            with transaction() as session:
                founded = services.found_provider(
                    session,
                    kind=ProviderKind(form.kind.data),
                    details=details,
                    most_staff=_most_staff(),
                    key=ProviderId(form.key.key),
                    by=me(),
                    now=datetime.now(UTC),
                )
        except WrongDetailError as error:
            show_refusal(form, error)
        else:
            flash("Saved. Now list the first thing you offer.")
            return redirect(url_for("catalogue.new", provider=founded))
    return render_template("catalogue/found_provider.html", form=form), 422 if form.errors else 200


@bp.route("/providers/<uuid:provider_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def edit_provider(provider_id: UUID) -> ResponseReturnValue:
    mine = queries.my_providers(db.session, viewer=viewer())
    own = next((one for one in mine if one.id == provider_id), None) or abort(404)
    form = ProviderForm(obj=own, place=own.postcode)
    del form.kind  # What a provider is does not change: it would be another provider.
    if form.validate_on_submit():
        try:
            details = _details(form)
            with transaction() as session:
                services.edit_provider(
                    session,
                    provider_id=own.id,
                    details=details,
                    most_staff=_most_staff(),
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except WrongDetailError as error:
            show_refusal(form, error)
        else:
            flash("Saved.")
            return redirect(url_for("catalogue.mine"))
    page = render_template("catalogue/edit_provider.html", form=form, provider=own)
    return page, 422 if form.errors else 200


def _most_staff() -> Decimal:
    return Decimal(str(current_app.config["MICRO_PROVIDER_MOST_STAFF"]))


def _details(form: ProviderForm) -> ProviderDetails:
    try:
        place = gazetteer().find(form.place.data or "")
    except UnknownPlaceError as error:
        raise WrongDetailError(str(error), field="place") from error
    return ProviderDetails(
        name=form.name.data or "",
        about=form.about.data or "",
        place=place,
        website=form.website.data,
        staff_fte=form.staff_fte.data,
        is_independent=bool(form.is_independent.data),
        board_share=form.board_share.data,
        board_share_source=form.board_share_source.data or "",
        board_share_on=form.board_share_on.data,
        trade=Trade(form.trade.data) if form.trade.data in set(Trade) else None,
    )
