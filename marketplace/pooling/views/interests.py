"""Saying what one likes, and seeing how many near like it too."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.places import Place
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import one_word
from marketplace.kit.text import tidy_line
from marketplace.pooling.forms.finding import InterestsForm
from marketplace.pooling.queries import interests as queries
from marketplace.pooling.services import interests as services
from marketplace.pooling.views.blueprint import bp

_SAID = "10 per hour; 30 per day"
"""Whoever moves about to count people somewhere gets no further than this."""


@bp.route("/interests", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(_SAID, exempt_when=only_looks)
def interests() -> ResponseReturnValue:
    form = InterestsForm()
    if form.validate_on_submit():
        try:
            place = _place(form.near.data)
            with transaction() as session:
                number = services.say_interests(
                    session, by=me(), wanted=form.wanted, place=place, metres=form.reach, now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error, beside="near")
        else:
            flash(one_word("Saved.") if number else "You are on no list now, and we have forgotten where you are.")
            return redirect(url_for(".interests"))
    page = queries.my_interests(db.session, viewer=viewer())
    if not form.is_submitted():
        form.show(page.slugs, page.metres)
    return render_template("pooling/finding_interests.html", page=page, form=form), 422 if form.errors else 200


def _place(typed: str | None) -> Place | None:
    typed = tidy_line(typed)
    return gazetteer().find(typed) if typed else None
