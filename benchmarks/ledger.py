"""
How fast money moves in the ledger, is read and is checked, with few transfers and with very many, on each database.

Makes people with a budget each, in whose books money was granted, promised, spent and released: a tenth of all
transfers in one budget. Then money is promised by the services, each act committed by itself, in many budgets and in
the big one. Reading what stands in a budget is set beside adding its entries up, as it would be if no sums were kept.
The middle and the slowest of twenty count, in milliseconds; beside them our own processor time, which hardly depends on
what else the machine does. Every promise of the ledger is asked for, in seconds. PostgreSQL is measured when
TEST_POSTGRESQL_URL names a server; a database is made on it, and dropped again. BENCH_TRANSFERS, such as "1000 100000",
says how many transfers there are.
"""

import os
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from benchmarks.ratings import _analyse, _seconds, _times
from benchmarks.search import _empty, _postgresql
from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.budgets.models import Budget, Entry, FundingStream, Promise, Transfer
from marketplace.budgets.queries.checking import broken_rows
from marketplace.budgets.queries.paying import payable_streams
from marketplace.budgets.rules import Account, Holding, Purpose, Reason, Stream, StreamId, TransferId
from marketplace.budgets.services import promising
from marketplace.kit.money import Money

TRANSFERS = "1000 100000"
IN_EACH = 50
"""How many transfers there are in a budget, but for the big one."""
ACTS = 300
READS = 400
TOGETHER = 2_000
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Made(NamedTuple):
    """A made-up budget of one stream."""

    person_id: PersonId
    stream_id: StreamId


def run() -> dict[str, dict[str, Any]]:
    """Measure each database there is."""
    sizes = [int(size) for size in os.environ.get("BENCH_TRANSFERS", TRANSFERS).split()]
    figures: dict[str, dict[str, Any]] = {"sqlite": {}}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            figures["sqlite"][f"{size:,} transfers"] = _measure(f"sqlite:///{folder}/ledger.sqlite", size)
    if server := os.environ.get("TEST_POSTGRESQL_URL"):
        figures["postgresql"] = {}
        for size in sizes:
            with _postgresql(server) as url:
                figures["postgresql"][f"{size:,} transfers"] = _measure(url, size)
    return figures


