"""The short pages on which a brief is written: one question each, in any order."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in
from marketplace.brokerage.forms.briefs import (
    MattersForm,
    MoneyForm,
    NeedsForm,
    PageForm,
    WhatForm,
    WhenForm,
    WhereForm,
)
from marketplace.brokerage.queries.briefs import BriefSeen
from marketplace.brokerage.rules.areas import Area
from marketplace.brokerage.rules.briefs import MOST_NEEDS, PRESETS, Page
from marketplace.brokerage.rules.nouns import BriefStatus
from marketplace.brokerage.services import writing_briefs as services
from marketplace.brokerage.services.writing_briefs import ChangedMeanwhileError, Save, Writing
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.briefs import brief_of, gives_words_back
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy, tidy_line

_TEMPLATES = {
    Page.WHAT: "brokerage/brief_what.html",
    Page.NEEDS: "brokerage/brief_needs.html",
    Page.MATTERS: "brokerage/brief_matters.html",
    Page.MONEY: "brokerage/brief_money.html",
    Page.WHERE: "brokerage/brief_where.html",
    Page.WHEN: "brokerage/brief_when.html",
}


@bp.route("/briefs/<uuid:brief_id>/what", methods=["GET", "POST"])
@signed_in
@gives_words_back(title="In a few words", about="What providers should know")
def brief_what(brief_id: UUID) -> ResponseReturnValue:
    page = _draft(brief_id)
    form = WhatForm(obj=page.wanted)
    form.offer([(line.slug, line.name) for line in catalogue.categories(db.session)])
    return _answered(
        page,
        form,
        Page.WHAT,
        lambda session, writing: services.say_what(
            session,
            writing,
            title=tidy_line(form.title.data),
            about=tidy(form.about.data),
            category=CategorySlug(form.category.data) if form.category.data else None,
        ),
    )


@bp.route("/briefs/<uuid:brief_id>/needs", methods=["GET", "POST"])
@signed_in
@gives_words_back(**{f"need_{at}": worded("What must be met, {at}", at=at) for at in range(1, MOST_NEEDS + 1)})
def brief_needs(brief_id: UUID) -> ResponseReturnValue:
    page, form = _draft(brief_id), NeedsForm()
    if not form.is_submitted():
        form.show(page.wanted)
    return _answered(
        page, form, Page.NEEDS, lambda session, writing: services.say_needs(session, writing, needs=form.needs)
    )


@bp.route("/briefs/<uuid:brief_id>/matters", methods=["GET", "POST"])
@signed_in
def brief_matters(brief_id: UUID) -> ResponseReturnValue:
    page, form = _draft(brief_id), MattersForm()
    preset = next((one for one in PRESETS if one.slug == request.form.get("preset")), None)
    if preset is not None:
        # Filled in for them to look at and change: nothing is saved yet.
        form.show(preset.criteria)
        return _page(page, form, Page.MATTERS)
    if not form.is_submitted():
        form.show(page.criteria_to_write)
    return _answered(
        page,
        form,
        Page.MATTERS,
        lambda session, writing: services.say_what_matters(session, writing, criteria=form.criteria),
    )


@bp.route("/briefs/<uuid:brief_id>/money", methods=["GET", "POST"])
@signed_in
def brief_money(brief_id: UUID) -> ResponseReturnValue:
    page = _draft(brief_id)
    form = MoneyForm(data={"budget": page.budget, "shows_budget": "yes" if page.shows_budget else "no"})
    return _answered(
        page,
        form,
        Page.MONEY,
        lambda session, writing: services.say_money(
            session, writing, budget=form.budget.data, shows_budget=form.shows_budget.data == "yes"
        ),
    )


@bp.route("/briefs/<uuid:brief_id>/where", methods=["GET", "POST"])
@signed_in
def brief_where(brief_id: UUID) -> ResponseReturnValue:
    page, form = _draft(brief_id), WhereForm()
    return _answered(
        page,
        form,
        Page.WHERE,
        lambda session, writing: _told(
            services.say_where(session, writing, typed=form.place.data or "", gazetteer=gazetteer())
        ),
        beside="place",
    )


def _told(area: Area) -> None:
    flash(worded("Your brief says “{name}”, and nothing finer.", name=area.name))


@bp.route("/briefs/<uuid:brief_id>/when", methods=["GET", "POST"])
@signed_in
@gives_words_back(times="When it would suit")
def brief_when(brief_id: UUID) -> ResponseReturnValue:
    page = _draft(brief_id)
    form = WhenForm(obj=page.wanted, days_open=str(page.days_open))
    return _answered(
        page, form, Page.WHEN, lambda session, writing: services.say_when(session, writing, when=form.when)
    )


def _draft(brief_id: UUID) -> BriefSeen:
    page = brief_of(brief_id)
    if not page.may_write or page.status is not BriefStatus.DRAFT:
        abort(404)
    return page


def _answered(page: BriefSeen, form: PageForm, asked: Page, save: Save, *, beside: str = "") -> ResponseReturnValue:
    """Save what was sent and go on to what is next, or show the page again with all that was typed."""
    if not form.is_submitted():
        form.seen.data = page.said_on(asked)
        return _page(page, form, asked)
    stands: BriefSeen | None = None
    if form.validate():
        try:
            with transaction() as session:
                save(session, Writing(page.id, me(), datetime.now(UTC), form.seen.data or ""))
        except ChangedMeanwhileError as error:
            # What both wrote is on the page; the next press puts this one in the other's place.
            stands = page
            form.seen.data = page.said_on(asked)
            form.seen.raw_data = [form.seen.data]
            show_refusal(form, error)
        except DomainError as error:
            show_refusal(form, error, beside=beside)
        else:
            return redirect(url_for(".brief", brief_id=page.id))
    return _page(page, form, asked, stands=stands)


def _page(page: BriefSeen, form: PageForm, asked: Page, *, stands: BriefSeen | None = None) -> ResponseReturnValue:
    return render_template(
        _TEMPLATES[asked], page=page, form=form, stands=stands, presets=PRESETS
    ), 422 if form.errors else 200
