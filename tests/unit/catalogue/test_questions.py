"""What is asked when, how answers read, and what the file of questions may not say."""

import pytest

from marketplace.catalogue.gateways.questions import WRITTEN, WrongQuestionsError, listing_questions, read_questions
from marketplace.catalogue.rules import Day, PartOfDay
from marketplace.catalogue.rules.answers import answer_problem, ladder, time_slot
from marketplace.catalogue.rules.questions import AnswerKind, Question
from marketplace.catalogue.rules.telling import said_to, times_in_words

QUESTIONS = listing_questions()
ALONE = """
- key: title
  label: What you offer
  question: What do you offer?
  kind: text
"""


def keys(answers):
    return [question.key for question in QUESTIONS.asked(answers)]


def said(**answers):
    return {key: {key: answer} for key, answer in answers.items()}


def test_an_answer_leads_to_a_question():
    assert "place" not in keys({})
    assert "place" in keys(said(setting="at_place"))
    assert "travels_miles" in keys(said(setting="at_home"))
    assert "travel_per_mile" not in keys(said(setting="at_home", cost="free"))
    assert "travel_per_mile" in keys(said(setting="at_home", cost="priced"))


def test_personal_care_says_how_it_stands_to_registration():
    assert "registration" not in keys(said(category="companionship", personal_care="no"))
    assert "registration" in keys(said(category="companionship", personal_care="yes"))
    assert "registration" in keys(said(category="personal-care", personal_care="no"))


def test_an_answer_to_a_question_that_is_not_asked_leads_nowhere():
    answers = said(cost="free") | {"price": {"amount": "5", "unit": "hour"}}
    assert "rates" not in keys(answers)
    assert "rates" in keys(answers | said(cost="priced"))


def test_the_number_of_questions_never_grows():
    title = QUESTIONS.named("title")
    most = QUESTIONS.beside(title, {}).of
    assert most == 25
    answers = {}
    for question in QUESTIONS.all:
        answers |= {question.key: {}}
        now = QUESTIONS.beside(title, answers).of
        assert now <= most
        most = now


def test_where_a_question_stands():
    here = QUESTIONS.beside(QUESTIONS.named("times"), said(setting="online"))
    assert (here.before.key, here.after.key) == ("councils", "access")
    aside = QUESTIONS.beside(QUESTIONS.named("place"), said(setting="online"))
    assert (aside.number, aside.before.key, aside.after.key) == (0, "setting", "councils")
    assert QUESTIONS.beside(QUESTIONS.all[-1], {}).after is None


def test_the_first_open_question_is_one_that_nobody_looked_at():
    assert QUESTIONS.first_open({}).key == "title"
    passed = said(title="Chess", category="arts-and-music", description="We play.") | {"suits": {}}
    assert QUESTIONS.first_open(passed).key == "setting"
    assert QUESTIONS.first_open(passed | {"title": {"title": ""}}).key == "title"


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        (["1 morning"], ("Monday: morning",)),
        (["1 morning", "2 morning"], ("Monday and Tuesday: morning",)),
        ([f"{day} morning" for day in range(1, 6)], ("Monday to Friday: morning",)),
        (["1 morning", "3 evening"], ("Monday: morning", "Wednesday: evening")),
        ([f"7 {part}" for part in PartOfDay], ("Sunday: day and night",)),
        ([], ()),
    ],
)
def test_times_are_said_as_people_say_them(slots, words):
    assert times_in_words(map(time_slot, slots)) == words


@pytest.mark.parametrize("slot", ["", "1", "8 morning", "0 morning", "1 noon", "11 morning", "² morning"])
def test_what_is_no_part_of_a_day_is_none(slot):
    assert time_slot(slot) is None
    assert time_slot("7 night") == (Day.SUNDAY, PartOfDay.NIGHT)


@pytest.mark.parametrize(
    ("key", "answer", "words"),
    [
        ("travels_miles", {"travels_miles": "1"}, ("1 mile",)),
        ("travels_miles", {"travels_miles": "4"}, ("4 miles",)),
        ("travel_per_mile", {"travel_per_mile": "0.45"}, ("£0.45 a mile",)),
        ("notice_hours", {"notice_hours": "168"}, ("A week before",)),
        ("setting", {"setting": "at_home"}, ("Comes to you",)),
        ("personal_care", {"personal_care": "no"}, ("No",)),
        ("access", {"access": ["parking", "hoist"]}, ("Hoist", "Parking for Blue Badge holders")),
        ("languages", {"languages": ["Welsh", "Urdu"]}, ("Urdu", "Welsh")),
        ("councils", {"councils": ["E08000009"]}, ("Trafford",)),
        (
            "video",
            {"video_url": "https://a.example", "video_has_captions": "no"},
            ("https://a.example", "Without captions"),
        ),
        ("photos", {}, ()),
        ("suits", {}, ()),
    ],
)
def test_answers_read_as_readers_see_them(key, answer, words):
    assert said_to(QUESTIONS.named(key), {key: answer}, names={"E08000009": "Trafford"}) == words


def test_half_a_step_is_no_step():
    answers = {"ladder": {"group_from_1": "3", "group_amount_1": "9", "group_from_2": "5"}}
    assert [(step.people_from, step.amount.pence) for step in ladder(answers)] == [(3, 900)]


def test_a_required_answer_is_missed_and_another_is_not():
    assert answer_problem(QUESTIONS.named("title"), {"title": ""}, {}) == ("title", "Give your offer a name.")
    assert answer_problem(QUESTIONS.named("suits"), {"suits": ""}, {}) is None
    plain = Question(key="a", label="A", question="A?", kind=AnswerKind.TEXT)
    assert answer_problem(plain, {}, {}) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("  hue: red\n", "hue"),
        ("  depends: [{cost: free}]\n", "depends on cost, which is not asked before it"),
        ("  missing: Say it\n", "missing"),
        (ALONE, "title is asked twice"),
        ("- key: bee\n  label: B\n  question: B?\n  kind: one_of\n", "bee has nothing to choose from"),
        ("- key: bee\n  label: B\n  question: B?\n  kind: one_of\n  options: shapes\n", "no options called shapes"),
        ("- key: bee\n  label: B\n  question: B?\n  kind: whole_number\n", "bee says no least and most"),
        (
            '- {key: bee, label: B, question: "B?", kind: one_of, options: setting, asked: {moon: There}}\n',
            "moon is none of its options",
        ),
        (
            (
                '- {key: bee, label: B, question: "B?", kind: one_of, options: setting}\n'
                '- {key: cee, label: C, question: "C?", kind: text, depends: [{bee: moon}]}\n'
            ),
            "depends on moon, which nobody can answer to bee",
        ),
        (
            "".join(f'- {{key: q{chr(97 + n)}, label: Q, question: "Q?", kind: text}}\n' for n in range(25)),
            "26 questions",
        ),
    ],
)
def test_a_file_that_does_not_fit_together_is_refused_in_words(tmp_path, change, problem):
    path = tmp_path / "listing.yaml"
    path.write_text(ALONE + change)
    with pytest.raises(WrongQuestionsError, match=r"listing\.yaml cannot be used") as refused:
        read_questions(path)
    assert problem in str(refused.value)


def test_a_file_that_is_not_there_or_empty_is_refused(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path / "empty.yaml"):
        if path.name == "empty.yaml":
            path.write_text("")
        with pytest.raises(WrongQuestionsError):
            read_questions(path)
    assert read_questions(WRITTEN).all == QUESTIONS.all
