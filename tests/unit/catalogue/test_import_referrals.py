import json
from datetime import date

import pytest

from marketplace.catalogue.gateways import BrokenRow, UnreadableFileError
from marketplace.catalogue.gateways.referrals import COLUMNS, rows_of

TODAY = date(2026, 5, 4)
SERVICE = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Cooking together",
    "status": "active",
    "description": "Cook with others.",
    "email": "someone@example.org",
    "url": "www.example.org/cooking",
    "minimum_age": 18,
    "organization": {"id": "d9d5e0f5", "name": "Ada Support", "email": "ada@example.org"},
    "contacts": [{"id": "1", "name": "Ann Persona"}],
    "cost_options": [
        {"id": "1", "option": "Under 18s", "amount": 3.5, "amount_description": "per session"},
        {"id": "2", "option": "Old price", "amount": 2, "valid_to": "2022-12-31"},
    ],
    "service_at_locations": [
        {"id": "1", "location": {"id": "1", "name": "Nowhere yet"}},
        {
            "id": "2",
            "location": {
                "id": "2",
                "name": "Example Hall",
                "latitude": 53.42,
                "longitude": -2.32,
                "addresses": [
                    {"attention": "Ann Persona", "address_1": "1 High Street", "city": "Sale", "postal_code": "M33 7ZF"}
                ],
                "accessibility": [{"id": "1", "description": "Step-free."}],
            },
        },
    ],
    "attributes": [{"id": "1", "taxonomy_term": {"id": "1", "name": "Food", "code": "F1"}}],
}


def read(value):
    return list(rows_of(value if isinstance(value, str) else json.dumps(value, indent=1), today=TODAY))


@pytest.mark.parametrize("whole", [SERVICE, [SERVICE], {"total_items": 1, "contents": [SERVICE]}])
def test_a_service_a_list_and_a_page_are_all_read(whole):
    (row,) = read(whole)
    assert row.cells["name"] == "Cooking together"
    assert set(row.cells) == set(COLUMNS)


def test_a_service_becomes_cells_without_anybody_s_contact():
    (row,) = read(SERVICE)
    assert row.cells["organization"] == "Ada Support"
    assert row.cells["address"] == "Example Hall, 1 High Street, Sale"
    assert (row.cells["postcode"], row.cells["latitude"], row.cells["longitude"]) == ("M33 7ZF", "53.42", "-2.32")
    assert row.cells["also_at"] == "Nowhere yet"
    assert row.cells["url"] == "https://www.example.org/cooking"
    assert row.cells["ages"] == "people of 18 and over"
    assert row.cells["cost"] == "£3.50 per session (Under 18s)"
    assert row.cells["access"] == "Step-free"
    assert row.cells["terms"] == "Food; F1"
    assert row.cells["is_free"] == ""
    assert "Persona" not in str(row.cells)
    assert "@" not in str(row.cells)


@pytest.mark.parametrize(
    ("fees", "options", "is_free"),
    [
        ("Free", [], True),
        ("free of charge.", [], True),
        ("", [{"amount": 0}], True),
        ("", [], False),
        ("", [{"amount": 0}, {"amount": 5}], False),
        ("Free for members", [], False),
        ("", [{"option": "ask"}], False),
        ("Free", [{"amount": 5}], False),
        ("£2 at the door", [{"amount": 0}], False),
        ("", [{"amount": True}], False),
        ("", [{"amount": 0, "valid_to": "2020-01-01"}], False),
    ],
)
def test_free_is_only_what_the_source_says_is_free(fees, options, is_free):
    (row,) = read({"id": "1", "name": "A", "fees": fees, "cost_options": options})
    assert (row.cells["is_free"] == "yes") is is_free


def test_each_service_has_the_line_it_begins_on():
    first, second, third = '{"id": "1", "name": "A"}', '{"id": "2",\n"name": "B"}', '{"id": "3", "name": "C"}'
    text = f'{{"page": 1,\n "contents": [\n\n{first},\n{second}, {third}]}}'
    assert [(row.line, row.cells["name"]) for row in read(text)] == [(4, "A"), (5, "B"), (6, "C")]


def test_the_last_list_called_contents_counts_as_json_has_it():
    assert [row.cells["name"] for row in read('{"contents": [], "contents": [{"id": "1", "name": "A"}]}')] == ["A"]


def test_what_is_no_active_service_is_refused_in_words():
    rows = read([1, None, {"id": "1", "name": "Gone", "status": "defunct"}])
    assert all(isinstance(row, BrokenRow) for row in rows)
    assert rows[0].reason.startswith("This is not a service")
    assert (rows[2].name, rows[2].reason) == ("Gone", "Its status is “defunct”, not active.")


def test_a_service_of_the_wrong_shape_is_read_as_far_as_it_goes():
    wrong = {"id": 7, "name": ["A"], "organization": "x", "service_at_locations": {"a": 1}, "cost_options": [None, 3]}
    (row,) = read([wrong])
    assert row.cells["id"] == "7"
    assert row.cells["name"] == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,category\nA,B\n", "This is not JSON: it cannot be read at line 1, character 1."),
        ('[{"id": "1",\n "name": }]', "This is not JSON: it cannot be read at line 2, character 10."),
        ('{"contents": [{"id": "1"', "This is not JSON"),
        ('{"type": "FeatureCollection", "features": []}', "This is JSON, but not Open Referral UK."),
        ('{"contents": {}}', "This is JSON, but not Open Referral UK."),
        ('"words"', "This is JSON, but not Open Referral UK."),
        ("[NaN]", "The file says NaN, which JSON does not know."),
        ("[" * 100_000, "too many brackets"),
        ("[" + "9" * 5_000 + "]", "a number that is too long"),
    ],
)
def test_what_is_not_open_referral_is_refused_in_words(text, sentence):
    with pytest.raises(UnreadableFileError) as refused:
        read(text)
    assert sentence in str(refused.value)
