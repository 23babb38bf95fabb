"""Steps of paying, each in a process of its own that may be killed at any moment. Run by the tests of crashes."""

from uuid import UUID

from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.kit.db import transaction
from marketplace.kit.money import Money
from marketplace.payments.jobs import cards, charging, providers, refunds
from marketplace.payments.rules import CardSetupId, PaymentId, RefundId
from marketplace.payments.services import charging as charging_services
from marketplace.payments.services import providers as provider_services
from marketplace.payments.services import refunding
from marketplace.purchasing.rules import InvoiceId
from tests.killing import serve


def charge(now, _subject, _by, _organisation):
    charging.charge_invoices(now)


def page(now, subject, by, _organisation):
    with transaction() as session:
        charge_id = charging_services.begin_hosted_charge(
            session, invoice_id=InvoiceId(subject), by=Viewer(person_id=PersonId(by)), pence_per_pound=0, now=now
        )
    charging.ask_about(charge_id, now=now)


def finish(now, _subject, _by, _organisation):
    charging.finish_charges(now, at_once=True)


def refund(now, subject, by, organisation):
    viewer = Viewer(person_id=PersonId(by), organisations=frozenset({OrganisationId(organisation)}))
    refund_id = RefundId(UUID(int=7))
    with transaction() as session:
        refunding.begin_refund(
            session,
            payment_id=PaymentId(subject),
            by=viewer,
            amount=Money(10_00),
            reason="Nobody came",
            is_by_hand=False,
            refund_id=refund_id,
            address=str,
            link=str,
            now=now,
        )
    refunds.ask_about_refund(refund_id, now=now)


def save(now, subject, _by, _organisation):
    cards.ask_about_setup(CardSetupId(subject), now=now)


def onboard(now, _subject, by, organisation):
    viewer = Viewer(person_id=PersonId(by), organisations=frozenset({OrganisationId(organisation)}))
    with transaction() as session:
        provider_services.begin_account(session, organisation_id=OrganisationId(organisation), by=viewer, now=now)
    providers.look_at_account(OrganisationId(organisation), now=now)


STEPS = {it.__name__: it for it in (charge, page, finish, refund, save, onboard)}


if __name__ == "__main__":
    serve(STEPS)
