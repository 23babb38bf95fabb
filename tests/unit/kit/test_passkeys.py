"""Does a passkey count only if it signed what we asked for, here, now, with its owner there?"""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

from marketplace.kit import passkeys
from marketplace.kit.passkeys import BadPasskeyError, Site
from tests.device import PRESENT, Device

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SITE = Site("https://care.example", "Clubtogether")
KEY = "for tests only, and long enough to pass"
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def made(device, **lies):
    challenge = passkeys.new_challenge("make", key=KEY, now=NOON)
    asked = passkeys.ask_to_make(SITE, person=b"ada", account="ada@x.org", name="Ada", challenge=challenge, has=())
    answer = device.make(asked, **lies)
    return passkeys.check_made(SITE, answer=answer, challenge=passkeys.challenge_in(answer, "make", key=KEY, now=NOON))


def used(device, kept, *, what_for="use", later=timedelta(0), **lies):
    challenge = passkeys.new_challenge("use", key=KEY, now=NOON)
    answer = device.use(passkeys.ask_to_use(SITE, challenge=challenge), **lies)
    told = passkeys.challenge_in(answer, what_for, key=KEY, now=NOON + later)
    return passkeys.check_used(SITE, answer=answer, challenge=told, public_key=kept.public_key)


@pytest.fixture
def device():
    return Device(SITE.origin, SITE.host)


def test_an_honest_device_makes_a_passkey_and_uses_it(device):
    kept = made(device)
    assert kept.credential_id == device.credential_id
    assert kept.transports == "internal"
    assert used(device, kept) == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://care.example.evil"},
        {"origin": "http://care.example"},
        {"host": "evil.example"},
        {"type": "webauthn.create"},
        {"flags": PRESENT},
        {"flags": 0},
        {"key": OTHER_KEY},
        {"challenge": bytes_to_base64url(b"x" * 56)},
        {"challenge": ""},
        {"what_for": "something else"},
        {"later": timedelta(minutes=30)},
        {"later": timedelta(seconds=-1)},
    ],
)
def test_one_lie_is_enough(device, lie):
    kept = made(device)
    with pytest.raises(BadPasskeyError):
        used(device, kept, **lie)


@pytest.mark.parametrize("lie", [{"origin": "https://evil.example"}, {"flags": PRESENT}, {"type": "webauthn.get"}])
def test_a_passkey_that_is_made_wrongly_is_not_kept(device, lie):
    with pytest.raises(BadPasskeyError):
        made(device, **lie)


@pytest.mark.parametrize(
    "answer",
    ["", "[]", "{}", "nothing", '{"response": 7}', '{"response": {"clientDataJSON": "e30"}}', "[" * 9000,
     json.dumps({"response": {"clientDataJSON": "AA", "userHandle": []}, "rawId": 7})],
    ids=range(8),
)  # fmt: skip
def test_what_is_no_answer_is_refused(answer):
    with pytest.raises(BadPasskeyError):
        passkeys.challenge_in(answer, "use", key=KEY, now=NOON)
    with pytest.raises(BadPasskeyError):
        passkeys.credential_in(answer)


@pytest.mark.parametrize(
    ("before", "now", "copied"), [(0, 0, False), (0, 1, False), (4, 5, False), (5, 5, True), (5, 4, True), (5, 0, True)]
)
def test_a_count_that_goes_back_tells_of_a_copy(before, now, copied):
    assert passkeys.is_copied(before=before, now=now) is copied


@pytest.mark.parametrize(
    ("address", "has"),
    [
        ("https://care.example", True),
        ("http://care.example", False),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://[::1]", False),
    ],
)
def test_browsers_make_passkeys_for_a_name_over_https(address, has):
    assert Site(address, "x").has_passkeys is has
