"""Sentences that can be said again in another language, and are ordinary English until then."""

import copy
import json
from datetime import UTC, date, datetime

import pytest

from marketplace.kit.languages.language import Language, source
from marketplace.kit.money import Money
from marketplace.kit.said import count, day, day_of_year, moment, month, month_name, pounds, weekday
from marketplace.kit.sentences import joined, one_word, places, worded

FRENCH = Language(
    "fr",
    {
        "{name} has left {pool}.": "{name} n’est plus dans {pool}.",
        "At {place}, on {day}": "Le {day}, à {place}",
        "Saved for later.": "Gardé pour plus tard.",
        "Monday": "lundi",
        "Two words": "Deux mots",
    },
    {("{number} person", "{number} people"): ("{number} personne", "{number} personnes")},
    lambda number: int(number > 1),
)
POLISH = Language(
    "pl",
    {},
    {("{number} visit", "{number} visits"): ("{number} wizyta", "{number} wizyty", "{number} wizyt")},
    lambda n: 0 if n == 1 else 1 if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14} else 2,
)


def test_it_is_english_until_it_is_said_in_another_language():
    said = worded("{name} has left {pool}.", name="Nadine", pool="Tea")
    assert said == "Nadine has left Tea."
    assert said.encode() == b"Nadine has left Tea."
    assert FRENCH.say(said) == "Nadine n’est plus dans Tea."


def test_what_is_in_it_is_said_too_and_in_the_translators_order():
    said = worded("At {place}, on {day}", place="Sale", day=day(date(2026, 3, 3)))
    assert said == "At Sale, on Tuesday 3 March 2026"
    assert FRENCH.say(said) == "Le mardi 3 mars 2026, à Sale"


def test_it_stays_what_it_is_through_an_error_and_a_plain_str():
    refusal = ValueError(worded("{name} has left {pool}.", name="Nadine", pool="Tea"))
    assert FRENCH.say(str(refusal)) == "Nadine n’est plus dans Tea."


def test_it_can_be_stored_and_copied_like_any_string():
    said = count(2, "person", "people")
    assert json.loads(json.dumps({"said": said})) == {"said": "2 people"}
    assert FRENCH.say(copy.deepcopy(said)) == "2 personnes"


def test_one_word_that_is_not_marked_may_be_a_name():
    assert FRENCH.say("Monday") == "Monday"
    assert FRENCH.say(one_word("Monday")) == "lundi"
    assert FRENCH.say("Two words") == "Deux mots"


@pytest.mark.parametrize(("number", "said"), [(0, "0 personne"), (1, "1 personne"), (2, "2 personnes")])
def test_french_counts_none_like_one(number, said):
    assert FRENCH.say(count(number, "person", "people")) == said


@pytest.mark.parametrize(("number", "said"), [(1, "1 wizyta"), (3, "3 wizyty"), (5, "5 wizyt"), (22, "22 wizyty")])
def test_a_language_may_have_three_forms(number, said):
    assert POLISH.say(count(number, "visit", "visits")) == said


def test_things_in_a_row_are_each_said():
    said = joined([one_word("Monday"), count(1, "person", "people"), "Bath"])
    assert said == "Monday, 1 person, Bath"
    assert FRENCH.say(said) == "lundi, 1 personne, Bath"


def test_days_months_moments_and_amounts_are_said_as_the_language_has_them():
    when = datetime(2026, 7, 3, 13, 30, tzinfo=UTC)
    assert [FRENCH.say(one) for one in (month(when), weekday(when), day_of_year(when), month_name(when))] == [
        "juillet 2026",
        "vendredi",
        "3 juillet",
        "juillet",
    ]
    assert FRENCH.say(moment(when)) == "vendredi 3 juillet 2026, 14:30"
    assert FRENCH.say(pounds(Money(1450))) == FRENCH.say(Money(1450)) == "14,50\xa0£GB"
    assert FRENCH.money(Money(1400)) == "14\xa0£GB"
    assert FRENCH.number(12345.5) == "12\u202f345,5"


def test_english_says_them_as_ever():
    when = datetime(2026, 7, 3, 13, 30, tzinfo=UTC)
    said = [month(when), weekday(when), day_of_year(when), month_name(when), moment(when), pounds(Money(1400))]
    assert said == ["July 2026", "Friday", "3 July", "July", "Friday 3 July 2026, 2:30pm", "£14"]


def test_what_is_no_sentence_stays():
    assert FRENCH.say(3) == 3
    assert FRENCH.say(None) is None
    assert source().say("Two words") == "Two words"


def test_the_places_of_a_message_are_named_with_how_they_are_written():
    assert places("{a} of {b:,} and {c!r}") == {("a", "", ""), ("b", ",", ""), ("c", "", "r")}
