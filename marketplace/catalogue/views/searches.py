"""Saved searches: asked again with one press, and told of by email when something is new."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.catalogue import queries, services
from marketplace.catalogue.forms import looking
from marketplace.catalogue.forms.looking import Looking
from marketplace.catalogue.forms.shopping import SaveSearchForm
from marketplace.catalogue.rules import LONGEST_SEARCH_NAME, AlertEvery, SavedSearchId
from marketplace.catalogue.views.blueprint import bp
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.undo import flash_with_undo


@bp.get("/searches")
@signed_in
def saved_searches() -> ResponseReturnValue:
    results = url_for("catalogue.results")
    saved = [(each, f"{results}?{each.asked}") for each in queries.saved_searches(db.session, viewer=viewer())]
    return render_template("catalogue/saved_searches.html", saved=saved)


@bp.route("/searches/save", methods=["GET", "POST"])
@signed_in
def save_search() -> ResponseReturnValue:
    """Ask for a name for the search that the address holds, as the results page's address does."""
    asked = _looked(request.args)
    if asked.is_for_nothing:
        if request.method == "POST":
            return redirect(url_for("catalogue.save_search"))
        return render_template("catalogue/nothing_to_save.html")
    form = SaveSearchForm(name=_named(asked))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.save_search(
                    session,
                    name=form.name.data or "",
                    asked=urlencode(asked.but().address(), doseq=True),
                    every=AlertEvery(form.every.data),
                    by=me(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. You find it here, and in your account.")
            return redirect(url_for("catalogue.saved_searches"))
    page = render_template(
        "catalogue/save_search.html", form=form, back=url_for("catalogue.results", **asked.address()), is_new=True
    )
    return page, 422 if form.errors else 200


@bp.route("/searches/<uuid:saved_search_id>", methods=["GET", "POST"])
@signed_in
def change_saved_search(saved_search_id: UUID) -> ResponseReturnValue:
    saved = queries.saved_search(db.session, saved_search_id=SavedSearchId(saved_search_id), viewer=viewer()) or abort(
        404
    )
    form = SaveSearchForm(name=saved.name, every=saved.every)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.change_saved_search(
                    session,
                    saved_search_id=saved.id,
                    name=form.name.data or "",
                    every=AlertEvery(form.every.data),
                    by=me(),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved.")
            return redirect(url_for("catalogue.saved_searches"))
    page = render_template(
        "catalogue/save_search.html", form=form, back=url_for("catalogue.saved_searches"), is_new=False
    )
    return page, 422 if form.errors else 200


@bp.post("/searches/<uuid:saved_search_id>/forget")
@signed_in
def forget_search(saved_search_id: UUID) -> ResponseReturnValue:
    wanted = SavedSearchId(saved_search_id)
    saved = queries.saved_search(db.session, saved_search_id=wanted, viewer=viewer())
    with transaction() as session:
        services.forget_search(session, saved_search_id=wanted, by=me())
    again = f"{url_for('.save_search')}?{saved.asked}" if saved else url_for(".saved_searches")
    flash_with_undo("Removed. You hear no more of it.", text="Save it again", href=again)
    return redirect(url_for("catalogue.saved_searches"))


def _looked(args: MultiDict[str, str]) -> Looking:
    return looking.read(args, categories={shelf.slug for shelf in queries.categories(db.session)})


def _named(asked: Looking) -> str:
    """Return a name for a search, to be changed: what was looked for, and where."""
    what = asked.q or "Support"
    return (worded("{what} near {near}", what=what, near=asked.near) if asked.near else what)[:LONGEST_SEARCH_NAME]
