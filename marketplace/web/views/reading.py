"""Read it your way: anybody says how they read, on any device, without signing in."""

from dataclasses import asdict, replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit.addresses import is_sent_from_here, own_page, page_before
from marketplace.kit.errors import DomainError
from marketplace.kit.kept import keep_not
from marketplace.kit.languages.choosing import installed, language_now
from marketplace.kit.reading import Ground, Motion, Reading, Size, Spacing, Words, reading_now, remember
from marketplace.kit.refusals import show_refusal
from marketplace.web.forms import ReadingForm
from marketplace.web.views.blueprint import bp

NOTHING_CHANGED = "Nothing was changed. Choose how you want to read, then press the button below."


class NothingChosenError(DomainError):
    """Nothing was chosen, or another site sent it."""


@bp.route("/reading", methods=["GET", "POST"])
@public
def read_your_way() -> ResponseReturnValue:
    now = reading_now()
    shown = {
        "words": Words.EASY if now.is_easy else Words.USUAL,
        "language": language_now().code,
        "back": _from_where(),
    }
    form = ReadingForm({one.code: one.name for one in installed().values()}, data=asdict(now) | shown)
    is_ours = bool(request.form) and is_sent_from_here()
    if is_ours and form.validate_on_submit():
        response = redirect(own_page(form.back.data) or url_for(".home"), 303)
        remember(response, Reading(language=now.language) if form.reset.data else _chosen(form, now))
        return response
    if form.is_submitted() and not form.errors:
        show_refusal(form, NothingChosenError(NOTHING_CHANGED))
    keep_not()  # It says where the visitor came from.
    return render_template("web/reading.html", form=form), 422 if form.errors else 200


def _from_where() -> str:
    before = page_before()
    return url_for(".home") if before is None or before.partition("?")[0] == request.path else before


def _chosen(form: ReadingForm, now: Reading) -> Reading:
    return replace(
        now,
        size=Size(form.size.data),
        spacing=Spacing(form.spacing.data),
        ground=Ground(form.ground.data),
        motion=Motion(form.motion.data),
        words=Words(form.words.data),
        language=form.language.data if form.language else now.language,
    )
