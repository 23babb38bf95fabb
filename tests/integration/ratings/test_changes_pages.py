"""Pages about what people ask for: what each may do, what is refused beside its question, and what is public."""

import uuid

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit.outbox import Message
from marketplace.ratings.models import Change
from marketplace.ratings.rules.nouns import Basis, ChangeState, Help, PointKind, ReviewStatus, Telling, WriterRole
from marketplace.ratings.services import changing
from tests.factories import accounts, purchasing, ratings

WORDS = "From June we open on Saturdays too."


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def review(session, sides):
    offer = purchasing.offer(session, organisation_id=sides[1].id)
    return ratings.review_of_done(session, offer=offer, organisation_id=sides[1].id, stars=3, person=sides[0])


@pytest.fixture
def point(session, review):
    return ratings.point(session, of=review)


def text_of(response):
    return BeautifulSoup(response.text, "html.parser").select_one("main").get_text(" ", strip=True)


class TestSayingTheSame:
    def test_somebody_else_says_the_same_and_takes_it_back(self, client, sign_in, session, review, point):
        sign_in(accounts.person(session).id)
        assert "I say the same" in text_of(client.get(f"/reviews/about/{review.offer_id}"))
        response = client.press(f"/reviews/{review.id}", "I say the same : Open on Saturdays.")
        assert response.location == f"/reviews/{review.id}#point-{point.id}"
        shown = text_of(client.get(f"/reviews/{review.id}"))
        assert "1 other person says the same" in shown
        client.press(f"/reviews/{review.id}", "You say the same. Take it back : Open on Saturdays.")
        assert "says the same" not in text_of(client.get(f"/reviews/{review.id}"))

    def test_writer_provider_and_passer_by_have_no_button(self, client, sign_in, sides, review, point):
        page = client.get(f"/reviews/{review.id}").text
        assert "I say the same" not in page
        assert "Sign in to say the same" in page
        for who in (sides[0], sides[2]):
            sign_in(who.id)
            assert "I say the same" not in client.get(f"/reviews/{review.id}").text


class TestMarking:
    def test_the_provider_says_what_it_has_done_and_the_writer_judges(self, client, sign_in, sides, review, point):
        sign_in(sides[2].id)
        assert "Say what you plan or have done" in text_of(client.get(f"/reviews/{review.id}"))
        response = client.fill_in(f"/reviews/points/{point.id}/change", state="done", words=WORDS)
        assert response.status_code == 302
        assert "Whoever asked for it has not said yet." in text_of(client.get(response.location))
        sign_in(sides[0].id)
        assert "They say that something you asked for is done" in text_of(client.get(f"/reviews/{review.id}"))
        refused = client.fill_in(f"/reviews/points/{point.id}/did-it-change")
        assert (refused.status_code, "Say whether it changed." in refused.text) == (422, True)
        response = client.fill_in(f"/reviews/points/{point.id}/did-it-change", verdict="partly")
        shown = text_of(client.get(response.location))
        assert "“Partly”, says whoever asked for it." in shown
        assert "They say that something" not in shown

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"state": ""}, "Say whether you plan it, or have done it."),
            ({"words": ""}, "Say what you will do, or what you have done."),
            ({"words": "Yes."}, "Say in a sentence"),
            ({"words": "I will kill you if you say this again."}, "A moderator would have to read this first."),
        ],
    )
    def test_what_will_not_do_is_said_beside_it_and_nothing_is_lost(
        self, client, sign_in, session, sides, point, wrong, said
    ):
        sign_in(sides[2].id)
        response = client.fill_in(f"/reviews/points/{point.id}/change", **{"state": "done", "words": WORDS} | wrong)
        assert (response.status_code, said in response.text) == (422, True)
        typed = BeautifulSoup(response.text, "html.parser").select_one("textarea[name=words]").text.strip()
        assert typed == wrong.get("words", WORDS)
        assert session.get(Change, point.id) is None

    @pytest.mark.parametrize("path", ["points/{point}/change", "{review}/reply"])
    def test_a_telephone_number_is_asked_about_before_it_is_shown(self, client, sign_in, sides, review, point, path):
        sign_in(sides[2].id)
        url = "/reviews/" + path.format(point=point.id, review=review.id)
        words = "Ring us on 0161 496 0000 to say when."
        said = {"words": words} | ({"state": "done"} if "points" in path else {})
        refused = client.fill_in(url, **said)
        assert (refused.status_code, "0161 496 0000" in refused.text) == (422, True)
        assert BeautifulSoup(refused.text, "html.parser").select_one("input[name=is_sure]")
        token = BeautifulSoup(refused.text, "html.parser").select_one("input[name=csrf_token]")["value"]
        assert client.post(url, data=said | {"is_sure": "y", "csrf_token": token}).status_code == 302

    def test_what_is_not_theirs_is_not_there(self, client, sign_in, session, sides, review, point):
        _body, other = accounts.organisation(session, name="Somebody Else")
        fine = ratings.point(session, of=review, kind=PointKind.WORKING)
        sign_in(other.id)
        assert client.get(f"/reviews/points/{point.id}/change").status_code == 404
        sign_in(sides[2].id)
        assert client.get(f"/reviews/points/{fine.id}/change").status_code == 404
        assert client.get(f"/reviews/points/{uuid.uuid4()}/change").status_code == 404
        sign_in(sides[0].id)
        assert client.get(f"/reviews/points/{point.id}/change").status_code == 403
        assert client.get(f"/reviews/points/{point.id}/did-it-change").status_code == 404


