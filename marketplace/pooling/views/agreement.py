"""What members agree among themselves: reading it, proposing a change, saying yes, and taking it along."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.pooling.forms.agreement import AgreementForm, answers_shown
from marketplace.pooling.gateways.agreement import draw_agreement
from marketplace.pooling.queries import agreement as queries
from marketplace.pooling.queries.agreement import AgreementPage, Version
from marketplace.pooling.rules.agreement import QUESTIONS, as_kept
from marketplace.pooling.rules.nouns import AgreementId, PoolId
from marketplace.pooling.services import agreeing as services
from marketplace.pooling.views.blueprint import bp


@bp.get("/<uuid:pool_id>/agreement")
@signed_in
def agreement(pool_id: UUID) -> ResponseReturnValue:
    return render_template("pooling/space_agreement.html", page=_page(pool_id))


@bp.route("/<uuid:pool_id>/agreement/propose", methods=["GET", "POST"])
@signed_in
def propose_agreement(pool_id: UUID) -> ResponseReturnValue:
    page = _page(pool_id)
    if not page.viewer_decides:
        abort(403)
    form = AgreementForm(**answers_shown(page.latest.answers) if page.latest else {})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.propose_agreement(
                    session, pool_id=page.pool_id, by=me(), answers=form.answers, now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("You have said yes to it. It holds once everybody else has.")
            return redirect(url_for(".agreement", pool_id=pool_id))
    page_drawn = render_template("pooling/space_propose_agreement.html", page=page, form=form, questions=QUESTIONS)
    return page_drawn, 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/agreement/<uuid:agreement_id>/accept")
@signed_in
def accept_agreement(pool_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        holds = services.accept_agreement(
            session, pool_id=PoolId(pool_id), agreement_id=AgreementId(agreement_id), by=me(), now=datetime.now(UTC)
        )
    flash("You have said yes. This agreement holds." if holds else "You have said yes. Others still have to.")
    return redirect(url_for(".agreement", pool_id=pool_id))


@bp.post("/<uuid:pool_id>/agreement/<uuid:agreement_id>/withdraw")
@signed_in
def withdraw_agreement(pool_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.withdraw_agreement(
            session, pool_id=PoolId(pool_id), agreement_id=AgreementId(agreement_id), by=me(), now=datetime.now(UTC)
        )
    flash("This version is off the table. What held before holds on.")
    return redirect(url_for(".agreement", pool_id=pool_id))


@bp.get("/<uuid:pool_id>/agreement.pdf")
@signed_in
def agreement_pdf(pool_id: UUID) -> ResponseReturnValue:
    page = _page(pool_id)
    version = _to_take_along(page)
    paper = draw_agreement(
        title=page.pool_title,
        version=version.number,
        since=version.in_force_at,
        sentences=version.sentences,
        accepted=version.accepted,
    )
    response = Response(paper, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="agreement-{version.number}.pdf"'
    return response


@bp.get("/<uuid:pool_id>/agreement.json")
@signed_in
def agreement_json(pool_id: UUID) -> ResponseReturnValue:
    """Give the agreement as data. It names nobody: who said yes is the members' own business."""
    page = _page(pool_id)
    version = _to_take_along(page)
    response = jsonify(
        pool=page.pool_title,
        version=version.number,
        in_force_since=version.in_force_at.isoformat() if version.in_force_at else None,
        accepted_by=len(version.accepted),
        answers=as_kept(version.answers),
        reads=[{"heading": heading, "words": words} for heading, words in version.sentences],
    )
    response.headers["Content-Disposition"] = f'attachment; filename="agreement-{version.number}.json"'
    return response


def _page(pool_id: UUID) -> AgreementPage:
    return queries.agreement_page(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)


def _to_take_along(page: AgreementPage) -> Version:
    return page.in_force or page.proposed or abort(404)
