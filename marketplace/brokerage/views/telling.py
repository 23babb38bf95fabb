"""Pages on which a plan is told in one's own way: written, drawn, photographed, filmed or spoken."""

import os
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.plans import PlanForm
from marketplace.brokerage.forms.telling import TellForm
from marketplace.brokerage.gateways.files import MOST_BYTES, FileError, ReadFile, read_file
from marketplace.brokerage.queries import plans as queries
from marketplace.brokerage.queries.files import files_of
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.rules.nouns import Part
from marketplace.brokerage.rules.plans import TITLES
from marketplace.brokerage.services import files, plans
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.giving_back import gives_back
from marketplace.brokerage.views.plans import today, written_plan
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.headers import HEADERS
from marketplace.kit.limits import limiter, only_looks, takes_up_to
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import one_word

_SENT = "300 per hour"
"""From one address, which may be that of a whole day centre: each file costs us a moment of work."""

_MOST_SENT = 150 * 1024 * 1024
"""More than we keep: what is too large is then refused on its own page, and what was typed with it is not lost."""

_MICROPHONE = HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
_BOTH_KEPT = "Saved. Somebody else wrote at the same time, so both are kept. Choose which words should stay."


@bp.route("/plans/<uuid:plan_id>/write", methods=["GET", "POST"])
@signed_in
@gives_back(**{part.value: TITLES[part] for part in Part})
def write_plan(plan_id: UUID) -> ResponseReturnValue:
    """All parts in words, on one page."""
    it = written_plan(plan_id)
    parts = queries.parts_of(db.session, plan_id=it.id, viewer=viewer(), on=today())
    seen = {f"{part}_seen": shown.mark for part, shown in parts.items()}
    form = PlanForm(data={part.value: shown.words for part, shown in parts.items()} | seen)
    if form.validate_on_submit():
        with transaction() as session:
            clashed = plans.write_parts(session, plan_id=it.id, typed=form.typed(), by=me(), now=datetime.now(UTC))
        flash(_BOTH_KEPT if clashed else one_word("Saved."))
        return redirect(url_for(".plan", plan_id=it.id))
    return render_template("brokerage/plan_write.html", form=form, plan=it), 422 if form.errors else 200


@bp.route("/plans/<uuid:plan_id>/tell/<part>", methods=["GET", "POST"])
@takes_up_to(_MOST_SENT)
@signed_in
@limiter.limit(_SENT, exempt_when=only_looks)
@gives_back(words="In words", said="What the file shows or says")
def tell(plan_id: UUID, part: str) -> ResponseReturnValue:
    """One part at a time, in any way."""
    it, wanted = written_plan(plan_id), _part(part)
    shown = queries.parts_of(db.session, plan_id=it.id, viewer=viewer(), on=today())[wanted]
    form = TellForm(data={"words": shown.words, "seen": shown.mark})
    if form.validate_on_submit():
        try:
            clashed = _tell(it, wanted, form)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(_BOTH_KEPT if clashed else one_word("Saved."))
            return redirect(_onward(it, wanted))
    page = render_template(
        "brokerage/plan_tell.html",
        form=form,
        plan=it,
        part=wanted,
        number=list(Part).index(wanted) + 1,
        of=len(Part),
        title=TITLES[wanted],
        after=_next(wanted),
        most_bytes=MOST_BYTES,
        files=files_of(db.session, plan_id=it.id, viewer=viewer(), on=today())[wanted],
    )
    # Here a script may ask for the microphone: whoever wants to speaks.
    return page, 422 if form.errors else 200, {"Permissions-Policy": _MICROPHONE}


def _sent_file() -> ReadFile | None:
    """Return the file that was sent with a form, made fit to keep. None: there was none."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    sent.seek(0, os.SEEK_END)
    if sent.tell() > MOST_BYTES:
        raise FileError("That file is larger than 30 MB. Make a shorter film, or send it smaller.")
    sent.seek(0)
    # Read before the transaction begins: others need not wait while a picture is made anew.
    return read_file(sent.read(), name=sent.filename)


def _tell(it: PlanSeen, part: Part, form: TellForm) -> bool:
    file, said = _sent_file(), form.said.data or ""
    if file is None and said:
        raise FileError("Choose the file that these words are about, or leave the words out.")
    with transaction() as session:
        return files.tell_part(
            session,
            plan_id=it.id,
            part=part,
            words=form.words.data or "",
            mark=form.seen.data or "",
            file=file,
            said=said,
            by=me(),
            now=datetime.now(UTC),
        )


def _part(name: str) -> Part:
    return Part(name) if name in set(Part) else abort(404)


def _next(part: Part) -> Part | None:
    after = list(Part).index(part) + 1
    return list(Part)[after] if after < len(Part) else None


def _onward(it: PlanSeen, part: Part) -> str:
    after = _next(part)
    if "stay" in request.form:
        return url_for(".tell", plan_id=it.id, part=part)
    return url_for(".tell", plan_id=it.id, part=after) if after else url_for(".plan", plan_id=it.id)
