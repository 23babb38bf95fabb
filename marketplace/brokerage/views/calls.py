"""Briefs as providers see them: the list, one of them, a question about it, and saying that they will not quote."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import OrganisationId, Permission
from marketplace.brokerage.forms.briefs import DeclineForm, QuestionForm
from marketplace.brokerage.queries import briefs as queries
from marketplace.brokerage.queries.calls import calls as calls_for
from marketplace.brokerage.rules.briefs import NO_BID_WORDS
from marketplace.brokerage.rules.nouns import BriefId, NoBid
from marketplace.brokerage.services import asking
from marketplace.brokerage.views.blueprint import bp
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.fields import choices
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy


def _called(brief_id: UUID) -> queries.CalledBrief:
    now = datetime.now(UTC)
    return queries.called_brief(db.session, brief_id=BriefId(brief_id), viewer=viewer(), now=now) or abort(404)


@bp.get("/calls")
@requires(Permission.PROVIDE)
def calls() -> ResponseReturnValue:
    page = calls_for(db.session, viewer=viewer(), now=datetime.now(UTC), page=page_number(request.args.get("page")))
    return render_template("brokerage/calls.html", page=page)


@bp.get("/calls/<uuid:brief_id>")
@requires(Permission.PROVIDE)
def call(brief_id: UUID) -> ResponseReturnValue:
    return render_template("brokerage/call.html", page=_called(brief_id), reasons=NO_BID_WORDS)


@bp.route("/calls/<uuid:brief_id>/ask", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(MAIL, exempt_when=only_looks)
def ask_about_brief(brief_id: UUID) -> ResponseReturnValue:
    page, form = _called(brief_id), QuestionForm()
    form.organisation.choices = _own(page)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                asking.ask_question(
                    session,
                    brief_id=page.id,
                    by=viewer(),
                    organisation_id=_chosen(page, form.organisation.data),
                    words=tidy(form.words.data),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error, beside="words")
        else:
            flash("Asked. We write to you when it is answered. Everybody who may quote reads the answer.")
            return redirect(url_for(".call", brief_id=brief_id))
    return render_template("brokerage/call_ask.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/calls/<uuid:brief_id>/decline", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def decline_brief(brief_id: UUID) -> ResponseReturnValue:
    page, form = _called(brief_id), DeclineForm()
    form.organisation.choices = _own(page)
    form.why_not.choices = choices((reason.value, words) for reason, words in NO_BID_WORDS.items())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                asking.decline_brief(
                    session,
                    brief_id=page.id,
                    by=viewer(),
                    organisation_id=_chosen(page, form.organisation.data),
                    why_not=NoBid(form.why_not.data),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Thank you for saying so. You hear no more of this brief, unless you change your mind.")
            return redirect(url_for(".calls"))
    return render_template("brokerage/call_decline.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/calls/<uuid:brief_id>/think-again")
@requires(Permission.PROVIDE)
def think_again(brief_id: UUID) -> ResponseReturnValue:
    page = _called(brief_id)
    for one in page.calls:
        with transaction() as session:
            asking.think_again(
                session,
                brief_id=page.id,
                by=viewer(),
                organisation_id=one.organisation_id,
                now=datetime.now(UTC),
            )
    flash("You can quote for this brief again.")
    return redirect(url_for(".call", brief_id=brief_id))


def _own(page: queries.CalledBrief) -> list[tuple[str, str]]:
    return [(str(one.organisation_id), one.organisation_name) for one in page.calls]


def _chosen(page: queries.CalledBrief, typed: str | None) -> OrganisationId:
    """Return for which of their organisations it is: most speak for one, and are not asked."""
    mine = {str(one): one for one in page.organisations}
    return mine.get(typed or "", page.organisations[0])
