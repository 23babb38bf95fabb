import pytest

from marketplace.pooling.rules import agreement as rules
from marketplace.pooling.rules.agreement import OWN, QUESTIONS, USUAL_ABSENCE, AbsenceRule, Answer, AwayPays

FIRST = {question.name: Answer(question.choices[0].name) for question in QUESTIONS}


def question(name):
    return next(each for each in QUESTIONS if each.name == name)


def test_every_choice_makes_a_sentence():
    said = [choice.sentence for each in QUESTIONS for choice in each.choices]
    assert all(sentence.endswith(".") for sentence in said)
    assert len({each.name for each in QUESTIONS}) == len(QUESTIONS)


def test_an_agreement_reads_in_the_order_of_its_questions_with_own_words_below():
    answers = FIRST | {"keys": Answer("each", "Ask before you copy one.")}
    read = dict(rules.sentences(answers))
    assert list(read) == [each.heading for each in QUESTIONS]
    assert read["Keys"] == "Each of us has a key, and gives it back on leaving.\n\nAsk before you copy one."


def test_what_is_kept_comes_back_and_what_we_do_not_ask_is_left_out():
    kept = rules.as_kept(FIRST) | {"gone": {"choice": "x"}}
    assert rules.answers_from(kept) == FIRST


def test_own_words_alone_will_do_where_nobody_must_work_with_the_answer():
    keys, absence = question("keys"), question("absence")
    assert rules.answer_problem(keys, Answer(OWN, "Under the mat.")) is None
    assert rules.answer_problem(keys, Answer(OWN)) == "Say it in your own words, or choose another answer."
    assert rules.answer_problem(absence, Answer(OWN, "It depends.")) == "Choose one answer."
    assert rules.answer_problem(keys, Answer("none", "x" * 601)) == "Use at most 600 characters."


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({}, USUAL_ABSENCE),
        ({"absence": Answer("half"), "notice": Answer("24")}, AbsenceRule(AwayPays.HALF, 24)),
        ({"absence": Answer("all")}, AbsenceRule(AwayPays.ALL, 48)),
        ({"absence": Answer("perhaps"), "notice": Answer("168")}, AbsenceRule(AwayPays.NOTHING, 168)),
    ],
    ids=["nothing agreed", "half and a day", "all", "what we do not know"],
)
def test_what_being_away_costs_is_read_from_the_answers(answers, rule):
    assert rules.absence_rule(answers) == rule
