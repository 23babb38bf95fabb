"""People who club together, a provider who takes cards, and a pretended Stripe between them. Nothing is rolled back."""

import json
import random
import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Viewer
from marketplace.budgets.models import Promise
from marketplace.budgets.queries.checking import broken_rows as broken_budgets
from marketplace.catalogue.rules import Unit
from marketplace.kit.db import db, transaction
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from marketplace.payments.jobs.charging import ask_about, charge_invoices
from marketplace.payments.jobs.events import act_on
from marketplace.payments.jobs.reconciling import finish_payments
from marketplace.payments.models import Charge, StripeAccount, StripeCustomer
from marketplace.payments.queries.checking import broken_promises, left_waiting
from marketplace.payments.services import charging, events
from marketplace.pooling.jobs import close_lapsed_pools
from marketplace.pooling.jobs.settling import look_after_pools, settle_pools, try_card_again
from marketplace.pooling.models import Pledge, Pool, PoolMember, PoolTier
from marketplace.pooling.queries import checking
from marketplace.pooling.queries.pledging import ladder_of
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import Counts, MemberRole
from marketplace.pooling.rules.pledging import NewPledge
from marketplace.pooling.services import pledging
from marketplace.purchasing.models import Arrangement, Invoice
from marketplace.purchasing.queries import checking as purchasing
from marketplace.purchasing.rules.nouns import ArrangementKind, InvoiceKind, PayBy
from tests.factories import accounts as make
from tests.factories import budgets as given
from tests.factories import payments as pay
from tests.factories import pooling
from tests.stripe_fake.accounts import create_account, finish_account
from tests.stripe_fake.cards import CARDS
from tests.stripe_fake.methods import make_method
from tests.stripe_fake.routes import Request
from tests.stripe_fake.webhooks import signature_of
from tests.stripe_fake.world import PLATFORM

GRANTED = 500_00
"""What each has in social care money, and again in money of their own, in pence."""

JOBS = [finish_payments, charge_invoices, close_lapsed_pools, settle_pools, look_after_pools]
"""What runs by itself and moves pools or their money."""


def address(pool_id):
    return f"https://example.org/pools/{pool_id}"


@dataclass
class Somebody:
    """A person with a budget of two streams. `card` is the name of the card they saved last."""

    id: object
    streams: tuple
    card: str = ""


