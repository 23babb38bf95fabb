from dataclasses import replace
from datetime import date

import pytest

from marketplace.ratings.rules.outcomes import WrittenOutcome, WrittenScheme, outcome_id, problems_of

GOOD = WrittenScheme(
    code="meadowbridge",
    name="Meadowbridge’s five",
    council="E08000009",
    source="Meadowbridge Council, 2026",
    since=date(2026, 4, 1),
    outcomes=(WrittenOutcome("friends", "Seeing friends", ("relationships",)), WrittenOutcome("home", "My own door")),
)


def test_a_list_in_order_has_no_problems():
    assert problems_of(GOOD) == ()
    assert outcome_id(GOOD.code, "friends") == "meadowbridge.friends"


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"code": "Meadow Bridge"}, "cannot be called"),
        ({"council": None}, "Say whose list it is"),
        ({"code": "care-act"}, "Say whose list it is"),
        ({"name": ""}, "Say what the list is called"),
        ({"outcomes": ()}, "from 1 to 40"),
        ({"outcomes": (WrittenOutcome("a b", "A"),)}, "Outcome 1: “a b” is no code"),
        ({"outcomes": (WrittenOutcome("a", ""),)}, "“a” has no name"),
        ({"outcomes": (WrittenOutcome("a", "x" * 161),)}, "longer than 160"),
        ({"outcomes": (WrittenOutcome("a", "A"), WrittenOutcome("a", "B"))}, "Outcome 2: “a” is there 2 times."),
        ({"outcomes": (WrittenOutcome("a", "A"), WrittenOutcome("b", "a"))}, "Outcome 1: “A” is there 2 times."),
        ({"outcomes": (WrittenOutcome("a", "A", ("home", "home")),)}, "the same thing twice"),
    ],
)
def test_each_problem_is_a_sentence_that_says_where(differences, said):
    found = problems_of(replace(GOOD, **differences))
    assert any(said in problem for problem in found)
    assert all(problem.endswith(".") for problem in found)
