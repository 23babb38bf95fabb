"""Starting a pool that looks for people, and joining one."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.places import UnknownPlaceError
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy_line
from marketplace.pooling.forms.finding import BeginForm, EndDraftForm, JoinDraftForm
from marketplace.pooling.queries import drafts as queries
from marketplace.pooling.rules.interests import WORDS
from marketplace.pooling.rules.nouns import InterestSlug, PoolId, PoolOrigin, PoolStatus
from marketplace.pooling.rules.starting import NewDraft
from marketplace.pooling.services import parting
from marketplace.pooling.services import starting as services
from marketplace.pooling.views.blueprint import bp, pool_address


@bp.route("/begin", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def begin() -> ResponseReturnValue:
    form = BeginForm()
    form.offer(
        interests=WORDS.items(),
        categories=[(line.slug, line.name) for line in catalogue.categories(db.session) if line.parent is not None],
    )
    if not form.is_submitted():
        asked = request.args.get("interest", "")
        form.interest.data = asked if asked in WORDS else ""
        form.began_from.data = (PoolOrigin.WISH if request.args.get("from") == "wish" else PoolOrigin.INTEREST).value
    elif form.validate():
        try:
            wanted = _wanted(form)
            with transaction() as session:
                pool_id = services.begin_pool(
                    session, by=me(), wanted=wanted, address=pool_address, now=datetime.now(UTC)
                )
        except UnknownPlaceError as error:
            show_refusal(form, error, beside="near")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your pool has begun. Now find some people: send them its link, or print a card.")
            return redirect(url_for(".show", pool_id=pool_id))
    return render_template("pooling/finding_begin.html", form=form), 422 if form.errors else 200


@bp.route("/<uuid:pool_id>/join", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def join(pool_id: UUID) -> ResponseReturnValue:
    page = queries.draft_page(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
    form = JoinDraftForm()
    if form.validate_on_submit() and _joined(form, PoolId(pool_id), None):
        return redirect(url_for(".show", pool_id=pool_id))
    return render_template("pooling/finding_join.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/join/<uuid:key>", methods=["GET", "POST"])
@public
@limiter.limit(MAIL, exempt_when=only_looks)
def invited(key: UUID) -> ResponseReturnValue:
    """Show a pool to whoever was given its link: signed out too, and then they come back to it."""
    page = queries.invitation(db.session, key=key, viewer=viewer())
    if page is None:
        return render_template("pooling/finding_no_invitation.html"), 404
    if page.viewer_is_in:
        return redirect(url_for(".show", pool_id=page.pool_id))
    form, may_join = JoinDraftForm(), viewer().may(Permission.BUY)
    if form.is_submitted() and not may_join:
        return abort(403) if viewer().is_signed_in else redirect(url_for("accounts.sign_in", next=request.path))
    if form.validate_on_submit() and _joined(form, page.pool_id, key):
        return redirect(url_for(".show", pool_id=page.pool_id))
    return render_template(
        "pooling/finding_invited.html", page=page, form=form, may_join=may_join, here=request.path
    ), 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/step-out")
@signed_in
def step_out(pool_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        status = parting.step_out(session, pool_id=PoolId(pool_id), by=me(), now=datetime.now(UTC))
    flash(
        "You have left, and as nobody is in it any more, the pool has ended. It costs nothing."
        if status is PoolStatus.WITHDRAWN
        else "You have left the pool. It costs you nothing."
    )
    return redirect(url_for(".index"))


@bp.route("/<uuid:pool_id>/end", methods=["GET", "POST"], endpoint="end_draft")
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def end(pool_id: UUID) -> ResponseReturnValue:
    page = queries.draft_page(db.session, pool_id=PoolId(pool_id), viewer=viewer())
    if page is None or page.membership is None:
        abort(404)
    form = EndDraftForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                parting.end_draft(
                    session,
                    pool_id=PoolId(pool_id),
                    by=me(),
                    reason=form.why,
                    words=form.words.data or "",
                    address=pool_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The pool has ended, and we have told everybody in it. Thank you for trying.")
            return redirect(url_for(".show", pool_id=pool_id))
    return render_template("pooling/finding_end.html", page=page, form=form), 422 if form.errors else 200


def _joined(form: JoinDraftForm, pool_id: PoolId, key: UUID | None) -> bool:
    try:
        with transaction() as session:
            services.join_draft(
                session,
                pool_id=pool_id,
                by=me(),
                called=form.called.data or "",
                key=key,
                address=pool_address,
                now=datetime.now(UTC),
            )
    except DomainError as error:
        show_refusal(form, error)
        return False
    flash("You are in. It costs nothing, and you can leave whenever you like.")
    return True


def _wanted(form: BeginForm) -> NewDraft:
    wish = form.began_from.data == PoolOrigin.WISH.value
    return NewDraft(
        began_from=PoolOrigin.WISH if wish else PoolOrigin.INTEREST,
        title=form.title.data or "",
        purpose=form.purpose.data or "",
        area=services.area_of(gazetteer(), tidy_line(form.near.data)),
        is_listed=form.who_finds_it.data != "invited",
        called=form.called.data or "",
        interest=InterestSlug(form.interest.data) if form.interest.data else None,
        category=CategorySlug(form.category.data) if wish and form.category.data else None,
    )
