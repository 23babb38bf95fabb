from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from marketplace.catalogue import queries
from marketplace.catalogue.gateways import Row, read_mapping, reading_of
from marketplace.catalogue.models import Offer, OfferPrice, Provider, Source
from marketplace.catalogue.rules import OfferStatus, ProviderKind
from marketplace.catalogue.services import Imported
from marketplace.catalogue.services.importing import import_rows
from marketplace.kit.places import Point
from tests.integration.catalogue.published_files import FILES, folder

TODAY = date(2026, 5, 4)
TRAFFORD = "E08000009"


@pytest.fixture
def bring_in(session, gazetteer, now):
    def import_file(path, mapping_name):
        mapping = read_mapping(mapping_name)
        reading = reading_of(Path(path), mapping=mapping, today=TODAY)
        return import_rows(session, rows=reading.rows, mapping=mapping, gazetteer=gazetteer, now=now)

    return import_file


@pytest.fixture
def row_of(session, gazetteer, now):
    """Import one row of a mapping, with some of its columns filled, and return what became of it."""

    def import_row(mapping_name, **cells):
        mapping = read_mapping(mapping_name)
        row = Row(2, dict.fromkeys(mapping.columns, "") | cells)
        (outcome,) = import_rows(session, rows=[row], mapping=mapping, gazetteer=gazetteer, now=now)
        return outcome

    return import_row


def offers(session):
    return session.scalars(select(Offer).order_by(Offer.source, Offer.source_key)).all()


# The longest list by far is brought in once: it has no kind of row that the others have not.
LISTS = tuple(pytest.param(name, marks=pytest.mark.once) if name == "charities" else name for name in FILES)


@pytest.mark.parametrize("name", LISTS)
def test_every_row_of_a_published_list_is_added_or_refused_and_a_second_run_adds_none(session, bring_in, name):
    path, mapping_name = folder() / f"{name}.csv", FILES[name]
    first = bring_in(path, mapping_name)
    added = [outcome for outcome in first if outcome.did is Imported.ADDED]
    refused = [outcome for outcome in first if outcome.did is None]
    assert len(first) == len(added) + len(refused) > 0
    assert len(added) == len(offers(session))
    assert not refused, "every row of these lists can come in"
    assert all(sentence.endswith(".") for outcome in first for sentence in outcome.sentences)
    _is_open_to_everyone_with_its_source_and_nothing_invented(session)
    second = bring_in(path, mapping_name)
    assert [outcome.did for outcome in second] == [Imported.UNCHANGED] * len(first)
    assert len(added) == len(offers(session))


def _is_open_to_everyone_with_its_source_and_nothing_invented(session):
    assert set(session.scalars(select(Provider.kind))) == {ProviderKind.UNIVERSAL_SERVICE}
    assert session.scalar(select(func.count()).select_from(OfferPrice)) == 0
    (source,) = session.scalars(select(Source)).all()
    assert "Open Government Licence" in source.licence
    for offer in offers(session):
        assert offer.status is OfferStatus.LIVE
        assert offer.source == source.key
        assert offer.council or offer.postcode
        assert "@" not in offer.title + offer.address


def test_a_library_is_free_has_its_point_and_can_be_seen(session, bring_in, gazetteer, now):
    bring_in(folder() / "libraries.csv", "trafford-libraries")
    offer = session.scalars(select(Offer).where(Offer.title == "Sale Library")).one()
    assert offer.is_free
    assert (offer.postcode, offer.council) == ("M33 7ZF", TRAFFORD)
    assert Point(offer.easting, offer.northing).distance_to(gazetteer.find("M33 7ZF").point) < 300
    (card,) = queries.cards_for(session, offer_ids=[offer.id], on=now.date())
    assert card.kind is ProviderKind.UNIVERSAL_SERVICE


