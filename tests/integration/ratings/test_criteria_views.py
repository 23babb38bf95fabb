import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.ratings.models import Criterion, CriterionCategory
from marketplace.ratings.rules.nouns import CriterionStatus
from tests.factories import accounts

SHOES = {"words": "They take their shoes off", "category": "home-and-garden", "why": "My floor is my pride."}


@pytest.fixture
def ada(session):
    return accounts.person(session, name="Ada")


@pytest.fixture
def panel(session):
    return accounts.person(session, role=Role.PANEL_MEMBER, name="Pat")


@pytest.fixture
def proposed(client, sign_in, session, ada):
    sign_in(ada.id)
    client.fill_in("/reviews/criteria/propose", **SHOES)
    return session.scalars(select(Criterion).where(Criterion.status == CriterionStatus.PROPOSED)).one()


class TestTheList:
    def test_anybody_reads_it_whole_or_for_one_kind_of_support(self, client):
        assert "The food is good" in client.get("/reviews/criteria").text
        assert "The food is good" not in client.get("/reviews/criteria?category=equipment").text.split("proposed")[0]
        assert client.get("/reviews/criteria?category=nowhere").status_code == 200

    def test_anybody_reads_the_lists_of_outcomes(self, client):
        page = client.get("/reviews/outcomes").text
        assert "For people in Lewisham" in page
        assert "Dignity and respect" in page


class TestProposing:
    def test_it_is_there_for_others_to_vote_for_without_a_name(self, client, sign_in, session, proposed):
        assert (proposed.words, proposed.why) == (SHOES["words"], SHOES["why"])
        assert session.scalars(select(CriterionCategory.category)).all().count("home-and-garden") == 1
        other = accounts.person(session)
        sign_in(other.id)
        page = client.get("/reviews/criteria").text
        assert "1 vote" in page
        assert "Ada" not in page
        pressed = client.press("/reviews/criteria", f"This matters to me too : {proposed.words}")
        assert "2 votes" in client.get(pressed.location).text
        client.press("/reviews/criteria", f"Take my vote back for: {proposed.words}")
        assert "1 vote<" in client.get("/reviews/criteria").text

    def test_what_will_not_do_is_said_beside_it_and_nothing_typed_is_lost(self, client, sign_in, ada):
        sign_in(ada.id)
        refused = client.fill_in("/reviews/criteria/propose", words="Sarah Jones is kind", category="", why="So kind.")
        assert refused.status_code == 422
        assert "Leave out names" in refused.text
        assert "Sarah Jones is kind" in refused.text
        assert "So kind." in refused.text

    def test_a_provider_proposes_nothing(self, client, sign_in, session):
        _body, speaker = accounts.organisation(session, spoken_for_by=accounts.person(session, role=Role.MODERATOR))
        sign_in(speaker.id)
        assert client.get("/reviews/criteria/propose").status_code == 403


class TestRuling:
    def test_the_panel_adopts_it_with_a_picture(self, client, sign_in, session, proposed, panel):
        sign_in(panel.id)
        url = f"/reviews/criteria/{proposed.id}/decide"
        done = client.fill_in(
            url, ruling="adopt", categories=["home-and-garden"], picture="home", reason="Many people said so.", into=""
        )
        assert done.status_code == 302
        session.expire_all()
        assert (proposed.status, proposed.picture) == (CriterionStatus.ADOPTED, "home")
        assert client.get(url).status_code == 200, "it may be merged or retired later"

    def test_a_ruling_without_a_reason_is_refused_beside_it(self, client, sign_in, session, proposed, panel):
        sign_in(panel.id)
        refused = client.fill_in(f"/reviews/criteria/{proposed.id}/decide", ruling="merge", reason="", into="")
        assert refused.status_code == 422
        assert "Give the reason." in refused.text
        session.expire_all()
        assert proposed.status is CriterionStatus.PROPOSED

    def test_what_the_panel_retires_is_told_with_its_reason(self, client, sign_in, session, panel):
        it = session.scalars(select(Criterion).where(Criterion.words == "Worth the money")).one()
        sign_in(panel.id)
        client.fill_in(f"/reviews/criteria/{it.id}/decide", ruling="retire", reason="Nobody answers it.", into="")
        sign_in(accounts.person(session).id)
        page = client.get("/reviews/criteria").text
        assert "Nobody answers it." in page
        assert "Retired" in page

    def test_only_the_panel_decides_and_nobody_about_their_own(self, client, sign_in, session, ada, proposed):
        assert client.get(f"/reviews/criteria/{proposed.id}/decide").status_code == 403
        own = accounts.person(session, role=Role.PANEL_MEMBER)
        proposed.proposed_by = own.id
        session.commit()
        sign_in(own.id)
        assert client.get(f"/reviews/criteria/{proposed.id}/decide").status_code == 403
