"""The pages on which somebody writes, changes and adds to a review."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Addition, CriterionAnswer, OutcomeAnswer, Point, Review
from marketplace.ratings.queries.criteria import criteria_for, outcomes_for
from marketplace.ratings.rules.nouns import Help, PointKind, ReviewStatus, Telling
from tests.factories import accounts, purchasing, ratings

GOOD = {"stars": "5", "words": "They came when they said.", "link": "none"}
FOUND = "Something looks like a name, or a way to reach somebody."


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def done(session, sides):
    return purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.DONE)


@pytest.fixture
def url(done):
    return f"/reviews/for/{done.id}"


@pytest.fixture
def writer(client, sign_in, sides):
    sign_in(sides[0].id)
    return client


def page_of(response):
    return BeautifulSoup(response.text, "html.parser")


class TestForm:
    def test_few_things_are_asked_first_and_the_rest_is_folded(self, writer, url):
        page = page_of(writer.get(url))
        assert [fold.has_attr("open") for fold in page.select("main form details")] == [False, False, False]
        for question in ("They listen to me", "A home that suits me", "What should change?"):
            assert page.find("label", string=lambda words, question=question: question in (words or "")), question
        assert len(page.select_one("[name=pseudonym]")["value"].split()) == 2
        assert page.select_one("[name=release][checked]")["value"] == "now"
        assert page.select_one("[name=link][checked]") is None

    def test_the_way_out_for_worries_about_safety_stands_beside_it(self, writer, url):
        for address in (url, f"{url}?way=pictures"):
            aside = page_of(writer.get(address)).select_one("main aside").get_text(" ", strip=True)
            assert "Is somebody being hurt or neglected?" in aside
            assert "999" in aside

    def test_all_that_is_said_is_kept(self, writer, session, url, done):
        [criterion, *_], [outcome, *_] = criteria_for(session, done.category), outcomes_for(session, None)
        answers = {
            f"criterion-{criterion.id}": "4",
            f"outcome-{outcome.id}": "2",
            "should_change": "Evenings too.",
            "role": "cares_for_user",
            "help": "advocate",
            "link": "other",
            "declared_link": "I used to work there.",
            "pseudonym": "Quiet Heron",
        }
        assert writer.fill_in(url, **GOOD | answers).status_code == 302
        [it] = session.scalars(select(Review))
        assert (it.role, it.help, it.declared_link, it.pseudonym) == (
            "cares_for_user",
            "advocate",
            "I used to work there.",
            "Quiet Heron",
        )
        assert [(a.criterion_id, a.stars) for a in session.scalars(select(CriterionAnswer))] == [(criterion.id, 4)]
        assert [(a.outcome_id, a.stars) for a in session.scalars(select(OutcomeAnswer))] == [(outcome.id, 2)]
        assert [(p.kind, p.words) for p in session.scalars(select(Point))] == [
            (PointKind.SHOULD_CHANGE, "Evenings too.")
        ]

    def test_what_is_folded_comes_back_open_where_something_was_said(self, writer, session, url, done):
        [criterion, *_] = criteria_for(session, done.category)
        refused = writer.fill_in(url, **GOOD | {"stars": "", f"criterion-{criterion.id}": "1", "working": "x" * 501})
        page = page_of(refused)
        assert refused.status_code == 422
        assert [fold.has_attr("open") for fold in page.select("main form details")] == [True, True, False]
        assert page.select_one(f"[name='criterion-{criterion.id}'] [selected]")["value"] == "1"

    def test_nonsense_for_a_criterion_is_refused_in_words(self, writer, session, url, done):
        [criterion, *_] = criteria_for(session, done.category)
        refused = writer.fill_in(url, **GOOD | {f"criterion-{criterion.id}": "many"})
        assert (refused.status_code, "Choose from 1 to 5 for each thing" in refused.text) == (422, True)
        refused = writer.fill_in(url, **GOOD | {"role": "boss", "help": "x", "release": "never"})
        assert refused.status_code == 422

    def test_another_link_is_named(self, writer, url):
        refused = writer.fill_in(url, **GOOD | {"link": "other"})
        assert (refused.status_code, "Say in a few words which link it is." in refused.text) == (422, True)

    def test_who_works_there_is_refused_and_told_where_to_turn(self, writer, session, url):
        refused = writer.fill_in(url, **GOOD | {"link": "works_there"})
        assert (refused.status_code, "so you cannot review it" in refused.text) == (403, True)
        assert session.scalars(select(Review)).all() == []

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({}, "Your review is shown now."),
            ({"release": "with_others"}, "once three people want theirs shown so"),
            ({"words": "I will kill you."}, "A person reads it first"),
        ],
    )
    def test_what_happens_next_is_said(self, writer, url, answers, said):
        response = writer.fill_in(url, **GOOD | answers)
        assert said in writer.get(response.location).text


class TestNames:
    def test_what_looks_like_a_name_is_asked_about_once_and_can_stay(self, writer, session, url):
        answers = GOOD | {"words": "Sarah came when she said."}
        asked = writer.fill_in(url, **answers)
        page = page_of(asked)
        assert asked.status_code == 422
        assert FOUND in asked.text
        assert "Sarah" in page.select_one(".notice li").text
        assert page.select_one("textarea[name=words]").text.strip() == "Sarah came when she said."
        assert page.select_one(".govuk-error-summary a")["href"] == "#may_stay"
        hidden = {it["name"]: it.get("value", "") for it in page.select("main form input[type=hidden]")}
        again = writer.post(url, data=hidden | answers)
        assert (again.status_code, FOUND in again.text) == (422, True)
        hidden = {it["name"]: it.get("value", "") for it in page_of(again).select("main form input[type=hidden]")}
        assert writer.post(url, data=hidden | answers | {"may_stay": "y"}).status_code == 302
        assert session.scalars(select(Review.words)).all() == ["Sarah came when she said."]

    def test_what_comes_new_is_asked_about_again(self, writer, session, url):
        asked = writer.fill_in(url, **GOOD | {"words": "Sarah came when she said."})
        hidden = {it["name"]: it.get("value", "") for it in page_of(asked).select("main form input[type=hidden]")}
        more = GOOD | {"words": "Sarah came, ring 0161 496 0123.", "may_stay": "y"}
        again = writer.post(url, data=hidden | more)
        assert again.status_code == 422
        assert "0161 496 0123" in page_of(again).select_one(".notice").text
        assert page_of(again).select_one("[name=may_stay][checked]") is None

    def test_once_it_is_gone_nothing_is_asked(self, writer, url):
        asked = writer.fill_in(url, **GOOD | {"words": "Sarah came when she said."})
        hidden = {it["name"]: it.get("value", "") for it in page_of(asked).select("main form input[type=hidden]")}
        assert writer.post(url, data=hidden | GOOD).status_code == 302

    def test_ones_own_name_is_found_also_as_a_pseudonym(self, writer, url, sides):
        asked = writer.fill_in(url, **GOOD | {"pseudonym": sides[0].name.lower()})
        assert (asked.status_code, FOUND in asked.text) == (422, True)

    def test_what_the_offer_is_called_is_no_secret(self, writer, session, sides, url, done):
        assert writer.fill_in(url, **GOOD | {"words": f"{sides[1].name} is good at this."}).status_code == 302


class TestPictures:
    def test_the_same_is_told_with_pictures_and_a_supporter(self, writer, session, url, done):
        [first, second, third, *_] = criteria_for(session, done.category)
        answers = {"stars": "4", "words": "", "link": "none", "help": "peer_supporter"}
        answers |= {f"criterion-{first.id}": "5", f"criterion-{second.id}": "2", f"criterion-{third.id}": ""}
        assert writer.fill_in(f"{url}?way=pictures", **answers).status_code == 302
        [it] = session.scalars(select(Review))
        assert (it.stars, it.words, it.told, it.help) == (4, "", Telling.PICTURES, Help.PEER_SUPPORTER)
        answered = {a.criterion_id: a.stars for a in session.scalars(select(CriterionAnswer))}
        assert answered == {first.id: 5, second.id: 2}
        assert "Told with picture tiles" in writer.get(f"/reviews/{it.id}").text

    def test_a_face_is_needed_and_what_was_chosen_stays(self, writer, session, url, done):
        [first, *_] = criteria_for(session, done.category)
        refused = writer.fill_in(f"{url}?way=pictures", **{f"criterion-{first.id}": "2", "link": "none"})
        page = page_of(refused)
        assert (refused.status_code, "Choose a face." in refused.text) == (422, True)
        assert page.select_one(f"[name='criterion-{first.id}'][checked]")["value"] == "2"
        assert page.select_one(page.select_one(".govuk-error-summary a")["href"])["name"] == "stars"

    def test_each_way_leads_to_the_other(self, writer, url):
        assert f"{url}?way=pictures" in writer.get(url).text
        assert f"{url}?way=words" in writer.get(f"{url}?way=pictures").text


class TestChanging:
    @pytest.fixture
    def review(self, session, sides, done, writer, url):
        writer.fill_in(url, **GOOD | {"should_change": "Evenings too.", "pseudonym": "Quiet Heron"})
        return session.scalars(select(Review)).one()

    def test_the_form_holds_what_was_said_and_takes_what_is_said_now(self, writer, session, review):
        address = f"/reviews/{review.id}/change"
        page = page_of(writer.get(address))
        assert page.select_one("textarea[name=words]").text.strip() == "They came when they said."
        assert page.select_one("[name=pseudonym]")["value"] == "Quiet Heron"
        assert page.select_one("[name=release]") is None
        response = writer.fill_in(address, **GOOD | {"stars": "2", "pseudonym": "Quiet Heron", "should_change": ""})
        assert (response.status_code, response.location) == (302, f"/reviews/{review.id}")
        assert "Your review is changed." in writer.get(response.location).text
        session.refresh(review)
        assert review.stars == 2
        assert session.scalars(select(Point)).all() == []

    def test_that_a_reply_stays_is_said(self, writer, session, sides, review):
        address = f"/reviews/{review.id}/change"
        assert "The reply stays" not in writer.get(address).text
        ratings.reply(session, to=review, by=sides[2])
        session.commit()
        assert "The reply stays" in writer.get(address).text

    def test_one_that_waits_can_still_be_shown_now(self, writer, session, review):
        review.counts, review.status, review.shown_month = False, ReviewStatus.WAITING, None
        session.commit()
        address = f"/reviews/{review.id}/change"
        assert page_of(writer.get(address)).select_one("[name=release]")
        writer.fill_in(address, **GOOD | {"release": "now"})
        session.refresh(review)
        assert review.status is ReviewStatus.SHOWN

    def test_something_is_added_and_taken_back(self, writer, session, review):
        address = f"/reviews/{review.id}/add"
        empty = writer.fill_in(address, words=" ")
        assert (empty.status_code, "Write what you want to add." in empty.text) == (422, True)
        named = writer.fill_in(address, words="Sarah left.")
        assert (named.status_code, FOUND in named.text) == (422, True)
        added = writer.fill_in(address, words="Since then they came late once.")
        assert "Added." in writer.get(added.location).text
        assert "Since then they came late once." in writer.get(f"/reviews/about/{review.offer_id}").text
        pressed = writer.press(f"/reviews/{review.id}", "Take this back : Since then they came late once.")
        assert pressed.location == f"/reviews/{review.id}"
        assert session.scalars(select(Addition)).all() == []

    def test_what_a_screen_stops_says_so(self, writer, review):
        added = writer.fill_in(f"/reviews/{review.id}/add", words="I will kill you.")
        assert "A person reads what you added first." in writer.get(added.location).text
        changed = writer.fill_in(f"/reviews/{review.id}/change", **GOOD | {"words": "I will kill you all."})
        assert "A person reads it first" in writer.get(changed.location).text
        refused = writer.fill_in(f"/reviews/{review.id}/add", words="And so on.")
        assert (refused.status_code, "so change it instead" in refused.text) == (422, True)

    def test_nobody_else_finds_these_pages(self, client, sign_in, session, sides, review):
        addition = ratings.addition(session, to=review)
        for who in (sides[2], accounts.person(session)):
            sign_in(who.id)
            for what in ("change", "add"):
                assert client.get(f"/reviews/{review.id}/{what}").status_code == 404
            page = page_of(client.get(f"/reviews/{review.id}"))
            token = page.select_one("[name=csrf_token]")["value"]
            gone = client.post(f"/reviews/additions/{addition.id}/withdraw", data={"csrf_token": token})
            assert gone.status_code == 404
