import fcntl
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from marketplace.kit import gazetteer
from marketplace.kit.gazetteer import ENGLAND, GazetteerError, Geography, ensure, fingerprint_of, main, shipped, write
from marketplace.kit.places import (
    AmbiguousCouncilError,
    CouncilCode,
    Gazetteer,
    GazetteerMissingError,
    NoPlaceGivenError,
    NotInEnglandError,
    Place,
    Point,
    Precision,
    UnknownCouncilError,
    UnknownPlaceError,
    UnknownPostcodeError,
    from_lat_lon,
)

pytestmark = pytest.mark.once

BUILT = Path(__file__).parents[3] / "var" / "places.sqlite"
TRAFFORD, SHIRE, HULL, LONDON = "E08000009", "E10000099", "E06000010", "E09000001"

GEOGRAPHY = Geography(
    councils=[
        (TRAFFORD, "Trafford", "Metropolitan district"),
        (SHIRE, "Marshire", "County"),
        ("E06000098", "Marsh and Fen", "Unitary authority"),
        (HULL, "Kingston upon Hull", "Unitary authority"),
        (LONDON, "City of London", "London borough"),
    ],
    districts={TRAFFORD: TRAFFORD, "E07000001": SHIRE, "E06000098": "E06000098", HULL: HULL, LONDON: LONDON},
)
NOWHERE = float("nan")
ROWS = [
    ("M33 7AA", 379051.0, 392155.0, TRAFFORD),
    ("M33 7AB", 379055.0, 392159.0, TRAFFORD),
    ("M33 7ZZ", 479055.0, 292159.0, "E07000001"),  # an ended one, far from the rest
    ("M33 4ND", 376900.0, 391200.0, TRAFFORD),
    ("M1  1AA", 384700.0, 398000.0, "E07000001"),
    ("M98 1AA", NOWHERE, NOWHERE, NOWHERE),
    ("SW1A1AA", 529090.0, 179645.0, LONDON),
    ("SW1E1AA", 529290.0, 179245.0, LONDON),
    ("HU1 1AA", 509295.0, 430035.0, HULL),
    ("PE1 1AA", 519000.0, 298000.0, "E06000098"),
    ("TD5 7AA", 372000.0, 634000.0, "S12000026"),
    ("TD5 7AB", 372010.0, 634010.0, "S12000026"),
    ("TD5 7AD", 381000.0, 632000.0, "E07000001"),
    ("TD5 8AA", 372020.0, 634020.0, "S12000026"),
    ("EH1 1AA", 325000.0, 673000.0, "S12000036"),
    ("CF101AA", 318000.0, 176000.0, "W06000015"),
    ("BT1 1AA", 146000.0, 530000.0, "N09000003"),
    ("JE2 3AB", NOWHERE, NOWHERE, "L99999999"),
    ("GY1 1AA", NOWHERE, NOWHERE, "L99999999"),
    ("IM1 1AA", 238000.0, 476000.0, "M99999999"),
]


def by_letter(rows=ROWS):
    return [[row for row in rows if row[0][0] == letter] for letter in sorted({row[0][0] for row in rows})]


def quietly(letter, postcodes):
    pass


