"""Tokens: how a commissioner's own program gets at the figures."""

from datetime import UTC, datetime
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.demand.forms.tokens import TokenForm
from marketplace.demand.queries import tokens as queries
from marketplace.demand.rules.nouns import TokenId
from marketplace.demand.services import tokens as services
from marketplace.demand.services.tokens import NewToken
from marketplace.demand.views.blueprint import bp
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal


@bp.route("/demand/tokens", methods=["GET", "POST"])
@requires(Permission.READ_DEMAND)
def tokens() -> ResponseReturnValue:
    form = TokenForm()
    if not form.validate_on_submit():
        return _page(form, status=422 if form.is_submitted() else 200)
    try:
        with transaction() as session:
            made = services.make_token(
                session,
                viewer=viewer(),
                name=form.called.data or "",
                days=int(form.days.data),
                now=datetime.now(UTC),
            )
    except DomainError as error:
        show_refusal(form, error)
        return _page(form, status=422)
    # No redirect: this answer is the one place in which the token ever stands.
    return _page(TokenForm(formdata=None), made=made)


@bp.post("/demand/tokens/<uuid:token_id>/end")
@requires(Permission.READ_DEMAND)
def end_token(token_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.revoke_token(session, viewer=viewer(), token_id=TokenId(token_id), now=datetime.now(UTC))
    return redirect(url_for("demand.tokens"))


def _page(form: TokenForm, *, made: NewToken | None = None, status: int = 200) -> ResponseReturnValue:
    lines = queries.tokens_of(db.session, viewer=viewer(), now=datetime.now(UTC))
    return (
        render_template(
            "demand/tokens.html", form=form, tokens=lines, made=made, address=page_address("demand_api.about")
        ),
        status,
    )
