from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import marketplace.search.language
from marketplace.search.language import (
    ENGLISH,
    READER,
    All,
    Either,
    Phrase,
    Reader,
    Start,
    Without,
    Word,
    Words,
    nearest,
    pieces,
    respelt,
)
from marketplace.search.language.parsing import tidy
from marketplace.search.language.words import WORD

DATA = Path(marketplace.search.language.__file__).parent / "synonyms.yaml"
TYPED = ["garden", "PA", "personal", "assistant", "day", "care", "the", "mum's", "café", "self-funder"]
PLAIN = "same: []\nbritish: {color: colour}\nunimportant: someone"


@pytest.fixture(scope="module")
def plain():
    """A reader without any synonyms, so that only the rest is seen."""
    return Reader(Words(PLAIN))


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Gardens", "gardening"),
        ("organisation", "organizations"),
        ("colour", "color"),
        ("analysed", "analyze"),
        ("centre", "Centers"),
        ("café", "cafe"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "CAFÉ"),
        ("carer’s", "carers"),
        ("o'brien", "OBrien"),
        ("ﬁtness", "fitness"),
        ("mum", "mom"),
        ("Siân", "sian"),
    ],
)
def test_what_is_written_one_way_is_found_by_another(stored, asked):
    assert ENGLISH.stems(stored) == ENGLISH.stems(asked) != []


@pytest.mark.parametrize("word", ["prize", "size", "seize"])
def test_words_that_only_look_american_are_left_alone(word):
    assert ENGLISH.of(word) == [word]


@pytest.mark.parametrize("text", ["", " ", "the", "to be or not to be", "🎉", "\0", "...", "someone please", "—", "_"])
def test_words_that_say_nothing_ask_for_nothing(text):
    assert READER.read(text).match is None


def test_the_data_file_says_each_thing_once_and_its_names_keep_their_words():
    said = yaml.safe_load(DATA.read_text())
    names = [(str(name), group[0]) for group in said["same"] for name in group]
    near = [str(name) for asked, others in said["near"].items() for name in (asked, *others)]
    every = [*near, *(name for name, _group in names)]
    shortened = [name for name in every if len(WORD.findall(name)) > 1 and len(ENGLISH.stems(name)) < 2]
    shortened += [name for name in every if not ENGLISH.stems(name)]
    assert not shortened, f"too little is left of these once unimportant words are gone: {shortened}"
    groups = {}
    for name, group in names:
        groups.setdefault(tuple(ENGLISH.stems(name)), set()).add(group)
    twice = [stems for stems, given in groups.items() if len(given) > 1]
    assert not twice, f"these are in two lines: {twice}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PA", "personal assistant"),
        ("befriending", "companionship"),
        ("day care", "day opportunities"),
        ("wheel chair", "wheelchairs"),
        ("foodbank", "food banks"),
        ("autistic", "autism"),
    ],
)
def test_synonyms_are_the_same_word_asked_and_stored(one, other):
    asked, meant = READER.read(one), READER.read(other)
    assert asked.match.literal == tuple(ENGLISH.stems(one))
    assert (asked.match.stem, asked.match.same) == (meant.match.stem, meant.match.same)
    stored = ENGLISH.entry(title=f"A {other} for you", label="", body="").title
    assert asked.match.stem in stored
    assert set(ENGLISH.stems(other)) <= set(stored), "the words themselves are still found"


def test_synonyms_are_found_among_other_words():
    match = READER.read("a PA for shopping trips in Sale").match
    assert [part.same or part.stem for part in match.parts] == ["0personassist", "0shop", "1trip", "sale"]


def small(text):
    """Return a reader of a few words, so that a test says all there is to know."""
    return Reader(Words(f"{PLAIN}\n{text}"))


def test_who_asks_for_a_thing_finds_what_is_near_it_and_not_the_other_way():
    reader = small("near: {feet: [toes, nail bar]}")
    entry = reader.words.entry(title="Toes", label="", body="A nail bar for your toe")
    assert entry.title == ("toe", "1feet")
    assert entry.body == ("nail", "bar", "toe", "1feet", "2feet"), "twice, in two ways"
    assert reader.read("feet").match == Word("1feet", literal=("feet",))
    assert reader.read("toes").match == Word("toe")


def test_what_is_near_brings_all_its_other_names():
    reader = Reader(Words("same: [[feet, soles], [toes, digits]]\nbritish: {}\nunimportant: x\nnear: {feet: [toes]}"))
    assert reader.words.entry(title="Digits", label="", body="").title == ("digit", "0toe", "1feet")
    assert reader.read("soles").match == Word("1feet", literal=("sole",), same="0feet")


def test_the_very_word_counts_most_then_its_like_then_what_is_near():
    shares = {sign.leaf.stem: sign.share for sign in READER.read("chiropody").signs}
    assert shares == {"1chiropodi": 8, "2chiropodi": 4, "0chiropodi": 3, "chiropodi": 1}
    shares = {sign.leaf.stem: sign.share for sign in small("near: {feet: [toes]}").read("feet").signs}
    assert shares == {"1feet": 8, "2feet": 4, "feet": 4}


