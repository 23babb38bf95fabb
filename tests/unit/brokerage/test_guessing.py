"""Could somebody guess who wrote it? Measured on briefs written for this, and held to what was measured."""

from __future__ import annotations

import uuid

import pytest

from benchmarks.guessing import figures
from marketplace.brokerage.rules.guess_kinds import GuessKind
from marketplace.brokerage.rules.guessing import Known, guesses, names_provider

HEARTHSIDE = uuid.UUID(int=7)


@pytest.mark.parametrize(("part", "precision", "recall"), [("tuned", 0.97, 0.97), ("held_out", 0.9, 0.9)])
def test_the_check_is_right_as_often_as_it_was(part, precision, recall):
    measured = figures(part)
    assert measured["precision"] >= precision, measured["flagged for nothing"]
    assert measured["recall"] >= recall, measured["missed"]


FOUND = [
    ("My carer sarah knows the way.", GuessKind.NAME, False),
    ("Ring 0161 496 0000 after six.", GuessKind.CONTACT, False),
    ("Write to a dot b, or me at here dot com.", GuessKind.CONTACT, False),
    ("My NHS number is 943 476 5919.", GuessKind.NUMBER, False),
    ("Come to 14 Acacia Avenue.", GuessKind.ADDRESS, False),
    ("I was born on 2 May 1958.", GuessKind.BIRTHDAY, False),
    ("It is opposite the fire station.", GuessKind.LANDMARK, True),
    ("We often go to Thornton Rust for the day.", GuessKind.PLACE, True),
    ("I have Huntington’s disease.", GuessKind.RARE_CONDITION, True),
    ("He is 41 and likes fishing.", GuessKind.AGE, True),
    ("Hearthside let me down.", GuessKind.PROVIDER, True),
    ("I am Quillfeather to my friends.", GuessKind.NAME, False),
]


def test_it_says_what_it_found_and_whether_it_may_stay():
    known = Known(area="Trafford", names=("Ada Quillfeather",), providers={"Hearthside Care Ltd": HEARTHSIDE})
    for words, kind, may_keep in FOUND:
        [found] = guesses([words], known=known)
        assert (found.kind, found.may_keep) == (kind, may_keep), words
        assert found.sentence.endswith(".")
        assert found.suggestion.endswith(".")


SAYS_NOTHING = [
    "I like the pool in Trafford on Sundays, and Harry Potter.",
    "Since my MS. Somebody calm, please. Will it be you? May it be in May.",
    "I need a PA with a DBS check who signs BSL and knows Makaton.",
    "I CANNOT STAND SMALL LETTERS, SORRY",
]


def test_what_tells_nobody_is_let_be():
    known = Known(area="Trafford", names=("Will Trafford", "The quiz team with my aunt"))
    for words in SAYS_NOTHING:
        assert not guesses([words], known=known)


def test_common_facts_tell_somebody_only_when_they_come_together():
    apart = ["I have dementia.", "I was a nurse.", "I am Jewish.", "I live in a village."]
    assert not any(guesses([words]) for words in apart)
    [found] = guesses([" ".join(apart)])
    assert found.kind is GuessKind.COMBINATION
    assert found.may_keep


def test_a_provider_is_known_without_what_follows_its_name():
    assert names_provider("Hearthside", "Hearthside Care Ltd")
    assert not names_provider("Hearth", "Hearthside Care Ltd")
