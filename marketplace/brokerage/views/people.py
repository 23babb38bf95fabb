"""Pages of those who help: whom they help, and what there is to do. There is no search of anybody else."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.helping import stop_helping as end_all
from marketplace.brokerage.forms.helping import TaskForm
from marketplace.brokerage.queries import people as queries
from marketplace.brokerage.queries import requests
from marketplace.brokerage.rules.briefs import STATUS_WORDS
from marketplace.brokerage.rules.nouns import TaskId
from marketplace.brokerage.services import tasks as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue.views.shown import today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal


@bp.get("/help/people")
@signed_in
def people() -> ResponseReturnValue:
    return render_template(
        "brokerage/help_people.html",
        people=queries.worklist(db.session, viewer=viewer(), on=today()),
        for_us=requests.requests_waiting(db.session, viewer=viewer()),
        statuses=STATUS_WORDS,
    )


@bp.route("/help/people/<uuid:person_id>", methods=["GET", "POST"])
@signed_in
def tasks(person_id: UUID) -> ResponseReturnValue:
    """Show what one of two is to do for the other, to either of them, and write something down."""
    ways = queries.between(db.session, other_id=PersonId(person_id), viewer=viewer(), on=today())
    form = TaskForm()
    if not ways and form.is_submitted() and form.words.data:
        typed = [(form.words.label.text, form.words.data)]
        return render_template("brokerage/plan_given_back.html", plan=None, typed=typed), 404
    if not ways:
        abort(404)
    # Two who help each other have two lists; what is written down is for the first of them.
    way = ways[0]
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.add_task(
                    session,
                    person_id=way.other_id if way.viewer_helps else me(),
                    helper_id=me() if way.viewer_helps else way.other_id,
                    words=form.words.data or "",
                    due_on=form.due_on.data,
                    by=me(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Written down. You both see it.")
            return redirect(url_for(".tasks", person_id=person_id))
    return render_template("brokerage/help_tasks.html", ways=ways, form=form), 422 if form.errors else 200


@bp.post("/help/tasks/<uuid:task_id>/done")
@signed_in
def finish_task(task_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        other_id = services.finish_task(session, task_id=TaskId(task_id), by=me(), now=datetime.now(UTC))
    flash("Ticked off.")
    return redirect(url_for(".tasks", person_id=other_id))


@bp.post("/help/people/<uuid:person_id>/stop")
@signed_in
def stop_helping(person_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        end_all(
            session,
            giver_id=PersonId(person_id),
            by=me(),
            link=page_address("brokerage.who_helps"),
            now=datetime.now(UTC),
        )
    flash("You do not help them any more, and we have told them.")
    return redirect(url_for(".people"))
