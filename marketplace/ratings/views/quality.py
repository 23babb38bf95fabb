"""Quality checks by peers, as everybody reads them, and the provider's answer beside them."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import ProviderId
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.ratings.forms.quality import AnswerForm
from marketplace.ratings.queries import quality as queries
from marketplace.ratings.queries.quality import ShownCheck
from marketplace.ratings.rules.nouns import QualityCheckId
from marketplace.ratings.services import quality as services
from marketplace.ratings.services.naming import TellsWhoError
from marketplace.ratings.views.blueprint import bp


@bp.get("/quality-checks")
@public
def quality_checks() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = queries.quality_checks(db.session, now=datetime.now(UTC), page=number)
    return render_template("ratings/quality_checks.html", page=page, provider=None)


@bp.get("/quality-checks/of/<uuid:provider_id>")
@public
def quality_checks_of(provider_id: UUID) -> ResponseReturnValue:
    provider = queries.checked_provider(db.session, provider_id=ProviderId(provider_id)) or abort(404)
    number = page_number(request.args.get("page"))
    page = queries.quality_checks(db.session, provider_id=provider.id, now=datetime.now(UTC), page=number)
    return render_template("ratings/quality_checks.html", page=page, provider=provider)


@bp.get("/quality-checks/about")
@public
def about_quality_checks() -> ResponseReturnValue:
    return render_template("ratings/about_quality_checks.html")


@bp.get("/quality-checks/<uuid:check_id>")
@public
def quality_check(check_id: UUID) -> ResponseReturnValue:
    return render_template("ratings/quality_check.html", it=shown_check(check_id))


@bp.route("/quality-checks/<uuid:check_id>/answer", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(MAIL, exempt_when=only_looks)
def answer_quality_check(check_id: UUID) -> ResponseReturnValue:
    it = shown_check(check_id)
    if not it.may_answer:
        abort(404)
    form = AnswerForm(words=it.answer)
    asks_if_sure = bool(form.is_sure.data)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.answer_check(
                    session, check_id=it.id, words=form.words.data or "", is_sure=bool(form.is_sure.data), by=viewer(),
                    link=quality_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            asks_if_sure = asks_if_sure or isinstance(error, TellsWhoError)
            show_refusal(form, error)
        else:
            flash("Your answer is shown with the report now. You can change it at any time.")
            return redirect(url_for(".quality_check", check_id=it.id))
    page = render_template("ratings/answer_quality_check.html", it=it, form=form, asks_if_sure=asks_if_sure)
    return page, 422 if form.errors else 200


def shown_check(check_id: UUID) -> ShownCheck:
    """Return a check that the viewer may see, or say that there is none."""
    found = queries.quality_check_page(
        db.session, check_id=QualityCheckId(check_id), viewer=viewer(), now=datetime.now(UTC)
    )
    return found or abort(404)


def quality_address(check_id: QualityCheckId) -> str:
    """Return the whole address of a check's page, as letters give it."""
    return page_address("ratings.quality_check", {"check_id": check_id})
