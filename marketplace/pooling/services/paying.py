"""Who pays for a pledge: one or two of somebody's funding streams, or no budget here. Changes nothing."""

from collections.abc import Collection

from marketplace.budgets.queries.paying import PayableStream
from marketplace.budgets.rules import StreamId
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules.baskets import split, split_problem
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.purchasing.rules.routes import is_held_by_another


class WhoPaysError(WrongAnswerError):
    """It cannot be paid so. `field` says which answer will not do."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def shares_for(
    at_worst: Money,
    *,
    streams: Collection[PayableStream],
    first: StreamId | None,
    second: StreamId | None,
    second_pays: Money | None,
    pay_by: PayBy,
) -> dict[StreamId, Money]:
    """
    Return what each of somebody's own streams sets aside for what a pledge can come to at worst.

    :raises WhoPaysError: if it cannot be paid so.
    """
    own = {stream.stream_id: stream for stream in streams}
    for field, stream_id in (("first", first), ("second", second)):
        if stream_id is not None and stream_id not in own:
            raise WhoPaysError("Choose one of your budgets, or none.", field=field)
    problem = split_problem(at_worst, first=first, second=second, second_pays=second_pays)
    if problem:
        raise WhoPaysError(problem[1], field=problem[0])
    shares = split(at_worst, first=first, second=second, second_pays=second_pays or ZERO)
    if pay_by is PayBy.BUDGET_HOLDER and not any(is_held_by_another(own[one].holding) for one in shares):
        raise WhoPaysError(
            "Nobody but you holds the money you chose. Choose another way, or a budget that somebody else holds.",
            field="pay_by",
        )
    return shares
