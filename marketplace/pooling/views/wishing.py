"""Wishes: providers read and answer them from three households on; members see the answers beside each other."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.places import UnknownPlaceError
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy_line
from marketplace.pooling.forms.wishing import AnswerForm, AskProvidersForm
from marketplace.pooling.queries import wishes as queries
from marketplace.pooling.rules.nouns import AnswerId, PoolId
from marketplace.pooling.services import wishing as services
from marketplace.pooling.views.blueprint import bp

_LONGEST_PLACE = 100


def answers_address(pool_id: PoolId) -> str:
    """Return the whole address of the page with a wish's answers, as letters give it."""
    return page_address("pooling.answers", {"pool_id": pool_id})


@bp.get("/wishes")
@requires(Permission.PROVIDE)
def wishes() -> ResponseReturnValue:
    near, place, problem = tidy_line(request.args.get("near"))[:_LONGEST_PLACE], None, ""
    if near:
        try:
            place = gazetteer().find(near)
        except UnknownPlaceError as error:
            problem = str(error)
    page = queries.wishes(db.session, viewer=viewer(), place=place, page=page_number(request.args.get("page")))
    return render_template(
        "pooling/wishes.html", page=page, near=near, place=place, problem=problem
    ), 422 if problem else 200


@bp.route("/wishes/<uuid:pool_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(MAIL, exempt_when=only_looks)
def answer_wish(pool_id: UUID) -> ResponseReturnValue:
    page = queries.wish(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
    offers = queries.own_offers(db.session, viewer=viewer())
    form = AnswerForm()
    form.choose_from((one.id, one.title) for one in offers)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.answer_wish(
                    session,
                    pool_id=PoolId(pool_id),
                    by=viewer(),
                    wanted=services.NewAnswer(
                        offer_id=next((one.id for one in offers if str(one.id) == form.offer.data), None),
                        words=form.words.data or "",
                        whole_price=form.whole_price.data,
                        unit=form.chosen_unit,
                        people_from=form.people_from.data,
                        most_people=form.most_people.data,
                    ),
                    address=answers_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Sent. They see it beside other answers, and decide among themselves.")
            return redirect(url_for(".wishes"))
    return render_template("pooling/answer_wish.html", page=page, offers=offers, form=form), 422 if form.errors else 200


@bp.post("/answers/<uuid:answer_id>/withdraw")
@requires(Permission.PROVIDE)
def withdraw_answer(answer_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.withdraw_answer(session, answer_id=AnswerId(answer_id), by=viewer(), now=datetime.now(UTC))
    flash("Your answer is taken back.")
    return redirect(url_for(".wishes"))


@bp.route("/<uuid:pool_id>/answers", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def answers(pool_id: UUID) -> ResponseReturnValue:
    form = AskProvidersForm()
    form.offer([(line.slug, line.name) for line in catalogue.categories(db.session) if line.parent is not None])
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.ask_providers(
                    session,
                    pool_id=PoolId(pool_id),
                    by=me(),
                    category=CategorySlug(form.category.data) if form.category.data else None,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error, beside="category")
        else:
            flash("Asked. Providers see it once three households are in the pool.")
            return redirect(url_for(".answers", pool_id=pool_id))
    page = queries.answers_to(
        db.session, pool_id=PoolId(pool_id), viewer=viewer(), on=day_of(datetime.now(UTC))
    ) or abort(404)
    return render_template("pooling/answers.html", page=page, form=form), 422 if form.errors else 200
