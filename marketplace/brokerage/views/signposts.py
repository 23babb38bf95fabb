"""Pages about free help: where it is, for everybody; and looking after that, for operators."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.forms.signposts import ENGLAND, KINDS, SignpostForm
from marketplace.brokerage.queries import signposts as queries
from marketplace.brokerage.rules.nouns import SignpostId, SignpostKind
from marketplace.brokerage.rules.signposts import WrittenSignpost, is_stale
from marketplace.brokerage.services import signposts as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue.views.safety import safeguarding_shown
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.pages import page_number
from marketplace.kit.places import CouncilCode, UnknownPlaceError
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy_line


@bp.get("/help/free")
@public
def free_help() -> ResponseReturnValue:
    typed = tidy_line(request.args.get("council"))[:100]
    council, error = _council(typed) if "council" in request.args else (viewer().council, "")
    found = queries.free_help(db.session, council=council)
    page = render_template(
        "brokerage/signposts_free_help.html",
        help=found,
        stale=_stale(one for of_kind in found.values() for one in of_kind),
        council=_named(council),
        typed=typed,
        error=error,
        safety=safeguarding_shown(council),
    )
    return page, 422 if error else 200


@bp.get("/operate/signposts")
@requires(Permission.OPERATE)
def signposts() -> ResponseReturnValue:
    wanted = request.args.get("council", "")
    council = None if wanted in {"", ENGLAND} else _known(wanted)
    found = queries.signposts_to_look_after(
        db.session,
        viewer=viewer(),
        council=council,
        only_one=bool(wanted),
        page=page_number(request.args.get("page")),
    )
    return render_template(
        "brokerage/signposts_all.html",
        page=found,
        wanted=wanted,
        councils=_councils(),
        names=dict(_councils()),
        kinds=KINDS,
        stale=_stale(found.signposts),
    )


@bp.route("/operate/signposts/new", methods=["GET", "POST"])
@requires(Permission.OPERATE)
def add_signpost() -> ResponseReturnValue:
    form = SignpostForm()
    form.choose_from(_councils())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.add_signpost(session, written=_written(form), by=me(), now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("It is shown now, to everybody it is for.")
            return redirect(url_for(".signposts"))
    return render_template("brokerage/signposts_write.html", form=form, signpost=None), 422 if form.errors else 200


@bp.route("/operate/signposts/<uuid:signpost_id>", methods=["GET", "POST"])
@requires(Permission.OPERATE)
def change_signpost(signpost_id: UUID) -> ResponseReturnValue:
    wanted = SignpostId(signpost_id)
    it = queries.signpost_to_look_after(db.session, signpost_id=wanted, viewer=viewer()) or abort(404)
    form = SignpostForm(
        data={
            "council": it.council or ENGLAND,
            "kind": it.kind,
            "name": it.name,
            "words": it.words,
            "phone": it.phone,
            "email": it.email,
            "href": it.href,
        }
    )
    form.choose_from(_councils())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.change_signpost(
                    session, signpost_id=wanted, written=_written(form), by=me(), now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. It says that you made sure of it today.")
            return redirect(url_for(".signposts"))
    return render_template("brokerage/signposts_write.html", form=form, signpost=it), 422 if form.errors else 200


@bp.post("/operate/signposts/<uuid:signpost_id>/sure")
@requires(Permission.OPERATE)
def make_sure_of_signpost(signpost_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.make_sure_of_signpost(session, signpost_id=SignpostId(signpost_id), by=me(), now=datetime.now(UTC))
    flash("Thank you. It says now that it was checked today.")
    return redirect(url_for(".signposts"))


@bp.post("/operate/signposts/<uuid:signpost_id>/remove")
@requires(Permission.OPERATE)
def remove_signpost(signpost_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.remove_signpost(session, signpost_id=SignpostId(signpost_id), by=me(), now=datetime.now(UTC))
    flash("It is not shown any more.")
    return redirect(url_for(".signposts"))


def _stale(found: Iterable[queries.SignpostShown]) -> set[SignpostId]:
    """Return which signposts nobody has made sure of for a year."""
    today = day_of(datetime.now(UTC))
    return {it.id for it in found if is_stale(checked_on=it.checked_on, today=today)}


def _written(form: SignpostForm) -> WrittenSignpost:
    council = form.council.data
    return WrittenSignpost(
        council=None if council == ENGLAND else CouncilCode(council),
        kind=SignpostKind(form.kind.data),
        name=tidy_line(form.name.data),
        words=tidy_line(form.words.data),
        phone=tidy_line(form.phone.data),
        email=tidy_line(form.email.data),
        href=tidy_line(form.href.data),
        checked_on=day_of(datetime.now(UTC)),
    )


def _council(typed: str) -> tuple[CouncilCode | None, str]:
    """Return the council somebody typed, and what is the matter with it. Nothing typed asks about all of England."""
    if not typed:
        return None, ""
    try:
        return gazetteer().find(typed).council, ""
    except UnknownPlaceError as error:
        return None, str(error)


def _known(code: str) -> CouncilCode:
    return CouncilCode(code) if code in dict(_councils()) else abort(404)


def _councils() -> list[tuple[CouncilCode, str]]:
    return [(council.code, council.name) for council in gazetteer().councils()]


def _named(council: CouncilCode | None) -> str:
    return gazetteer().council(council).name if council else ""
