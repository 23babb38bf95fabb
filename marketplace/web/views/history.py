"""What happened with somebody's account; and, by row, what operators may see of it."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db
from marketplace.kit.pages import page_number
from marketplace.web.forms import TrailForm
from marketplace.web.queries import history as queries
from marketplace.web.views.blueprint import bp


@bp.get("/accounts/history")
@signed_in
def history() -> ResponseReturnValue:
    wanted = request.args.get("show", "")
    show = queries.Show(wanted) if wanted in {one.value for one in queries.Show} else queries.Show.ALL
    page = queries.what_happened(db.session, viewer=viewer(), show=show, page=page_number(request.args.get("page")))
    return render_template("web/history.html", page=page, show=show.value)


@bp.get("/accounts/trail")
@requires(Permission.OPERATE)
def trail() -> ResponseReturnValue:
    typed = request.args.get("row", "").strip()
    form = TrailForm(formdata=None, data={"row": typed})
    row_id = _number(typed)
    if typed and row_id is None:
        form.show_mistakes({"row": "Enter a number like 8f14e45f-ceea-467f-a8f0-2c2b0f2b5a11."})
    done = queries.done_to(db.session, viewer=viewer(), row_id=row_id) if row_id else None
    return render_template("web/trail.html", form=form, done=done), 422 if form.errors else 200


def _number(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
