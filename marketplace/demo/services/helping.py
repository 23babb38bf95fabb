"""Who helps with plans: consent, requests for help, tasks, and what helpers declare about who pays them."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import uuid4

from marketplace.accounts.rules import DelegationId, Viewer
from marketplace.accounts.services import delegations
from marketplace.brokerage.rules.nouns import RequestId, TaskId
from marketplace.brokerage.services import independence, requests, tasks
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.plans import WrittenDeclaration, WrittenPlanConsent, WrittenRequest, WrittenTask
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of


def expect_those_who_help(draw: Random, street: Street) -> None:
    """Put on the agenda who lets whom help with a plan, who asks whom, and what helpers declare."""
    planning, days_ago = street.town.planning, street.calendar.days_ago
    for consent in planning.consents:
        street.agenda.add(some_time(draw, days_ago(consent.days_ago)), partial(_consent, draw, street, consent))
    for request in planning.requests:
        street.agenda.add(some_time(draw, days_ago(request.days_ago)), partial(_ask, draw, street, request))
    for task in planning.tasks:
        street.agenda.add(some_time(draw, days_ago(task.days_ago)), partial(_add_task, draw, street, task))
    for said in planning.independence:
        street.agenda.add(some_time(draw, days_ago(said.days_ago)), partial(_declare, street, said))


def _consent(draw: Random, street: Street, consent: WrittenPlanConsent, *, now: datetime) -> None:
    link, to = street.addresses.consent(), street.people[consent.to]
    email = next(one.email for one in street.town.sign_ins if one.key == consent.to)
    delegation_id = delegations.give_consent(
        street.session,
        by=street.people[consent.person],
        email=email,
        scopes=consent.scopes,
        ends_on=day_of(now) + consent.lasts,
        link=link,
        now=now,
        key=DelegationId(uuid4()),
    )
    accept = partial(delegations.accept_consent, street.session, delegation_id=delegation_id, by=to, link=link)
    street.agenda.add(now + timedelta(hours=1), accept)
    if consent.ended_days_ago is not None:
        at = some_time(draw, street.calendar.days_ago(consent.ended_days_ago))
        by = street.people[consent.person]
        end = partial(delegations.end_consent, street.session, delegation_id=delegation_id, by=by, link=link)
        street.agenda.add(at, end)


def _ask(draw: Random, street: Street, request: WrittenRequest, *, now: datetime) -> None:
    speaker = _speaker(street, request.provider)
    request_id = requests.ask_for_help(
        street.session,
        organisation_id=min(speaker.organisations),
        offer_id=street.offers[request.offer] if request.offer else None,
        words=request.words,
        scopes=request.scopes,
        ends_on=day_of(now) + timedelta(days=request.for_days),
        by=street.viewer(street.people[request.person]),
        address=street.addresses.help_request,
        now=now,
    )
    if request.accepted_days_ago is not None:
        at = some_time(draw, street.calendar.days_ago(request.accepted_days_ago))
        street.agenda.add(max(at, now), partial(_accept, street, request, request_id))
    if request.declined_days_ago is not None:
        at = some_time(draw, street.calendar.days_ago(request.declined_days_ago))
        street.agenda.add(max(at, now), partial(_decline, street, request, request_id))


def _accept(street: Street, request: WrittenRequest, request_id: RequestId, *, now: datetime) -> None:
    by, link = _speaker(street, request.provider), street.addresses.consent()
    requests.accept_request(street.session, request_id=request_id, by=by, link=link, now=now)


def _decline(street: Street, request: WrittenRequest, request_id: RequestId, *, now: datetime) -> None:
    requests.decline_request(
        street.session,
        request_id=request_id,
        by=_speaker(street, request.provider),
        words=request.answer,
        link=street.addresses.consent(),
        now=now,
    )


def _add_task(draw: Random, street: Street, task: WrittenTask, *, now: datetime) -> None:
    helper = street.people[task.helper]
    task_id = tasks.add_task(
        street.session,
        person_id=street.people[task.person],
        helper_id=helper,
        words=task.words,
        due_on=street.calendar.built_on + timedelta(days=task.in_days) if task.in_days is not None else None,
        by=helper,
        now=now,
    )
    if task.done_days_ago is not None:
        at = some_time(draw, street.calendar.days_ago(task.done_days_ago))
        street.agenda.add(max(at, now), partial(_finish, street, task_id, task))


def _finish(street: Street, task_id: TaskId, task: WrittenTask, *, now: datetime) -> None:
    tasks.finish_task(street.session, task_id=task_id, by=street.people[task.helper], now=now)


def _declare(street: Street, said: WrittenDeclaration, *, now: datetime) -> None:
    by = _speaker(street, said.provider)
    independence.declare_independence(
        street.session,
        organisation_id=min(by.organisations),
        payers=said.payers,
        who_pays=said.who_pays,
        also_sells=said.also_sells,
        ties=said.ties,
        by=by,
        now=now,
    )


def _speaker(street: Street, provider: str) -> Viewer:
    return street.viewer(street.speakers[provider])
