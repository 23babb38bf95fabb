"""Which money somebody chose to pay for something, and whether it can be paid so."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.budgets.queries.paying import payable_streams
from marketplace.budgets.rules import StreamId
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules.baskets import split, split_problem
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.purchasing.rules.routes import is_held_by_another, routes_open_to

TakesCards = Callable[[OrganisationId], bool]
"""Tells whether a provider can be paid by card here now. Payments know; they are a package above."""


class PaymentUnclearError(WrongAnswerError):
    """It cannot be paid so."""


@dataclass(frozen=True, slots=True)
class PaymentWanted:
    """Who is to pay: one or two funding streams, or no budget here; and by which way."""

    first: StreamId | None
    second: StreamId | None
    second_pays: Money | None
    pay_by: PayBy


def money_chosen(
    session: Session,
    *,
    by: Viewer,
    total: Money,
    organisation_id: OrganisationId,
    wanted: PaymentWanted,
    takes_cards: TakesCards,
) -> dict[StreamId, Money]:
    """
    Return how much of a total each of somebody's own funding streams pays. None: no budget here pays.

    :raises PaymentUnclearError: if it cannot be paid so; `field` says which answer will not do.
    """
    known = {stream.stream_id: stream for stream in payable_streams(session, viewer=by)}
    first, second, second_pays = wanted.first, wanted.second, wanted.second_pays
    for field, stream_id in (("first", first), ("second", second)):
        if stream_id is not None and stream_id not in known:
            raise PaymentUnclearError("Choose one of your budgets, or none.", field=field)
    problem = split_problem(total, first=first, second=second, second_pays=second_pays)
    if problem:
        raise PaymentUnclearError(problem[1], field=problem[0])
    open_now = routes_open_to(
        holdings={stream.holding for stream in known.values()}, takes_cards=takes_cards(organisation_id)
    )
    if wanted.pay_by not in open_now:
        raise PaymentUnclearError("Choose one of these ways to pay.", field="pay_by")
    shares = split(total, first=first, second=second, second_pays=second_pays or ZERO)
    if wanted.pay_by is PayBy.BUDGET_HOLDER and not any(is_held_by_another(known[one].holding) for one in shares):
        raise PaymentUnclearError(
            "Nobody but you holds the money you chose. Choose another way, or a budget that somebody else holds.",
            field="pay_by",
        )
    return shares
