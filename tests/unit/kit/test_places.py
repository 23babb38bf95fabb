import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.places import council_key, parts_in, postcode_in

outwards = st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True)
inwards = st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True)


@st.composite
def carelessly_typed(draw, text):
    """The same letters and figures, in any case, with spaces and stops anywhere."""
    letters = [draw(st.sampled_from([letter, letter.lower()])) for letter in text]
    gaps = [draw(st.sampled_from(["", "", " ", "  ", "-", ".", "\t", "\u00a0"])) for _ in range(len(text) + 1)]
    return gaps[0] + "".join(letter + gap for letter, gap in zip(letters, gaps[1:], strict=True))


@given(outward=outwards, inward=inwards, data=st.data())
def test_a_postcode_is_read_however_it_is_typed(outward, inward, data):
    typed = data.draw(carelessly_typed(outward + inward))
    assert postcode_in(typed) == f"{outward} {inward}"


@given(st.text(max_size=30))
def test_reading_a_postcode_twice_changes_nothing(text):
    postcode = postcode_in(text)
    assert postcode is None or postcode_in(postcode) == postcode


@given(st.text(max_size=30))
def test_no_text_is_both_a_whole_postcode_and_a_part(text):
    assert not (postcode_in(text) and parts_in(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("m337aa", "M33 7AA"),
        ("sw1a1aa", "SW1A 1AA"),
        ("w1a 1aa", "W1A 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("\uff2d33 7AA", "M33 7AA"),  # a wide M, as some keyboards type it
        ("M33 7A", None),
        ("M33 7AAA", None),
        ("333 7AA", None),
        ("\u0661M1 1AA", "M1 1AA"),  # a figure of another script is no figure of a postcode
        ("Trafford", None),
        ("", None),
    ],
)
def test_whole_postcodes(typed, meant):
    assert postcode_in(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("M33", ["M33", "M3 3"]),
        ("m 33", ["M33"]),
        ("m33 7", ["M33 7"]),
        ("M337", ["M33 7"]),
        ("M11", ["M11", "M1 1"]),
        ("M1 1", ["M1 1", "M11"]),
        ("SW1A", ["SW1A"]),
        ("sw1a1", ["SW1A 1"]),
        ("M33 7AA", []),
        ("Sale", []),
        ("", []),
    ],
)
def test_parts_of_postcodes(typed, meant):
    assert parts_in(typed) == meant


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Trafford", "trafford"),
        (" trafford  COUNCIL ", "trafford"),
        ("Trafford Metropolitan Borough Council", "trafford"),
        ("the Royal Borough of Kensington & Chelsea", "kensington and chelsea"),
        ("London Borough of Camden", "camden"),
        ("City of York Council", "york"),
        ("County Durham", "durham"),
        ("St. Helen\u2019s", "st helens"),
        ("Stoke-on-Trent", "stoke on trent"),
        ("City of London Corporation", "city-of-london"),
        ("London", "london"),
        ("the council", ""),
        ("", ""),
    ],
)
def test_a_council_is_known_by_its_name_without_its_titles(said, key):
    assert council_key(said) == key