class TestYouToldUs:
    def test_a_provider_a_council_and_all_of_england(self, client, session, sides, review, point):
        offer = session.get_one(Offer, review.offer_id)
        offer.council = "E08000009"
        ratings.change(session, about=point, by=sides[2])
        ratings.point(session, of=review, kind=PointKind.NOT_WORKING, words="Nobody answers the phone.")
        session.flush()
        for address in (f"/you-told-us/providers/{review.provider_id}", "/you-told-us/E08000009"):
            shown = text_of(client.get(address))
            assert "We open on Saturdays from June." in shown
            assert "Not answered yet" in shown
            assert "Nobody answers the phone." in shown
        assert "Trafford : 1 thing done" in text_of(client.get("/you-told-us"))

    def test_where_nothing_was_asked_it_says_so(self, client, review):
        empty = "Nobody has asked for a change"
        assert empty in text_of(client.get(f"/you-told-us/providers/{review.provider_id}"))
        assert empty in text_of(client.get("/you-told-us/E08000003"))
        assert "Nothing is done yet" in text_of(client.get("/you-told-us"))
        assert client.get("/you-told-us/E99999999").status_code == 404
        assert client.get(f"/you-told-us/providers/{uuid.uuid4()}").status_code == 404

    def test_provider_and_offer_lead_to_it(self, client, review):
        for address in (f"/offers/{review.offer_id}", f"/providers/{review.provider_id}"):
            assert f"/you-told-us/providers/{review.provider_id}" in client.get(address).text


