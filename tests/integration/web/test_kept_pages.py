"""A page that is kept is never an old one, never somebody else's, and never somebody's own."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from werkzeug.test import Client

from marketplace.catalogue import services as catalogue
from marketplace.catalogue.models import Category, Offer, OfferPrice, Provider
from marketplace.kit import kept
from marketplace.kit.db import transaction
from marketplace.kit.money import Money
from marketplace.ratings.models import Review
from tests.factories import accounts, pooling, ratings
from tests.factories import catalogue as make

BROWSER = {"Accept-Encoding": "gzip, br"}


class Town:
    """Two processes of one site, as far as a page can tell: two applications, one database, nothing rolled back."""

    def __init__(self, here, there, speaker, *ids):
        self.here, self.there, self.speaker = here, there, speaker
        self.offer_id, self.provider_id, self.pool_id, self.gone_id = ids
        self.asked = []
        sa.event.listen(there.extensions["engine"], "before_cursor_execute", self.note)

    def note(self, _connection, _cursor, statement, *_more):
        self.asked.append(statement)

    def page(self, address, client=None, **more):
        """Read a page of the other process, and say whether it was drawn for that."""
        self.asked.clear()
        answer = (client or self.there.test_client()).get(address.format(self), **more)
        return answer, bool(self.asked)

    def change(self, doing):
        with self.here.app_context(), transaction() as session:
            return doing(session)


@pytest.fixture(scope="module")
def town(new_app, new_database):
    url = new_database()
    here, there = (new_app(database_url=url, keep_pages_mb=8) for _ in range(2))
    with here.app_context(), transaction() as session:
        body, speaker = make.provider(session)
        offer, _ = make.live(session, of=body, by=speaker, title="Gardening")
        gone, _ = make.live(session, of=body, by=speaker, title="Digging")
        review = ratings.review(session, offer=offer, stars=4)
        ratings.review(session, offer=offer, stars=2, words="Seldom late.")
        ratings.reply(session, to=review, by=accounts.person(session, name="Pat"))
        pool = pooling.pool_open_now(session, offer=offer, people=[accounts.person(session)])
        ids = offer.id, body.id, pool.id, gone.id
    town = Town(here, there, speaker, *ids)
    yield town
    sa.event.remove(there.extensions["engine"], "before_cursor_execute", town.note)


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch):
    monkeypatch.setattr(kept, "seconds", lambda: 1_800_000_030.0)


OFFER, POOL, PROVIDER = "/offers/{0.offer_id}", "/pools/{0.pool_id}", "/providers/{0.provider_id}"
LOOKED_AT = ["/", "/offers", "/offers?q=gardening&near=M33", OFFER, PROVIDER, "/pools", POOL, "/how-it-works"]
TODAY = datetime.now(UTC)


@pytest.mark.parametrize("address", LOOKED_AT)
def test_a_page_that_nothing_changed_is_drawn_once(town, address):
    # One that reads what was squeezed as it comes.
    browser = Client(town.there)
    first, _ = town.page(address, browser, headers=BROWSER)
    second, is_drawn = town.page(address, browser, headers=BROWSER)
    assert not is_drawn
    plain, is_drawn = town.page(address)
    assert not is_drawn
    assert first.status_code == second.status_code == plain.status_code == 200
    same = {"Content-Length", "Content-Encoding", "Date", "X-Request-ID"}
    assert {n: v for n, v in first.headers if n not in same} == {n: v for n, v in second.headers if n not in same}
    assert second.headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in plain.headers
    assert len(second.data) < len(plain.data) / 2


CHANGES = {
    "words by a service": (OFFER, "Hedges", lambda s, t: (
        catalogue.edit_offer(s, offer_id=t.offer_id, details=make.details(title="Gardening", address="Hedges Hall"),
                             asking=None, by=t.speaker, now=TODAY)
    )),
    "a price": (OFFER, "£27", lambda s, t: catalogue.set_price(
        s, offer_id=t.offer_id, asking=make.asking(27, begins_on=TODAY.date()), by=t.speaker, now=TODAY
    )),
    "a price among the results": ("/offers", "£31", lambda s, t: catalogue.set_price(
        s, offer_id=t.offer_id, asking=make.asking(31, begins_on=TODAY.date()), by=t.speaker, now=TODAY
    )),
    "a review": (OFFER, "They sang too", lambda s, t: ratings.review(
        s, offer=s.get(Offer, t.offer_id), stars=5, words="They sang too."
    )),
    "a review that a moderator holds": (OFFER, None, lambda s, t: s.execute(
        sa.update(Review).where(Review.words == "Seldom late.").values(status="held", counts=False)
    )),
    "a review that is gone, and what falls with it": (OFFER, None, lambda s, t: s.execute(
        sa.delete(Review).where(Review.words == "They came when they said.")
    )),
    "a provider’s name, as one row": (PROVIDER, "Bored Help", lambda s, t: setattr(
        s.get(Provider, t.provider_id), "name", "Bored Help"
    )),
    "a category, in bulk": ("/offers", "Gardens and homes", lambda s, t: s.execute(
        sa.update(Category).where(Category.slug == "home-and-garden").values(name="Gardens and homes")
    )),
    "the name of who answered, in plain SQL": (OFFER, None, lambda s, t: s.execute(
        sa.text("UPDATE person SET name = 'Patricia'")
    )),
    "a pledge": (POOL, None, lambda s, t: pooling.pledge(
        s, s.get(pooling.Pool, t.pool_id), accounts.person(s, name="One more")
    )),
    "an offer that is taken down": ("/offers", None, lambda s, t: catalogue.unlist_offer(
        s, offer_id=t.gone_id, by=t.speaker, now=TODAY
    )),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_changed_in_one_process_is_seen_in_the_other(town, what):
    address, words, change = CHANGES[what]
    before, _ = town.page(address)
    again, is_drawn = town.page(address)
    assert not is_drawn
    assert again.data == before.data
    town.change(lambda session: change(session, town))
    after, is_drawn = town.page(address)
    assert is_drawn
    assert words is None or words in after.text
    assert words is None or words not in before.text


def test_what_was_not_saved_changes_no_page(town):
    town.page("/pools")
    with pytest.raises(ZeroDivisionError):
        town.change(lambda session: [session.execute(sa.update(OfferPrice).values(amount=Money(1))), 1 / 0])
    assert not town.page("/pools")[1]


def test_a_page_that_becomes_old_while_it_is_drawn_is_drawn_again(town):
    engine, moved = town.there.extensions["engine"], []

    def move(_connection, _cursor, statement, *_more):
        if "provider.about" in statement and not moved:
            moved.append(True)
            town.change(lambda session: setattr(session.get(Provider, town.provider_id), "about", "We help more."))

    sa.event.listen(engine, "after_cursor_execute", move)
    old, _ = town.page(PROVIDER + "?look=again")
    sa.event.remove(engine, "after_cursor_execute", move)
    assert moved
    assert "We help more." not in old.text
    assert "We help more." in town.page(PROVIDER + "?look=again")[0].text


@pytest.mark.parametrize(
    ("first", "last", "too_late"),
    [
        # Half past eight, until five minutes later.
        (1_800_001_800.0, 1_800_002_099.9, 1_800_002_100.0),
        # Two minutes before midnight, in winter and in summer: until the day is over in England.
        (1_800_057_480.0, 1_800_057_599.9, 1_800_057_600.0),
        (1_815_692_280.0, 1_815_692_399.9, 1_815_692_400.0),
        # A clock that is put back by a second.
        (1_800_001_800.0, 1_800_001_800.0, 1_800_001_799.0),
    ],
)
def test_a_page_is_drawn_anew_after_five_minutes_and_each_day(town, monkeypatch, first, last, too_late):
    address = f"/pools?look={first}-{too_late}"
    for moment, is_drawn in ((first, True), (last, False), (too_late, True), (too_late, False)):
        monkeypatch.setattr(kept, "seconds", lambda moment=moment: moment)
        assert town.page(address)[1] is is_drawn


def test_nobody_is_shown_a_page_made_for_another_host_or_way(town):
    here = {"Host": "clubtogether.test"}
    usual, _ = town.page("/offers", headers=here)
    for headers, more in (
        ({"Host": "evil.test"}, {}),
        (here, {"base_url": "https://clubtogether.test"}),
        (here | {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https", "X-Original-URL": "/pools"}, {}),
        (here | {"Accept-Encoding": "br;q=0, gzip;q=0, evil", "Range": "bytes=0-3"}, {}),
        (here | {"Cookie": "odd=1; sessions=2; evil"}, {}),
        (here, {"query_string": "sort=fit&q="}),
        (here, {"query_string": "q=&sort=fit&q=evil"}),
    ):
        town.page("/offers", headers=headers, **more)
        again, _ = town.page("/offers", headers=here)
        assert again.data == usual.data
        assert {n for n, _ in again.headers} == {n for n, _ in usual.headers}


def test_what_somebody_is_shown_is_not_kept(town, monkeypatch):
    """Whoever signed in, was told something, or asks for a form of their own gets a page drawn for them."""
    told = town.there.test_client()
    told.post("/offers/need", data={})
    with told.session_transaction() as session:
        session["_flashes"] = [("message", "This is only for you.")]
    answer, is_drawn = town.page("/pools", told)
    assert is_drawn
    assert "This is only for you." in answer.text
    answer, _ = town.page("/pools")
    assert "only for you" not in answer.text
    put = []
    monkeypatch.setattr(kept.Shelf, "put", lambda _shelf, key, _page: put.append(key[2]))
    for address in (
        "/privacy",
        "/accounts/sign-in",
        "/suggest-a-place",
        "/dev/mail",
        "/plans/shared/abc",
        "/offers/no",
    ):
        town.page(address)
    assert put == ["/privacy"]


@pytest.mark.once
def test_only_so_much_is_kept_and_what_is_asked_for_stays():
    shelf, often = kept.Shelf(100), ("http", "here", "/", "0")
    keys = [("http", "here", "/", str(number)) for number in range(30)]
    for key in keys:
        shelf.put(key, kept.Page(0, 1, {}, [], {"br": bytes(10)}))
        assert shelf.take(often)
    assert [key for key in keys if shelf.take(key)] == [often, *keys[-9:]]
    shelf.add_form(often, shelf.take(often), "gzip", bytes(55))
    shelf.put(keys[1], kept.Page(0, 1, {}, [], {"br": bytes(10)}))
    assert sum(page.bytes for key in keys if (page := shelf.take(key))) <= 100
    assert shelf.take(often)
