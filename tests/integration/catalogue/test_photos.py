"""Photographs of offers: who may add, see, describe, remove and decide."""

import io
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE, Role
from marketplace.catalogue import queries, services
from marketplace.catalogue.models import Photo, PhotoFile
from marketplace.catalogue.rules import MOST_PHOTOS, OfferStatus
from marketplace.catalogue.services import OfferNotFoundError, OwnOfferError, PhotoNotFoundError, WrongDetailError
from marketplace.kit.outbox import Message
from tests.factories import catalogue as make
from tests.factories import moderation
from tests.factories.pictures import picture, sent

ALT = "Two people digging a bed"


def add(session, offer, speaker, now, *, alt=ALT, **differences):
    return services.add_photo(session, offer_id=offer.id, picture=picture(**differences), alt=alt, by=speaker, now=now)


def seen(session, offer, viewer=ANYONE):
    return [photo.alt for photo in queries.photos_of(session, offer_id=offer.id, viewer=viewer)]


def test_a_photo_is_seen_by_its_provider_and_moderators_until_one_lets_it_be_shown(session, now):
    offer, speaker = make.live(session)
    photo_id = add(session, offer, speaker, now)
    moderator = moderation.moderator(session)
    assert seen(session, offer) == []
    assert seen(session, offer, make.somebody(session)) == []
    assert seen(session, offer, speaker) == seen(session, offer, moderator) == [ALT]
    services.approve_photo(session, photo_id=photo_id, by=moderator, now=now)
    session.flush()
    assert seen(session, offer) == [ALT]


def test_the_file_is_given_to_those_who_may_see_it(session, now):
    offer, speaker = make.live(session)
    add(session, offer, speaker, now)
    digest = session.scalars(select(Photo.digest)).one()
    assert queries.photo_file(session, digest=digest, is_small=True, viewer=ANYONE) is None
    assert queries.photo_file(session, digest=digest, is_small=False, viewer=speaker) == picture().large


def test_approving_an_offer_lets_its_photos_be_shown(session, now):
    offer, speaker = make.submitted(session)
    add(session, offer, speaker, now)
    services.approve_offer(
        session, offer_id=offer.id, by=moderation.moderator(session), seen=None, address="http://localhost", now=now
    )
    session.flush()
    assert seen(session, offer) == [ALT]


def test_an_offer_taken_down_takes_its_photos_with_it(session, now):
    offer, speaker = make.submitted(session)
    add(session, offer, speaker, now)
    services.approve_offer(
        session, offer_id=offer.id, by=moderation.moderator(session), seen=None, address="http://localhost", now=now
    )
    services.unlist_offer(session, offer_id=offer.id, by=speaker, now=now)
    assert offer.status is OfferStatus.UNLISTED
    assert seen(session, offer) == []


def test_new_words_are_read_before_they_are_shown(session, now):
    offer, speaker = make.live(session)
    photo_id = add(session, offer, speaker, now)
    services.approve_photo(session, photo_id=photo_id, by=moderation.moderator(session), now=now)
    services.describe_photo(session, photo_id=photo_id, alt="Two people with spades", by=speaker, now=now)
    assert seen(session, offer) == []
    assert seen(session, offer, speaker) == ["Two people with spades"]


def test_the_same_picture_twice_is_one(session, now):
    offer, speaker = make.live(session)
    assert add(session, offer, speaker, now) == add(session, offer, speaker, now)
    assert len(seen(session, offer, speaker)) == 1


def test_there_are_no_more_than_an_offer_can_show(session, now):
    offer, speaker = make.live(session)
    for n in range(MOST_PHOTOS):
        add(session, offer, speaker, now, colour=(n, 0, 0), width=300 + n)
    with pytest.raises(WrongDetailError, match="Remove one"):
        add(session, offer, speaker, now, width=500)


def test_words_that_say_nothing_are_refused(session, now):
    offer, speaker = make.live(session)
    with pytest.raises(WrongDetailError, match="name of a file"):
        add(session, offer, speaker, now, alt="IMG_1.jpg")


def test_nobody_adds_to_or_changes_what_is_anothers(session, now):
    offer, speaker = make.live(session)
    photo_id = add(session, offer, speaker, now)
    stranger = make.somebody(session, name="Stranger")
    with pytest.raises(OfferNotFoundError):
        add(session, offer, stranger, now)
    for change in (
        lambda: services.describe_photo(session, photo_id=photo_id, alt=ALT, by=stranger, now=now),
        lambda: services.remove_photo(session, photo_id=photo_id, by=stranger, now=now),
        lambda: services.approve_photo(session, photo_id=photo_id, by=speaker, now=now),
        lambda: services.refuse_photo(session, photo_id=photo_id, reason="No.", by=speaker, now=now),
    ):
        with pytest.raises(PhotoNotFoundError):
            change()


