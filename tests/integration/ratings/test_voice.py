"""Telling it aloud: heard by nobody but its writer and a moderator, written down, and deleted."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import ANYONE, Role
from marketplace.kit.outbox import Message
from marketplace.kit.sounds import SoundError, read_sound
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import KeptFile, LedgerLine, Review, VoiceNote
from marketplace.ratings.queries import voice as queries
from marketplace.ratings.rules.nouns import Release, ReviewStatus, Telling
from marketplace.ratings.services import amending, cards, voice
from marketplace.ratings.services.answers import ReviewUnclearError
from tests.factories import accounts, catalogue, proofs, purchasing, sounds

NOW = proofs.NOW


@pytest.fixture
def offer(session):
    offer, speaker = catalogue.live(session)
    offer.speaker = speaker
    offer.organisation_id = next(iter(speaker.organisations))
    return offer


@pytest.fixture
def moderator(session):
    return accounts.as_viewer(accounts.person(session, role=Role.MODERATOR), role=Role.MODERATOR)


def arrangement_of(session, offer, person):
    return purchasing.arrangement(
        session, person=person, organisation_id=offer.organisation_id, about=offer, status=ArrangementStatus.DONE
    )


def said(session, offer, *, person=None, written=proofs.ALOUD):
    return proofs.said_aloud(
        session, offer=offer, organisation_id=offer.organisation_id, person=person, written=written, now=NOW
    )


def counted(session, model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_what_is_said_waits_to_be_written_down(session, offer):
    review = said(session, offer)
    assert (review.status, review.words, review.told) == (ReviewStatus.UNREAD, "", Telling.VOICE)
    # Two working days, from Thursday: Friday, and Tuesday after the bank holiday.
    assert session.get_one(VoiceNote, review.id).due_at == datetime(2026, 5, 26, 10, tzinfo=UTC)
    assert counted(session, KeptFile) == 0


def test_a_moderator_writes_it_down_and_the_sound_is_gone(session, offer, moderator):
    review = said(session, offer)
    voice.write_down(session, review_id=review.id, words="They are kind.", by=moderator, link=str, now=NOW)
    assert (review.status, review.words, review.told) == (ReviewStatus.SHOWN, "They are kind.", Telling.VOICE)
    assert counted(session, VoiceNote) == 0
    assert session.get_one(LedgerLine, review.id).decided_at == NOW
    assert session.scalar(sa.select(Message.id).where(Message.subject == "We have written down what you said"))


def test_its_writer_may_write_it_down(session, offer):
    person = accounts.person(session)
    review = said(session, offer, person=person, written=replace(proofs.ALOUD, release=Release.WITH_OTHERS))
    voice.write_down(
        session, review_id=review.id, words="They are kind.", by=accounts.as_viewer(person), link=str, now=NOW
    )
    assert review.status is ReviewStatus.WAITING


def test_what_is_written_down_is_screened_like_all_else(session, offer, moderator):
    review = said(session, offer)
    words = "I will kill them all, every one of them."
    voice.write_down(session, review_id=review.id, words=words, by=moderator, link=str, now=NOW)
    assert review.status is ReviewStatus.UNREAD
    assert counted(session, VoiceNote) == 0


def test_too_few_words_are_refused_and_the_sound_stays(session, offer, moderator):
    review = said(session, offer)
    with pytest.raises(ReviewUnclearError):
        voice.write_down(session, review_id=review.id, words="Ok", by=moderator, link=str, now=NOW)
    assert counted(session, VoiceNote) == 1


def test_nobody_else_hears_it_or_writes_it_down(session, offer, moderator):
    review = said(session, offer)
    strangers = (
        ANYONE,
        accounts.as_viewer(accounts.person(session)),
        replace(offer.speaker, roles=offer.speaker.roles | {Role.MODERATOR}),
        accounts.as_viewer(accounts.person(session, role=Role.CHECKER), role=Role.CHECKER),
    )
    for viewer in strangers:
        assert queries.sound_file(session, review_id=review.id, viewer=viewer) is None
        assert queries.waiting_sounds(session, viewer=viewer, page=1).sounds == ()
        with pytest.raises(voice.VoiceNoteNotFoundError):
            voice.write_down(session, review_id=review.id, words="They are kind.", by=viewer, link=str, now=NOW)
        with pytest.raises(voice.VoiceNoteNotFoundError):
            voice.give_up_listening(session, review_id=review.id, by=viewer, link=str, now=NOW)
    assert queries.sound_file(session, review_id=review.id, viewer=moderator).content == proofs.SOUND.content


def test_what_nobody_can_make_out_goes_on_without_words(session, offer, moderator):
    review = said(session, offer)
    voice.give_up_listening(session, review_id=review.id, by=moderator, link=str, now=NOW)
    assert (review.status, review.words) == (ReviewStatus.SHOWN, "")
    assert counted(session, VoiceNote) == 0
    assert session.scalar(sa.select(Message.id).where(Message.subject == "We could not make out what you said"))


def test_a_recording_goes_with_its_review(session, offer):
    person = accounts.person(session)
    review = said(session, offer, person=person)
    amending.withdraw_review(session, review_id=review.id, by=person.id, now=NOW)
    assert counted(session, VoiceNote) == 0


def test_without_a_recording_there_is_no_review(session, offer):
    person = accounts.person(session)
    arrangement = arrangement_of(session, offer, person)
    said = {"arrangement_id": arrangement.id, "by": person.id, "written": proofs.ALOUD, "link": str}
    with pytest.raises(voice.NoSoundError):
        voice.say_of_arrangement(session, **said, now=NOW)


def test_what_is_open_to_everyone_is_reviewed_aloud(session):
    library = purchasing.offer(session, organisation_id=None, title="Sale Library")
    person = accounts.person(session)
    voice.keep_sound(session, offer_id=library.id, by=person.id, sound=proofs.SOUND, now=NOW)
    review_id = voice.say_of_offer(session, offer_id=library.id, by=person.id, written=proofs.ALOUD, link=str, now=NOW)
    assert session.get_one(VoiceNote, review_id).seconds == 2


def test_a_card_is_used_up_by_what_is_said_with_it(session, offer):
    code, person = proofs.made(session, offer=offer, by=offer.speaker).codes[0], accounts.person(session)
    card_id = cards.card_with_code(session, code=code, by=person.id, today=NOW.date())
    voice.keep_sound(session, offer_id=offer.id, by=person.id, sound=proofs.SOUND, now=NOW)
    voice.say_with_card(session, card_id=card_id, by=person.id, written=proofs.ALOUD, link=str, now=NOW)
    with pytest.raises(cards.CardUnclearError):
        cards.card_with_code(session, code=code, by=person.id, today=NOW.date())


def test_who_types_the_words_in_deletes_the_recording(session, offer):
    review = said(session, offer)
    assert voice.forget_sounds_written_down(session) == 0
    review.words = "They came when they said."
    session.flush()
    assert voice.forget_sounds_written_down(session) == 1


def test_moderators_are_reminded_once_before_and_once_after_it_is_due(session, offer, moderator):
    operator = accounts.person(session, role=Role.OPERATOR)
    due = session.get_one(VoiceNote, said(session, offer).id).due_at

    def remind(now):
        return voice.remind_of_voice_notes(session, address="https://example.org", now=now)

    assert remind(due - timedelta(days=1)) == 0
    assert [remind(due - timedelta(hours=hours)) for hours in (7, 6)] == [1, 0]
    assert [remind(due + timedelta(hours=hours)) for hours in (0, 1)] == [1, 0]
    told = session.scalars(sa.select(Message.subject).where(Message.to == operator.email)).all()
    assert told == ["Voice notes are late to be written down"]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("two_seconds.mp3", "audio/mpeg"),
        ("two_seconds.m4a", "audio/mp4"),
        ("two_seconds_in_pieces.mp4", "audio/mp4"),
        ("two_seconds.ogg", "audio/ogg"),
        ("two_seconds_vorbis.ogg", "audio/ogg"),
        ("two_seconds.webm", "audio/webm"),
        ("two_seconds_streamed.webm", "audio/webm"),
    ],
)
def test_recordings_of_all_kinds_are_known_by_what_is_in_them(name, media_type):
    sent = sounds.recorded(name)
    read = read_sound(sent)
    assert (read.media_type, read.seconds, read.content) == (media_type, 2, sent)


@pytest.mark.parametrize("path", sorted(sounds.FOLDER.iterdir()), ids=lambda path: path.name)
def test_part_of_a_recording_is_read_or_refused_and_never_a_fault_of_ours(path):
    sent = path.read_bytes()
    for length in range(0, len(sent), 97):
        try:
            read = read_sound(sent[:length])
        except SoundError:
            continue
        assert read.seconds <= 2


def test_five_minutes_are_the_most():
    assert read_sound(sounds.wav(seconds=300)).seconds == 300
    with pytest.raises(SoundError, match="5 minutes"):
        read_sound(sounds.wav(seconds=310))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"", "empty"),
        (b"<html>", "could not read"),
        (b"MZ a program", "could not read"),
        (sounds.recorded("film.mp4"), "film"),
        (sounds.recorded("film.webm"), "film"),
        (b"ID3" + b"\0" * 100, "damaged"),
        (b"\x1a\x45\xdf\xa3" + b"\x81\x80" * 200_000, "damaged"),
        (b"RIFF\0\0\0\0WAVE" + b"\0" * (10 * 1024 * 1024), "10 MB"),
    ],
)
def test_what_is_no_recording_is_refused_beside_its_question(sent, sentence):
    with pytest.raises(SoundError, match=sentence) as refusal:
        read_sound(sent)
    assert refusal.value.field == "sound"


def test_somebody_tells_it_aloud_and_a_moderator_writes_it_down(client, sign_in, session, offer, moderator, app):
    person = accounts.person(session)
    arrangement = arrangement_of(session, offer, person)
    session.commit()
    sign_in(person.id)
    url = f"/reviews/for/{arrangement.id}/aloud"
    assert client.get(f"{url}/send").headers["Location"] == url
    assert client.fill_in(url).status_code == 422
    assert client.fill_in(url, sound=(io.BytesIO(b"<html>"), "it.mp3")).status_code == 422
    assert client.fill_in(url, sound=(io.BytesIO(proofs.SOUND.content), "it.wav")).headers["Location"] == f"{url}/send"
    assert 'id="words"' not in client.get(f"{url}/send").text
    assert client.fill_in(f"{url}/send", link="none").status_code == 422
    waits = client.fill_in(f"{url}/send", stars="4", link="none").headers["Location"]
    assert "What you said" in client.get(waits).text
    review_id = session.scalar(sa.select(Review.id))
    part = client.get(f"/reviews/{review_id}/sound", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data, part.mimetype) == (206, b"RIFF", "audio/wav")
    assert app.test_client().get(f"/reviews/{review_id}/sound").status_code == 302
    listener = app.test_client()
    sign_in(moderator.person_id, into=listener)
    assert waits in listener.get("/reviews/voice").text
    assert listener.fill_in(waits, words="Ok").status_code == 422
    assert listener.fill_in(waits, words="They are kind to me.").headers["Location"] == "/reviews/voice"
    assert listener.get(f"/reviews/{review_id}/sound").status_code == 404
    assert "They are kind to me." in client.get(f"/reviews/{review_id}").text


def test_its_writer_can_delete_the_recording(client, sign_in, session, offer):
    person = accounts.person(session)
    review = said(session, offer, person=person)
    session.commit()
    sign_in(person.id)
    pressed = client.press(f"/reviews/{review.id}/aloud", "Delete the recording")
    assert pressed.headers["Location"] == f"/reviews/{review.id}"
    assert counted(session, VoiceNote) == 0