def _measure(url: str, size: int) -> dict[str, Any]:
    engine = _empty(url)
    try:
        with Session(engine, info={"writing": True}) as session:
            budgets = _budgets(session, max(size // IN_EACH, 2))
            _write(session, size, budgets)
            _analyse(engine)
            big, others = budgets[0], budgets[1:]
            of_others = [others[n % len(others)] for n in range(READS)]
            figures = {
                "of one budget": _transfers_of(session, big),
                "read a budget, ms": _times(session, [(lambda b=b: _read(session, b)) for b in of_others]),
                "read the big one, ms": _times(session, [lambda: _read(session, big)] * READS),
                "add the big one up instead, ms": _times(session, [lambda: _add_up(session, big)] * 20),
                "check everything, s": _seconds(lambda: _check(session)),
                "promise and commit, ms": _moving(engine, of_others),
                "promise and commit in the big one, ms": _moving(engine, [big] * ACTS),
            }
            _check(session)
            entries = session.scalar(select(func.count()).select_from(Entry))
            return figures | {"entries": entries}
    finally:
        engine.dispose()


def _budgets(session: Session, how_many: int) -> list[Made]:
    made = [Made(PersonId(uuid.uuid4()), StreamId(uuid.uuid4())) for _each in range(how_many)]
    people = [
        {
            "id": each.person_id, "name": "Sam", "email": f"{each.person_id}@example.org",
            "password_hash": "", "session_stamp": "", "created_at": NOW,
        }
        for each in made
    ]  # fmt: skip
    session.execute(insert(Person.__table__), people)
    budgets = [
        {
            "id": uuid.uuid4(), "person_id": each.person_id, "name": "My direct payment",
            "holding": Holding.DIRECT_PAYMENT, "begins_on": date(2026, 4, 6), "ends_on": date(2027, 4, 4),
            "created_at": NOW,
        }
        for each in made
    ]  # fmt: skip
    session.execute(insert(Budget.__table__), budgets)
    streams = [
        {"id": each.stream_id, "budget_id": budget["id"], "kind": Stream.SOCIAL_CARE}
        for each, budget in zip(made, budgets, strict=True)
    ]
    session.execute(insert(FundingStream.__table__), streams)
    session.commit()
    return made


def _write(session: Session, size: int, budgets: list[Made]) -> None:
    transfers = _transfers(size, budgets)
    while some := list(islice(transfers, TOGETHER)):
        if promises := [promise for promise, _transfer, _sides in some if promise]:
            session.execute(insert(Promise.__table__), promises)
        session.execute(insert(Transfer.__table__), [transfer for _promise, transfer, _sides in some])
        session.execute(insert(Entry.__table__), [side for _promise, _transfer, sides in some for side in sides])
        session.commit()


class Move(NamedTuple):
    """What happens to money, from where to where."""

    reason: Reason
    source: Account
    to: Account
    pence: int


GRANT = Move(Reason.ALLOCATED, Account.GRANTED, Account.LEFT, 10**9)
STEPS = (
    Move(Reason.PROMISED, Account.LEFT, Account.PROMISED, 5_000),
    Move(Reason.SPENT, Account.PROMISED, Account.SPENT, 4_000),
    Move(Reason.RELEASED, Account.PROMISED, Account.LEFT, 1_000),
)
Row = dict[str, Any]


def _transfers(size: int, budgets: list[Made]) -> Iterator[tuple[Row, Row, list[Row]]]:
    """Grant money to every budget, and then promise, spend and release it, for one purpose after another."""
    for each in budgets:
        yield {}, *_transfer(each, GRANT, {})
    steps: dict[StreamId, int] = {}
    promises: dict[StreamId, Row] = {}
    for n in range(size - len(budgets)):
        # A tenth is in the first budget.
        each = budgets[0] if n % 10 == 0 else budgets[1 + n % (len(budgets) - 1)]
        step = steps[each.stream_id] = (steps.get(each.stream_id, -1) + 1) % len(STEPS)
        if step == 0:
            promises[each.stream_id] = {
                "id": uuid.uuid4(), "stream_id": each.stream_id, "purpose": uuid.uuid4(), "what": "Help at home",
                "made_at": NOW,
            }  # fmt: skip
        promise = promises[each.stream_id]
        yield {} if step else promise, *_transfer(each, STEPS[step], promise)


def _transfer(each: Made, move: Move, promise: Row) -> tuple[Row, list[Row]]:
    transfer = {"id": uuid.uuid4(), "made_at": NOW, "made_by": each.person_id, "reason": move.reason, "note": ""}
    sides = [
        {
            "id": uuid.uuid4(), "transfer_id": transfer["id"], "stream_id": each.stream_id, "account": account,
            "promise_id": promise["id"] if account in {Account.PROMISED, Account.SPENT} else None,
            "amount": Money(pence),
        }
        for account, pence in ((move.source, -move.pence), (move.to, move.pence))
    ]  # fmt: skip
    return transfer, sides


def _transfers_of(session: Session, each: Made) -> int:
    wanted = select(func.count(Entry.transfer_id.distinct())).where(Entry.stream_id == each.stream_id)
    return session.scalar(wanted) or 0


def _read(session: Session, each: Made) -> None:
    [_stream] = payable_streams(session, viewer=Viewer(person_id=each.person_id))


def _add_up(session: Session, each: Made) -> None:
    added = select(Entry.account, func.sum(Entry.amount)).where(Entry.stream_id == each.stream_id)
    session.execute(added.group_by(Entry.account)).all()


def _check(session: Session) -> None:
    if broken_rows(session):
        raise RuntimeError("the books do not balance.")


def _moving(engine: Engine, budgets: list[Made]) -> dict[str, float]:
    """Promise a penny and commit, one act after another, each as a request does it."""
    with Session(engine, info={"writing": True}) as session:

        def promise(each: Made) -> None:
            session.connection(execution_options={"writing": True})
            promising.promise(
                session, by=each.person_id, purpose=Purpose(uuid.uuid4()), shares={each.stream_id: Money(1)},
                what="Help at home", key=TransferId(uuid.uuid4()), now=NOW,
            )  # fmt: skip
            session.commit()

        begun = [(lambda each=each: promise(each)) for each in budgets[:ACTS]]
        figures: dict[str, float] = {}
        seconds = _seconds(lambda: figures.update(_times(session, begun)))
        return figures | {"each second": len(begun) / seconds}
