"""Somebody who buys, a provider who is paid, and a pretended Stripe between them. Nothing here is rolled back."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from marketplace.accounts.models import Person
from marketplace.budgets.models import FundingStream
from marketplace.budgets.queries.checking import broken_rows
from marketplace.budgets.rules import Holding, Purpose, Stream, TransferId
from marketplace.budgets.services import promising, set_up_budget
from marketplace.kit.db import db, transaction
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from marketplace.payments.jobs import cards, charging, providers
from marketplace.payments.jobs.reconciling import reconcile
from marketplace.payments.models import Charge, Payment, Refund
from marketplace.payments.queries.checking import broken_promises
from marketplace.payments.rules import PaymentId
from marketplace.payments.services import cards as card_services
from marketplace.payments.services import providers as provider_services
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.purchasing.services import invoicing
from tests.factories import accounts as make
from tests.factories import purchasing

OWED = 43_50
GRANTED = 100_00


@dataclass
class Shop:
    """What a test of cards plays with. `fake` is the pretended Stripe."""

    app: object
    fake: object
    person: object = None
    speaker: object = None
    organisation_id: object = None
    arrangement_id: object = None
    now: datetime = None

    @classmethod
    def opened(cls, app, fake, *, budget=True):
        """Open a shop whose provider takes cards, and in which somebody with a budget has agreed to pay by card."""
        shop = cls(app, fake, now=datetime.now(UTC))
        with app.app_context(), transaction() as session:
            person, organisation, speaker = purchasing.two_sides(session)
            shop.person, shop.speaker = make.as_viewer(person), make.as_viewer(speaker, organisation)
            shop.organisation_id = organisation.id
            it = purchasing.arrangement(
                session,
                person=person,
                organisation_id=organisation.id,
                status=ArrangementStatus.ACCEPTED,
                pay_by=PayBy.CARD,
            )
            shop.arrangement_id = it.id
            if budget:
                shop._promise(session)
            provider_services.begin_account(session, organisation_id=organisation.id, by=shop.speaker, now=shop.now)
        with app.app_context():
            providers.look_at_account(shop.organisation_id, now=shop.now)
            fake.finish_onboarding(shop.account())
            providers.look_at_account(shop.organisation_id, now=shop.now)
        return shop

    def _promise(self, session):
        set_up_budget(
            session,
            by=self.person.person_id,
            name="Mine",
            holding=Holding.DIRECT_PAYMENT,
            begins_on=date(2026, 4, 6),
            ends_on=date(2027, 4, 5),
            amounts={Stream.SOCIAL_CARE: Money(GRANTED)},
            now=self.now,
        )
        session.flush()
        stream_id = session.scalars(sa.select(FundingStream.id)).one()
        promising.promise(
            session,
            by=self.person.person_id,
            purpose=Purpose(self.arrangement_id),
            shares={stream_id: Money(OWED)},
            what="Gardening",
            key=TransferId(self.arrangement_id),
            now=self.now,
        )

    # ------------------------------------------------------------ what happens

    def issue(self):
        with self.app.app_context(), transaction() as session:
            return invoicing.issue_invoice(
                session, arrangement_id=self.arrangement_id, by=self.speaker.person_id, link=str, now=self.now
            )

    def save_card(self, name="pm_card_visa"):
        with self.app.app_context():
            with transaction() as session:
                setup_id = card_services.begin_card_setup(session, by=self.person.person_id, back_to="/", now=self.now)
            cards.ask_about_setup(setup_id, now=self.now)
            (session_id,) = self.ask("SELECT session_id FROM card_setup WHERE status = 'begun'")
            said = self.fake.use_card(session_id, name)
            cards.ask_about_setup(setup_id, now=self.now)
        return said

    def charge_invoices(self, **later):
        with self.app.app_context():
            return charging.charge_invoices(self.later(**later))

    def finish(self, **later):
        with self.app.app_context():
            return charging.finish_charges(self.later(**later), at_once=True)

    def reconcile(self, **later):
        with self.app.app_context():
            return reconcile(self.later(**later))

    def later(self, **by):
        return self.now + timedelta(**by)

    # ------------------------------------------------------------ what is

    def ask(self, query):
        """Return the first column of what a question in SQL finds."""
        with self.app.extensions["engine"].connect() as connection:
            return [row[0] for row in connection.exec_driver_sql(query)]

    def account(self):
        return self.ask("SELECT account_id FROM stripe_account")[0]

    def all_of(self, model):
        with self.app.app_context():
            return db.session.scalars(sa.select(model)).all()

    def charges(self):
        return sorted(self.all_of(Charge), key=lambda it: it.attempt)

    def payments(self):
        return self.all_of(Payment)

    def refunds(self):
        return self.all_of(Refund)

    def payment_id(self):
        (payment,) = self.payments()
        return PaymentId(payment.id)

    def letters(self, to=None):
        with self.app.app_context():
            email = db.session.get_one(Person, to.person_id).email if to else None
            return [it.subject for it in self.all_of(Message) if email in {None, it.to}]

    def spent(self):
        return sum(self.ask("SELECT spent FROM funding_stream"))

    def moved(self):
        """Return what the provider has got by Stripe's books, less what went back, and how often a card was charged."""
        books = self.fake.books()[self.account()]
        return books["charged"] - books["refunded"], sum(line["times"] for line in books["by_ref"].values())

    def is_clean(self):
        """Hold if every promise of payments and of the ledger is kept."""
        with self.app.app_context():
            broken = [*broken_promises(db.session), *broken_rows(db.session)]
        assert not broken, broken
        return True


@contextmanager
def opened_shop(new_app, fake, **how):
    """Open a shop on a database of its own, and close its connections afterwards."""
    app = new_app(
        stripe_secret_key=fake.secret_key,
        stripe_webhook_secret=fake.webhook_secret,
        stripe_api_base=fake.url,
        fee_pence_per_pound="1.5",
    )
    yield Shop.opened(app, fake, **how)
    app.extensions["engine"].dispose()
