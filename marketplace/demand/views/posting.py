"""A commissioner posts something for their council, looks at it first, and takes it back."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.demand.forms.signals import AnswerForm, SignalForm, TakeBackForm
from marketplace.demand.queries import released
from marketplace.demand.queries import signals as queries
from marketplace.demand.rules.nouns import SignalId, SignalKind
from marketplace.demand.rules.signals import KIND_TITLES, QuotedFigure, quotable
from marketplace.demand.services import signalling as services
from marketplace.demand.services.signalling import NewSignal
from marketplace.demand.views.blueprint import bp
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.places import CouncilCode
from marketplace.kit.refusals import show_refusal
from marketplace.kit.regions import AreaCode


@bp.get("/demand/signals")
@requires(Permission.READ_DEMAND)
def own_signals() -> ResponseReturnValue:
    council = gazetteer().council(_council())
    return render_template(
        "demand/signals_own.html",
        council=council,
        signals=queries.own_signals(db.session, viewer=viewer()),
        kinds=KIND_TITLES,
    )


@bp.route("/demand/signals/new/<kind>", methods=["GET", "POST"])
@requires(Permission.READ_DEMAND)
def post_signal(kind: str) -> ResponseReturnValue:
    if kind not in set(SignalKind):
        abort(404)
    wanted_kind, council = SignalKind(kind), gazetteer().council(_council())
    form, preview = _form(wanted_kind, council.code), None
    if form.validate_on_submit():
        wanted = _wanted(form, wanted_kind)
        try:
            if form.post.data:
                with transaction() as session:
                    signal_id = services.post_signal(
                        session, wanted=wanted, by=viewer(), now=datetime.now(UTC), key=form.key.key
                    )
                flash("Posted. Everybody can read it now.")
                return redirect(url_for(".signal", signal_id=signal_id))
            preview = services.read_back(db.session, wanted=wanted, council=council.code)
        except DomainError as error:
            show_refusal(form, error)
    page = render_template(
        "demand/signal_write.html",
        form=form,
        kind=wanted_kind,
        kind_title=KIND_TITLES[wanted_kind],
        council=council,
        preview=preview,
        now=datetime.now(UTC),
    )
    return page, 422 if form.errors else 200


@bp.route("/demand/signals/<uuid:signal_id>/take-back", methods=["GET", "POST"])
@requires(Permission.READ_DEMAND)
def take_signal_back(signal_id: UUID) -> ResponseReturnValue:
    own = {card.id: card for card in queries.own_signals(db.session, viewer=viewer())}
    it, form = own.get(SignalId(signal_id)), TakeBackForm()
    if it is None or it.withdrawn_at is not None:
        abort(404)
    if form.validate_on_submit():
        with transaction() as session:
            services.take_signal_back(session, signal_id=it.id, by=viewer(), now=datetime.now(UTC))
        flash("Taken back. Its page says so, and nothing else.")
        return redirect(url_for(".own_signals"))
    return render_template("demand/signal_take_back.html", it=it, form=form), 422 if form.errors else 200


def _council() -> CouncilCode:
    return viewer().council or abort(404)


def _form(kind: SignalKind, council: CouncilCode) -> SignalForm:
    asked = {"answers": request.args.get("answers", ""), "figure": request.args.get("figure", "")}
    form = AnswerForm(data=asked) if kind is SignalKind.ANSWER else SignalForm(data=asked)
    area = AreaCode(council)
    quarters = released.released_quarters(db.session)[:1]
    figures = [
        (quoted.key, f"{words} ({quoted.quarter.label})")
        for of_area in released.figures_of(db.session, areas=(area,), quarters=quarters).values()
        for quoted, words in quotable(of_area)
    ]
    form.choose_from(
        categories=[(shelf.slug, shelf.name) for shelf in catalogue.categories(db.session)], figures=figures
    )
    if isinstance(form, AnswerForm):
        posted = queries.own_signals(db.session, viewer=viewer())
        form.offer_to_answer(
            (str(card.id), card.title)
            for card in posted
            if card.withdrawn_at is None and card.kind is not SignalKind.ANSWER
        )
    return form


def _wanted(form: SignalForm, kind: SignalKind) -> NewSignal:
    answers = form.answers.data if isinstance(form, AnswerForm) else ""
    return NewSignal(
        kind=kind,
        title=form.title.data or "",
        words=form.words.data or "",
        category=CategorySlug(form.category.data) if form.category.data else None,
        told=(form.told.data or "") if isinstance(form, AnswerForm) else "",
        figure=QuotedFigure.from_key(form.figure.data) if form.figure.data else None,
        answers_id=SignalId(UUID(answers)) if answers else None,
    )
