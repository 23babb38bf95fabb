"""Pages on which providers quote, and see how their own quotes stand."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.forms.quoting import AnswerAskedForm, QuoteForm, WithdrawForm
from marketplace.brokerage.queries import quote_form, quotes_of
from marketplace.brokerage.queries.quote_form import OfferToQuote, QuotePage
from marketplace.brokerage.rules.choosing import kind_words
from marketplace.brokerage.rules.nouns import BriefId, MeetingId, QuoteId
from marketplace.brokerage.services import meeting, quoting
from marketplace.brokerage.services.quoting import BarredError, BriefClosedError, QuoteChangedError, QuoteUnclearError
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue.rules import OfferId
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.limits import QUOTES, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal


def _writes_to_nobody() -> bool:
    return only_looks() or "send" not in request.form


@bp.route("/calls/<uuid:brief_id>/quote", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(QUOTES, exempt_when=_writes_to_nobody)
def quote(brief_id: UUID) -> ResponseReturnValue:
    now = datetime.now(UTC)
    page = _page(BriefId(brief_id), now=now)
    form = QuoteForm()
    form.fit(needs=[need.words for need in page.wanted.needs], offers=page.offers, is_sent=page.is_sent)
    if page.offer is None or page.refused:
        return _refused(page, form, page.refused)
    if only_looks():
        kept = page.quote
        form.show(kept.wrote if kept else page.offer.begins, needs=page.needs, seen=kept.changed_at if kept else None)
        return _show(page, form)
    if form.refill and form.refill.data:
        form.take_price_of(page.offer)
    try:
        return _pressed(page, form, page.offer, now=now)
    except (BarredError, BriefClosedError) as error:
        return _refused(page, form, str(error))
    except QuoteChangedError as error:
        show_refusal(form, error)
        page = _page(BriefId(brief_id), now=now)
        form.saw(page.quote.changed_at if page.quote else None)
        return _show(page, form, theirs=True)


def _pressed(page: QuotePage, form: QuoteForm, offer: OfferToQuote, *, now: datetime) -> ResponseReturnValue:
    """Do what the button says that was pressed. Whatever is refused, everything typed is still there."""
    if form.validate_on_submit():
        try:
            return _done(page, form, offer, now=now)
        except QuoteUnclearError as error:
            for name, problem in error.problems.items():
                show_refusal(form, WrongAnswerError(problem, field=name))
            if form.send.data and not page.is_sent:
                _keep_what_will_do(page, form, offer, now=now)
    return _show(page, form)


def _done(page: QuotePage, form: QuoteForm, offer: OfferToQuote, *, now: datetime) -> ResponseReturnValue:
    if form.send.data:
        return _send(page, form, offer, now=now)
    # What was sent changes only when it is sent again.
    return _show(page, form) if page.is_sent else _keep(page, form, offer, now=now)


def _send(page: QuotePage, form: QuoteForm, offer: OfferToQuote, *, now: datetime) -> ResponseReturnValue:
    with transaction() as session:
        quote_id = quoting.send_quote(
            session,
            brief_id=page.brief_id,
            by=viewer(),
            wanted=form.wanted(offer, needs=page.needs),
            link=brief_address,
            now=now,
            seen=form.seen_at,
        )
    flash("Your change is sent. They will read it as it is now." if page.is_sent else "Your quote is sent.")
    return redirect(url_for(".our_quote", quote_id=quote_id))


def _keep(page: QuotePage, form: QuoteForm, offer: OfferToQuote, *, now: datetime) -> ResponseReturnValue:
    _keep_draft(page, form, offer, now=now)
    if form.later and form.later.data:
        flash("Your quote is kept. Nobody else sees it until you send it.")
        return redirect(url_for(".our_quotes"))
    return redirect(url_for(".quote", brief_id=page.brief_id, offer=offer.id, _anchor="price"))


def _keep_draft(page: QuotePage, form: QuoteForm, offer: OfferToQuote, *, now: datetime) -> None:
    with transaction() as session:
        quoting.keep_draft(
            session,
            brief_id=page.brief_id,
            by=viewer(),
            wanted=form.wanted(offer, needs=page.needs),
            now=now,
            seen=form.seen_at,
        )


def _keep_what_will_do(page: QuotePage, form: QuoteForm, offer: OfferToQuote, *, now: datetime) -> None:
    """Keep as a draft what could not be sent, if it can be kept: a phone may go out at any moment."""
    try:
        _keep_draft(page, form, offer, now=now)
    except DomainError:
        # What is wrong with it is said on the page already, and everything typed is on it.
        return
    form.saw(now)


@bp.get("/quotes")
@requires(Permission.PROVIDE)
def our_quotes() -> ResponseReturnValue:
    page = quotes_of.our_quotes(
        db.session, viewer=viewer(), now=datetime.now(UTC), page=page_number(request.args.get("page"))
    )
    return render_template("brokerage/quoting_list.html", page=page)


@bp.get("/quotes/<uuid:quote_id>")
@requires(Permission.PROVIDE)
def our_quote(quote_id: UUID) -> ResponseReturnValue:
    return _show_ours(QuoteId(quote_id), form=None, answering=None)


@bp.route("/quotes/<uuid:quote_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(QUOTES, exempt_when=only_looks)
def withdraw_quote(quote_id: UUID) -> ResponseReturnValue:
    now = datetime.now(UTC)
    it = quotes_of.our_quote(db.session, quote_id=QuoteId(quote_id), viewer=viewer(), now=now) or abort(404)
    form, is_draft = WithdrawForm(), it.sent_at is None
    if form.validate_on_submit():
        with transaction() as session:
            quoting.withdraw_quote(session, quote_id=it.id, by=viewer(), link=brief_address, now=now)
        flash("That draft is gone." if is_draft else "You have taken that quote back. It counts for nothing any more.")
        return redirect(url_for(".our_quotes"))
    if only_looks() and not it.may_take_back:
        return redirect(url_for(".our_quote", quote_id=quote_id))
    return render_template("brokerage/quoting_withdraw.html", it=it, form=form), 422 if form.errors else 200


@bp.route("/quotes/<uuid:quote_id>/asked/<uuid:meeting_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(QUOTES, exempt_when=only_looks)
def answer_asked(quote_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    form = AnswerAskedForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                meeting.answer_meeting(
                    session,
                    meeting_id=MeetingId(meeting_id),
                    by=viewer(),
                    answer=form.answer.data or "",
                    link=brief_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your answer is sent. We have written to them that it is there.")
            return redirect(url_for(".our_quote", quote_id=quote_id))
    return _show_ours(QuoteId(quote_id), form=form, answering=MeetingId(meeting_id))


def brief_address(brief_id: BriefId) -> str:
    """Return where the person of a brief reads about its quotes."""
    return page_address("brokerage.quotes", {"brief_id": brief_id})


def _page(brief_id: BriefId, *, now: datetime) -> QuotePage:
    wanted = request.values.get("offer", type=UUID)
    found = quote_form.quote_page(
        db.session, brief_id=brief_id, viewer=viewer(), now=now, offer_id=OfferId(wanted) if wanted else None
    )
    return found or abort(404)


def _show(page: QuotePage, form: QuoteForm, *, theirs: bool = False) -> ResponseReturnValue:
    said = render_template(
        "brokerage/quoting_form.html",
        page=page,
        form=form,
        unit_price=form.unit_price,
        total=page.total(form.unit_price),
        theirs=page.quote if theirs else None,
    )
    return said, 422 if form.errors else 200


def _refused(page: QuotePage, form: QuoteForm, why: str) -> ResponseReturnValue:
    """Say why nothing can be quoted, and give back what was typed."""
    typed = [
        (field.label.text, field.data)
        for field in form
        if not only_looks() and field.type in {"TextAreaField", "StringField", "PoundsField"} and field.data
    ]
    said = render_template("brokerage/quoting_refused.html", page=page, why=why, typed=typed)
    return said, 200 if only_looks() else 422


def _show_ours(quote_id: QuoteId, *, form: AnswerAskedForm | None, answering: MeetingId | None) -> ResponseReturnValue:
    it = quotes_of.our_quote(db.session, quote_id=quote_id, viewer=viewer(), now=datetime.now(UTC)) or abort(404)
    asked = next((one for one in it.asked if one.id == answering), None)
    if answering is not None and asked is None:
        abort(404)
    said = render_template(
        "brokerage/quoting_ours.html",
        it=it,
        form=form,
        answering=asked,
        why_not=kind_words(it.why_not, it.why_not_words) if it.why_not else "",
    )
    return said, 422 if form is not None and form.errors else 200
