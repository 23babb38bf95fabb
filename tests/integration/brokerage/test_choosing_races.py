"""Real threads, nothing rolled back: whoever chooses, and whoever takes a quote back, at the same moment."""

import pytest
from sqlalchemy import select

from marketplace.brokerage.models import Award, Brief, Quote
from marketplace.brokerage.rules.nouns import BriefStatus, QuoteStatus
from marketplace.brokerage.services import awarding, looking, quoting
from marketplace.kit.db import transaction
from marketplace.kit.outbox import Message
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.web.queries import broken_books
from tests.factories import budgets
from tests.factories import choosing as worlds
from tests.factories.choosing import CLOSED
from tests.integration.brokerage.test_choosing import FAR_AHEAD, link
from tests.races import in_transactions

ROUNDS = 3
REFUSALS = (awarding.ChosenAlreadyError, looking.QuoteGoneError, looking.NotReadyError, quoting.ChoiceOverError)


def award(world, number, totals, stream):
    """Return what chooses one of the quotes, in a transaction that is handed to it."""
    return lambda session: awarding.award_quote(
        session,
        brief_id=world.brief.id,
        quote_id=world.quotes[number],
        by=world.person.id,
        because="",
        pay_by=PayBy.BANK_TRANSFER,
        shares={stream: totals[number]},
        why_not={},
        starts_on=None,
        link=link,
        quote_link=link,
        now=CLOSED,
    )


def prepare(session):
    world = worlds.closed(session)
    totals = [session.get_one(Quote, it).total for it in world.quotes]
    return world, totals, next(iter(budgets.streams(session, world.budget_id).values()))


def test_of_many_who_choose_at_once_one_does_and_the_books_balance(real_app, arrange):
    for _ in range(ROUNDS):
        world, totals, stream = arrange(prepare)

        def take_back(number, world=world):
            return lambda session: quoting.withdraw_quote(
                session, quote_id=world.quotes[number], by=world.providers[number][0], link=link, now=CLOSED
            )

        outcomes = in_transactions(
            real_app,
            [
                award(world, 0, totals, stream),
                award(world, 1, totals, stream),
                award(world, 0, totals, stream),
                take_back(0),
                take_back(2),
            ],
        )
        assert all(it is None or isinstance(it, REFUSALS) or it in world.quotes for it in outcomes)

        def look(session, world=world):
            chosen = session.get(Award, world.brief.id)
            arranged = session.scalars(select(Arrangement).where(Arrangement.person_id == world.person.id)).all()
            promised = budgets.standing(session, world.budget_id)["promised"]
            statuses = [session.get_one(Quote, it).status for it in world.quotes]
            assert broken_books(session, today=FAR_AHEAD) == ()
            assert session.get_one(Brief, world.brief.id).status is BriefStatus.AWARDED
            return chosen.quote_id, [it.id for it in arranged], promised, statuses

        chosen, arranged, promised, statuses = arrange(look)
        # Nobody takes back quote 1, so one of the three always stands and is chosen.
        assert arranged == [chosen]
        assert promised == totals[world.quotes.index(chosen)].pence
        assert statuses.count(QuoteStatus.AWARDED) == 1
        assert statuses[world.quotes.index(chosen)] is QuoteStatus.AWARDED
        assert QuoteStatus.SENT not in statuses


def test_a_choice_that_is_cut_off_never_was_and_can_be_made_again(real_app, arrange):
    world, totals, stream = arrange(prepare)

    def cut_off():
        with transaction() as session:
            award(world, 0, totals, stream)(session)
            session.flush()
            raise KeyboardInterrupt

    with real_app.app_context(), pytest.raises(KeyboardInterrupt):
        cut_off()

    def standing(session):
        assert broken_books(session, today=FAR_AHEAD) == ()
        promised = budgets.standing(session, world.budget_id)["promised"]
        letters = session.scalars(select(Message.subject).where(Message.subject.startswith("Not chosen"))).all()
        return session.get(Award, world.brief.id) is None, promised, len(letters)

    assert arrange(standing) == (True, 0, 0)
    with real_app.app_context(), transaction() as session:
        award(world, 0, totals, stream)(session)
    assert arrange(standing) == (False, totals[0].pence, 2)
