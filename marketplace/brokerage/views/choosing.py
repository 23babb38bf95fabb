"""Pages on which quotes stand beside each other, are scored, and their providers asked. Choosing is in `awarding`."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.choosing import HowItWasForm, MeetingForm, score_form, show_points
from marketplace.brokerage.queries.choosing import choosing
from marketplace.brokerage.queries.quotes_seen import Choosing, QuoteSeen
from marketplace.brokerage.queries.signposts import free_help_at
from marketplace.brokerage.rules.choosing import MEETING_ASKED
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, MeetingId, MeetingKind, QuoteId, QuoteStatus
from marketplace.brokerage.rules.scoring import COST_RULE, POINTS_SAID
from marketplace.brokerage.rules.signposts import Hesitation
from marketplace.brokerage.services import meeting, scoring
from marketplace.brokerage.services.scoring import PointsUnclearError
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.briefs import gives_words_back
from marketplace.catalogue.views.shown import rating_shown
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.ratings.queries import summaries_for


def quote_address(quote_id: QuoteId) -> str:
    """Return the address at which its provider reads a quote."""
    return page_address("brokerage.our_quote", {"quote_id": quote_id})


def page_of(brief_id: UUID) -> Choosing:
    """Return a brief with its quotes, to those who choose. To anybody else there is no such page."""
    return choosing(db.session, brief_id=BriefId(brief_id), viewer=viewer(), now=datetime.now(UTC)) or abort(404)


def ratings_of(page: Choosing) -> dict[QuoteId, dict[str, object]]:
    """Return how the offers behind some quotes are rated, as the component takes it."""
    summaries = summaries_for(db.session, offer_ids=[quote.offer_id for quote in page.quotes])
    return {quote.id: rating_shown(summaries.get(quote.offer_id)) for quote in page.quotes}


@bp.get("/briefs/<uuid:brief_id>/quotes")
@signed_in
def quotes(brief_id: UUID) -> ResponseReturnValue:
    page = page_of(brief_id)
    is_bare = page.status is BriefStatus.NONE_CHOSEN or (page.is_ready and not page.standing)
    council = viewer().council
    return render_template(
        "brokerage/choosing_quotes.html",
        page=page,
        ratings=ratings_of(page),
        cost_rule=COST_RULE,
        points_said=POINTS_SAID,
        free_help=free_help_at(db.session, at=Hesitation.NONE_CHOSEN, council=council) if is_bare else None,
    )


@bp.get("/briefs/<uuid:brief_id>/quotes/<uuid:quote_id>")
@signed_in
def quote_seen(brief_id: UUID, quote_id: UUID) -> ResponseReturnValue:
    page, quote = _both(brief_id, quote_id)
    return render_template(
        "brokerage/choosing_quote.html",
        page=page,
        quote=quote,
        rating=ratings_of(page)[quote.id],
        asked=MEETING_ASKED,
        points_said=POINTS_SAID,
    )


@bp.route("/briefs/<uuid:brief_id>/quotes/<uuid:quote_id>/score", methods=["GET", "POST"])
@signed_in
@gives_words_back(because_="Why you gave these points")
def score(brief_id: UUID, quote_id: UUID) -> ResponseReturnValue:
    page, quote = _both(brief_id, quote_id)
    form = score_form([(one.id, one.words) for one in page.scored])
    if form.validate_on_submit():
        try:
            with transaction() as session:
                scoring.score_quote(
                    session, brief_id=page.brief_id, quote_id=quote.id, by=me(),
                    given=form.given(one.id for one in page.scored), now=datetime.now(UTC),
                )  # fmt: skip
        except PointsUnclearError as error:
            for name, problem in error.problems.items():
                show_refusal(form, WrongAnswerError(problem, field=name))
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(worded("Your points for {provider} are kept.", provider=quote.provider_name))
            return redirect(_after_scoring(page, quote))
    elif not form.is_submitted():
        show_points(form, {it: (one.points, one.because) for it, one in quote.mine.items()})
    return render_template(
        "brokerage/choosing_score.html", page=page, quote=quote, form=form, cost_rule=COST_RULE
    ), 422 if form.errors else 200


@bp.post("/briefs/<uuid:brief_id>/quotes/finish")
@signed_in
def finish_scoring(brief_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        scoring.finish_scoring(session, brief_id=BriefId(brief_id), by=me(), now=datetime.now(UTC))
    flash("You have finished. Once everybody has, you all see what each gave.")
    return redirect(url_for(".quotes", brief_id=brief_id, _anchor="scores"))


@bp.post("/briefs/<uuid:brief_id>/quotes/score-again")
@signed_in
def score_again(brief_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        scoring.score_again(session, brief_id=BriefId(brief_id), by=me(), now=datetime.now(UTC))
    return redirect(url_for(".quotes", brief_id=brief_id, _anchor="scores"))


@bp.post("/briefs/<uuid:brief_id>/quotes/go-on")
@signed_in
def go_on_without(brief_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        scoring.go_on_without(session, brief_id=BriefId(brief_id), by=me(), now=datetime.now(UTC))
    flash("You wait for nobody else now. What everybody gave is shown.")
    return redirect(url_for(".quotes", brief_id=brief_id, _anchor="scores"))


@bp.route("/briefs/<uuid:brief_id>/quotes/<uuid:quote_id>/agree", methods=["GET", "POST"])
@signed_in
def agree(brief_id: UUID, quote_id: UUID) -> ResponseReturnValue:
    page, quote = _both(brief_id, quote_id)
    form = score_form([(one.id, one.words) for one in page.scored], with_because=False)
    if form.validate_on_submit():
        given = form.given(one.id for one in page.scored)
        try:
            with transaction() as session:
                scoring.agree_on_scores(
                    session, brief_id=page.brief_id, quote_id=quote.id, by=me(),
                    points={it: one.points for it, one in given.items()}, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".quotes", brief_id=brief_id, _anchor="scores"))
    elif not form.is_submitted():
        show_points(form, {it: (points, "") for it, points in quote.agreed.items()})
    return render_template(
        "brokerage/choosing_agree.html", page=page, quote=quote, form=form, points_said=POINTS_SAID
    ), 422 if form.errors else 200


@bp.route("/briefs/<uuid:brief_id>/quotes/<uuid:quote_id>/ask", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
@gives_words_back(words="What you would like to say to them")
def ask_provider(brief_id: UUID, quote_id: UUID) -> ResponseReturnValue:
    page, quote = _both(brief_id, quote_id)
    form = MeetingForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                meeting.ask_provider(
                    session, brief_id=page.brief_id, quote_id=quote.id, by=me(), kind=MeetingKind(form.kind.data),
                    words=form.words.data or "", key=form.key.key, link=quote_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(
                worded(
                    "We have asked {provider_name}. We write to you when they answer.",
                    provider_name=quote.provider_name,
                )
            )
            return redirect(url_for(".quote_seen", brief_id=brief_id, quote_id=quote_id, _anchor="asked"))
    return render_template("brokerage/choosing_ask.html", page=page, quote=quote, form=form), (
        422 if form.errors else 200
    )


@bp.route("/briefs/<uuid:brief_id>/meetings/<uuid:meeting_id>", methods=["GET", "POST"])
@signed_in
@gives_words_back(how_it_was="How it was")
def how_it_was(brief_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    page = page_of(brief_id)
    found = [(quote, one) for quote in page.quotes for one in quote.meetings if one.id == meeting_id]
    quote, asked = found[0] if found else abort(404)
    form = HowItWasForm(data={"how_it_was": asked.how_it_was})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                meeting.note_how_it_was(
                    session, brief_id=page.brief_id, meeting_id=MeetingId(meeting_id), by=me(),
                    words=form.how_it_was.data or "", now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".quote_seen", brief_id=brief_id, quote_id=quote.id, _anchor="asked"))
    return render_template(
        "brokerage/choosing_how_it_was.html", page=page, quote=quote, asked=asked, form=form, kinds=MEETING_ASKED
    ), 422 if form.errors else 200


def _both(brief_id: UUID, quote_id: UUID) -> tuple[Choosing, QuoteSeen]:
    page = page_of(brief_id)
    return page, page.quote(QuoteId(quote_id)) or abort(404)


def _after_scoring(page: Choosing, quote: QuoteSeen) -> str:
    """Return where somebody goes on: to the next quote that they have not scored yet, or back to all of them."""
    open_still = [
        one
        for one in page.quotes
        if one.id != quote.id and one.status is QuoteStatus.SENT and len(one.mine) < len(page.scored)
    ]
    if open_still:
        return url_for(".score", brief_id=page.brief_id, quote_id=open_still[0].id)
    return url_for(".quotes", brief_id=page.brief_id, _anchor="scores")
