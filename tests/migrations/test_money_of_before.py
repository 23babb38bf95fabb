"""Does money that was written down before the ledger kept sums come through the migrations, there and back?"""

import uuid
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingStream
from marketplace.budgets.queries import broken_rows
from marketplace.kit.db import open_engine
from marketplace.kit.money import ZERO, Money
from tests.conftest import ROOT

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC).replace(tzinfo=None)


def rows(table, **types):
    return sa.table(table, *(sa.column(name, kind) for name, kind in types.items()))


ID, TEXT, DAY, MOMENT = sa.Uuid(), sa.String(), sa.Date(), sa.DateTime()
PERSON = rows("person", id=ID, email=TEXT, name=TEXT, session_stamp=TEXT, created_at=MOMENT)
BUDGET = rows("budget", id=ID, person_id=ID, name=TEXT, holding=TEXT, begins_on=DAY, ends_on=DAY, created_at=MOMENT)
STREAM = rows("funding_stream", id=ID, budget_id=ID, kind=TEXT)
TRANSFER = rows("transfer", id=ID, made_at=MOMENT, made_by=ID, reason=TEXT)
ENTRY = rows("entry", id=ID, transfer_id=ID, stream_id=ID, account=TEXT, amount=sa.BigInteger())


@pytest.fixture
def engine(new_database):
    engine = open_engine(new_database())
    yield engine
    engine.dispose()


@pytest.fixture
def move(engine):
    """Brings the database to another revision, up or down."""

    def to(step, revision):
        config = Config(str(ROOT / "alembic.ini"))
        config.set_main_option("script_location", str(ROOT / "migrations"))
        config.attributes["url"] = engine.url.render_as_string(hide_password=False)
        engine.dispose()
        step(config, revision)

    return to


def write_down(engine, amounts):
    """A budget as it was written down before, with so many pence put into it one after another."""
    person, budget, stream = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    with engine.begin() as connection:
        connection.execute(
            PERSON.insert().values(id=person, email="a@example.org", name="Ada", session_stamp="", created_at=NOW)
        )
        connection.execute(
            BUDGET.insert().values(
                id=budget, person_id=person, name="Mine", holding="trust", begins_on=date(2026, 4, 6),
                ends_on=date(2027, 4, 5), created_at=NOW,
            )
        )  # fmt: skip
        connection.execute(STREAM.insert().values(id=stream, budget_id=budget, kind="nhs"))
        for pence in amounts:
            transfer = uuid.uuid4()
            connection.execute(TRANSFER.insert().values(id=transfer, made_at=NOW, made_by=person, reason="allocated"))
            sides = [("granted", -pence), ("left", pence)]
            connection.execute(
                ENTRY.insert(),
                [
                    {"id": uuid.uuid4(), "transfer_id": transfer, "stream_id": stream, "account": it, "amount": amount}
                    for it, amount in sides
                ],
            )


def test_money_of_before_has_its_sums_and_can_go_back(engine, move):
    move(command.downgrade, "0040")
    write_down(engine, [52_000, 1_250])
    for _there_and_back in range(2):
        move(command.upgrade, "head")
        with Session(engine) as session:
            [stream] = session.scalars(sa.select(FundingStream))
            assert (stream.granted, stream.left, stream.promised) == (Money(-53_250), Money(53_250), ZERO)
            assert broken_rows(session) == ()
        move(command.downgrade, "0040")
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(ENTRY)) == 4
