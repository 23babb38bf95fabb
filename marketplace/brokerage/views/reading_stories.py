"""Pages for moderators: which stories wait to be read, and whether one is shown."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.forms.stories import DecidePieceForm
from marketplace.brokerage.queries import library as queries
from marketplace.brokerage.queries.library_queue import stories_to_read as waiting_stories
from marketplace.brokerage.queries.library_queue import suspected_of
from marketplace.brokerage.rules.documents import blocks_of
from marketplace.brokerage.rules.nouns import PieceId, PieceKind
from marketplace.brokerage.services import stories as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.stories import piece_address
from marketplace.catalogue.views.safety import safeguarding_shown
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.moderation.rules import Outcome
from marketplace.moderation.services import ReasonMissingError


@bp.get("/library/to-read")
@requires(Permission.MODERATE)
def stories_to_read() -> ResponseReturnValue:
    page = page_number(request.args.get("page"))
    waiting = waiting_stories(db.session, viewer=viewer(), now=datetime.now(UTC), page=page)
    return render_template("brokerage/stories_to_read.html", waiting=waiting)


@bp.route("/library/<uuid:piece_id>/decide", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide_piece(piece_id: UUID) -> ResponseReturnValue:
    wanted = PieceId(piece_id)
    it = queries.piece_page(db.session, piece_id=wanted, viewer=viewer()) or abort(404)
    if not it.may_decide:
        abort(403)
    form = DecidePieceForm(data={"sent_at": it.sent_at.isoformat()})
    form.choose_for(it.status)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.decide_piece(
                    session,
                    piece_id=wanted,
                    outcome=Outcome(form.outcome.data),
                    reason=form.reason.data or "",
                    sent_at=_moment(form.sent_at.data),
                    by=me(),
                    address=piece_address,
                    now=datetime.now(UTC),
                )
        except ReasonMissingError as error:
            show_refusal(form, error, beside="reason")
        except DomainError as error:
            show_refusal(form, error)
            # What is shown now is what they are asked to read.
            form.sent_at.data = it.sent_at.isoformat()
        else:
            flash("Saved. Where something changed, we have written to whoever wrote it.")
            return redirect(url_for(".stories_to_read"))
    page = render_template(
        "brokerage/stories_decide.html",
        piece=it,
        blocks=blocks_of(it.words) if it.kind is PieceKind.MODEL_DOCUMENT else (),
        form=form,
        suspected=suspected_of(db.session, piece_id=wanted, viewer=viewer()),
        safety=safeguarding_shown(None),
    )
    return page, 422 if form.errors else 200


def _moment(typed: str | None) -> datetime:
    """Return which version was read. What is no moment is none that was."""
    try:
        return datetime.fromisoformat(typed or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)
