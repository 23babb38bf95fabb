"""Pages about one's own briefs, and those of people one helps: the list, one brief, and its short pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.accounts.rules import PersonId
from marketplace.brokerage.forms.briefs import AnswerForm, OpenForm, WithdrawForm
from marketplace.brokerage.queries import brief_list
from marketplace.brokerage.queries import briefs as queries
from marketplace.brokerage.queries.guessing import brief_check, guesses_in_answer
from marketplace.brokerage.queries.reported_briefs import hold_reason
from marketplace.brokerage.queries.signposts import free_help_at
from marketplace.brokerage.rules.briefs import Page
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, LineId, QuestionId
from marketplace.brokerage.rules.signposts import Hesitation
from marketplace.brokerage.services import asking, briefing, ending_briefs
from marketplace.brokerage.views.blueprint import bp
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy

_View = Callable[..., ResponseReturnValue]
_HESITATES = frozenset({BriefStatus.WITHDRAWN, BriefStatus.NONE_CHOSEN})
_PAGES = {
    Page.WHAT: "What you are looking for",
    Page.NEEDS: "What must be met",
    Page.MATTERS: "What you will choose by",
    Page.MONEY: "The money",
    Page.WHERE: "Roughly where",
    Page.WHEN: "How much and when",
}


def brief_of(brief_id: UUID) -> queries.BriefSeen:
    """Return a brief that the viewer may see, or say that there is none."""
    return queries.brief_seen(db.session, brief_id=BriefId(brief_id), viewer=viewer(), on=today()) or abort(404)


def gives_words_back(**asked: str) -> Callable[[_View], _View]:
    """
    Give back what was typed in these fields, by what each is called, if its writer cannot write there any more.

    A name that ends in a line (`because_`) is that of every field that begins so.
    """

    def wrapped(view: _View) -> _View:
        @wraps(view)
        def shown(**route: UUID) -> ResponseReturnValue:
            try:
                return view(**route)
            except (NotFound, NotFoundError):
                typed = [
                    (words, said)
                    for name, words in asked.items()
                    for field in request.form
                    if (field == name or (name.endswith("_") and field.startswith(name)))
                    and (said := request.form[field].strip())
                ]
                if not typed:
                    raise
                return render_template("brokerage/brief_given_back.html", typed=typed), 404

        return shown

    return wrapped


def today() -> date:
    """Return which day it is in England."""
    return day_of(datetime.now(UTC))


@bp.get("/briefs")
@signed_in
def briefs() -> ResponseReturnValue:
    lines = brief_list.my_briefs(db.session, viewer=viewer(), on=today())
    helped = brief_list.people_to_ask_for(db.session, viewer=viewer(), on=today())
    return render_template("brokerage/briefs.html", briefs=lines, helped=helped)


@bp.post("/briefs/begin")
@signed_in
def begin_brief() -> ResponseReturnValue:
    with transaction() as session:
        brief_id = briefing.begin_brief(
            session,
            person_id=PersonId(_uuid("person_id") or me()),
            by=me(),
            line_id=LineId(line_id) if (line_id := _uuid("line_id")) else None,
            now=datetime.now(UTC),
        )
    return redirect(url_for(".brief", brief_id=brief_id))


def _uuid(name: str) -> UUID | None:
    typed = request.form.get(name, "")
    try:
        return UUID(typed) if typed else None
    except ValueError:
        abort(404)


@bp.get("/briefs/<uuid:brief_id>")
@signed_in
def brief(brief_id: UUID) -> ResponseReturnValue:
    page = brief_of(brief_id)
    if page.status is BriefStatus.DRAFT:
        check = brief_check(db.session, brief_id=page.id, viewer=viewer(), on=today())
        return render_template("brokerage/brief_draft.html", page=page, check=check, pages=_PAGES)
    helps = None
    if page.status in _HESITATES and page.is_mine:
        at = Hesitation.NONE_CHOSEN if page.status is BriefStatus.NONE_CHOSEN else Hesitation.BRIEF_WITHDRAWN
        helps = free_help_at(db.session, at=at, council=viewer().council)
    return render_template(
        "brokerage/brief.html",
        page=page,
        now=datetime.now(UTC),
        helps=helps,
        hold_reason=hold_reason(db.session, brief_id=page.id) if page.held_at else "",
    )


@bp.route("/briefs/<uuid:brief_id>/check", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def check_brief(brief_id: UUID) -> ResponseReturnValue:
    form = OpenForm()
    page = brief_check(db.session, brief_id=BriefId(brief_id), viewer=viewer(), on=today()) or abort(404)
    form.kept.choices = [
        (guess.key, worded("Keep “{text}”", text=guess.text) if not guess.parts else "Keep them")
        for guess in page.may_stay
    ]
    if form.validate_on_submit():
        try:
            with transaction() as session:
                briefing.open_brief(
                    session, brief_id=BriefId(brief_id), by=me(), kept=form.kept.data or (), now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your brief is open for quotes. Providers hear of it within a day.")
            return redirect(url_for(".brief", brief_id=brief_id))
    if page.brief.status is not BriefStatus.DRAFT:
        return redirect(url_for(".brief", brief_id=brief_id))
    return render_template("brokerage/brief_check.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/briefs/<uuid:brief_id>/withdraw", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def withdraw_brief(brief_id: UUID) -> ResponseReturnValue:
    page, form = _to_write(brief_id), WithdrawForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                ending_briefs.withdraw_brief(
                    session, brief_id=page.id, by=me(), why=tidy(form.why.data), now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your brief is taken back. You owe nobody anything.")
            return redirect(url_for(".brief", brief_id=brief_id))
    return render_template("brokerage/brief_withdraw.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/briefs/<uuid:brief_id>/copy")
@signed_in
def copy_brief(brief_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        copied = briefing.copy_brief(session, brief_id=BriefId(brief_id), by=me(), now=datetime.now(UTC))
    flash("This is a new brief with what the other one said. Change what you like, then open it.")
    return redirect(url_for(".brief", brief_id=copied))


@bp.route("/briefs/<uuid:brief_id>/questions/<uuid:question_id>", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
@gives_words_back(answer="Your answer")
def answer_question(brief_id: UUID, question_id: UUID) -> ResponseReturnValue:
    page, form = _to_write(brief_id), AnswerForm()
    question = next((one for one in page.wanted.questions if one.id == question_id), None) or abort(404)
    found = guesses_in_answer(db.session, brief=page, answer=tidy(form.answer.data)) if form.answer.data else ()
    form.kept.choices = [(guess.key, worded("Keep “{text}”", text=guess.text)) for guess in found if guess.may_keep]
    if form.validate_on_submit():
        try:
            with transaction() as session:
                asking.answer_question(
                    session,
                    question_id=QuestionId(question_id),
                    by=me(),
                    answer=tidy(form.answer.data),
                    kept=form.kept.data or (),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Sent. Every provider can read your answer.")
            return redirect(url_for(".brief", brief_id=brief_id))
    return render_template(
        "brokerage/brief_answer.html", page=page, question=question, form=form, found=found
    ), 422 if form.errors else 200


def _to_write(brief_id: UUID) -> queries.BriefSeen:
    page = brief_of(brief_id)
    if not page.may_write:
        abort(404)
    return page
