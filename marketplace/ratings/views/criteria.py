"""What people rate by: the list of all, proposing, voting, and what the panel decides. Also the lists of outcomes."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.catalogue.views.safety import safeguarding_shown
from marketplace.catalogue.views.shown import council_name
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.ratings.forms.criteria import ProposeForm, RuleForm
from marketplace.ratings.queries import criteria as queries
from marketplace.ratings.rules.criteria import Ruling, rulings_for
from marketplace.ratings.rules.nouns import CriterionId, CriterionStatus
from marketplace.ratings.services import criteria as services
from marketplace.ratings.views.blueprint import bp


@bp.get("/criteria")
@public
def criteria() -> ResponseReturnValue:
    kinds = _kinds()
    wanted = CategorySlug(request.args.get("category", ""))
    category = wanted if wanted in dict(kinds) else None
    return render_template(
        "ratings/criteria.html",
        page=queries.criteria_page(db.session, viewer=viewer()),
        asked=queries.criteria_for(db.session, category) if category else (),
        category=category,
        kinds=kinds,
    )


@bp.route("/criteria/propose", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def propose_criterion() -> ResponseReturnValue:
    form = ProposeForm()
    form.choose_from(_kinds())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.propose_criterion(
                    session,
                    words=form.words.data or "",
                    why=form.why.data or "",
                    category=CategorySlug(form.category.data) if form.category.data else None,
                    by=me(),
                    link=page_address("ratings.criteria"),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Thank you. Others can vote for it now, and the panel will decide.")
            return redirect(url_for(".criteria", _anchor="proposed"))
    page = render_template("ratings/propose_criterion.html", form=form, safety=safeguarding_shown(viewer().council))
    return page, 422 if form.errors else 200


@bp.post("/criteria/<uuid:criterion_id>/vote")
@requires(Permission.BUY)
def vote_for_criterion(criterion_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.vote_for_criterion(session, criterion_id=CriterionId(criterion_id), by=me(), now=datetime.now(UTC))
    flash("Your vote counts.")
    return redirect(url_for(".criteria", _anchor="proposed"))


@bp.post("/criteria/<uuid:criterion_id>/take-vote-back")
@requires(Permission.BUY)
def take_vote_back(criterion_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.take_vote_back(session, criterion_id=CriterionId(criterion_id), by=me())
    flash("You have taken your vote back.")
    return redirect(url_for(".criteria", _anchor="proposed"))


@bp.route("/criteria/<uuid:criterion_id>/decide", methods=["GET", "POST"])
@requires(Permission.SIT_ON_PANEL)
def rule_on_criterion(criterion_id: UUID) -> ResponseReturnValue:
    it = queries.criterion_to_rule_on(db.session, criterion_id=CriterionId(criterion_id), viewer=viewer()) or abort(404)
    if it.is_mine:
        abort(403)
    others = [(one.id, one.words) for one in queries.criteria_page(db.session, viewer=viewer()).adopted]
    form = RuleForm(categories=list(it.kinds), picture=it.picture)
    form.choose_from(
        rulings=rulings_for(it.status), others=[one for one in others if one[0] != it.id], categories=_kinds()
    )
    if form.validate_on_submit():
        try:
            with transaction() as session:
                after = services.rule_on_criterion(
                    session, criterion_id=it.id, ruled=_ruled(form), by=viewer(), now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(_SAID[after])
            return redirect(url_for(".criteria"))
    return render_template("ratings/rule_on_criterion.html", form=form, it=it), 422 if form.errors else 200


@bp.get("/outcomes")
@public
def outcomes() -> ResponseReturnValue:
    schemes = queries.outcome_schemes(db.session)
    councils = {scheme.council: council_name(scheme.council) for scheme in schemes}
    return render_template("ratings/outcomes.html", schemes=schemes, councils=councils)


_SAID = {
    CriterionStatus.ADOPTED: "People are asked about it from now on.",
    CriterionStatus.MERGED: "What people said by it counts for the other now.",
    CriterionStatus.RETIRED: "People are not asked about it any more.",
    CriterionStatus.REFUSED: "Saved. We have written to whoever proposed it.",
}


def _ruled(form: RuleForm) -> services.Ruled:
    return services.Ruled(
        ruling=Ruling(form.ruling.data),
        reason=form.reason.data or "",
        categories=[CategorySlug(slug) for slug in form.categories.data or ()],
        picture=form.picture.data or "",
        into=CriterionId(UUID(form.into.data)) if form.into.data else None,
    )


def _kinds() -> list[tuple[str, str]]:
    """Return the broad kinds of support and the kinds within each, in the order we show them."""
    return [
        one
        for branch in catalogue.category_tree(db.session)
        for one in ((branch.slug, branch.name), *((shelf.slug, f"– {shelf.name}") for shelf in branch.shelves))
    ]