def test_two_sites_of_one_name_are_two_entries_and_need_no_postcode(session, bring_in):
    bring_in(folder() / "allotments.csv", "trafford-allotments")
    moor_nook = [offer for offer in offers(session) if offer.title == "Moor Nook allotments"]
    assert len(moor_nook) == 2
    assert all(offer.postcode is None and offer.easting and offer.council == TRAFFORD for offer in moor_nook)


def test_a_food_bank_is_free_only_where_the_list_says_a_voucher_is_all(session, bring_in):
    bring_in(folder() / "food_banks.csv", "trafford-food-banks")
    free = {offer.is_free for offer in offers(session) if offer.title.startswith("Trussell Trust food bank at ")}
    assert free == {True}
    (pantry,) = [offer for offer in offers(session) if offer.title.startswith("The Globe")]
    assert not pantry.is_free
    assert "Not known" not in pantry.description


def test_charities_are_readable_and_placed_no_nearer_than_a_sector(session, row_of):
    outcome = row_of(
        "trafford-charities",
        registered_charity_number="9000001",
        charity_name="FRIENDS OF ST MARY'S (FSM) ",
        charity_activities="Helping &amp; <b>befriending</b>",
        charity_contact_postcode="m33 7zf ",
        charity_contact_web="www.friends.example.org",
    )
    assert outcome.did is Imported.ADDED
    (offer,) = offers(session)
    assert offer.title == "Friends of St Mary's (FSM)"
    assert offer.description == "Helping & befriending\n\nRegistered charity 9000001."
    assert offer.postcode == "M33 7"
    assert not offer.is_free
    assert session.get(Provider, offer.provider_id).website == "https://www.friends.example.org"


@pytest.mark.parametrize(
    ("postcode", "kept", "sentence"),
    [
        ("NA", None, "Nothing says where it is, so it is listed under the council alone."),
        ("SY23 3LR", None, "SY23 3LR is in Wales, and this site covers England only, so its place is left out."),
        ("WA154 1HF", None, "“WA154 1HF” is not a postcode, so it is left out."),
        ("Manchester", None, "“Manchester” is not a postcode, so it is left out."),
        ("M33 OAA", "M33 0", "“M33 OAA” has a letter O for a zero: it is read as M33 0AA."),
        ("M33 9ZZ", "M33 9", "There is no postcode M33 9ZZ: it is placed in the middle of M33 9."),
        ("M33", "M33", "“M33” is only part of a postcode: it is placed in the middle of it."),
    ],
)
def test_a_place_that_cannot_be_used_is_left_out_and_said(session, row_of, postcode, kept, sentence):
    outcome = row_of(
        "trafford-charities", registered_charity_number="1", charity_name="A", charity_contact_postcode=postcode
    )
    assert outcome.did is Imported.ADDED
    assert sentence in outcome.sentences
    (offer,) = offers(session)
    assert (offer.postcode, offer.council) == (kept, TRAFFORD)
    assert (offer.easting is None) is (kept is None)


@pytest.mark.parametrize(
    ("lat", "lon", "sentence"),
    [
        ("-2.3", "53.4", "are not in Britain"),
        ("0", "0", "are not in Britain"),
        ("nan", "inf", "are not coordinates"),
        ("north", "west", "are not coordinates"),
        ("53.4", "", "are not coordinates"),
        ("51.5", "-0.1", "miles from M33 7ZF: the postcode is used instead."),
    ],
)
def test_coordinates_that_cannot_be_right_give_way_to_the_postcode(session, row_of, gazetteer, lat, lon, sentence):
    outcome = row_of("trafford-libraries", name="A", type="Library", address="", postcode="M33 7ZF", lat=lat, lon=lon)
    assert sentence in " ".join(outcome.sentences)
    (offer,) = offers(session)
    place = gazetteer.find("M33 7ZF")
    assert (offer.easting, offer.northing) == (place.point.easting, place.point.northing)


