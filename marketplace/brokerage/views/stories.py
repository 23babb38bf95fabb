"""Pages for those who tell a story: telling it, changing it, and taking it down again at any time."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.forms.stories import StoryForm, TakeDownForm
from marketplace.brokerage.queries import library as queries
from marketplace.brokerage.rules.nouns import OutcomeId, PieceId
from marketplace.brokerage.services import stories as services
from marketplace.brokerage.services.stories import NamesInStoryError, ToldStory
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.catalogue.views.safety import safeguarding_shown
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy, tidy_line
from marketplace.ratings.queries import criteria as ratings


def piece_address(piece_id: PieceId) -> str:
    """Return where a piece of the library is, for letters."""
    return page_address("brokerage.piece", {"piece_id": piece_id})


@bp.get("/library/mine")
@requires(Permission.BUY)
def my_stories() -> ResponseReturnValue:
    return render_template("brokerage/stories_mine.html", stories=queries.my_stories(db.session, viewer=viewer()))


@bp.route("/library/tell", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def tell_story() -> ResponseReturnValue:
    form = _form(StoryForm())
    names: tuple[str, ...] = ()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.tell_story(session, told=_told(form), by=me(), address=piece_address, now=datetime.now(UTC))
        except NamesInStoryError as error:
            names = error.found
            show_refusal(form, error, beside="words")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Thank you. A moderator reads it within two working days, and we write to you.")
            return redirect(url_for(".my_stories"))
    return _page(form, names, story_id=None)


@bp.route("/library/<uuid:piece_id>/change", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def change_story(piece_id: UUID) -> ResponseReturnValue:
    wanted = PieceId(piece_id)
    it = queries.my_story(db.session, piece_id=wanted, viewer=viewer()) or abort(404)
    form = _form(
        StoryForm(
            data={
                "title": it.title,
                "words": it.words,
                "pseudonym": it.pseudonym,
                "category": it.category or "",
                "outcome": it.outcome_id or "",
            }
        )
    )
    names: tuple[str, ...] = ()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.change_story(
                    session, piece_id=wanted, told=_told(form), by=me(), address=piece_address, now=datetime.now(UTC)
                )
        except NamesInStoryError as error:
            names = error.found
            show_refusal(form, error, beside="words")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. A moderator reads it before others see it, within two working days.")
            return redirect(url_for(".my_stories"))
    return _page(form, names, story_id=wanted)


@bp.route("/library/<uuid:piece_id>/take-down", methods=["GET", "POST"])
@requires(Permission.BUY)
def take_piece_down(piece_id: UUID) -> ResponseReturnValue:
    wanted, form = PieceId(piece_id), TakeDownForm()
    it = queries.my_story(db.session, piece_id=wanted, viewer=viewer()) or abort(404)
    if form.validate_on_submit():
        with transaction() as session:
            services.take_story_down(session, piece_id=wanted, by=me(), now=datetime.now(UTC))
        flash("It is taken down, and we have forgotten its words.")
        return redirect(url_for(".my_stories"))
    return render_template("brokerage/stories_take_down.html", form=form, story=it), 422 if form.errors else 200


def _page(form: StoryForm, names: tuple[str, ...], *, story_id: PieceId | None) -> ResponseReturnValue:
    page = render_template(
        "brokerage/stories_write.html",
        form=form,
        names=names,
        story_id=story_id,
        safety=safeguarding_shown(viewer().council),
    )
    return page, 422 if form.errors else 200


def _form(form: StoryForm) -> StoryForm:
    categories = [(it.slug, it.name) for it in catalogue.categories_with_counts(db.session)]
    outcomes = [(str(it.id), it.name) for it in ratings.outcomes_for(db.session, viewer().council)]
    # One that was chosen before may be of another list by now: it stays to be chosen.
    if form.outcome.data and form.outcome.data not in dict(outcomes):
        kept = ratings.outcomes_named(db.session, [form.outcome.data])
        outcomes += [(str(one), name) for one, name in kept.items()]
    form.choose_from(categories=categories, outcomes=outcomes)
    return form


def _told(form: StoryForm) -> ToldStory:
    return ToldStory(
        title=tidy_line(form.title.data),
        words=tidy(form.words.data),
        pseudonym=tidy_line(form.pseudonym.data),
        outcome_id=OutcomeId(form.outcome.data) if form.outcome.data else None,
        category=CategorySlug(form.category.data) if form.category.data else None,
        keeps_names=bool(form.keeps_names.data),
    )
