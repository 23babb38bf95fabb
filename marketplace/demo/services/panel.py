"""The panel of people who use support: who sits on it, what it is asked about, and how it votes on appeals."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId, Role, Viewer
from marketplace.catalogue.rules import CategorySlug
from marketplace.demo import queries
from marketplace.demo.rules.calendar import later, some_time
from marketplace.demo.rules.voices import WrittenProposal, WrittenRefusal
from marketplace.demo.services.street import Street
from marketplace.ratings.rules.nouns import AppealId, AppealOutcome, CriterionId, ReviewId
from marketplace.ratings.services import appealing, criteria

_RULES_AFTER = timedelta(days=31)


def expect_panel(draw: Random, street: Street) -> None:
    """Put on the agenda when the panel is chosen, and what people propose to it."""
    members = draw.sample([one.key for one in street.town.people], street.town.voices.panel)
    street.agenda.add(
        some_time(draw, street.calendar.opens_on - timedelta(days=1)), partial(_choose_panel, street, members)
    )
    for proposal in street.town.voices.proposals:
        at = some_time(draw, street.calendar.days_ago(proposal.days_ago))
        street.agenda.add(at, partial(_propose, draw, street, proposal))


def expect_appeal(
    street: Street, refusal: WrittenRefusal, review_id: ReviewId, *, writer: PersonId, now: datetime
) -> None:
    """Put on the agenda that somebody appeals against a refusal."""
    street.agenda.add(now + timedelta(days=2), partial(_appeal, street, refusal, review_id, writer))


def _choose_panel(street: Street, members: list[str], *, now: datetime) -> None:
    """Let some people of the town sit on the panel, and whoever one may sign in as to see it from inside."""
    emails = [one.email for one in street.town.sign_ins if one.role is Role.PANEL_MEMBER]
    for email in (*emails, *(f"{key}@example.net" for key in members)):
        accounts.trust_with_role(street.session, email=email, role=Role.PANEL_MEMBER, council=None, by=None, now=now)
    street.panel = [street.people[key] for key in members]


def _propose(draw: Random, street: Street, proposal: WrittenProposal, *, now: datetime) -> None:
    by, *voters = draw.sample([one.key for one in street.town.people], proposal.votes + 1)
    criterion_id = criteria.propose_criterion(
        street.session,
        words=proposal.words,
        why=proposal.why,
        category=CategorySlug(proposal.category) if proposal.category else None,
        by=street.people[by],
        link=street.addresses.criteria(),
        now=now,
    )
    for person in voters:
        street.agenda.add(later(draw, now, days=(0, 29)), partial(_vote, street, criterion_id, person))
    if proposal.ruling is not None:
        street.agenda.add(now + _RULES_AFTER, partial(_rule, street, criterion_id, proposal, by))


def _vote(street: Street, criterion_id: CriterionId, person: str, *, now: datetime) -> None:
    criteria.vote_for_criterion(street.session, criterion_id=criterion_id, by=street.people[person], now=now)


def _rule(street: Street, criterion_id: CriterionId, proposal: WrittenProposal, by: str, *, now: datetime) -> None:
    assert proposal.ruling is not None  # noqa: S101  (whoever put this on the agenda made sure)
    into = queries.criterion_called(street.session, proposal.into) if proposal.into else None
    ruled = criteria.Ruled(proposal.ruling, proposal.reason, picture=proposal.picture, into=into)
    member = _member(street, but=street.people[by])
    criteria.rule_on_criterion(street.session, criterion_id=criterion_id, ruled=ruled, by=member, now=now)
    street.criteria.clear()  # What people are asked about has changed.


def _member(street: Street, *, but: PersonId) -> Viewer:
    return street.viewer(next(one for one in street.panel if one != but))


def _appeal(street: Street, refusal: WrittenRefusal, review_id: ReviewId, writer: PersonId, *, now: datetime) -> None:
    appeal_id = appealing.appeal(
        street.session,
        screening_id=queries.refusal_of(street.session, review_id=review_id),
        by=writer,
        words=refusal.appeal,
        link=street.addresses.appeal,
        now=now,
    )
    members = [one for one in street.panel if one != writer]
    for number, (member, (outcome, reason)) in enumerate(zip(members, refusal.votes, strict=False), start=1):
        at = now + timedelta(days=number, hours=number)
        street.agenda.add(at, partial(_judge, street, appeal_id, member, outcome, reason))


def _judge(
    street: Street, appeal_id: AppealId, member: PersonId, outcome: AppealOutcome, reason: str, *, now: datetime
) -> None:
    appealing.vote(
        street.session,
        appeal_id=appeal_id,
        by=member,
        outcome=outcome,
        reason=reason,
        link=street.addresses.review,
        now=now,
    )