class TestReviewsAsShown:
    @pytest.mark.parametrize(
        ("differences", "said"),
        [
            ({"pseudonym": "Kind Otter"}, "Kind Otter, who used it, May 2026"),
            ({"role": WriterRole.CARES_FOR_USER}, "Somebody, who cares for somebody who used it"),
            ({"role": WriterRole.SUPPORTED_WRITER}, "who wrote down what somebody who used it said"),
            ({"declared_link": "My neighbour works there."}, "in their own words: “My neighbour works there.”"),
            ({"help": Help.PROVIDER_STAFF}, "Somebody who works for the provider helped to write this."),
            ({"told": Telling.VOICE}, "Told aloud, and written down from it."),
            ({"edited_at": ratings.WRITTEN_AT}, "They changed it later."),
            ({"is_set_aside": True}, "It does not move the place in lists yet"),
            ({"basis": Basis.INVOICE}, "Sent an invoice, not checked yet"),
            ({"basis": Basis.INVOICE, "is_verified": True}, "We have seen an invoice"),
            ({}, "In their own word"),
        ],
    )
    def test_badge_role_link_and_help_stand_beside_it(self, client, session, differences, said):
        it = ratings.review(session, offer=purchasing.offer(session, organisation_id=None), stars=4, **differences)
        assert said in text_of(client.get(f"/reviews/{it.id}"))

    def test_no_day_and_no_person_is_on_any_page(self, client, session, review, sides):
        ratings.point(session, of=review)
        for address in (f"/reviews/{review.id}", f"/reviews/about/{review.offer_id}", f"/offers/{review.offer_id}"):
            page = client.get(address).text
            assert "20 May" not in page
            assert "2026-05-20" not in page
            assert str(sides[0].id) not in page

    @pytest.mark.parametrize("status", [ReviewStatus.WAITING, ReviewStatus.UNREAD, ReviewStatus.HELD])
    def test_the_provider_never_sees_what_is_not_shown_not_even_as_a_moderator(
        self, client, sign_in, session, sides, status
    ):
        offer = purchasing.offer(session, organisation_id=sides[1].id)
        it = ratings.review(session, offer=offer, stars=1, status=status, words="They forgot me.", person=sides[0])
        for role in (None, Role.MODERATOR):
            if role:
                session.add(RoleGrant(person_id=sides[2].id, role=role))
                session.flush()
            sign_in(sides[2].id)
            assert client.get(f"/reviews/{it.id}").status_code == 404
            for address in (
                "/reviews/for-my-organisation",
                f"/reviews/about/{offer.id}",
                f"/you-told-us/providers/{it.provider_id}",
            ):
                page = client.get(address).text
                assert "They forgot me." not in page
                assert "Waits for others" not in page
        sign_in(accounts.person(session, role=Role.MODERATOR).id)
        assert "They forgot me." in client.get(f"/reviews/{it.id}", follow_redirects=True).text
        sign_in(sides[0].id)
        assert "They forgot me." in client.get(f"/reviews/{it.id}", follow_redirects=True).text

    def test_a_review_on_paper_by_nobody_we_know_is_nobodys_own(self, client, session):
        typist = accounts.person(session)
        it = ratings.review(
            session, offer=purchasing.offer(session, organisation_id=None), stars=1, told="paper", typed_by=typist.id,
            status=ReviewStatus.UNREAD,
        )  # fmt: skip
        it.person_id = None
        session.flush()
        assert client.get(f"/reviews/{it.id}").status_code == 404
        it.status = ReviewStatus.SHOWN
        session.flush()
        page = text_of(client.get(f"/reviews/{it.id}"))
        assert "Yours" not in page
        assert "Take my review back" not in page

    def test_planned_has_no_verdict_yet(self, client, session, review, point, sides):
        ratings.change(session, about=point, by=sides[2], state=ChangeState.PLANNED, asked_at=None)
        shown = text_of(client.get(f"/reviews/{review.id}"))
        assert "Planned says Boring Help" in shown
        assert "Did it change?" not in shown


@pytest.mark.parametrize("status", [OfferStatus.UNLISTED, OfferStatus.LAPSED])
def test_who_takes_an_offer_off_the_list_buries_nothing(client, sign_in, session, sides, review, point, status):
    ratings.change(session, about=point, by=sides[2])
    session.get_one(Offer, review.offer_id).status = status
    session.flush()
    for address in (f"/reviews/about/{review.offer_id}", f"/you-told-us/providers/{review.provider_id}"):
        assert "Open on Saturdays." in text_of(client.get(address))
    sign_in(sides[0].id)
    response = client.fill_in(f"/reviews/points/{point.id}/did-it-change", verdict="no")
    assert "“No”, says whoever asked for it." in text_of(client.get(response.location))


def test_a_moderator_takes_down_what_gives_somebody_away_and_the_provider_reads_why(
    client, sign_in, session, sides, review, point
):
    ratings.change(session, about=point, by=sides[2], words="We told Ada in the blue house when to come.")
    moderator = accounts.person(session, role=Role.MODERATOR)
    sign_in(moderator.id)
    assert "Take down what the provider says" in text_of(client.get(f"/reviews/{review.id}"))
    url = f"/reviews/points/{point.id}/take-down"
    refused = client.fill_in(url, reason="")
    assert (refused.status_code, "Say why." in refused.text) == (422, True)
    response = client.fill_in(url, reason="It says where somebody lives.")
    shown = text_of(client.get(response.location))
    assert "blue house" not in shown
    assert "Open on Saturdays." in shown
    [letter] = session.scalars(select(Message)).all()
    assert (letter.to, "It says where somebody lives." in letter.body) == (sides[2].email, True)
    assert client.get(url).status_code == 404


def test_no_moderator_takes_down_what_their_own_organisation_says(client, sign_in, session, sides, point):
    ratings.change(session, about=point, by=sides[2])
    session.add(RoleGrant(person_id=sides[2].id, role=Role.MODERATOR))
    session.flush()
    sign_in(sides[2].id)
    assert client.get(f"/reviews/points/{point.id}/take-down").status_code == 404
    with pytest.raises(changing.OwnPointError):
        changing.take_down_change(
            session, point_id=point.id, by=sides[2].id, reason="No.", link=str, now=ratings.WRITTEN_AT
        )