@dataclass
class Club:
    """What a test of pools plays with. `fake` is the pretended Stripe; `now` only ever goes forward."""

    app: object
    fake: object
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    people: list = field(default_factory=list)
    speaker_id: object = None
    organisation_id: object = None
    offer: object = None

    @classmethod
    def opened(cls, app, fake, *, people=4):
        """Let there be a provider who takes cards, an offer with group prices, and so many people with a budget."""
        club = cls(app, fake)
        with app.app_context(), transaction() as session:
            organisation, speaker = make.organisation(session)
            club.organisation_id, club.speaker_id = organisation.id, speaker.id
            pay.account(session, organisation_id=organisation.id, by=speaker.id, account_id=club._account())
            club.offer = pooling.offer_for_groups(session, organisation_id=organisation.id).id
            for place in range(people):
                club._join_town(session, place)
        return club

    def _account(self):
        """Open the provider's account at Stripe, as if its onboarding were finished."""
        with self.fake.world.lock:
            account = create_account(self.fake.world, Request(account=PLATFORM, params={}, ids=(), expand=[]))
            finish_account(self.fake.world, account)
        return account["id"]

    def _join_town(self, session, place):
        person = make.person(session, name=f"Person {place}")
        budget = given.budget(session, person, social_care=GRANTED, own_money=GRANTED, period=self._year())
        self.people.append(Somebody(person.id, tuple(given.streams(session, budget).values())))

    def _year(self):
        return {"begins_on": self.now.date(), "ends_on": self.now.date() + timedelta(days=364)}

    def save_card(self, person, name="pm_card_visa"):
        """Let somebody have saved a card, as they would on Stripe's page."""
        with self.app.app_context(), transaction() as session:
            customer = session.get(StripeCustomer, person.id)
            with self.fake.world.lock:
                if customer is None:
                    known_as = self.fake.world.add("customer", "cus", PLATFORM, metadata={})["id"]
                    session.add(StripeCustomer(person_id=person.id, customer_id=known_as, begun_at=self.now))
                else:
                    known_as = customer.customer_id
                method = make_method(self.fake.world, PLATFORM, CARDS[name])
                method["customer"] = known_as
            pay.card(session, person_id=person.id, payment_method_id=method["id"], saved_at=self.now)
        person.card = name

    def open_pool(self, steps, *, minimum=2, most=None, weeks=1, counts=Counts.PEOPLE, quantity=1, days=14):
        """Open a pool with no pledge yet, on a ladder of `{counted_from: pence}`; or a `{…: (pence,)}` for all."""
        weekly = weeks > 1
        unit = {from_: price for from_, price in steps.items() if isinstance(price, int)}
        dearest = Money(max(unit.values(), default=100_00))
        it = Pool(
            id=uuid.uuid4(), opened_by=self.people[0].id, title="Swimming on Saturdays", purpose="We like the water.",
            offer_id=self.offer, category="sport-and-leisure", counts=counts, minimum_people=minimum, most_people=most,
            unit_price=dearest, price_alone=dearest + Money(100), unit=Unit.HOUR, quantity=quantity, weeks=weeks,
            kind=ArrangementKind.WEEKLY if weekly else ArrangementKind.ONE_OFF, status=PoolStatus.OPEN,
            starts_on=(self.now + timedelta(days=days + 30)).date(), opened_at=self.now,
            closes_at=self.now + timedelta(days=days),
        )  # fmt: skip
        tiers = [
            PoolTier(pool_id=it.id, counted_from=from_, unit_price=Money(price)) if from_ in unit else
            PoolTier(pool_id=it.id, counted_from=from_, whole_price=Money(price[0]))
            for from_, price in steps.items()
        ]  # fmt: skip
        champion = PoolMember(
            id=uuid.uuid4(), pool_id=it.id, person_id=self.people[0].id, role=MemberRole.CHAMPION, joined_at=self.now
        )
        with self.app.app_context(), transaction() as session:
            session.add(it)
            session.flush()
            session.add_all([*tiers, champion])
            return it.id

    # ------------------------------------------------------------ what happens

    def do(self, service, **said):
        """Let a service do something in a transaction of its own."""
        with self.app.app_context(), transaction() as session:
            return service(session, now=self.now, **said)

    def pledge(self, person, pool_id, *, least=1, most=None, price=None, pay_by=PayBy.CARD, budget=True, change=False):
        """
        Let somebody pledge, and return where the pool stands then; or change what they have pledged.

        Both of their streams set aside what it comes to at worst, half and half, unless no budget pays.
        """
        with self.app.app_context(), transaction() as session:
            ladder = ladder_of(session, pool_id=pool_id)
            wanted = NewPledge(least, most or least, ladder.dearest if price is None else Money(price), pay_by)
            worst = ladder.at_worst(wanted)
            if budget and worst:
                wanted = replace(wanted, shares=dict(zip(person.streams, worst.split(2), strict=True)))
            do = pledging.change_pledge if change else pledging.pledge_to_pool
            return do(session, pool_id=pool_id, by=person.id, wanted=wanted, called="", now=self.now)

    def take_stock(self):
        """Let every job run that has to do with pools or their money."""
        with self.app.app_context():
            for job in JOBS:
                job(self.now)

    def settle(self):
        """Let pools that are getting ready go on, and nothing else."""
        with self.app.app_context():
            return settle_pools(self.now)

    def try_again(self, person, pool_id):
        """Let somebody have the card charged again that they saved last."""
        with self.app.app_context():
            return try_card_again(pool_id, by=person.id, now=self.now)

    def pay_on_page(self, person, pool_id, card="pm_card_visa"):
        """Let somebody pay what their pool asks for on Stripe's page, if there is anything. Return what it says."""
        owed = (
            sa.select(Invoice.id)
            .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
            .where(Arrangement.pool_key == pool_id, Arrangement.person_id == person.id)
            .where(Invoice.kind == InvoiceKind.INVOICE)
            .order_by(Invoice.number.desc())
        )
        with self.app.app_context():
            invoice_id = db.session.scalars(owed).first()
            if invoice_id is None:
                return ""
            by = Viewer(person_id=person.id)
            with transaction() as session:
                charge_id = charging.begin_hosted_charge(
                    session, invoice_id=invoice_id, by=by, pence_per_pound=Decimal(0), now=self.now
                )
            ask_about(charge_id, now=self.now)
            session_id = db.session.get_one(Charge, charge_id).session_id
        return self.fake.use_card(session_id, card) if session_id else ""

    def hear(self, *, copies=1, shuffled=None):
        """Let Stripe's webhooks come, so many times each, and in any order."""
        told = [event for event in self.fake.webhooks.waiting for _ in range(copies)]
        self.fake.webhooks.waiting = []
        if shuffled is not None:
            random.Random(shuffled).shuffle(told)  # noqa: S311  (so that a failure can be played again)
        with self.app.app_context():
            for event in told:
                self._hear(event)

    def _hear(self, event):
        """Do as the page does that Stripe tells, at the time of this club."""
        body, signed_at = json.dumps(event).encode(), int(self.now.timestamp())
        secrets = self.fake.webhook_secret.split(",")
        signature = signature_of(body, secrets["account" in event], signed_at)
        said = self.app.extensions["stripe"].read_event(body, signature, now=self.now)
        with transaction() as session:
            is_new = events.take_in(session, event=said, body=body, now=self.now)
        if is_new:
            act_on(said.event_id, now=self.now)

    def pass_time(self, **by):
        """Let time pass, here and at Stripe."""
        self.now += timedelta(**by)
        self.fake.advance(timedelta(**by).total_seconds())

    # ------------------------------------------------------------ what is

    def ask(self, query, **said):
        """Return the rows that a question in SQL finds."""
        with self.app.app_context():
            return db.session.execute(sa.text(query), said).all()

    def one(self, model, row_id):
        with self.app.app_context():
            return db.session.get_one(model, row_id)

    def status(self, pool_id):
        return self.one(Pool, pool_id).status

    def pledges(self, pool_id):
        """Return the pledges to a pool, the earliest first, also those that were taken back."""
        with self.app.app_context():
            found = sa.select(Pledge).where(Pledge.pool_id == pool_id).order_by(Pledge.pledged_at, Pledge.id)
            return db.session.scalars(found).all()

    def moved(self, pool_id=None):
        """
        Return how many pence each person has paid by card and not got back, as Stripe's own books say.

        Of one pool, or of all. Whoever has paid nothing is not in it.
        """
        lines = self.fake.books().get(self._account_id(), {"by_ref": {}})["by_ref"]
        with self.app.app_context():
            known = db.session.execute(
                sa.select(Charge.id, Charge.person_id, Arrangement.pool_key)
                .join(Invoice, Invoice.id == Charge.invoice_id)
                .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
            ).all()
        moved = Counter()
        for charge_id, person_id, pool_key in known:
            line = lines.pop(str(charge_id), None)
            if line is None:
                continue
            assert line["times"] == 1, "a card was charged twice for one charge of ours"
            if pool_id in {None, pool_key}:
                moved[person_id] += line["charged"] - line["refunded"]
        assert not lines, "Stripe moved money that we know nothing of"
        return +moved

    def _account_id(self):
        return self.one(StripeAccount, self.organisation_id).account_id

    def letters(self, person=None):
        """Return the subjects of what was written, to somebody or to all."""
        with self.app.app_context():
            email = db.session.get_one(Person, person.id).email if person else None
            return [it.subject for it in db.session.scalars(sa.select(Message)) if email in {None, it.to}]

    def standing(self):
        """Return what all budgets have left, promised and spent, in pence."""
        ((left, promised, spent),) = self.ask('SELECT SUM("left"), SUM(promised), SUM(spent) FROM funding_stream')
        return {"left": left, "promised": promised, "spent": spent}

    def all_of(self, model):
        with self.app.app_context():
            return db.session.scalars(sa.select(model)).all()

    def promised(self):
        """Return what is promised or spent for each purpose that any budget pays for."""
        held = Counter()
        for it in self.all_of(Promise):
            held[it.purpose] += (it.promised + it.spent).pence
        return {purpose: Money(pence) for purpose, pence in held.items() if pence}

    def broken(self, *, waiting=True):
        """Return what breaks a promise of pools, payments, purchasing or the ledger, or waits for too long."""
        with self.app.app_context():
            late = (*checking.left_waiting(db.session, now=self.now), *left_waiting(db.session, now=self.now))
            return (
                *checking.broken_rows(db.session),
                *broken_promises(db.session),
                *purchasing.broken_rows(db.session, today=self.now.date()),
                *broken_budgets(db.session),
                *(late if waiting else ()),
            )

    def is_clean(self):
        broken = self.broken()
        assert not broken, broken
        return True


@contextmanager
def opened_app(new_app, fake):
    """Open a site that asks the pretended Stripe, on a database of its own, and close its connections afterwards."""
    app = new_app(
        stripe_secret_key=fake.secret_key,
        stripe_webhook_secret=fake.webhook_secret,
        stripe_api_base=fake.url,
        fee_pence_per_pound="1.5",
    )
    yield app
    app.extensions["engine"].dispose()


@contextmanager
def opened_club(new_app, fake, **how):
    """Open a club on a database of its own."""
    with opened_app(new_app, fake) as app:
        yield Club.opened(app, fake, **how)
