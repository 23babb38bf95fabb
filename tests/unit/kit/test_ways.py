import pytest

from marketplace.kit.ways import is_number, ways_to_us


def test_by_email_people_can_always_ask():
    (way,) = ways_to_us(email="us@example.org")
    assert (way.name, way.words, way.href) == ("Email", "us@example.org", "mailto:us@example.org")


def test_numbers_are_rung_and_written_to_as_they_are_dialled():
    ways = ways_to_us(email="us@example.org", phone="0161 496 0000", text="+44 (0)7700 900123")
    assert [(way.name, way.words, way.href) for way in ways[:3]] == [
        ("Phone", "0161 496 0000", "tel:01614960000"),
        ("Relay UK", "18001 0161 496 0000", "tel:1800101614960000"),
        ("Text message", "+44 (0)7700 900123", "sms:+447700900123"),
    ]


def test_relay_uk_is_left_out_where_the_operator_says_so_or_nobody_can_be_rung():
    assert [way.name for way in ways_to_us(email="a@b.uk", phone="0161 496 0000", has_relay=False)] == [
        "Phone",
        "Email",
    ]
    assert [way.name for way in ways_to_us(email="a@b.uk", text="07700 900123")] == ["Text message", "Email"]


@pytest.mark.parametrize("typed", ["0161 496 0000", "+44 161 496 0000", "999", "0161-496-0000"])
def test_a_number_can_be_rung(typed):
    assert is_number(typed) is (typed != "999")


@pytest.mark.parametrize("typed", ["", "ring us", "0161 496 0000 ext. 5", "javascript:1", "0" * 40])
def test_what_is_no_number_cannot(typed):
    assert not is_number(typed)
