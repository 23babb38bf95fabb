import io

import pytest
from PIL import Image

from marketplace.accounts.services import delegations
from marketplace.brokerage.gateways.files import FileError, read_file
from marketplace.brokerage.models import PlanFile
from marketplace.brokerage.queries import files as queries
from marketplace.brokerage.queries.week import week_of
from marketplace.brokerage.rules.files import MOST_BYTES, MOST_FILES, room_problem
from marketplace.brokerage.rules.nouns import Part, PartOfDay
from marketplace.brokerage.services import files as services
from marketplace.brokerage.services.plans import PlanNotFoundError, begin_plan
from marketplace.brokerage.services.week import Shown, put_in_week
from marketplace.kit.days import day_of
from tests import pages
from tests.factories import accounts as make
from tests.factories import pictures, planning
from tests.factories.sounds import recorded, wav


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def plan_id(session, ada, now):
    return begin_plan(session, by=ada.id, now=now)


@pytest.mark.once
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (pictures.sent(kind="PNG"), "picture image/jpeg it.jpg"),
        (pictures.sent(kind="WEBP"), "picture image/jpeg it.jpg"),
        (wav(), "sound audio/wav it.wav"),
        (recorded("two_seconds.mp3"), "sound audio/mpeg it.mp3"),
        (recorded("two_seconds.m4a"), "sound audio/mp4 it.m4a"),
        (recorded("two_seconds.webm"), "sound audio/webm it.webm"),
        (recorded("two_seconds_vorbis.ogg"), "sound audio/ogg it.ogg"),
        (recorded("film.mp4"), "film video/mp4 it.mp4"),
        (recorded("film.webm"), "film video/webm it.webm"),
        (b"I like tea.", "document text/plain it.txt"),
    ],
)
def test_a_file_is_what_is_in_it_and_tells_nothing_of_its_maker(sent, kept):
    it = read_file(sent, name="C:\\secret place\\it.exe")
    assert f"{it.kind} {it.media_type} {it.name}" == kept
    for maker in (b"Lavf", b"libopus", b"Handler", b"secret"):
        assert maker not in it.contents


@pytest.mark.once
def test_a_film_loses_where_it_was_made_with_what_and_what_follows_it():
    sent = recorded("film_with_place.mov") + b"the street where I live"
    there = (b"51.5007", b"SECRETMAKE", b"SECRETPLACE", b"the street")
    assert all(word in sent for word in there)
    kept = read_file(sent, name="IMG.MOV").contents
    assert not any(word in kept for word in there)
    assert b"moov" in kept


@pytest.mark.once
def test_a_photo_loses_where_it_was_taken():
    place = Image.Exif()
    place.get_ifd(0x8825)[1] = "N"
    place[0x010F] = "SECRETMAKE"
    sent = pictures.sent(exif=place)
    assert b"SECRETMAKE" in sent
    kept = read_file(sent, name="it.jpg")
    assert not Image.open(io.BytesIO(kept.contents)).getexif()
    assert len(kept.small) <= len(kept.contents)


@pytest.mark.once
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"", "That file is empty."),
        (b"MZ\x90\x00\x03\x00\x00\x00", "We could not read that file."),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "Save it as a JPEG first."),
        (pictures.sent()[:200], "That photo is damaged."),
        (recorded("film.mp4")[:2000], "That film is damaged"),
        (b"\x1a\x45\xdf\xa3" + b"\x9f" * 40, "That film is damaged"),
        (b"OggS" + b"\xff" * 60, "That recording is damaged"),
    ],
)
def test_what_is_not_what_it_says_is_refused_in_words(sent, sentence):
    with pytest.raises(FileError, match=sentence):
        read_file(sent, name="holiday.jpg")


@pytest.mark.once
def test_a_plan_has_room_for_so_much():
    assert not room_problem(sizes=[], size=MOST_BYTES)
    assert "200 MB" in room_problem(sizes=[1], size=MOST_BYTES)
    assert not room_problem(sizes=[1] * (MOST_FILES - 1), size=1)
    assert "60 files" in room_problem(sizes=[1] * MOST_FILES, size=1)


def test_a_file_sent_twice_is_one_and_removed_it_is_gone_everywhere(session, ada, plan_id, now):
    sent = pictures.sent()
    file_id = planning.file(session, plan_id=plan_id, by=ada.id, now=now, sent=sent, said="My garden")
    assert planning.file(session, plan_id=plan_id, by=ada.id, now=now, sent=sent) == file_id
    put_in_week(
        session, plan_id=plan_id, days=(1,), part_of_day=PartOfDay.NIGHT, shown=Shown("", file_id=file_id),
        by=ada.id, now=now,
    )  # fmt: skip
    services.remove_file(session, plan_id=plan_id, file_id=file_id, by=ada.id, now=now)
    session.expire_all()
    it = session.get(PlanFile, file_id)
    assert (it.contents, it.small, it.name, it.said, it.digest) == (None, None, "", "", "")
    viewer, on = make.as_viewer(ada), day_of(now)
    (thing,) = week_of(session, plan_id=plan_id, viewer=viewer, on=on)[1][PartOfDay.NIGHT]
    assert (thing.words, thing.file_id) == ("My garden", None)
    assert queries.files_of(session, plan_id=plan_id, viewer=viewer, on=on)[Part.ABOUT_ME] == ()
    again = queries.file_kept(session, plan_id=plan_id, file_id=file_id, viewer=viewer, on=on)
    assert again is None


def test_a_file_is_for_those_who_may_see_the_plan(client, session, ada, plan_id, now, sign_in):
    friend, consent_id = make.friend(session, of=ada)
    picture = planning.file(session, plan_id=plan_id, by=ada.id, now=now)
    letter = planning.file(session, plan_id=plan_id, by=ada.id, now=now, sent=b"Dear council", name="letter.html")
    sign_in(friend.id)
    seen = client.get(f"/plans/{plan_id}/files/{picture}")
    assert (seen.status_code, seen.mimetype) == (200, "image/jpeg")
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert client.get(f"/plans/{plan_id}/files/{picture}", headers={"Range": "bytes=0-9"}).status_code == 206
    given = client.get(f"/plans/{plan_id}/files/{letter}")
    assert given.headers["Content-Disposition"] == "attachment; filename=letter.txt"
    with pytest.raises(PlanNotFoundError):
        planning.file(session, plan_id=plan_id, by=make.person(session).id, now=now)
    delegations.end_consent(session, delegation_id=consent_id, by=ada.id, link="/", now=now)
    for address in ("", "/small", "/words"):
        assert client.get(f"/plans/{plan_id}/files/{picture}{address}").status_code == 404


def test_words_and_a_file_are_told_together_and_a_bad_file_loses_no_words(client, session, ada, plan_id, sign_in):
    sign_in(ada.id)
    url = f"/plans/{plan_id}/tell/risks"
    bad = client.fill_in(url, words="The bus alone.", file=(io.BytesIO(b"MZ\x90\x00"), "map.jpg"))
    assert bad.status_code == 422
    assert "We could not read that file." in bad.text
    assert "The bus alone." in bad.text
    assert "microphone=(self)" in bad.headers["Permissions-Policy"]
    client.fill_in(url, words="The bus alone.", said="The map", file=(io.BytesIO(pictures.sent()), "map.jpg"))
    page = client.get(f"/plans/{plan_id}").text
    assert "The bus alone." in page
    (shown,) = pages.read(page).xpath("//figure//img")
    assert shown.get("alt") == "The map"
    assert client.get(shown.get("src")).mimetype == "image/jpeg"