@pytest.mark.parametrize("website", ["javascript:alert(1)", "hello@example.org", "http//:www.wrong", "ftp://x.example"])
def test_only_a_web_address_becomes_a_link(session, row_of, website):
    outcome = row_of("trafford-mental-health-services", name="A", description="B", postcode="M33 7ZF", website=website)
    assert f"“{website}” is not a web address, so it is left out." in outcome.sentences
    (offer,) = offers(session)
    assert session.get(Provider, offer.provider_id).website is None


def test_rows_without_name_key_category_or_place_are_refused_in_words(session, gazetteer, now):
    mapping = read_mapping("trafford-sports-clubs").model_copy(update={"council": None})
    rows = [
        Row(2, {"name": "", "category": "Golf", "address": "", "postcode": "M33 7ZF"}),
        Row(3, {"name": "A", "category": "Golf", "address": "", "postcode": ""}),
        Row(4, {"name": "B", "category": "Golf", "address": "", "postcode": "SY23 3LR"}),
        Row(5, {"name": "C", "category": "Golf", "address": "", "postcode": "M33 7ZF"}),
        Row(6, {"name": " c ", "category": "Tennis", "address": "", "postcode": "m33 7zf"}),
    ]
    outcomes = import_rows(session, rows=rows, mapping=mapping, gazetteer=gazetteer, now=now)
    assert [(outcome.line, outcome.sentences) for outcome in outcomes if outcome.did is None] == [
        (2, ("It has no name.",)),
        (3, ("Nothing says where it is: its postcode and coordinates are blank.",)),
        (4, ("SY23 3LR is in Wales, and this site covers England only, so its place is left out.",)),
        (6, ("It has the same name and postcode as line 5.",)),
    ]
    assert [offer.title for offer in offers(session)] == ["C"]


def test_a_category_comes_from_a_table_then_from_words_or_the_row_is_refused(session, gazetteer, now):
    by = {"column": ["category"], "table": {"GOLF": "sport-and-leisure"}, "words": {"choir": "arts-and-music"}}
    mapping = type(read_mapping("trafford-sports-clubs")).model_validate(
        read_mapping("trafford-sports-clubs").model_dump() | {"category": by}
    )
    rows = [
        Row(n, {"name": f"A{n}", "category": category, "address": "", "postcode": "M33 7ZF"})
        for n, category in enumerate(["Tea; golf", "The Choirs of Sale", "Chess", ""], start=2)
    ]
    outcomes = import_rows(session, rows=rows, mapping=mapping, gazetteer=gazetteer, now=now)
    assert [offer.category for offer in offers(session)] == ["sport-and-leisure", "arts-and-music"]
    assert outcomes[2].sentences == ("The mapping has no category for “Chess”.",)
    assert outcomes[3].sentences == ("It has no category, so its category is not known.",)


def test_an_entry_that_cannot_be_stored_takes_no_other_with_it(session, gazetteer, now):
    mapping = read_mapping("trafford-sports-clubs").model_copy(update={"category": "no-such-shelf"})
    rows = [Row(2, {"name": "A", "category": "Golf", "address": "", "postcode": "M33 7ZF"})]
    (outcome,) = import_rows(session, rows=rows, mapping=mapping, gazetteer=gazetteer, now=now)
    assert outcome.did is None
    assert "no-such-shelf" in outcome.sentences[0]
    good = read_mapping("trafford-sports-clubs")
    (outcome,) = import_rows(session, rows=rows, mapping=good, gazetteer=gazetteer, now=now)
    assert outcome.did is Imported.ADDED


def test_words_that_are_too_long_are_cut_and_said(session, row_of):
    outcome = row_of(
        "trafford-mental-health-services",
        name="N" * 250,
        description="d" * 5_000,
        address="a" * 400,
        postcode="M33 7ZF",
    )
    assert len(outcome.sentences) == 3
    assert all("is cut at" in sentence for sentence in outcome.sentences)
    (offer,) = offers(session)
    assert (len(offer.title), len(offer.description), len(offer.address)) == (200, 4_000, 300)
