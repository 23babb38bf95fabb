"""People tell how it went, for the library, once a moderator has read it; and where free help is in the town."""

from datetime import datetime
from functools import partial
from random import Random

from marketplace.accounts.rules import Role
from marketplace.brokerage.rules.nouns import PieceId
from marketplace.brokerage.rules.signposts import WrittenSignpost
from marketplace.brokerage.services import stories
from marketplace.brokerage.services.signposts import add_signpost
from marketplace.brokerage.services.stories import ToldStory
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.plans import WrittenTale
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of
from marketplace.moderation.rules import Outcome

_FREE_HELP_DAYS_AGO = 45


def expect_tales(draw: Random, street: Street) -> None:
    """Put on the agenda who tells what for the library, and when a moderator has read it."""
    for tale in street.town.planning.stories:
        at = some_time(draw, street.calendar.days_ago(tale.days_ago))
        street.agenda.add(at, partial(_tell, draw, street, tale))


def expect_free_help(draw: Random, street: Street) -> None:
    """Put on the agenda when the operator writes down where free help is."""
    town = next(one for one in street.town.sign_ins if one.council)
    at = some_time(draw, street.calendar.days_ago(_FREE_HELP_DAYS_AGO))
    for one in street.town.planning.signposts:
        written = WrittenSignpost(town.council, one.kind, one.name, one.words, one.phone, "", "", day_of(at))
        street.agenda.add(at, partial(_put_up, street, written))


def _put_up(street: Street, written: WrittenSignpost, *, now: datetime) -> None:
    operator = next(one.key for one in street.town.sign_ins if one.role is Role.OPERATOR)
    add_signpost(street.session, written=written, by=street.people[operator], now=now)


def _tell(draw: Random, street: Street, tale: WrittenTale, *, now: datetime) -> None:
    piece_id = stories.tell_story(
        street.session,
        told=ToldStory(
            title=tale.title,
            words=tale.words,
            pseudonym=tale.pseudonym,
            outcome_id=tale.outcome,
            category=None,
            keeps_names=False,
        ),
        by=street.people[tale.person],
        address=street.addresses.library_piece,
        now=now,
    )
    if tale.shown_days_ago is not None:
        at = max(some_time(draw, street.calendar.days_ago(tale.shown_days_ago)), now)
        street.agenda.add(at, partial(_show, street, piece_id, now))


def _show(street: Street, piece_id: PieceId, sent_at: datetime, *, now: datetime) -> None:
    stories.decide_piece(
        street.session,
        piece_id=piece_id,
        outcome=Outcome.APPROVED,
        reason="It is yours to tell, and it names nobody.",
        sent_at=sent_at,
        by=street.moderator,
        address=street.addresses.library_piece,
        now=now,
    )
