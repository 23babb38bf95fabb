import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.spotting import Spotted, SpottedKind, spot


@pytest.mark.parametrize(
    ("words", "kind", "text"),
    [
        ("Write to nadine@example.org for more.", SpottedKind.EMAIL, "nadine@example.org"),
        ("It is nadine (at) example.org.uk", SpottedKind.EMAIL, "nadine (at) example.org.uk"),
        ("Ring 0161 496 0123 after six.", SpottedKind.PHONE, "0161 496 0123"),
        ("Ring +44 7700 900123.", SpottedKind.PHONE, "+44 7700 900123"),
        ("My number is 943 476 5919", SpottedKind.PHONE, "943 476 5919"),
        ("See https://example.org/me, it is good", SpottedKind.WEB_ADDRESS, "https://example.org/me"),
        ("They are on www.example.org too.", SpottedKind.WEB_ADDRESS, "www.example.org"),
        ("Look at example.co.uk", SpottedKind.WEB_ADDRESS, "example.co.uk"),
        ("I am @nadine_b there", SpottedKind.WEB_ADDRESS, "@nadine_b"),
        ("I live in M33 7AB.", SpottedKind.POSTCODE, "M33 7AB"),
        ("i live in m337ab", SpottedKind.POSTCODE, "m337ab"),
        ("They come to 14 Acacia Avenue twice a week.", SpottedKind.ADDRESS, "14 Acacia Avenue"),
        ("Sarah was kind.", SpottedKind.NAME, "Sarah"),
        ("I liked Sarah’s way.", SpottedKind.NAME, "Sarah’s"),
        ("my carer sarah was late", SpottedKind.NAME, "sarah"),
        ("Ask for Mrs Obuya.", SpottedKind.NAME, "Obuya"),
        ("Ask for Dr. Obuya.", SpottedKind.NAME, "Obuya"),
        ("A man called Zbigniew helped me.", SpottedKind.NAME, "Zbigniew"),
        ("Yesterday Mark came late.", SpottedKind.NAME, "Mark"),
    ],
)
def test_what_tells_who_somebody_is_is_spotted(words, kind, text):
    assert spot(words) == (Spotted(kind, text, words.index(text)),)


@pytest.mark.parametrize(
    "words",
    [
        "They came when they said, and listened.",
        "Mark my words: it will be good. Will I go again? Hope so.",
        "I went in May and June, and on 03-04-2026 at 10.30am.",
        "It was £14.50 an hour for 2 hours in 2025 and 2026.",
        "We met at St John Ambulance, near Victoria Park and John Lewis.",
        "The a1 2nd floor was cold.",
        "The lift was broken.We waited.",
        "Sister clubs are good. I was named as a helper.",
        "That bag has had a lot of names. None of them kind.",
        "My PA and I like the Tuesday group.",
        "9 out of 10. 100% better than 2019 2020 2021.",
    ],
)
def test_ordinary_words_are_left_alone(words):
    assert spot(words) == ()


def test_everything_is_found_in_order_and_once():
    found = spot("Ring Sarah on 0161 496 0123 or sarah@example.org, M33 7AB.")
    assert [it.kind for it in found] == [
        SpottedKind.NAME,
        SpottedKind.PHONE,
        SpottedKind.EMAIL,
        SpottedKind.POSTCODE,
    ]


def test_what_the_provider_is_called_is_no_secret():
    assert spot("Sarah’s Kitchen Table is warm.", known="Lunch at Sarah’s Kitchen Table") == ()
    assert spot("Sarah is warm.", known="Sarah’s Kitchen Table") == ()


def test_the_writers_own_name_is_looked_for_however_it_is_written():
    assert [it.text for it in spot("i am wunmi, hello", names=["Wunmi Adeyemi"])] == ["wunmi"]


@given(st.text(max_size=400))
def test_whatever_is_typed_what_is_spotted_stands_there(words):
    end = 0
    for it in spot(words):
        assert words.startswith(it.text, it.start)
        assert it.start >= end
        end = it.start + len(it.text)