def test_words_that_say_little_need_not_be_there_and_count_for_little():
    asked = small("weak: help\ntimes: mondays").read("help on Monday with hens")
    assert asked.match == Word("hen")
    assert [(sign.leaf.stem, sign.share, sign.is_certain) for sign in asked.signs] == [
        ("hen", 8, True),
        ("help", 2, False),
        ("monday", 4, False),
    ]
    assert small("weak: help").read("help").match == Word("help"), "what else could be looked for?"
    assert small("weak: help").read("hens -help").signs == small("weak: help").read("hens -help").signs[:1]


def test_a_category_counts_by_what_it_is_about():
    words = small("near: {art: [clay]}").words
    assert words.entry(title="", label="A Co", body="", category="Art and baths").label == (
        "co",
        "bath",
        "1art",
        "2art",
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("red bus", All((Word("red"), Word("bus")))),
        ("red red", Word("red")),
        ('"red bus" stop', All((Phrase(("red", "bus")), Word("stop")))),
        ('"red bus', All((Word("red"), Word("bus")))),
        ('"red"', Word("red")),
        ("red OR bus", Either((Word("red"), Word("bus")))),
        ("red or bus", All((Word("red"), Word("bus")))),
        ("red -bus", Without(Word("red"), Either((Word("bus"),)))),
        ("red NOT bus", Without(Word("red"), Either((Word("bus"),)))),
        ("-bus", Word("bus")),
        ("well-known bus", All((Word("well"), Word("known"), Word("bus")))),
        ("bus - red", All((Word("bus"), Word("red")))),
        ("trav*", Start("trav")),
        ("travelling*", Start("travel")),
        ("tr*", Word("tr")),
        ("(red OR blue) bus", All((Either((Word("red"), Word("blue"))), Word("bus")))),
        ("RED AND BUS NOT TRAIN", All((Word("red"), Word("bus"), Word("train")))),
        ("title:red bus^2", All((Word("titl"), Word("red"), Word("bus"), Word("2")))),
    ],
)
def test_a_question_asks_for(plain, asked, expected):
    assert plain.read(asked).match == expected


@given(st.text(max_size=300))
def test_anything_can_be_asked(text):
    READER.read(text)


@given(st.text(alphabet=' ab"()-*^~:\\NOTAR\0’', max_size=60))
def test_any_operators_can_be_asked(text):
    READER.read(text)


@given(st.lists(st.sampled_from(TYPED), max_size=8))
def test_plain_words_mean_the_same_with_and_without_the_parser(words):
    asked = " ".join(words)
    assert READER.read_with_operators(tidy(asked)) == READER.read(asked)


@pytest.mark.parametrize("asked", ["x" * 10_000, "word " * 2_000, "(" * 10_000, '"' * 10_000, "-" * 10_000])
def test_a_very_long_question_is_cut(asked):
    assert len(READER.read(asked).leaves) <= 16


def test_a_word_is_never_longer_than_what_is_kept():
    assert [len(word) for word in ENGLISH.of("a" * 99)] == [40]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gardning", "gardening"),
        ("graden", "garden"),
        ("swiming", "swimming"),
        ("befreinding", "befriending"),
        ("cafes", "cafe"),
        ("garden", None),  # It is right: whoever asks knows that it is known.
        ("cat", None),  # Too short to tell.
        ("zebra", None),
    ],
)
def test_a_misspelt_word_is_taken_for_the_nearest(written, meant):
    known = {"gardening": 9, "garden": 3, "swimming": 1, "befriending": 1, "cafe": 2, "bat": 50}
    assert nearest(written, {word: n for word, n in known.items() if word != written}) == meant


def test_of_two_words_as_near_the_commoner_is_meant():
    assert nearest("bowlz", {"bowls": 2, "bowl": 1, "bowly": 9}) == "bowly"


def test_a_question_is_respelt_where_it_was_wrong_and_nowhere_else():
    assert respelt("Gardning, in Sale!", better={"gardning": "gardening"}, words=ENGLISH) == "gardening, in Sale!"


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("Gardens & gardening", "garden", ["Gardens", "gardening"]),
        ("A personal assistant, or PA", "pa", ["personal", "assistant", "PA"]),
        ("Photographs", "photo*", ["Photographs"]),
        ("The mother of the bride", "the", []),
        ("Tea <b>and</b> cake", "cake -tea", ["cake"]),
        ("Peer group of peers", '"peer group"', ["Peer", "group", "peers"]),
    ],
)
def test_what_was_asked_for_is_marked(text, asked, marked):
    found = pieces(text, asked=READER.read(asked), words=ENGLISH)
    assert [piece for piece, is_marked in found if is_marked] == marked


@given(text=st.text(max_size=200), asked=st.text(max_size=30))
def test_pieces_always_join_up_to_the_text(text, asked):
    assert "".join(piece for piece, _is_marked in pieces(text, asked=READER.read(asked), words=ENGLISH)) == text
