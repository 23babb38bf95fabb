"""What is true of shortlists and saved searches."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.catalogue.rules import AlertEvery, is_due, offers_named, told_before

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
ONE, TWO = uuid.uuid4(), uuid.uuid4()


@pytest.mark.parametrize(
    ("every", "ago", "due"),
    [
        (AlertEvery.DAY, timedelta(hours=23), False),
        (AlertEvery.DAY, timedelta(hours=23, minutes=31), True),
        (AlertEvery.WEEK, timedelta(days=6), False),
        (AlertEvery.WEEK, timedelta(days=7), True),
        (AlertEvery.NEVER, timedelta(days=700), False),
    ],
)
def test_when_it_is_time_to_look_again(every, ago, due):
    assert is_due(every=every, told_at=NOW - ago, now=NOW) is due


@pytest.mark.parametrize("every", [AlertEvery.DAY, AlertEvery.WEEK])
def test_the_moment_before_which_somebody_was_told_agrees(every):
    edge = told_before(every=every, now=NOW)
    assert is_due(every=every, told_at=edge, now=NOW)
    assert not is_due(every=every, told_at=edge + timedelta(seconds=1), now=NOW)


def test_an_address_names_each_offer_once_and_in_order():
    assert offers_named([str(TWO), "nonsense", str(ONE), str(TWO), ""], most=4) == (TWO, ONE)


def test_an_address_names_no_more_than_there_is_room_for():
    assert len(offers_named([str(uuid.uuid4()) for _ in range(9)], most=4)) == 4
