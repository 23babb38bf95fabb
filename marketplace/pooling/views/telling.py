"""Pages of the stories that pools tell: all of them, one, writing it, agreeing to it, taking it down, deciding."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.moderation.forms import DecideForm
from marketplace.pooling.forms.telling import StoryForm
from marketplace.pooling.queries import stories as asked
from marketplace.pooling.queries.stories import OwnStory
from marketplace.pooling.rules import PoolId
from marketplace.pooling.services import telling
from marketplace.pooling.views.blueprint import bp

# Each version is a letter to everybody in the pool.
OFTEN = "5 per minute; 20 per hour"
_DECISIONS = {"hold": telling.hold_story, "release": telling.release_story}


def story_address(pool_id: PoolId) -> str:
    """Return the whole address of a pool's own page about its story, as letters give it."""
    return page_address("pooling.story_of", {"pool_id": pool_id})


@bp.get("/stories")
@public
def stories() -> ResponseReturnValue:
    page = asked.stories(db.session, page=page_number(request.args.get("page")))
    return render_template("pooling/together/stories.html", page=page)


@bp.get("/stories/<uuid:story_id>")
@public
def story(story_id: UUID) -> ResponseReturnValue:
    page = asked.story_page(db.session, story_id=PoolId(story_id), viewer=viewer())
    return render_template("pooling/together/story.html", page=page or abort(404))


@bp.get("/<uuid:pool_id>/story")
@signed_in
def story_of(pool_id: UUID) -> ResponseReturnValue:
    return render_template("pooling/together/own_story.html", page=_own(pool_id))


@bp.route("/<uuid:pool_id>/story/write", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def write_story(pool_id: UUID) -> ResponseReturnValue:
    page = _own(pool_id)
    if not page.may_write:
        abort(404)
    form = StoryForm(title=page.title, words=page.words, with_figures=page.with_figures)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                telling.write_story(
                    session,
                    pool_id=page.pool_id,
                    by=me(),
                    title=form.title.data or "",
                    words=form.words.data or "",
                    with_figures=form.with_figures.data,
                    address=story_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We have asked everybody in the pool whether it may be shown.")
            return redirect(url_for(".story_of", pool_id=pool_id))
    return render_template("pooling/together/write_story.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/story/agree")
@signed_in
@limiter.limit(OFTEN)
def agree_to_story(pool_id: UUID) -> ResponseReturnValue:
    page = _own(pool_id)
    with transaction() as session:
        is_shown = telling.agree_to_story(
            session,
            pool_id=page.pool_id,
            by=me(),
            written_at=_moment(request.form.get("written_at")),
            address=story_address,
            now=datetime.now(UTC),
        )
    flash("Every one of you has agreed. Everybody can read it now." if is_shown else "You have said yes.")
    return redirect(url_for(".story_of", pool_id=pool_id))


@bp.post("/stories/<uuid:story_id>/take-down")
@signed_in
@limiter.limit(OFTEN)
def take_story_down(story_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        telling.take_story_down(
            session, pool_id=PoolId(story_id), by=me(), address=story_address, now=datetime.now(UTC)
        )
    flash("It is taken down. Nobody else can read it any more.")
    return redirect(url_for(".stories"))


@bp.route("/stories/<uuid:story_id>/<any(hold, release):act>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide_story(story_id: UUID, act: str) -> ResponseReturnValue:
    wanted, form, now = PoolId(story_id), DecideForm(), datetime.now(UTC)
    page = asked.story_page(db.session, story_id=wanted, viewer=viewer())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                _DECISIONS[act](
                    session, pool_id=wanted, by=me(), reason=form.reason.data or "", address=story_address, now=now
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We have written to whoever wrote it.")
            return redirect(url_for("moderation.queue"))
    template = "pooling/together/decide_story.html"
    return render_template(template, page=page or abort(404), form=form, act=act), 422 if form.errors else 200


def _own(pool_id: UUID) -> OwnStory:
    return asked.own_story(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)


def _moment(typed: str | None) -> datetime:
    """Return which version of a story was read. What is no moment is none that was."""
    try:
        return datetime.fromisoformat(typed or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)
