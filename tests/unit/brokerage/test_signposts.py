from dataclasses import replace
from datetime import date

import pytest

from marketplace.brokerage.gateways.signposts import WrongSignpostsError, read_signposts
from marketplace.brokerage.rules.nouns import SignpostKind
from marketplace.brokerage.rules.signposts import KINDS_AT, Hesitation, WrittenSignpost, is_stale, problems_of

TODAY = date(2026, 12, 1)
FINE = WrittenSignpost(
    council=None,
    kind=SignpostKind.ADVICE,
    name="An Advice Line",
    words="They advise.",
    phone="0300 061 0614",
    email="",
    href="",
    checked_on=TODAY,
)
TWO_WRONG = """
- kind: advice
  name: A line
  words: They advise.
  phone: ring us
  checked_on: 2026-11-01
  source: a leaflet
- kind: lunch
  name: A café
  words: They feed.
  href: https://example.org/
  checked_on: 2026-11-01
- {council: E99999999, kind: advice, name: Nowhere, words: x, phone: 0300 061 0614, checked_on: 2026-11-01, source: x}
"""


@pytest.mark.parametrize(
    ("differences", "field"),
    [
        ({}, None),
        ({"phone": "116 123"}, None),
        ({"phone": "", "href": "https://example.org/help?a=b"}, None),
        ({"phone": "0300 061 0614 after six"}, "phone"),
        ({"phone": "", "href": "http://example.org/"}, "href"),
        ({"phone": ""}, "phone"),
        ({"checked_on": date(2026, 12, 2)}, "checked_on"),
    ],
)
def test_a_signpost_must_lead_somewhere(differences, field):
    assert [it.field for it in problems_of(replace(FINE, **differences), today=TODAY)] == ([field] if field else [])


def test_wherever_somebody_hesitates_two_or_three_kinds_of_help_fit():
    assert set(KINDS_AT) == set(Hesitation)
    assert all(2 <= len(set(kinds)) == len(kinds) <= 3 for kinds in KINDS_AT.values())


def test_after_a_year_nobody_can_be_sure():
    assert [is_stale(checked_on=on, today=TODAY) for on in (date(2025, 12, 1), date(2025, 11, 30))] == [False, True]


def test_what_comes_with_the_site_covers_every_kind_for_all_of_england():
    written = read_signposts("england", councils=(), today=TODAY)
    assert {it.kind for it in written} == set(SignpostKind)
    assert {it.council for it in written} == {None}


def test_everything_wrong_with_a_file_is_said_by_its_place(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(TWO_WRONG)
    with pytest.raises(WrongSignpostsError) as refused:
        read_signposts(str(path), councils={"E08000009"}, today=TODAY)
    said = str(refused.value)
    for part in (
        "Signpost 1, A line: Enter a number to ring",
        "Signpost 2: “kind” must be one of assessment",
        "Signpost 2: “source” is missing.",
        "Signpost 3, Nowhere: there is no council with the code E99999999.",
    ):
        assert part in said
