"""Deciding together: the questions of a pool, by consent or by secret ballot."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.pooling.forms.deciding import AskForm, PaperForm, VoiceForm
from marketplace.pooling.queries import deciding as queries
from marketplace.pooling.queries.deciding import ProposalPage
from marketplace.pooling.rules.deciding import printed_mark
from marketplace.pooling.rules.nouns import PoolId, ProposalId, ProposalWay, Voice
from marketplace.pooling.services import deciding as services
from marketplace.pooling.views.blueprint import bp

_MARK = "ballot_mark"
"""Where a browser keeps the mark of the paper it has just sent, until it has been shown once."""


@bp.get("/<uuid:pool_id>/proposals")
@signed_in
def proposals(pool_id: UUID) -> ResponseReturnValue:
    page = queries.proposals_of(
        db.session,
        pool_id=PoolId(pool_id),
        viewer=viewer(),
        now=datetime.now(UTC),
        page=page_number(request.args.get("page")),
    )
    return render_template("pooling/space_proposals.html", page=page or abort(404))


@bp.route("/<uuid:pool_id>/proposals/ask", methods=["GET", "POST"])
@signed_in
def ask(pool_id: UUID) -> ResponseReturnValue:
    wanted, now = PoolId(pool_id), datetime.now(UTC)
    page = queries.proposals_of(db.session, pool_id=wanted, viewer=viewer(), now=now) or abort(404)
    form = AskForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                proposal_id = services.ask_members(session, pool_id=wanted, by=me(), asked=form.wanted, now=now)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Everybody in the pool can answer now. You can too.")
            return redirect(url_for(".proposal", pool_id=pool_id, proposal_id=proposal_id))
    return render_template("pooling/space_ask.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/<uuid:pool_id>/proposals/<uuid:proposal_id>", methods=["GET", "POST"])
@signed_in
def proposal(pool_id: UUID, proposal_id: UUID) -> ResponseReturnValue:
    page = _page(pool_id, proposal_id)
    return _ballot(page) if page.line.way is ProposalWay.BALLOT else _consent(page)


@bp.get("/<uuid:pool_id>/proposals/<uuid:proposal_id>/voted")
@signed_in
def voted(pool_id: UUID, proposal_id: UUID) -> ResponseReturnValue:
    """Show the mark of a paper, once: nobody could say later whose it is, and neither can we."""
    page = _page(pool_id, proposal_id)
    if not page.line.viewer_has_answered or page.line.way is not ProposalWay.BALLOT:
        return redirect(url_for(".proposal", pool_id=pool_id, proposal_id=proposal_id))
    of, _, mark = browser.pop(_MARK, "").partition(":")
    return render_template(
        "pooling/space_voted.html", page=page, paper_mark=printed_mark(mark) if of == str(proposal_id) else ""
    )


def _page(pool_id: UUID, proposal_id: UUID) -> ProposalPage:
    found = queries.proposal_page(
        db.session,
        pool_id=PoolId(pool_id),
        proposal_id=ProposalId(proposal_id),
        viewer=viewer(),
        now=datetime.now(UTC),
    )
    return found or abort(404)


def _consent(page: ProposalPage) -> ResponseReturnValue:
    mine = page.mine
    form = VoiceForm(voice=mine.voice if mine else None, words=mine.words if mine else "")
    if form.validate_on_submit():
        try:
            with transaction() as session:
                settled = services.speak(
                    session,
                    pool_id=page.pool_id,
                    proposal_id=page.line.id,
                    by=me(),
                    voice=Voice(form.voice.data),
                    words=form.words.data or "",
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Everybody has spoken, so this is closed." if settled else "The others can read what you say.")
            return redirect(url_for(".proposal", pool_id=page.pool_id, proposal_id=page.line.id))
    return render_template("pooling/space_proposal.html", page=page, form=form), 422 if form.errors else 200


def _ballot(page: ProposalPage) -> ResponseReturnValue:
    form = PaperForm()
    form.choose_from(page.options)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                mark = services.vote(
                    session,
                    pool_id=page.pool_id,
                    proposal_id=page.line.id,
                    by=me(),
                    option=int(form.option.data),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            browser[_MARK] = f"{page.line.id}:{mark}"
            return redirect(url_for(".voted", pool_id=page.pool_id, proposal_id=page.line.id))
    return render_template("pooling/space_ballot.html", page=page, form=form), 422 if form.errors else 200