def test_a_moderator_does_not_decide_about_a_photo_of_their_own(session, now):
    offer, speaker = make.live(session)
    speaker = replace(speaker, roles=speaker.roles | {Role.MODERATOR})
    photo_id = add(session, offer, speaker, now)
    with pytest.raises(OwnOfferError):
        services.approve_photo(session, photo_id=photo_id, by=speaker, now=now)


def test_a_refused_photo_is_gone_and_its_provider_told_why(session, now):
    offer, speaker = make.live(session)
    photo_id = add(session, offer, speaker, now)
    moderator = moderation.moderator(session)
    with pytest.raises(WrongDetailError, match="Say why"):
        services.refuse_photo(session, photo_id=photo_id, reason=" ", by=moderator, now=now)
    services.refuse_photo(session, photo_id=photo_id, reason="It shows a child’s face.", by=moderator, now=now)
    assert seen(session, offer, speaker) == []
    assert session.scalars(select(PhotoFile.digest)).all() == []
    letter = session.scalars(select(Message).order_by(Message.id.desc()).where(Message.subject.contains("photo"))).one()
    assert "child’s face" in letter.body


def test_a_file_goes_with_the_last_offer_that_shows_it(session, now):
    offer, speaker = make.live(session)
    other, other_speaker = make.live(session, title="Painting, an hour")
    first, second = add(session, offer, speaker, now), add(session, other, other_speaker, now)
    services.remove_photo(session, photo_id=first, by=speaker, now=now)
    assert session.scalars(select(PhotoFile.digest)).all() == [picture().digest]
    services.remove_photo(session, photo_id=second, by=other_speaker, now=now)
    assert session.scalars(select(PhotoFile.digest)).all() == []


def test_only_moderators_have_photos_that_wait(session, now):
    offer, speaker = make.live(session)
    add(session, offer, speaker, now)
    assert [
        each.photo.alt for each in queries.waiting_photos(session, viewer=moderation.moderator(session)).photos
    ] == [ALT]
    assert queries.waiting_photos(session, viewer=speaker).photos == ()


@pytest.fixture
def at_home(session, client, sign_in):
    """A provider's browser, signed in, and the page of their offer's photos."""
    offer, speaker = make.live(session)
    session.commit()
    sign_in(speaker.person_id)
    return offer, f"/offers/{offer.id}/photos"


def test_a_provider_adds_a_photo(client, at_home):
    _offer, url = at_home
    response = client.fill_in(url, photo=(io.BytesIO(sent()), "garden.jpg"), alt=ALT)
    assert response.status_code == 302
    assert ALT in client.get(url).text


@pytest.mark.parametrize(
    ("file", "words"),
    [(b"not a picture", "could not read that as a photo"), (b"", "That file is empty")],
)
def test_what_is_no_photo_is_refused_beside_its_question(client, at_home, file, words):
    _offer, url = at_home
    response = client.fill_in(url, photo=(io.BytesIO(file), "garden.jpg"), alt=ALT)
    assert response.status_code == 422
    assert words in response.text
    assert ALT in response.text


def test_a_photo_that_is_left_out_is_asked_for(client, at_home):
    _offer, url = at_home
    response = client.fill_in(url, alt=ALT)
    assert response.status_code == 422
    assert "Choose a photo." in response.text


def test_a_file_is_served_as_what_it_is_and_not_kept_long(client, at_home, session, now):
    _offer, url = at_home
    client.fill_in(url, photo=(io.BytesIO(sent()), "garden.jpg"), alt=ALT)
    digest = session.scalars(select(Photo.digest)).one()
    response = client.get(f"/photos/{digest}.jpg?size=small")
    assert response.mimetype == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in response.headers["Cache-Control"]


def form_of(token, photo):
    """Return a form with a photograph as a browser sends it, cut with the boundary `cut`."""
    parts = {
        b'name="csrf_token"': token.encode(),
        b'name="photo"; filename="a.jpg"': photo,
        b'name="alt"': ALT.encode(),
    }
    written = [b"--cut\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % part for part in parts.items()]
    return b"".join([*written, b"--cut--\r\n"])


@pytest.mark.parametrize(("size", "status"), [(6_000_000, 422), (11_000_000, 413)])
def test_a_photo_may_be_larger_than_what_other_pages_take(client, at_home, size, status):
    _offer, url = at_home
    token = BeautifulSoup(client.get(url).text, "html.parser").select_one("[name=csrf_token]")["value"]
    form = form_of(token, b"x" * size)
    assert client.post(url, data=form, content_type="multipart/form-data; boundary=cut").status_code == status
