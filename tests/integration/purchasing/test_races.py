"""Real threads on a real engine, nothing rolled back: who answers first, and which number comes next."""

import pytest
from sqlalchemy import select

from marketplace.kit.outbox import Message
from marketplace.purchasing import services
from marketplace.purchasing.models import Arrangement, Invoice, InvoiceSeries
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import purchasing
from tests.races import in_transactions

CROWD = 12


def link(arrangement_id):
    return f"https://example.org/arrangements/{arrangement_id}"


@pytest.mark.parametrize("_again", range(4))
def test_of_a_yes_a_no_and_a_withdrawal_at_once_one_counts(real_app, arrange, now, _again):
    def prepare(session):
        person, organisation, speaker = purchasing.two_sides(session)
        it = purchasing.arrangement(session, person=person, organisation_id=organisation.id)
        return it.id, person.id, speaker.id

    arrangement_id, person_id, speaker_id = arrange(prepare)
    about = {"arrangement_id": arrangement_id, "link": link, "now": now}
    outcomes = in_transactions(
        real_app,
        [
            lambda session: services.accept_arrangement(session, by=speaker_id, **about),
            lambda session: services.decline_arrangement(session, by=speaker_id, reason="Full.", **about),
            lambda session: services.withdraw_arrangement(session, by=person_id, **about),
        ],
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(it, services.ArrangementMovedOnError) for it in outcomes) == 2

    expected = [ArrangementStatus.ACCEPTED, ArrangementStatus.DECLINED, ArrangementStatus.WITHDRAWN]

    def look(session):
        letters = session.scalars(select(Message).where(Message.body.contains(str(arrangement_id)))).all()
        return session.get_one(Arrangement, arrangement_id).status, len(letters)

    assert arrange(look) == (expected[outcomes.index(None)], 1)


def test_a_question_asked_twice_at_once_is_asked_once(real_app, arrange, now):
    def prepare(session):
        person, organisation, _ = purchasing.two_sides(session)
        return person.id, purchasing.offer(session, organisation_id=organisation.id).id

    person_id, offer_id = arrange(prepare)

    def ask(session):
        return services.ask_for_arrangement(
            session, offer_id=offer_id, by=person_id, what="The hedge.", quantity=1, starts_on=now.date(), link=link,
            now=now,
        )  # fmt: skip

    outcomes = in_transactions(real_app, [ask, ask, ask])
    assert sum(isinstance(it, services.AlreadyAskedError) for it in outcomes) == 2
    assert len(arrange(lambda s: s.scalars(select(Arrangement).where(Arrangement.person_id == person_id)).all())) == 1


def test_invoices_sent_at_once_are_numbered_without_a_gap(real_app, arrange, now):
    def prepare(session):
        person, organisation, speaker = purchasing.two_sides(session)
        about = purchasing.offer(session, organisation_id=organisation.id)
        made = [
            purchasing.arrangement(
                session, person=person, organisation_id=organisation.id, about=about, status=ArrangementStatus.ACCEPTED
            ).id
            for _ in range(CROWD)
        ]
        return organisation.id, speaker.id, made

    organisation_id, speaker_id, made = arrange(prepare)

    def issue(arrangement_id):
        return lambda session: services.issue_invoice(
            session, arrangement_id=arrangement_id, by=speaker_id, link=link, now=now
        )

    # Each is sent twice: the second of each pair must take no number.
    outcomes = in_transactions(real_app, [issue(arrangement_id) for arrangement_id in made + made])
    assert sum(isinstance(it, services.AlreadyInvoicedError) for it in outcomes) == CROWD

    def look(session):
        numbers = session.scalars(select(Invoice.number).where(Invoice.organisation_id == organisation_id)).all()
        return sorted(numbers), session.get_one(InvoiceSeries, organisation_id).last_number

    assert arrange(look) == (list(range(1, CROWD + 1)), CROWD)
