"""What members of a pool do in their own room: talk, agree, decide, share the work, and let somebody help."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.accounts.rules import PersonId
from marketplace.demo import queries
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.clubs import (
    WrittenAgreement,
    WrittenClub,
    WrittenMeasure,
    WrittenMember,
    WrittenProposal,
    WrittenStory,
    WrittenTurn,
    WrittenVoice,
    WrittenVote,
)
from marketplace.demo.services.finding import expect_words
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules.agreement import Answer
from marketplace.pooling.rules.deciding import NewProposal
from marketplace.pooling.rules.nouns import AgreementId, MeasureId, ProposalId
from marketplace.pooling.services import agreeing, deciding, measuring, roles, rota, telling
from marketplace.pooling.services.rota import NewTurn


def expect_room(draw: Random, street: Street, club: WrittenClub, pool_id: PoolId) -> None:
    """Put on the agenda all that happens in the room of one pool."""
    days_ago = street.calendar.days_ago
    expect_words(draw, street, pool_id, club.says)
    if club.facilitator:
        at = some_time(draw, days_ago(club.facilitator.days_ago))
        street.agenda.add(at, partial(_help, street, pool_id, club.facilitator))
    if club.agreement:
        at = some_time(draw, days_ago(club.agreement.days_ago))
        street.agenda.add(at, partial(_propose, draw, street, club, pool_id, club.agreement))
    for asked in club.decides:
        at = some_time(draw, days_ago(asked.days_ago))
        street.agenda.add(at, partial(_ask, draw, street, pool_id, asked))
    for measure in club.measures:
        at = some_time(draw, days_ago(measure.readings[0]["days_ago"] + 1))
        street.agenda.add(at, partial(_choose, draw, street, club, pool_id, measure))
    if club.story:
        at = some_time(draw, days_ago(club.story.days_ago))
        street.agenda.add(at, partial(_tell, draw, street, club, pool_id, club.story))
    for turn in club.turns:
        # Put down the evening before the town is built, so that all of it lies ahead.
        at = street.calendar.until - timedelta(hours=4)
        street.agenda.add(at, partial(_put_down, street, club, pool_id, turn))


def _help(street: Street, pool_id: PoolId, member: WrittenMember, *, now: datetime) -> None:
    by = street.viewer(street.people[member.person])
    roles.help_pool(
        street.session,
        pool_id=pool_id,
        organisation_id=min(by.organisations),
        key=queries.invite_key_of(street.session, pool_id=pool_id),
        by=by,
        called=member.called,
        now=now,
    )


def _propose(
    draw: Random, street: Street, club: WrittenClub, pool_id: PoolId, written: WrittenAgreement, *, now: datetime
) -> None:
    agreement_id = agreeing.propose_agreement(
        street.session,
        pool_id=pool_id,
        by=street.people[written.by],
        answers={name: Answer(rule.choice, rule.words) for name, rule in written.answers.items()},
        now=now,
    )
    for days, member in enumerate(club.members):
        at = some_time(draw, day_of(now) + timedelta(days=1 + days))
        street.agenda.add(at, partial(_accept, street, pool_id, agreement_id, street.people[member.person]))


def _accept(street: Street, pool_id: PoolId, agreement_id: AgreementId, by: PersonId, *, now: datetime) -> None:
    agreeing.accept_agreement(street.session, pool_id=pool_id, agreement_id=agreement_id, by=by, now=now)


def _ask(draw: Random, street: Street, pool_id: PoolId, asked: WrittenProposal, *, now: datetime) -> None:
    proposal_id = deciding.ask_members(
        street.session,
        pool_id=pool_id,
        by=street.people[asked.by],
        asked=NewProposal(way=asked.way, question=asked.question, options=asked.options, days=asked.days),
        now=now,
    )
    for voice in asked.voices:
        at = some_time(draw, street.calendar.days_ago(voice.days_ago))
        street.agenda.add(at, partial(_speak, street, pool_id, proposal_id, voice))
    for vote in asked.votes:
        at = some_time(draw, street.calendar.days_ago(vote.days_ago))
        street.agenda.add(at, partial(_vote, street, pool_id, proposal_id, vote))


def _speak(street: Street, pool_id: PoolId, proposal_id: ProposalId, said: WrittenVoice, *, now: datetime) -> None:
    deciding.speak(
        street.session,
        pool_id=pool_id,
        proposal_id=proposal_id,
        by=street.people[said.person],
        voice=said.voice,
        words=said.words,
        now=now,
    )


def _vote(street: Street, pool_id: PoolId, proposal_id: ProposalId, vote: WrittenVote, *, now: datetime) -> None:
    by = street.people[vote.person]
    deciding.vote(street.session, pool_id=pool_id, proposal_id=proposal_id, by=by, option=vote.option, now=now)


def _put_down(street: Street, club: WrittenClub, pool_id: PoolId, turn: WrittenTurn, *, now: datetime) -> None:
    rota.add_turns(
        street.session,
        pool_id=pool_id,
        by=street.people[turn.person or club.members[0].person],
        wanted=NewTurn(
            what=turn.what,
            held_on=street.calendar.built_on + timedelta(days=turn.in_days),
            starts_at=None,
            weeks=1,
            is_mine=turn.person is not None,
        ),
        now=now,
    )


def _choose(
    draw: Random, street: Street, club: WrittenClub, pool_id: PoolId, written: WrittenMeasure, *, now: datetime
) -> None:
    measure_id = measuring.choose_measure(
        street.session,
        pool_id=pool_id,
        by=street.people[club.members[0].person],
        measure=written.measure,
        words=written.words,
        now=now,
    )
    for reading in written.readings:
        for member in club.members:
            at = some_time(draw, street.calendar.days_ago(reading["days_ago"]))
            by, value = street.people[member.person], reading[member.person]
            street.agenda.add(at, partial(_read, street, measure_id, by, value))


def _read(street: Street, measure_id: MeasureId, by: PersonId, value: int, *, now: datetime) -> None:
    measuring.say_reading(street.session, measure_id=measure_id, by=by, value=value, now=now)


def _tell(
    draw: Random, street: Street, club: WrittenClub, pool_id: PoolId, written: WrittenStory, *, now: datetime
) -> None:
    telling.write_story(
        street.session,
        pool_id=pool_id,
        by=street.people[written.by],
        title=written.title,
        words=written.words,
        with_figures=written.with_figures,
        address=street.addresses.pool,
        now=now,
    )
    for days, member in enumerate(club.members, start=1):
        at = some_time(draw, day_of(now) + timedelta(days=days))
        street.agenda.add(at, partial(_agree_to_story, street, pool_id, street.people[member.person], now))


def _agree_to_story(street: Street, pool_id: PoolId, by: PersonId, written_at: datetime, *, now: datetime) -> None:
    telling.agree_to_story(
        street.session, pool_id=pool_id, by=by, written_at=written_at, address=street.addresses.pool, now=now
    )
