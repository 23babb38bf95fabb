"""Codes of review cards: easy to type, and hard to guess."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.ratings.rules import cards

codes = st.integers(0, 2**32).map(lambda seed: cards.new_code(random.Random(seed).randrange))  # noqa: S311


@given(codes)
def test_a_code_is_read_back_as_it_was_made(code):
    assert cards.code_of(code) == code
    assert cards.code_of(f"  {cards.printed(code).lower()} ") == code
    assert cards.code_of("-".join(code)) == code


@given(codes, st.integers(0, cards.LENGTH - 1), st.sampled_from(cards.ALPHABET))
def test_one_wrong_character_is_noticed(code, at, other):
    wrong = code[:at] + other + code[at + 1 :]
    assert wrong == code or cards.code_of(wrong) is None


@given(codes, st.integers(0, cards.LENGTH - 2))
def test_two_swapped_characters_are_noticed(code, at):
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or cards.code_of(swapped) is None


@given(st.text(max_size=40))
def test_anything_may_be_typed(typed):
    read = cards.code_of(typed)
    assert read is None or cards.code_of(read) == read


def test_what_looks_alike_is_taken_for_what_it_is():
    code = cards.new_code(lambda most: 6)  # "8" again and again
    assert cards.code_of(code.replace("8", "b")) == code


def test_a_code_says_no_word():
    assert not set(cards.ALPHABET) & set("AEIOU01LBGSZ")


def test_what_is_kept_of_a_code_is_not_the_code():
    kept = cards.code_hash("2345CDFH67KM")
    assert len(kept) == 64
    assert "2345" not in kept
    assert kept == cards.code_hash("2345CDFH67KM")


@pytest.mark.parametrize(("wanted", "is_fine"), [(0, False), (1, True), (50, True), (51, False)])
def test_cards_are_made_some_at_a_time(wanted, is_fine):
    assert (cards.number_problem(wanted) is None) is is_fine


@pytest.mark.parametrize(("wanted", "made", "is_fine"), [(1, 0, True), (50, 250, True), (50, 251, False)])
def test_there_is_a_most_of_cards_in_a_year(wanted, made, is_fine):
    assert (cards.year_problem(wanted=wanted, made_this_year=made) is None) is is_fine


def test_a_card_is_good_for_a_year():
    assert cards.last_day(date(2026, 3, 3)) == date(2027, 3, 3)
    assert cards.last_day(date(2028, 2, 29)) == date(2029, 2, 28)
