"""Pages about the picture of a good week."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.week import NewThingForm, ThingForm
from marketplace.brokerage.queries import week as queries
from marketplace.brokerage.queries.files import FileShown, files_of
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.rules.nouns import FileId, FileKind, ItemId, PartOfDay
from marketplace.brokerage.rules.week import DAYS, DRAWINGS, PARTS_OF_DAY
from marketplace.brokerage.services import week as services
from marketplace.brokerage.services.week import Shown
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.giving_back import gives_back
from marketplace.brokerage.views.plans import seen_plan, today, written_plan
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.fields import choices
from marketplace.kit.refusals import show_refusal

_NONE = ("", "No picture")


@bp.get("/plans/<uuid:plan_id>/week")
@signed_in
def week(plan_id: UUID) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    return render_template(
        "brokerage/plan_week.html",
        plan=plan,
        week=queries.week_of(db.session, plan_id=plan.id, viewer=viewer(), on=today()),
        days=DAYS,
        parts=PARTS_OF_DAY,
    )


@bp.route("/plans/<uuid:plan_id>/week/new", methods=["GET", "POST"])
@signed_in
@gives_back(words="What you wanted to put in the week")
def put_in_week(plan_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    pictures = _pictures(plan)
    form = NewThingForm(data=_asked_for())
    form.picture.choices = _choices(pictures)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.put_in_week(
                    session,
                    plan_id=plan.id,
                    days=form.days.data or [],
                    part_of_day=PartOfDay(form.part_of_day.data),
                    shown=_shown(form),
                    by=me(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("It is in the week.")
            return redirect(url_for(".week", plan_id=plan.id))
    page = render_template("brokerage/plan_week_thing.html", form=form, plan=plan, thing=None, pictures=pictures)
    return page, 422 if form.errors else 200


@bp.route("/plans/<uuid:plan_id>/week/<uuid:item_id>", methods=["GET", "POST"])
@signed_in
@gives_back(words="What it was to be called")
def change_in_week(plan_id: UUID, item_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    thing = queries.thing_to_change(
        db.session, plan_id=plan.id, item_id=ItemId(item_id), viewer=viewer(), on=today()
    ) or abort(404)
    pictures = _pictures(plan)
    form = ThingForm(
        data={
            "words": thing.words,
            "picture": str(thing.file_id or thing.drawing or ""),
            "day": thing.day,
            "part_of_day": thing.part_of_day,
        }
    )
    form.picture.choices = _choices(pictures)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.change_in_week(
                    session,
                    plan_id=plan.id,
                    item_id=thing.id,
                    day=form.day.data,
                    part_of_day=PartOfDay(form.part_of_day.data),
                    shown=_shown(form),
                    by=me(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved.")
            return redirect(url_for(".week", plan_id=plan.id))
    page = render_template("brokerage/plan_week_thing.html", form=form, plan=plan, thing=thing, pictures=pictures)
    return page, 422 if form.errors else 200


@bp.post("/plans/<uuid:plan_id>/week/<uuid:item_id>/remove")
@signed_in
def take_out_of_week(plan_id: UUID, item_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    with transaction() as session:
        services.take_out_of_week(session, plan_id=plan.id, item_id=ItemId(item_id), by=me(), now=datetime.now(UTC))
    flash("It is out of the week.")
    return redirect(url_for(".week", plan_id=plan.id))


def _asked_for() -> dict[str, object]:
    """Return the place in the week from which somebody came, if they came from one."""
    day, part = request.args.get("day", ""), request.args.get("part", "")
    asked: dict[str, object] = {}
    if day in {str(number) for number in DAYS}:
        asked["days"] = [int(day)]
    if part in set(PartOfDay):
        asked["part_of_day"] = part
    return asked


def _pictures(plan: PlanSeen) -> dict[str, FileShown]:
    """Return the pictures of a plan, by what stands for each in the form."""
    files = files_of(db.session, plan_id=plan.id, viewer=viewer(), on=today())
    return {str(it.id): it for part in files.values() for it in part if it.kind is FileKind.PICTURE}


def _choices(pictures: dict[str, FileShown]) -> list[Any]:
    own = [(key, it.said or "A picture of yours") for key, it in pictures.items()]
    return choices([_NONE, *own, *DRAWINGS.items()])


def _shown(form: ThingForm | NewThingForm) -> Shown:
    chosen, words = form.picture.data or "", form.words.data or ""
    if not chosen or chosen in DRAWINGS:
        return Shown(words, drawing=chosen or None)
    return Shown(words, file_id=FileId(UUID(chosen)))
