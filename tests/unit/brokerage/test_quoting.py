"""What makes a quote: parts that come to the whole, a plain answer to each need, and who may not quote."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.brokerage.rules import quoting
from marketplace.brokerage.rules.nouns import BriefStatus, Fit, NeedId, QuoteStatus, TrialOffer
from marketplace.brokerage.rules.quoting import NewAnswer, NewQuote, Standing
from marketplace.catalogue.rules import OfferId
from marketplace.kit.money import ZERO, Money

TODAY = date(2026, 5, 5)
NEED, OTHER = NeedId(uuid.UUID(int=1)), NeedId(uuid.UUID(int=2))
GOOD = NewQuote(
    offer_id=OfferId(uuid.UUID(int=3)),
    support=Money(12_00),
    admin=Money(1_00),
    overhead=Money(1_50),
    travel=Money(50),
    can_start_on=date(2026, 6, 1),
    answers={NEED: NewAnswer(Fit.YES), OTHER: NewAnswer(Fit.NO, "Not on Sundays.")},
)


def problems(quote, *, is_free=False):
    return quoting.sending_problems(quote, needs=[NEED, OTHER], is_free=is_free, today=TODAY)


def test_a_good_quote_can_be_sent_and_its_parts_are_its_price():
    assert problems(GOOD) == {}
    assert GOOD.unit_price == Money(15_00)
    assert quoting.total_of(GOOD.unit_price, quantity=3, weeks=12) == Money(540_00)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"support": ZERO, "admin": ZERO, "overhead": ZERO, "travel": ZERO}, "support"),
        ({"support": Money(9_999_00)}, "support"),
        ({"support": Money(-1)}, "support"),
        ({"travel": Money(-1)}, "travel"),
        ({"can_start_on": None}, "can_start_on"),
        ({"can_start_on": TODAY - timedelta(days=1)}, "can_start_on"),
        ({"can_start_on": TODAY + timedelta(days=400)}, "can_start_on"),
        ({"answers": {NEED: NewAnswer(Fit.YES)}}, "fit_2"),
        ({"answers": {NEED: NewAnswer(Fit.YES, "so " * 101), OTHER: NewAnswer(Fit.YES)}}, "words_1"),
        ({"answers": {NEED: NewAnswer(Fit.YES), OTHER: NewAnswer(Fit.PARTLY)}}, "words_2"),
        ({"trial": TrialOffer.FREE}, "trial_words"),
        ({"times": "x" * 301}, "times"),
        ({"notice_hours": 10_000}, "notice_hours"),
    ],
)
def test_what_will_not_do_is_said_at_its_own_field(change, field):
    found = problems(replace(GOOD, **change))

    assert list(found) == [field]
    assert found[field][-1] in ".?"


def test_a_free_offer_stays_free_and_needs_no_price():
    free = replace(GOOD, support=ZERO, admin=ZERO, overhead=ZERO, travel=ZERO)

    assert problems(free, is_free=True) == {}
    assert list(problems(GOOD, is_free=True)) == ["support"]


def test_a_draft_may_leave_things_out_but_loses_no_words():
    bare = NewQuote(offer_id=GOOD.offer_id, support=ZERO, can_start_on=None)
    words_alone = replace(bare, answers={OTHER: NewAnswer(None, "We can.")})

    assert quoting.keeping_problems(bare, needs=[NEED, OTHER], is_free=False) == {}
    # Only an answer with its yes, partly or no can be kept.
    assert list(quoting.keeping_problems(words_alone, needs=[NEED, OTHER], is_free=False)) == ["fit_2"]


@pytest.mark.parametrize(
    ("words", "name", "is_named"),
    [
        ("Like what Hedgehog  gardeners did", "Hedgehog Gardeners", True),
        ("Somebody who knows gardeners and a hedgehog", "Hedgehog Gardeners", False),
        ("I liked Bloom very much", "Bloom", True),
        ("Bloom where you are planted", "Bloom", False),
        ("The bulbs bloom in spring", "Bloom", False),
        ("Anybody", "–", False),
    ],
)
def test_whom_a_brief_names_is_found(words, name, is_named):
    assert quoting.names_provider(words, name=name) is is_named


def test_how_a_quote_stands():
    stands = {
        (QuoteStatus.DRAFT, BriefStatus.OPEN, True): Standing.DRAFT,
        (QuoteStatus.DRAFT, BriefStatus.AWARDED, False): Standing.TOO_LATE,
        (QuoteStatus.SENT, BriefStatus.OPEN, True): Standing.SENT,
        (QuoteStatus.SENT, BriefStatus.OPEN, False): Standing.LOOKED_AT,
        (QuoteStatus.SENT, BriefStatus.CLOSED, False): Standing.LOOKED_AT,
        (QuoteStatus.SENT, BriefStatus.WITHDRAWN, False): Standing.BRIEF_TAKEN_BACK,
        (QuoteStatus.SENT, BriefStatus.NONE_CHOSEN, False): Standing.NOT_CHOSEN,
        (QuoteStatus.AWARDED, BriefStatus.AWARDED, False): Standing.AWARDED,
        (QuoteStatus.NOT_CHOSEN, BriefStatus.AWARDED, False): Standing.NOT_CHOSEN,
        (QuoteStatus.WITHDRAWN, BriefStatus.OPEN, True): Standing.WITHDRAWN,
    }
    for (quote, brief, is_open), expected in stands.items():
        assert quoting.standing(quote=quote, brief=brief, is_open=is_open, is_held=False) is expected
    held = {"quote": QuoteStatus.SENT, "is_open": False, "is_held": True}
    assert quoting.standing(brief=BriefStatus.OPEN, **held) is Standing.HELD
    assert quoting.standing(brief=BriefStatus.NONE_CHOSEN, **held) is Standing.NOT_CHOSEN


def test_a_brief_takes_quotes_until_its_very_last_moment():
    closes = datetime(2026, 5, 18, 23, tzinfo=UTC)

    def takes(status, held_at=None, now=closes - timedelta(seconds=1)):
        return quoting.takes_quotes(status=status, closes_at=closes, held_at=held_at, now=now)

    assert takes(BriefStatus.OPEN)
    assert not takes(BriefStatus.OPEN, now=closes)
    assert not takes(BriefStatus.OPEN, held_at=closes)
    assert not takes(BriefStatus.CLOSED)
