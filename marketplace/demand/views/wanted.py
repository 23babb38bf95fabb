"""What we would buy if it existed: the wall for whoever could offer it, and letters when something new is wanted."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import OrganisationId, Permission
from marketplace.catalogue import queries as catalogue
from marketplace.demand.forms.alerts import AlertForm, StopForm
from marketplace.demand.queries import alerts as queries
from marketplace.demand.queries.signals import newest_signals
from marketplace.demand.queries.wanted import pools_without_provider, wall_of
from marketplace.demand.rules.alerts import ANY, AlertKey
from marketplace.demand.rules.nouns import SignalKind
from marketplace.demand.services import alerting as services
from marketplace.demand.services.alerting import LetterWords
from marketplace.demand.views.blueprint import bp
from marketplace.demand.views.signals import council_asked_for, signal_address
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.keys import signing_keys
from marketplace.kit.places import CouncilCode, UnknownPlaceError
from marketplace.kit.refusals import show_refusal

_POSTS_SHOWN = 6


@bp.get("/wanted")
@public
def wanted() -> ResponseReturnValue:
    near, council, problem = council_asked_for()
    if not near and (own := viewer().council):
        council = gazetteer().council(own)
    posted = newest_signals(db.session, councils=(council.code,) if council else ())
    return render_template(
        "demand/wanted.html",
        near=near,
        council=council,
        problem=problem,
        wall=wall_of(db.session, council=council.code if council else None),
        posted=[card for card in posted if card.kind is not SignalKind.ANSWER][:_POSTS_SHOWN],
        names={card.council: gazetteer().council(card.council).name for card in posted},
        pools=pools_without_provider(db.session, council=council.code if council else None),
    ), 422 if problem else 200


@bp.route("/wanted/alerts", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def alerts() -> ResponseReturnValue:
    organisations = queries.own_organisations(db.session, viewer=viewer())
    categories = [(shelf.slug, shelf.name) for shelf in catalogue.categories(db.session)]
    form = AlertForm(data={"near": request.args.get("near", ""), "category": request.args.get("category", ANY)})
    form.choose_from(organisations=organisations, categories=categories)
    if form.validate_on_submit():
        try:
            council = gazetteer().find(form.near.data or "").council
            with transaction() as session:
                services.ask_to_be_told(
                    session,
                    key=AlertKey(OrganisationId(UUID(form.organisation.data)), council, form.category.data),
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except UnknownPlaceError as error:
            show_refusal(form, error, beside="near")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We write when something new is wanted there. No news, no letter.")
            return redirect(url_for(".alerts"))
    lines = [
        (line, gazetteer().council(line.key.council).name, token_of(line.key))
        for line in queries.own_alerts(db.session, viewer=viewer())
    ]
    page = render_template("demand/alerts.html", form=form, lines=lines, has_several=len(organisations) > 1)
    return page, 422 if form.errors else 200


@bp.route("/wanted/stop/<token>", methods=["GET", "POST"])
@public
def stop_alert(token: str) -> ResponseReturnValue:
    """End an alert with one press, from a letter: whoever holds it need not sign in."""
    key = _key_in(token) or abort(404)
    form = StopForm()
    if form.validate_on_submit():
        with transaction() as session:
            services.stop_telling(session, key=key, by=None)
        flash("Stopped. You hear no more of this.")
        return redirect(url_for(".alerts") if viewer().speaks_for(key.organisation_id) else url_for(".wanted"))
    shelves: dict[str, str] = {shelf.slug: shelf.name for shelf in catalogue.categories(db.session)}
    page = render_template(
        "demand/alert_stop.html",
        form=form,
        council=gazetteer().council(key.council),
        category=shelves.get(key.category),
    )
    return page, 422 if form.errors else 200


def letter_words() -> LetterWords:
    """Return what the letters about what is wanted need to know. For the job."""
    return LetterWords(
        council=lambda code: gazetteer().council(code).name,
        signal=signal_address,
        stop=lambda key: page_address("demand.stop_alert", {"token": token_of(key)}),
        wall=page_address("demand.wanted"),
    )


def token_of(key: AlertKey) -> str:
    """Return an alert, signed, as it stands in an address."""
    return str(_signer().dumps([key.organisation_id.hex, key.council, key.category]))


def _key_in(token: str) -> AlertKey | None:
    try:
        organisation_id, council, category = _signer().loads(token)
        return AlertKey(OrganisationId(UUID(organisation_id)), CouncilCode(council), category)
    except (BadData, ValueError, TypeError):
        return None


def _signer() -> URLSafeSerializer:
    # The salt says what it is for: what was signed for anything else is no link of ours.
    return URLSafeSerializer(signing_keys(), salt="demand: tell us what is wanted")
