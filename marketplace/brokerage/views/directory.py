"""Pages about who can be asked for help to plan, and asking one of them."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import OrganisationId, Permission, Scope
from marketplace.brokerage.forms.helping import PAYERS, AskForHelpForm
from marketplace.brokerage.queries import directory as queries
from marketplace.brokerage.queries import independence
from marketplace.brokerage.queries.directory import Wanted
from marketplace.brokerage.rules.helping import USUAL_CONSENT
from marketplace.brokerage.rules.independence import PLANNING
from marketplace.brokerage.rules.nouns import RequestId
from marketplace.brokerage.services import requests as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue.queries.evidence import evidence_of
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.views.shown import card_shown, council_name, today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line
from marketplace.ratings.queries.scores import summaries_for

_ASKED = ("q", "language", "near", "user_led", "independent")


@bp.get("/help/directory")
@public
def directory() -> ResponseReturnValue:
    asked = request.args
    looking, number = viewer(), page_number(asked.get("page"))
    wanted = Wanted(
        words=tidy_line(asked.get("q"))[:100],
        language=tidy_line(asked.get("language"))[:40],
        council=looking.council if asked.get("near") else None,
        is_user_led=bool(asked.get("user_led")),
        sells_nothing_else=bool(asked.get("independent")),
    )
    found = queries.directory(db.session, wanted=wanted, viewer=looking, on=today(), page=number)
    if number > found.slice.pages:
        abort(404)
    kept = [name for name in _ASKED if asked.get(name)]
    ratings = summaries_for(db.session, offer_ids=[card.id for one in found.found for card in one.offers])
    return render_template(
        "brokerage/help_directory.html",
        page=found,
        wanted=wanted,
        my_council=council_name(looking.council),
        areas=[council_name(one.council) for one in found.found],
        cards=[[card_shown(card, rating=ratings[card.id]) for card in one.offers] for one in found.found],
        pages=f"{url_for('.directory')}?{urlencode([(name, asked[name]) for name in kept] + [('page', '')])}",
    )


@bp.get("/help/directory/<uuid:organisation_id>")
@public
def directory_entry(organisation_id: UUID) -> ResponseReturnValue:
    wanted, on = OrganisationId(organisation_id), today()
    found = queries.found_organisation(db.session, organisation_id=wanted, on=on) or abort(404)
    ratings = summaries_for(db.session, offer_ids=[card.id for card in found.offers])
    return render_template(
        "brokerage/help_organisation.html",
        found=found,
        area=council_name(found.council),
        cards=[card_shown(card, rating=ratings[card.id]) for card in found.offers],
        evidence=evidence_of(db.session, provider_ids=[found.provider_id], on=on).get(found.provider_id, ()),
        editions=independence.editions_of(db.session, organisation_id=wanted, on=on),
        payers=PAYERS,
        is_own=viewer().speaks_for(wanted),
        planning=PLANNING,
        is_asked=queries.is_asked_by(db.session, organisation_id=wanted, viewer=viewer()),
    )


@bp.route("/help/directory/<uuid:organisation_id>/ask", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def ask_for_help(organisation_id: UUID) -> ResponseReturnValue:
    wanted = OrganisationId(organisation_id)
    found = queries.found_organisation(db.session, organisation_id=wanted, on=today()) or abort(404)
    form = AskForHelpForm(ends_on=today() + USUAL_CONSENT, scopes=[Scope.SEE_PLAN.value, Scope.WRITE_PLAN.value])
    if form.validate_on_submit() and form.ends_on.data:
        try:
            with transaction() as session:
                services.ask_for_help(
                    session,
                    organisation_id=wanted,
                    offer_id=_offer(),
                    words=form.words.data or "",
                    scopes={Scope(scope) for scope in form.scopes.data or ()},
                    ends_on=form.ends_on.data,
                    by=viewer(),
                    address=_answer_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(worded("We have written to {name}. They see more only if they say yes.", name=found.name))
            return redirect(url_for(".help_requests"))
    return render_template("brokerage/help_ask.html", form=form, found=found), 422 if form.errors else 200


def _offer() -> OfferId | None:
    """Return the offer through which somebody came, if the address names one."""
    try:
        return OfferId(UUID(request.args.get("offer", "")))
    except ValueError:
        return None


def _answer_address(request_id: RequestId) -> str:
    return page_address("brokerage.answer_request", {"request_id": request_id})
