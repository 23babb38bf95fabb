"""People say what they like, look for each other, and wish for what nobody offers yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.accounts.rules import PersonId
from marketplace.demo.rules.calendar import some_day, some_time
from marketplace.demo.rules.clubs import WrittenAnswer, WrittenDraft, WrittenEnd, WrittenMember, WrittenWords
from marketplace.demo.services.street import Street
from marketplace.kit.money import Money
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules.starting import NewDraft
from marketplace.pooling.services import interests, messages, parting, starting, wishing
from marketplace.pooling.services.wishing import NewAnswer

_SAY_SO = 2
"""One in so many people who like something on the list has said so on the site."""
_LATELY = 200
"""In so many days they did."""


def expect_finding(draw: Random, street: Street) -> None:
    """Put on the agenda who says what they like, who begins to look for others, and who answers."""
    for number, person in enumerate(street.town.people):
        liked = sorted({slug for word, slug in street.town.together.likes.items() if word in person.interests})
        if liked and number % _SAY_SO == 0:
            day = some_day(draw, street.calendar.days_ago(_LATELY), street.calendar.built_on)
            street.agenda.add(some_time(draw, day), partial(_say, street, person.key, person.postcode, liked))
    for draft in street.town.together.finding:
        at = some_time(draw, street.calendar.days_ago(draft.begun_days_ago))
        street.agenda.add(at, partial(_begin, draw, street, draft))


def expect_words(
    draw: Random, street: Street, pool_id: PoolId, said: tuple[WrittenWords, ...], *, after: datetime | None = None
) -> None:
    """Put on the agenda what the members of a pool write to each other, in the order in which it is written."""
    last = after
    for one in said:
        at = some_time(draw, street.calendar.days_ago(one.days_ago))
        # An answer comes after what it answers, also on the same day.
        last = at if last is None else max(at, last + timedelta(minutes=7))
        street.agenda.add(last, partial(_write, street, pool_id, one))


def _say(street: Street, person: str, postcode: str, liked: Sequence[str], *, now: datetime) -> None:
    interests.say_interests(
        street.session,
        by=street.people[person],
        wanted=liked,
        place=street.gazetteer.find(postcode),
        metres=street.town.together.metres,
        now=now,
    )


def _begin(draw: Random, street: Street, draft: WrittenDraft, *, now: datetime) -> None:
    opener = street.people[draft.by.person]
    pool_id = starting.begin_pool(
        street.session,
        by=opener,
        wanted=NewDraft(
            began_from=draft.began_from,
            title=draft.title,
            purpose=draft.purpose,
            area=starting.area_of(street.gazetteer, draft.area),
            is_listed=True,
            called=draft.by.called,
            interest=draft.interest,
            category=draft.category,
        ),
        address=street.addresses.pool,
        now=now,
    )
    for member in draft.joins:
        at = some_time(draw, street.calendar.days_ago(member.days_ago))
        street.agenda.add(at, partial(_join, street, pool_id, member))
    expect_words(draw, street, pool_id, draft.says)
    for answer in draft.answers:
        at = some_time(draw, street.calendar.days_ago(answer.days_ago))
        street.agenda.add(at, partial(_answer, street, pool_id, answer))
    if draft.ended:
        at = some_time(draw, street.calendar.days_ago(draft.ended.days_ago))
        street.agenda.add(at, partial(_end, street, pool_id, opener, draft.ended))


def _join(street: Street, pool_id: PoolId, member: WrittenMember, *, now: datetime) -> None:
    starting.join_draft(
        street.session,
        pool_id=pool_id,
        by=street.people[member.person],
        called=member.called,
        key=None,
        address=street.addresses.pool,
        now=now,
    )


def _write(street: Street, pool_id: PoolId, one: WrittenWords, *, now: datetime) -> None:
    messages.say_to_pool(street.session, pool_id=pool_id, by=street.people[one.person], words=one.words, now=now)


def _answer(street: Street, pool_id: PoolId, answer: WrittenAnswer, *, now: datetime) -> None:
    wishing.answer_wish(
        street.session,
        pool_id=pool_id,
        by=street.viewer(street.speaker(answer.offer)),
        wanted=NewAnswer(
            offer_id=street.offers[answer.offer],
            words=answer.words,
            whole_price=None if answer.whole_price is None else Money(answer.whole_price),
            unit=answer.unit,
            people_from=answer.people_from,
            most_people=answer.most_people,
        ),
        address=street.addresses.pool,
        now=now,
    )


def _end(street: Street, pool_id: PoolId, opener: PersonId, ended: WrittenEnd, *, now: datetime) -> None:
    parting.end_draft(
        street.session,
        pool_id=pool_id,
        by=opener,
        reason=ended.reason,
        words=ended.words,
        address=street.addresses.pool,
        now=now,
    )
