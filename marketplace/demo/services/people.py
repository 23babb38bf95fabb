"""Everybody in the town: those who buy, those who speak for a provider, and those a visitor may sign in as."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import SECOND_FACTOR_FOR, PersonId, Role
from marketplace.accounts.services import second_factor
from marketplace.demo.rules import WrittenPerson, WrittenProvider, WrittenSignIn
from marketplace.demo.rules.calendar import some_day, some_time
from marketplace.demo.services.street import Street
from marketplace.ratings.rules.likeness import AGES, INTERESTS
from marketplace.ratings.services import likeness

_OWN_ROLES = frozenset({Role.MODERATOR, Role.COMMISSIONER, Role.OPERATOR})
"""Roles that come by themselves. Who provides is a person like any other, who has founded a provider."""
_SAY_WHAT_THEY_ARE_LIKE, _MOST_SAID = 0.85, "interest:company"
"""Such a share of people says what they are like, and most of them this: a small town has few who are alike."""


def expect_everybody(draw: Random, street: Street) -> None:
    """Put on the agenda when each person joins: all before anything is asked for."""
    opens_on = street.calendar.opens_on
    for one in street.town.sign_ins:
        street.agenda.add(
            some_time(draw, opens_on - timedelta(days=100)), partial(_add_sign_in, street, one, street.town.password)
        )
    ours = {one.provider for one in street.town.sign_ins}
    for provider in street.town.providers:
        if provider.key not in ours:
            at = some_time(draw, opens_on - timedelta(days=90))
            street.agenda.add(at, partial(_add_speaker, street, provider))
    for person in street.town.people:
        day = some_day(draw, opens_on - timedelta(days=60), opens_on)
        street.agenda.add(some_time(draw, day), partial(_add_person, street, person))


def _add_sign_in(street: Street, one: WrittenSignIn, password: str, *, now: datetime) -> None:
    person_id = accounts.add_person(
        street.session,
        email=one.email,
        name=one.name,
        password=password,
        confirmed=True,
        role=one.role if one.role in _OWN_ROLES else Role.PERSON,
        council=one.council,
        now=now,
    )
    if one.role in SECOND_FACTOR_FOR:
        second_factor.add_second_factor(street.session, person_id=person_id, now=now)
    street.people[one.key] = person_id
    if one.provider:
        street.speakers[one.provider] = person_id
    if one.pays_with:
        _say_what_one_is_like(street, one.key, person_id, now=now)
    if one.role not in _OWN_ROLES:
        council = street.gazetteer.find(one.postcode).council
        accounts.say_where_you_live(street.session, person_id=person_id, council=council)


def _add_speaker(street: Street, provider: WrittenProvider, *, now: datetime) -> None:
    """Add the account that a provider uses. It bears the provider's name: nobody is invented to stand behind it."""
    street.speakers[provider.key] = accounts.add_person(
        street.session,
        email=f"{provider.key}@example.org",
        name=provider.name,
        password=None,
        confirmed=True,
        now=now,
    )


def _add_person(street: Street, person: WrittenPerson, *, now: datetime) -> None:
    """Add somebody nobody can sign in as."""
    person_id = accounts.add_person(
        street.session, email=f"{person.key}@example.net", name=person.name, password=None, confirmed=True, now=now
    )
    street.people[person.key] = person_id
    council = street.gazetteer.find(person.postcode).council
    accounts.say_where_you_live(street.session, person_id=person_id, council=council)
    _say_what_one_is_like(street, person.key, person_id, now=now)


def _say_what_one_is_like(street: Street, key: str, person_id: PersonId, *, now: datetime) -> None:
    """Let most people say a little of themselves, so that they see what those like them say."""
    draw = Random(key)  # noqa: S311  (nobody is to be surprised)
    if draw.random() > _SAY_WHAT_THEY_ARE_LIKE:
        return
    others = draw.sample([one for one in sorted(INTERESTS) if one != _MOST_SAID], 1)
    age = draw.choices(list(AGES), weights=(10, 15, 20, 35, 20))
    likeness.say_likeness(street.session, facts={_MOST_SAID, *others, *age}, agrees=True, by=person_id, now=now)
