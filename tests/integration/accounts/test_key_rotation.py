"""Another key of the site takes the place of the one before: who stays signed in, whose phone goes on?"""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import SecondFactor
from marketplace.accounts.services import second_factor
from marketplace.accounts.services.rotating import rotate_keys
from marketplace.catalogue.rules import OfferId, Question
from marketplace.catalogue.views import letters
from marketplace.kit import codes
from tests.factories import accounts as make

OLD, NEW = "the first key and long enough to be one", "the second key and long enough to be one"
NEXT = "a third key" * 4


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada").id


def test_what_is_hidden_says_with_which_key_and_only_that_key_finds_it():
    secret = codes.secret_from(codes.new_seed(), key=OLD)
    kept = codes.hide(secret, key=OLD)
    assert len(kept) <= 64
    assert kept != codes.hide(secret, key=OLD), "never hidden twice alike"
    assert codes.secret_from(kept, key=OLD) == secret
    assert codes.secret_from(kept, key=NEW) != secret
    assert codes.secrets_from(kept, keys=(NEW, OLD)) == (secret,)
    assert codes.secrets_from(kept, keys=(NEW,)) == ()


def test_a_phone_goes_on_through_two_changes_of_key(session, ada, now):
    second_factor.add_second_factor(session, person_id=ada, now=now)
    paper = second_factor.renew_recovery_codes(session, person_id=ada, key=OLD, now=now)
    at_first = make.code_of(session, ada, OLD, now)
    second_factor.check_code(session, person_id=ada, code=at_first, key=NEW, former=(OLD,), now=now)
    kept = session.scalars(select(SecondFactor.secret)).one()
    assert codes.is_hidden_with(kept, key=NEW), "the first code that is given hides it with the new key"
    with pytest.raises(second_factor.WrongCodeError):
        second_factor.check_recovery_code(session, person_id=ada, code=paper[0], key=NEW, link="/", now=now)
    second_factor.check_recovery_code(session, person_id=ada, code=paper[0], key=NEW, former=(OLD,), link="/", now=now)
    done = rotate_keys(session, key=NEXT, former=(NEW, OLD))
    assert (done.hidden, done.before, done.lost, done.on_paper) == (1, 0, 0, 1)
    assert rotate_keys(session, key=NEXT, former=()).before == 1
    later = now + timedelta(minutes=5)
    code = make.code_of(session, ada, NEXT, later)
    second_factor.check_code(session, person_id=ada, code=code, key=NEXT, now=later)
    assert rotate_keys(session, key="nobody gave the key that hid it", former=(OLD,)).lost == 1


def test_a_phone_of_before_is_taken_to_be_hidden_with_the_oldest_key(session, ada, now):
    second_factor.add_second_factor(session, person_id=ada, now=now)
    before = codes.secret_from(session.scalars(select(SecondFactor.secret)).one(), key=OLD)
    rotate_keys(session, key=NEXT, former=(NEW, OLD))
    assert codes.secret_from(session.scalars(select(SecondFactor.secret)).one(), key=NEXT) == before


def test_whoever_is_signed_in_stays_so_and_links_in_letters_still_open(app, new_app, now):
    url = app.extensions["engine"].url.render_as_string(hide_password=False)
    before, changed, forgotten = (
        new_app(database_url=url, secret_key=key, secret_key_fallbacks=former)
        for key, former in ((OLD, ""), (NEW, f"{NEXT}, {OLD}"), (NEW, ""))
    )
    browser = before.test_client()
    with browser.session_transaction() as cookie:
        cookie["typed"] = "a form that was open"
    kept = browser.get_cookie("session").value
    with before.app_context():
        link = letters.token_of(Question(OfferId(uuid.uuid4()), now, now))
    for other, is_known in ((changed, True), (forgotten, False)):
        browser = other.test_client()
        browser.set_cookie("session", kept)
        with browser.session_transaction() as cookie:
            assert ("typed" in cookie) == is_known
        with other.app_context():
            assert (letters.question_in(link) is not None) == is_known
