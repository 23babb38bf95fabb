"""Who must register with the Care Quality Commission, as the table says it."""

from itertools import product

import pytest

from marketplace.catalogue.rules import CqcStanding
from marketplace.catalogue.rules.cqc import (
    NEXT,
    SOURCES,
    Outcome,
    Question,
    cqc_problem,
    location_number,
    way_through,
)


def every_way(step=Question.CARE, given=()):
    if isinstance(step, Outcome):
        yield dict(given), step
        return
    for answer, (_words, then) in NEXT[step].items():
        yield from every_way(then, (*given, (step.value, answer)))


WAYS = list(every_way())


def test_every_way_through_ends_and_every_answer_is_reached():
    assert {outcome for _given, outcome in WAYS} == set(Outcome)
    assert all(len(given) <= 4 for given, _outcome in WAYS)
    for given, outcome in WAYS:
        assert way_through(given).then is outcome


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"care": "no"}, Outcome.NOT_PERSONAL_CARE),
        ({"care": "yes", "where": "elsewhere"}, Outcome.NOT_AT_HOME),
        ({"care": "yes", "where": "with_us"}, Outcome.MUST_REGISTER_HOME),
        ({"care": "yes", "where": "home", "who": "staff"}, Outcome.MUST_REGISTER),
        ({"care": "yes", "where": "home", "who": "family"}, Outcome.FAMILY),
        ({"care": "yes", "where": "home", "who": "alone", "directs": "person"}, Outcome.WORKS_FOR_ONE),
        ({"care": "yes", "where": "home", "who": "alone", "directs": "self"}, Outcome.MUST_REGISTER),
        ({"care": "yes", "where": "home", "who": "alone", "directs": "agency"}, Outcome.AGENCY_REGISTERS),
        ({"care": "yes", "where": "home", "who": "introduce", "ongoing": "no"}, Outcome.INTRODUCES),
        ({"care": "yes", "where": "home", "who": "introduce", "ongoing": "yes"}, Outcome.MUST_REGISTER),
    ],
)
def test_the_table_answers(answers, outcome):
    assert way_through(answers).then is outcome


def test_what_is_no_answer_leaves_the_question_open():
    assert way_through({}).then is Question.CARE
    assert way_through({"care": "perhaps"}).then is Question.CARE
    way = way_through({"care": "yes", "where": "x", "who": "alone"})
    assert (way.answered, way.then) == (((Question.CARE, "yes"),), Question.WHERE)


def test_every_outcome_says_why_and_where_that_is_written():
    for outcome in Outcome:
        assert outcome.words.endswith(".")
        assert outcome.because.endswith(".")
        assert "schedule" in outcome.rule
    assert all(source.href.startswith("https://") and source.dated for source in SOURCES)
    assert all(question.words.endswith("?") and question.hint for question in Question)


def test_only_a_registration_answers_for_whom_nothing_is_an_exception():
    assert {outcome for outcome in Outcome if outcome.standing is None} == {
        Outcome.MUST_REGISTER,
        Outcome.MUST_REGISTER_HOME,
        Outcome.AGENCY_REGISTERS,
    }


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1-123456789", "1-123456789"),
        (" 1 – 123456789 ", "1-123456789"),
        ("https://www.cqc.org.uk/location/1-123456789", "1-123456789"),
        ("https://www.cqc.org.uk/location/1-123456789/", "1-123456789"),
        ("rxa01", "RXA01"),
        ("hello", None),
        ("", None),
        ("1-" + "9" * 40, None),
        ("\uff11-123456789", None),  # a wide 1
    ],
)
def test_a_number_is_read_as_people_copy_it(typed, number):
    assert location_number(typed) == number


def test_what_may_be_personal_care_waits_for_an_answer():
    for category, standing in product(("personal-care", "personal-assistance"), (None, *CqcStanding)):
        problem = cqc_problem(category=category, standing=standing, location_id="")
        is_answered = standing in {CqcStanding.EXEMPT, CqcStanding.INTRODUCTORY}
        is_other = standing is CqcStanding.NOT_PERSONAL_CARE and category != "personal-care"
        assert (problem is None) == (is_answered or is_other), (category, standing)
    assert cqc_problem(category="personal-care", standing=CqcStanding.REGISTERED, location_id="1-99999") is None
    assert cqc_problem(category="home-and-garden", standing=None, location_id="") is None
