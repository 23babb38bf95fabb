import uuid

import pytest

from marketplace.ratings.rules.nouns import OutcomeId, PointKind, Telling
from marketplace.ratings.rules.reviewing import Written, addition_problem, problems_of

WORDS = "They came when they said."


@pytest.mark.parametrize(
    "written",
    [
        Written(stars=1, words=WORDS),
        Written(stars=5, told=Telling.PICTURES),
        Written(stars=5, told=Telling.VOICE),
        Written(stars=5, words="Good.", told=Telling.PAPER),
        Written(stars=5, told=Telling.PAPER),
        Written(stars=3, criteria={uuid.uuid4(): 1}),
        Written(stars=3, outcomes={OutcomeId("care-act.home"): 5}),
        Written(stars=3, points={PointKind.WORKING: "x" * 500}),
        Written(stars=3, words=WORDS, declared_link="x" * 200, pseudonym="x" * 60),
    ],
)
def test_much_or_little_can_be_said(written):
    assert list(problems_of(written)) == []


@pytest.mark.parametrize(
    ("written", "field"),
    [
        (Written(stars=0, words=WORDS), "stars"),
        (Written(stars=3), "words"),
        (Written(stars=3, points={PointKind.WORKING: ""}), "words"),
        (Written(stars=3, words="Good."), "words"),
        (Written(stars=3, words="x" * 3_001, told=Telling.PAPER), "words"),
        (Written(stars=3, words="x" * 3_001), "words"),
        (Written(stars=3, words=WORDS, points={PointKind.SHOULD_CHANGE: "x" * 501}), "should_change"),
        (Written(stars=3, words=WORDS, declared_link="x" * 201), "declared_link"),
        (Written(stars=3, words=WORDS, pseudonym="x" * 61), "pseudonym"),
        (Written(stars=3, words=WORDS, criteria={uuid.uuid4(): 0}), ""),
        (Written(stars=3, words=WORDS, outcomes={OutcomeId("care-act.home"): 6}), ""),
    ],
)
def test_what_will_not_do_is_said_of_its_question_in_a_sentence(written, field):
    [(wrong, sentence)] = problems_of(written)
    assert wrong == field
    assert sentence.endswith(".")


@pytest.mark.parametrize(("length", "is_fine"), [(0, False), (1, True), (2_000, True), (2_001, False)])
def test_additions_have_bounds(length, is_fine):
    assert (addition_problem("x" * length) is None) is is_fine