def make(path, rows=ROWS, fingerprint=f"{gazetteer.FORMAT}/test"):
    write(path, by_letter(rows), GEOGRAPHY, fingerprint, quietly)
    return path


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Twenty postcodes and five councils."""
    gazetteer = Gazetteer(make(tmp_path_factory.mktemp("places") / "places.sqlite"))
    yield gazetteer
    gazetteer.close()


@pytest.fixture(scope="module")
def england():
    """The file made at set-up."""
    gazetteer = Gazetteer(BUILT)
    yield gazetteer
    gazetteer.close()


# ---------------------------------------------------------------- finding


@pytest.mark.parametrize("typed", ["M33 7AA", "m337aa", " m33  7Aa. "])
def test_a_whole_postcode_is_a_point_and_a_council(town, typed):
    assert town.find(typed) == Place("M33 7AA", Point(379051, 392155), CouncilCode(TRAFFORD), Precision.POSTCODE)


def test_a_district_answers_with_the_council_above_it(town):
    assert town.find("M1 1AA").council == SHIRE


def test_a_sector_is_the_middle_of_its_postcodes_and_a_stray_one_does_not_move_it(town):
    assert town.find("m33 7") == Place("M33 7", Point(379055, 392155), CouncilCode(TRAFFORD), Precision.SECTOR)


def test_a_first_part_is_in_the_council_most_of_it_is_in(town):
    assert town.find("m33") == Place("M33", Point(379051, 391200), CouncilCode(TRAFFORD), Precision.OUTWARD)


def test_a_part_typed_without_its_space_is_the_one_that_exists(town):
    assert town.find("M337").name == "M33 7"
    assert town.find("M11").name == "M1 1"


def test_a_london_district_may_be_given_without_its_letter(town):
    assert town.find("SW1") == Place("SW1", Point(529090, 179245), CouncilCode(LONDON), Precision.OUTWARD)


@pytest.mark.parametrize("typed", ["Trafford", "trafford council", "TRAFF", "Trafford Metropolitan Borough Council"])
def test_a_council_is_found_by_its_name(town, typed):
    assert town.find(typed) == Place("Trafford", Point(379051, 391200), CouncilCode(TRAFFORD), Precision.COUNCIL)


def test_a_council_is_found_by_a_word_inside_its_name(town):
    assert town.find("Hull City Council").council == HULL


@pytest.mark.parametrize("typed", ["", "   ", "!?", "\n"])
def test_nothing_typed_asks_for_something(town, typed):
    with pytest.raises(NoPlaceGivenError, match=r"^Enter a postcode, .*\.$"):
        town.find(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("m339zz", "We do not know the postcode M33 9ZZ. Check it, or enter just its first part, M33."),
        ("ZZ9 9ZZ", "We do not know the postcode ZZ9 9ZZ. Check it and try again."),
        ("M98 1AA", "We do not know the postcode M98 1AA. Check it and try again."),
        ("zz9", "We do not know any postcode that starts ZZ9. Check it and try again."),
        ("M33 7A", "We do not know the postcode M33 7A. Check it and try again."),
        ("TD5 7ZZ", "We do not know the postcode TD5 7ZZ. Check it and try again."),
    ],
)
def test_a_postcode_we_do_not_know_is_refused(town, typed, sentence):
    with pytest.raises(UnknownPostcodeError) as refusal:
        town.find(typed)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("typed", "nation"),
    [
        ("EH1 1AA", "Scotland"),
        ("eh1", "Scotland"),
        ("EH1 9ZZ", "Scotland"),
        ("CF10 1", "Wales"),
        ("BT1 1AA", "Northern Ireland"),
        ("JE2 3AB", "Jersey"),
        ("GY1", "Guernsey"),
        ("im11aa", "the Isle of Man"),
        ("TD5 7AB", "Scotland"),
        ("TD5 8AA", "Scotland"),
    ],
)
def test_a_postcode_of_another_nation_says_which(town, typed, nation):
    with pytest.raises(NotInEnglandError, match=f"is in {nation}, and this site covers England only"):
        town.find(typed)


def test_an_english_postcode_across_the_border_is_still_found(town):
    assert town.find("TD5 7AD").council == SHIRE


@pytest.mark.parametrize("typed", ["TD5", "TD5 7"])
def test_a_part_that_is_mostly_elsewhere_asks_for_all_of_it(town, typed):
    with pytest.raises(NotInEnglandError, match=f"^{typed} is mostly in Scotland. Enter the whole of a postcode"):
        town.find(typed)


@pytest.mark.parametrize("typed", ["Narnia", "12 High Street, Sale", "London", "council", "tr", "<b>"])
def test_anything_else_is_not_a_place_we_know(town, typed):
    with pytest.raises(
        UnknownPlaceError, match=f"^We do not know a place called “{typed}”. Enter a postcode"
    ) as refusal:
        town.find(typed)
    assert type(refusal.value) is UnknownPlaceError


def test_a_name_that_fits_several_councils_lists_them(town):
    with pytest.raises(AmbiguousCouncilError) as refusal:
        town.find("mars")
    assert str(refusal.value) == "“mars” could be Marsh and Fen; Marshire. Enter more of the name."


def test_a_very_long_text_is_not_said_back_whole(town):
    with pytest.raises(UnknownPlaceError) as refusal:
        town.find("where " * 10_000)
    assert len(str(refusal.value)) < 200


def test_councils_are_listed_by_name_and_found_by_code(town):
    assert [council.name for council in town.councils()] == sorted(name for _code, name, _kind in GEOGRAPHY.councils)
    assert town.council(CouncilCode(SHIRE)).kind == "County"
    with pytest.raises(UnknownCouncilError, match="no council with that code"):
        town.council(CouncilCode("S12000036"))


def test_eight_threads_get_the_same_answers_as_one(town):
    asked = ["M33 7AA", "m33", "Trafford", "HU1 1AA", "SW1A 1AA", "PE1", "TD5 7AD", "Hull"] * 250
    alone = [town.find(text) for text in asked]
    gate = threading.Barrier(8)

    def ask(_thread):
        gate.wait()
        return [town.find(text) for text in asked]

    with ThreadPoolExecutor(8) as threads:
        assert all(answers == alone for answers in threads.map(ask, range(8)))


# ---------------------------------------------------------------- making the file


def test_a_missing_file_says_how_to_make_it(tmp_path):
    with pytest.raises(GazetteerMissingError, match=r"python -m marketplace\.kit\.gazetteer"):
        Gazetteer(tmp_path / "places.sqlite")


@pytest.mark.parametrize("content", [b"", b"not a database at all, " * 50])
def test_a_broken_file_says_how_to_make_it(tmp_path, content):
    path = tmp_path / "places.sqlite"
    path.write_bytes(content)
    with pytest.raises(GazetteerMissingError, match="not one this version can read"):
        Gazetteer(path)


def test_a_file_of_another_format_is_not_read(tmp_path):
    with pytest.raises(GazetteerMissingError, match="not one this version can read"):
        Gazetteer(make(tmp_path / "places.sqlite", fingerprint="0/older"))


def test_a_district_without_a_council_stops_the_making(tmp_path):
    with pytest.raises(GazetteerError, match="does not say which council E07999999 belongs to"):
        make(tmp_path / "places.sqlite", [("M33 7AA", 379051.0, 392155.0, "E07999999")])


@pytest.fixture
def small_source(monkeypatch):
    """What `ensure` reads, small, and a count of how often it did."""
    reads = []

    def published():
        reads.append(1)
        yield from by_letter()

    monkeypatch.setattr(gazetteer, "published", published)
    monkeypatch.setattr(gazetteer, "shipped", lambda: GEOGRAPHY)
    monkeypatch.setattr(gazetteer, "FEWEST_POSTCODES", 5)
    monkeypatch.setattr(gazetteer, "COUNCILS", 5)
    return reads


def test_it_is_made_once_and_again_only_when_asked_or_out_of_date(tmp_path, small_source, monkeypatch):
    path = tmp_path / "var" / "places.sqlite"
    assert ensure(path)
    assert not ensure(path)
    assert ensure(path, force=True)
    monkeypatch.setattr(gazetteer, "FORMAT", gazetteer.FORMAT + 1)
    assert ensure(path)
    assert len(small_source) == 3


def test_too_little_data_leaves_the_file_that_was_there(tmp_path, small_source, monkeypatch):
    path = tmp_path / "places.sqlite"
    ensure(path)
    before = path.read_bytes()
    monkeypatch.setattr(gazetteer, "FEWEST_POSTCODES", 2_200_000)
    with pytest.raises(GazetteerError, match="The data gave 10 postcodes and 5 councils"):
        ensure(path, force=True)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_nothing_behind_and_a_rerun_works(tmp_path, small_source, monkeypatch, capsys):
    path = tmp_path / "places.sqlite"
    (tmp_path / "places.sqlite.part").write_bytes(b"left by a machine that lost its power")

    def stopped():
        yield by_letter()[0]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(gazetteer, "published", stopped)
        assert main([str(path)]) == 130
    assert "Stopped" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main([str(path)]) == 0
    assert fingerprint_of(path) == gazetteer.fingerprint_now()


def test_two_at_once_make_it_once(tmp_path, small_source):
    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(lambda _: ensure(tmp_path / "places.sqlite"), range(2))) == [False, True]
    assert len(small_source) == 1


def test_a_second_maker_waits_for_the_first(tmp_path, small_source):
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ensure, tmp_path / "places.sqlite")
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.1)
        os.close(folder)
        assert waiting.result(timeout=10)


def test_the_command_says_in_a_line_what_it_did(tmp_path, small_source, capsys):
    path = tmp_path / "places.sqlite"
    main([str(path)])
    assert "made in" in capsys.readouterr().out
    main([str(path)])
    assert capsys.readouterr().out.splitlines() == [f"{path}: already up to date, {path.stat().st_size / 1e6:.1f} MB"]


# ---------------------------------------------------------------- the real file


def test_the_shipped_lists_agree_with_each_other():
    geography = shipped()
    codes = {code for code, _name, _kind in geography.councils}
    assert len(codes) == 153
    assert set(geography.districts.values()) == codes
    assert {code[:3] for code in codes} == {"E06", "E08", "E09", "E10"}
    assert not [name for _code, name, _kind in geography.councils if name.endswith((" of", ","))]


def test_the_real_file_holds_england(england):
    with closing(sqlite3.connect(BUILT)) as connection:
        (postcodes,) = connection.execute("SELECT postcodes FROM made").fetchone()
        nations = {nation for (nation,) in connection.execute("SELECT DISTINCT nation FROM area")}
    assert postcodes > 2_200_000
    assert len(england.councils()) == 153
    assert {ENGLAND, "Scotland", "Wales", "Northern Ireland", "the Isle of Man", "Jersey", "Guernsey"} == nations


def test_every_council_is_found_by_its_own_name(england):
    for council in england.councils():
        assert england.find(council.name).council == council.code
        assert england.find(f"{council.name} Council").council == council.code


@pytest.mark.parametrize(
    ("library", "postcode", "lat", "lon"),
    [
        ("Altrincham", "WA14 1AH", 53.38705468, -2.35215660),
        ("Coppice", "M33 4ND", 53.414091, -2.351126),
        ("Partington", "M31 4FY", 53.417677, -2.425432),
        ("Stretford", "M32 8AP", 53.44607, -2.312512),
        ("Urmston", "M41 0NA", 53.449577, -2.35352),
    ],
)
def test_a_library_is_near_its_postcode_and_in_trafford(england, library, postcode, lat, lon):
    place = england.find(postcode)
    assert place.council == TRAFFORD
    assert place.point.distance_to(from_lat_lon(lat, lon)) < 300


@pytest.mark.parametrize(
    ("typed", "council"),
    [
        ("SW1A 1AA", "Westminster"),
        ("SW1", "Westminster"),
        ("EC1", "Islington"),
        ("GU1", "Surrey"),  # a district's postcodes are its county's
        ("SE13", "Lewisham"),
        ("TR21", "Isles of Scilly"),
        ("Durham County Council", "County Durham"),
        ("Royal Borough of Greenwich", "Greenwich"),
        ("Poole", "Bournemouth, Christchurch and Poole"),
    ],
)
def test_places_people_know(england, typed, council):
    assert england.council(england.find(typed).council).name == council
