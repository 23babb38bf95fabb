"""
Steps of paying, each in a process of its own that may be killed at any moment. Run by the tests of crashes.

It has read all code once and forks for each step: to begin anew with Python each time would take the tests minutes.
"""

import json
import os
import signal
import sys
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.app import create_app
from marketplace.config import load_config
from marketplace.kit.db import transaction
from marketplace.kit.money import Money
from marketplace.payments.jobs import cards, charging, providers, refunds
from marketplace.payments.rules import CardSetupId, PaymentId, RefundId
from marketplace.payments.services import charging as charging_services
from marketplace.payments.services import providers as provider_services
from marketplace.payments.services import refunding
from marketplace.purchasing.rules import InvoiceId


def die_at(app, moment, number):
    """Kill this process with signal 9 just before or just after its so-manieth commit from now."""
    seen = {"before": 0, "after": 0}

    def count(when):
        def listener(session):
            if session.in_nested_transaction():
                return
            seen[when] += 1
            if moment == when and seen[when] == number:
                os.kill(os.getpid(), signal.SIGKILL)

        return listener

    maker = app.extensions["sessionmaker"]
    sa.event.listen(maker, "before_commit", count("before"))
    sa.event.listen(maker, "after_commit", count("after"))


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


def main(step, url, now, subject, by, organisation, moment, number, settings):
    app = create_app(
        load_config(
            database_url=url, env="test", demo=False, secret_key="for tests only, and long enough to pass", **settings
        )
    )
    with app.app_context():
        die_at(app, moment, number)
        STEPS[step](datetime.fromisoformat(now), UUID(subject), UUID(by), UUID(organisation))


def serve():
    """For each line, begin a process that does what the line says. Say its id, and then how it ended."""
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                main(**json.loads(line))
            finally:
                os._exit(0)
        print(pid, flush=True)  # noqa: T201  (the test reads it)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()
