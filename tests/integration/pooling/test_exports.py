"""What leaves the site about somebody's money says what they bought, and never that they bought it with others."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from marketplace.budgets import services as budgets
from marketplace.budgets.rules import Holding, Stream
from marketplace.budgets.rules.statements import Quarter
from marketplace.budgets.services.budgets import HeldBy
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from marketplace.payments.rules import PaymentKey, Route
from marketplace.payments.services import payments
from marketplace.pooling.models import Pool
from marketplace.pooling.queries.pledging import ladder_of
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.pledging import NewPledge
from marketplace.pooling.services import closing, pledging, settling
from marketplace.purchasing.models import Arrangement, Invoice
from marketplace.purchasing.rules.nouns import PayBy
from tests.factories import accounts, pooling
from tests.factories import budgets as given

TITLE = "Zqswimmers of Sale"


def address(pool_id):
    return f"https://example.org/pools/{pool_id}"


def paid_by_the_council(session, now):
    """Let somebody whose council holds the money buy in a pool, be invoiced, and the council pay. Return them."""
    body, speaker = accounts.organisation(session)
    pool = pooling.pool_open_now(session, offer=pooling.offer_for_groups(session, organisation_id=body.id), title=TITLE)
    ben = accounts.person(session, name="Ben")
    budget_id = budgets.set_up_budget(
        session,
        by=ben.id,
        name="My support",
        holding=Holding.COUNCIL_MANAGED,
        held_by=HeldBy(Holding.COUNCIL_MANAGED, "Trafford Council", "pay@council.example"),
        begins_on=day_of(now) - timedelta(days=30),
        ends_on=day_of(now) + timedelta(days=300),
        amounts={Stream.SOCIAL_CARE: Money(500_00)},
        now=now,
    )
    [stream] = given.streams(session, budget_id).values()
    ladder = ladder_of(session, pool_id=pool.id)
    usual = ladder.usual
    for person, shares, pay_by in (
        (ben, {stream: ladder.at_worst(usual)}, PayBy.BUDGET_HOLDER),
        (accounts.person(session, name="Ada"), {}, PayBy.BANK_TRANSFER),
        (accounts.person(session, name="Cleo"), {}, PayBy.BANK_TRANSFER),
    ):
        wanted = NewPledge(usual.least, usual.most, usual.most_price, pay_by, shares)
        pledging.pledge_to_pool(session, pool_id=pool.id, by=person.id, wanted=wanted, called="", now=now)
    if session.get_one(Pool, pool.id).status is PoolStatus.OPEN:
        closing.go_ahead_now(session, pool_id=pool.id, by=pool.opened_by, now=now)
    assert settling.take_stock(session, pool_id=pool.id, address=address, now=now) is PoolStatus.CONFIRMED
    it = session.scalars(sa.select(Arrangement).where(Arrangement.person_id == ben.id)).one()
    invoice_id = session.scalars(sa.select(Invoice.id).where(Invoice.arrangement_id == it.id)).one()
    payments.record_payment(
        session,
        invoice_id=invoice_id,
        by=accounts.as_viewer(speaker, body),
        amount=it.total,
        route=Route.BUDGET_HOLDER,
        paid_on=day_of(now),
        key=PaymentKey(given.key()),
        now=now,
    )
    session.commit()
    return ben, budget_id, invoice_id


def test_whoever_holds_a_budget_reads_what_was_bought_and_no_pool(client, session, sign_in):
    now = datetime.now(UTC)
    ben, budget_id, invoice_id = paid_by_the_council(session, now)
    sign_in(ben.id)
    first, last = day_of(now) - timedelta(days=20), day_of(now)
    urls = [
        f"/budgets/{budget_id}/statement/{first}/{last}",
        f"/budgets/{budget_id}/statement/{first}/{last}.csv",
        f"/budgets/returns/{Quarter.holding(last).code}.csv",
        *(f"/arrangements/invoices/{invoice_id}{kind}" for kind in ("", "/csv", "/xml")),
    ]
    for url in urls:
        page = client.get(url)
        assert page.status_code == 200, url
        said = page.text.lower().replace("/pools", "")
        main = said.partition("<main")[2].partition("</main>")[0] or said
        assert "swimming with support" in main or "returns" in url, f"{url} says what was bought"
        assert TITLE.lower() not in main, f"{url} names the pool"
        assert "pool" not in main, f"{url} says that it was bought in a pool"
    for letter in session.scalars(sa.select(Message).where(Message.to == "pay@council.example")):
        assert "pool" not in f"{letter.subject} {letter.body}".lower()
