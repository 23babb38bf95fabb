"""Providers say that their offers are still right and who has space; one falls silent, and is hidden."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from random import Random

from marketplace.catalogue import services as catalogue
from marketplace.demo.rules.freshness import PlannedConfirmation, hidden_at, plan_confirmations
from marketplace.demo.rules.written import WrittenFreshness
from marketplace.demo.services.street import Street


def expect_confirmations(draw: Random, street: Street, *, shown_since: Mapping[str, datetime]) -> None:
    """Put on the agenda when each offer is confirmed, and when silence hides one."""
    for one in plan_confirmations(draw, town=street.town, calendar=street.calendar, shown_since=shown_since):
        street.agenda.add(one.at, partial(_confirm, street, one))
    for silent in street.town.freshness:
        if silent.offer not in shown_since:
            continue
        street.agenda.add(hidden_at(silent, calendar=street.calendar), partial(_hide, street, silent))


def _confirm(street: Street, planned: PlannedConfirmation, *, now: datetime) -> None:
    by = street.viewer(street.speaker(planned.offer))
    offer_id = street.offers[planned.offer]
    catalogue.confirm_offer(street.session, offer_id=offer_id, by=by, capacity=planned.capacity, now=now)


def _hide(street: Street, silent: WrittenFreshness, *, now: datetime) -> None:
    catalogue.hide_unconfirmed(
        street.session,
        provider_id=street.provider(silent.offer),
        address=lambda question: street.addresses.offer(question.offer_id),
        now=now,
    )
