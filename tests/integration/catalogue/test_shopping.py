"""Shortlists, comparing and saved searches."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.accounts.services import add_person
from marketplace.catalogue import queries, services
from marketplace.catalogue.models import SavedSearch, Shortlisted
from marketplace.catalogue.queries import NewOffer, NewOffers
from marketplace.catalogue.rules import MOST_SAVED_SEARCHES, MOST_SHORTLISTED, AlertEvery
from marketplace.catalogue.services import (
    OfferNotFoundError,
    SavedSearchNotFoundError,
    ShortlistFullError,
    WrongDetailError,
)
from marketplace.kit.facts import FactKind
from marketplace.kit.outbox import Message
from tests.factories import accounts, purchasing
from tests.factories import catalogue as make
from tests.factories.facts import said

PASSWORD = "correct horse battery staple"


def offers(session, number):
    """Add so many live offers of one provider."""
    organisation, _speaker = accounts.organisation(session)
    return [purchasing.offer(session, organisation_id=organisation.id, title=f"Gardening {n}") for n in range(number)]


def press_token(client):
    """Return the token of a page that is open."""
    page = BeautifulSoup(client.get("/suggest-a-place").text, "html.parser")
    return page.select_one("[name=csrf_token]")["value"]


def press(client, url, **sent):
    """Post as a button does."""
    return client.post(url, data={"csrf_token": press_token(client)} | sent)


def titles(page):
    return [link.get_text(strip=True) for link in BeautifulSoup(page.text, "html.parser").select(".card__title a")]


class TestAShortlist:
    def test_it_holds_what_was_put_on_it_last_first(self, session, now):
        first, second = offers(session, 2)
        ada = make.somebody(session)
        for n, offer in enumerate([first, second, first]):
            services.shortlist_offer(session, offer_id=offer.id, by=ada.person_id, now=now + timedelta(minutes=n))
        assert queries.shortlist(session, viewer=ada) == (second.id, first.id)

    def test_each_offer_counts_once_when_it_is_put_on_it(self, session, now):
        first, second, third = offers(session, 3)
        ada = accounts.person(session, lives_in="E08000009")
        for _ in range(2):
            services.shortlist_offer(session, offer_id=first.id, by=ada.id, now=now)
        services.keep_shortlist(session, offer_ids=[first.id, second.id, third.id], by=ada.id, now=now)
        assert said(session) == [(FactKind.SHORTLISTED, first.category, "", 0)] * 3

    def test_it_is_nobody_elses(self, session, now):
        (offer,) = offers(session, 1)
        services.shortlist_offer(session, offer_id=offer.id, by=make.somebody(session).person_id, now=now)
        assert queries.shortlist(session, viewer=make.somebody(session, name="Other")) == ()

    def test_what_is_not_on_the_site_cannot_be_put_on_it(self, session, now):
        draft, _ = make.draft(session)
        with pytest.raises(OfferNotFoundError):
            services.shortlist_offer(session, offer_id=draft.id, by=make.somebody(session).person_id, now=now)

    def test_what_leaves_the_site_leaves_the_list(self, session, now):
        offer, speaker = make.live(session)
        ada = make.somebody(session)
        services.shortlist_offer(session, offer_id=offer.id, by=ada.person_id, now=now)
        services.unlist_offer(session, offer_id=offer.id, by=speaker, now=now)
        assert queries.shortlist(session, viewer=ada) == ()

    def test_it_holds_only_so_many(self, session, now):
        *some, last = offers(session, MOST_SHORTLISTED + 1)
        ada = make.somebody(session)
        services.keep_shortlist(session, offer_ids=[offer.id for offer in some], by=ada.person_id, now=now)
        with pytest.raises(ShortlistFullError, match="Remove one"):
            services.shortlist_offer(session, offer_id=last.id, by=ada.person_id, now=now)
        services.keep_shortlist(session, offer_ids=[last.id], by=ada.person_id, now=now)
        assert len(queries.shortlist(session, viewer=ada)) == MOST_SHORTLISTED

    def test_what_has_left_the_site_takes_no_room(self, session, now):
        gone, speaker = make.live(session)
        *some, last = offers(session, MOST_SHORTLISTED)
        ada = make.somebody(session)
        services.keep_shortlist(session, offer_ids=[gone.id, *(o.id for o in some)], by=ada.person_id, now=now)
        services.unlist_offer(session, offer_id=gone.id, by=speaker, now=now)
        services.shortlist_offer(session, offer_id=last.id, by=ada.person_id, now=now)
        assert len(queries.shortlist(session, viewer=ada)) == MOST_SHORTLISTED


def link(page, words):
    """Return where the link with these words leads."""
    return BeautifulSoup(page.text, "html.parser").find("a", string=words)["href"]


class TestTheShortlistPage:
    def test_it_is_kept_without_signing_in(self, client, session):
        one, two = offers(session, 2)
        session.commit()
        for offer in (one, two):
            press(client, f"/shortlist/{offer.id}/add")
        assert titles(client.get("/shortlist")) == [two.title, one.title]
        assert session.scalars(select(Shortlisted)).all() == []
        press(client, f"/shortlist/{two.id}/remove")
        assert titles(client.get("/shortlist")) == [one.title]

    @pytest.mark.parametrize("has_account", [False, True])
    def test_what_is_taken_off_is_put_back_with_one_press(self, client, session, sign_in, has_account):
        one, two = offers(session, 2)
        person = accounts.person(session)
        session.commit()
        if has_account:
            sign_in(person.id)
        for offer in (one, two):
            press(client, f"/shortlist/{offer.id}/add")
        press(client, f"/shortlist/{one.id}/remove", back=f"/offers/{two.id}")
        assert client.press(f"/offers/{two.id}", "Put it back").location == f"/offers/{two.id}"
        assert titles(client.get("/shortlist")) == [one.title, two.title]

    def test_it_is_kept_on_signing_in(self, client, session, now):
        (offer,) = offers(session, 1)
        person_id = add_person(session, email="ada@example.org", name="Ada", password=PASSWORD, confirmed=True, now=now)
        session.commit()
        press(client, f"/shortlist/{offer.id}/add")
        signed = client.fill_in("/accounts/sign-in", email="ada@example.org", password=PASSWORD)
        assert signed.status_code == 302
        session.expire_all()
        assert session.scalars(select(Shortlisted.person_id)).all() == [person_id]
        assert titles(client.get("/shortlist")) == [offer.title]

    def test_its_link_shows_the_same_to_anybody(self, client, app, session):
        one, two = offers(session, 2)
        session.commit()
        for offer in (one, two):
            press(client, f"/shortlist/{offer.id}/add")
        link = BeautifulSoup(client.get("/shortlist").text, "html.parser").select_one(".address a")["href"]
        page = app.test_client().get(link[link.index("/shortlist") :])
        assert titles(page) == [two.title, one.title]
        assert "Add them to your shortlist" in page.text

    @pytest.mark.parametrize("has_account", [True, False])
    def test_a_shared_list_is_kept_but_for_what_is_gone(self, client, session, sign_in, has_account):
        draft, _ = make.draft(session, title="Gone")
        (offer,) = offers(session, 1)
        person = accounts.person(session)
        session.commit()
        if has_account:
            sign_in(person.id)
        sent = {"csrf_token": press_token(client), "offer": [str(draft.id), str(offer.id), "nonsense"]}
        assert client.post("/shortlist/keep", data=sent).location == "/shortlist"
        page = client.get("/shortlist")
        assert titles(page) == [offer.title]
        assert "Added to your shortlist." in page.text

    def test_a_shared_list_for_which_there_is_no_room_says_so(self, client, session):
        *some, last = offers(session, MOST_SHORTLISTED + 1)
        session.commit()
        for wanted in ([str(offer.id) for offer in some], [str(last.id)]):
            client.post("/shortlist/keep", data={"csrf_token": press_token(client), "offer": wanted})
        assert "There was no room for 1 offer." in client.get("/shortlist").text

    def test_after_the_button_one_is_back_where_one_was_and_nowhere_else(self, client, session):
        (offer,) = offers(session, 1)
        session.commit()
        url = f"/shortlist/{offer.id}/add"
        assert press(client, url, back="/offers?q=garden").location == "/offers?q=garden"
        assert press(client, url, back="//evil.example").location == "/shortlist"

    @pytest.mark.parametrize("cookie", [["nonsense"], ["x" * 500]])
    def test_a_garbled_browser_is_an_empty_list(self, client, cookie):
        with client.session_transaction() as kept:
            kept["shortlist"] = cookie
        assert "Nothing on it yet" in client.get("/shortlist").text

    def test_it_can_be_emptied(self, client, session):
        (offer,) = offers(session, 1)
        session.commit()
        press(client, f"/shortlist/{offer.id}/add")
        press(client, "/shortlist/empty")
        page = client.get("/shortlist")
        assert "Nothing on it yet" in page.text
        assert titles(client.get(link(page, "See what was on it"))) == [offer.title]


class TestSideBySide:
    def test_two_offers_are_told_apart_by_what_they_say(self, client, session):
        one, _ = make.live(session, title="Gardening, an hour")
        two, _ = make.live(session, title="Painting, an hour", price=make.asking(35))
        session.commit()
        page = BeautifulSoup(client.get(f"/compare?offer={one.id}&offer={two.id}").text, "html.parser")
        assert [cell.select_one("a").get_text() for cell in page.select("thead th")] == [one.title, two.title]
        prices = page.select_one("tbody tr").get_text(" ", strip=True)
        assert "£20" in prices
        assert "£35" in prices
        assert all(len(row.select("td")) == 2 for row in page.select("tbody tr"))

    def test_what_nobody_says_is_no_row_and_what_one_does_not_say_is_said(self, client, session):
        one, _ = make.live(session)
        two, _ = make.live(session, title="Painting, an hour")
        one.suits = "People who like mud."
        session.commit()
        page = client.get(f"/compare?offer={one.id}&offer={two.id}").text
        assert "People who like mud." in page
        assert "They do not say" in page
        assert "Languages besides English" not in page

    def test_a_fifth_is_left_out_in_words(self, client, session):
        five = "&".join(f"offer={offer.id}" for offer in offers(session, 5))
        session.commit()
        page = client.get(f"/compare?{five}")
        assert len(BeautifulSoup(page.text, "html.parser").select("thead th")) == 4
        assert "Only 4 fit" in page.text

    @pytest.mark.parametrize("asked", ["", "?offer=nonsense", "?offer=00000000-0000-0000-0000-000000000000"])
    def test_fewer_than_two_are_asked_for(self, client, asked):
        assert "Choose at least two" in client.get(f"/compare{asked}").text

    def test_a_draft_stays_its_providers(self, client, session):
        draft, _ = make.draft(session, title="Secret")
        one, two = offers(session, 2)
        session.commit()
        page = client.get(f"/compare?offer={draft.id}&offer={one.id}&offer={two.id}").text
        assert "Secret" not in page
        assert "cannot be shown any more" in page


def save(session, by, now, *, asked="q=garden", every=AlertEvery.DAY, name="Garden"):
    return services.save_search(session, name=name, asked=asked, every=every, by=by.person_id, now=now)


class TestASavedSearch:
    def test_saving_it_again_renames_it(self, session, now):
        ada = make.somebody(session)
        assert save(session, ada, now) == save(session, ada, now, name="My garden")
        assert [saved.name for saved in queries.saved_searches(session, viewer=ada)] == ["My garden"]

    def test_it_is_nobody_elses(self, session, now):
        ada, other = make.somebody(session), make.somebody(session, name="Other")
        saved = save(session, ada, now)
        assert queries.saved_searches(session, viewer=other) == ()
        with pytest.raises(SavedSearchNotFoundError):
            services.forget_search(session, saved_search_id=saved, by=other.person_id)
        with pytest.raises(SavedSearchNotFoundError):
            services.change_saved_search(
                session, saved_search_id=saved, name="Mine", every=AlertEvery.DAY, by=other.person_id
            )

    def test_there_are_only_so_many(self, session, now):
        ada = make.somebody(session)
        for n in range(MOST_SAVED_SEARCHES):
            save(session, ada, now, asked=f"q={n}")
        with pytest.raises(WrongDetailError, match="Remove one"):
            save(session, ada, now, asked="q=more")

    @pytest.mark.parametrize("name", ["", "x" * 101])
    def test_it_needs_a_name(self, session, now, name):
        with pytest.raises(WrongDetailError):
            save(session, make.somebody(session), now, name=name)

    def test_it_is_due_when_its_time_has_come(self, session, now):
        ada = make.somebody(session)
        daily = save(session, ada, now)
        save(session, ada, now, asked="q=2", every=AlertEvery.WEEK)
        save(session, ada, now, asked="q=3", every=AlertEvery.NEVER)
        assert queries.due_searches(session, now=now) == ()
        assert [each.id for each in queries.due_searches(session, now=now + timedelta(days=1))] == [daily]
        assert len(queries.due_searches(session, now=now + timedelta(days=7))) == 2

    def test_one_letter_tells_of_all_that_is_new(self, session, now):
        ada = make.somebody(session)
        garden, music = save(session, ada, now), save(session, ada, now, asked="q=music", name="Music")
        later = now + timedelta(days=1)
        found = tuple(NewOffer(f"Weeding {n}", "Pat", f"http://localhost/{n}") for n in range(12))
        news = [
            NewOffers(garden, "Garden", "http://localhost/offers?q=garden", found),
            NewOffers(music, "Music", "http://localhost/offers?q=music", ()),
        ]
        services.tell_of_new_offers(session, person_id=ada.person_id, news=news, address="http://here", now=later)
        letter = session.scalars(select(Message).where(Message.subject.contains("new offers"))).one()
        assert letter.subject == "12 new offers for you"
        assert "Weeding 9" in letter.body
        assert "Weeding 10" not in letter.body
        assert "And 2 more" in letter.body
        assert "Music" not in letter.body
        assert "http://here" in letter.body
        assert set(session.scalars(select(SavedSearch.told_at))) == {later}

    def test_no_news_is_no_letter(self, session, now):
        ada = make.somebody(session)
        news = [NewOffers(save(session, ada, now), "Garden", "http://localhost", ())]
        services.tell_of_new_offers(session, person_id=ada.person_id, news=news, address="http://here", now=now)
        assert session.scalars(select(Message).where(Message.subject.contains("new offer"))).all() == []


class TestTheSavedSearchPages:
    @pytest.fixture
    def ada(self, session, sign_in):
        person = accounts.person(session)
        session.commit()
        sign_in(person.id)
        return person

    def test_a_search_is_saved_changed_and_removed(self, client, session, ada):
        saved = client.fill_in("/searches/save?q=garden&near=M33&kind=micro_provider", name="Garden", every="day")
        assert saved.location == "/searches"
        kept = session.scalars(select(SavedSearch)).one()
        kept_asked = kept.asked
        assert kept_asked == "q=garden&near=M33&kind=micro_provider"
        assert f'href="/offers?{kept.asked}"'.replace("&", "&amp;") in client.get("/searches").text
        client.fill_in(f"/searches/{kept.id}", name="My garden", every="never")
        assert "My garden" in client.get("/searches").text
        client.press("/searches", "Remove it My garden")
        page = client.get("/searches")
        assert "You have not saved a search yet" in page.text
        client.fill_in(link(page, "Save it again"), name="Garden", every="day")
        session.expire_all()
        assert session.scalars(select(SavedSearch.asked)).one() == kept_asked

    def test_a_search_for_nothing_cannot_be_saved(self, client, ada):
        assert "Look for something first" in client.get("/searches/save").text

    def test_a_name_that_is_left_out_is_asked_for_beside_it(self, client, ada):
        page = client.fill_in("/searches/save?q=garden", name="", every="day")
        assert page.status_code == 422
        assert "Give this search a name" in page.text
