import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.ratings.models import LedgerLine
from marketplace.ratings.queries.ledger import ledger_of, ledger_quarters
from marketplace.ratings.rules.nouns import AppealOutcome, Ground
from marketplace.ratings.rules.quarters import Band, Quarter

RECEIVED = datetime(2026, 5, 4, 9, tzinfo=UTC)
TODAY = date(2026, 6, 30)
QUARTER = Quarter(2026, 2)


@pytest.fixture
def line(session):
    def adding(stars, *, hours=None, **differences):
        plain = {"received_at": RECEIVED}
        if hours is not None:
            plain |= {"stopped_at": RECEIVED, "decided_at": RECEIVED + timedelta(hours=hours)}
        session.add(LedgerLine(review_id=uuid.uuid4(), stars=stars, **plain | differences))
        session.flush()

    return adding


def test_every_review_is_counted_once_and_by_its_stars(session, line):
    line(1, published_at=RECEIVED)
    line(2, hours=30, refused_at=RECEIVED, ground=Ground.UNLAWFUL)
    line(2, stopped_at=RECEIVED)
    line(5, published_at=RECEIVED)
    # Refused, and then taken back: it is gone.
    line(5, hours=2, refused_at=RECEIVED, ground=Ground.OFF_TOPIC, withdrawn_at=RECEIVED)
    line(4, received_at=datetime(2026, 7, 1, 9, tzinfo=UTC), published_at=RECEIVED)
    found = ledger_of(session, quarter=QUARTER, today=TODAY)
    low, high = found.bands[Band.LOW], found.bands[Band.HIGH]
    assert (low.received, low.shown, low.refused, low.waiting, low.withdrawn) == (3, 1, 1, 1, 0)
    assert (high.received, high.shown, high.refused, high.waiting, high.withdrawn) == (2, 1, 0, 0, 1)
    assert (found.all.received, found.all.stopped, found.all.shown_percent) == (5, 3, 40)
    assert low.refused_on[Ground.UNLAWFUL] == 1
    assert high.refused_on[Ground.OFF_TOPIC] == 0
    assert found.bands[Band.MIDDLE].shown_percent is None
    assert not found.is_over


def test_how_long_a_person_took_is_a_median_and_a_slow_end(session, line):
    for hours in range(1, 11):
        line(3, hours=hours, published_at=RECEIVED)
    middle = ledger_of(session, quarter=QUARTER, today=TODAY).bands[Band.MIDDLE]
    assert (middle.median_hours, middle.slow_hours) == (5, 9)
    assert ledger_of(session, quarter=QUARTER, today=TODAY).bands[Band.LOW].median_hours is None


def test_appeals_are_counted_with_what_the_panel_decided(session, line):
    line(1, hours=1, published_at=RECEIVED, appealed_at=RECEIVED, appeal_outcome=AppealOutcome.OVERTURNED)
    line(1, hours=1, refused_at=RECEIVED, ground=Ground.UNLAWFUL, appealed_at=RECEIVED)
    low = ledger_of(session, quarter=QUARTER, today=TODAY).bands[Band.LOW]
    assert (low.appealed, low.overturned, low.upheld) == (2, 1, 0)


def test_quarters_are_those_of_england(session, line):
    # Half past midnight in England, on the first of July.
    line(5, received_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert ledger_of(session, quarter=QUARTER, today=TODAY).all.received == 0
    assert ledger_of(session, quarter=QUARTER.next, today=TODAY).all.received == 1


def test_there_is_a_ledger_since_the_first_review(session, line):
    assert ledger_quarters(session, today=TODAY) == (QUARTER,)
    line(5, received_at=datetime(2025, 12, 1, tzinfo=UTC))
    assert [one.code for one in ledger_quarters(session, today=TODAY)] == ["2026-q2", "2026-q1", "2025-q4"]
