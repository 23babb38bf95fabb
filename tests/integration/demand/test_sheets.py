"""What anybody may read of figures and providers: what others bought, and the sheet of a provider."""

import uuid

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Role
from marketplace.catalogue.models import Offer, Provider
from marketplace.kit.regions import ENGLAND
from marketplace.ratings.models import Criterion, CriterionAnswer
from marketplace.ratings.rules.nouns import ReviewStatus
from tests.factories import accounts, catalogue, ratings
from tests.factories.demand import ANOTHER_COUNCIL
from tests.factories.released import COUNCIL, REGION, area_figures, frozen

WORDS = "Nobody may find these words on a sheet"


def test_what_others_bought_is_told_of_here_or_of_a_wider_area_and_says_which(browse, session):
    here = area_figures(
        support__bought__cooking=20,
        price_of_an_hour__people__cooking=10,
        price_of_an_hour__lower_quartile__cooking=14_50,
        price_of_an_hour__median__cooking=15_00,
        price_of_an_hour__upper_quartile__cooking=16_00,
    )
    wider = area_figures(REGION, support__bought__cooking=90, support__bought__walking=25, pools__met__cooking=15)
    frozen(session, here, wider, area_figures(ENGLAND, support__bought__cooking=900))
    session.commit()
    text = browse(None).get("/what-others-bought?near=M33").text
    assert "About 20 people paid for this." in text
    assert "£15</strong> an hour" in text
    assert 'About 25 people paid for this <span class="muted">in the North West</span>.' in text
    assert 'About 15 people clubbed together for it <span class="muted">in the North West</span>.' in text
    assert "About 900 people paid for this." in browse(None).get("/what-others-bought").text
    # Whoever is signed in gets their own council without asking.
    mine = browse(accounts.person(session, lives_in=COUNCIL).id).get("/what-others-bought").text
    assert "Trafford, April to June 2026" in mine


def test_without_figures_or_without_such_a_place_it_says_so(client):
    assert "There are no figures yet" in client.get("/what-others-bought").text
    wrong = client.get("/what-others-bought?near=Narnia")
    assert wrong.status_code == 422
    assert 'value="Narnia"' in wrong.text


@pytest.fixture
def rated(session):
    """An offer with three shown reviews, one of them answered, and one that is held."""
    offer, speaker = catalogue.live(session)
    shown = [ratings.review(session, offer=offer, stars=stars, words=WORDS) for stars in (3, 5, 5)]
    ratings.review(session, offer=offer, stars=1, words=WORDS, status=ReviewStatus.HELD)
    ratings.reply(session, to=shown[0], by=session.get_one(Person, speaker.person_id))
    criterion = session.scalars(select(Criterion).order_by(Criterion.position)).first()
    session.add_all(CriterionAnswer(review_id=one.id, criterion_id=criterion.id, stars=4) for one in shown[:2])
    session.commit()
    return offer


def test_a_sheet_is_made_of_what_is_shown_and_of_no_fewer_than_three(client, session, rated):
    text = client.get(f"/providers/{rated.provider_id}/sheet").text
    assert "3 people gave 4.3 stars of 5 on average." in text
    assert "They answered 1 of 3 reviews." in text
    assert "By what matters to people" not in text  # Two people said something of it.
    assert WORDS not in text
    pdf = client.get(f"/providers/{rated.provider_id}/sheet.pdf")
    assert (pdf.mimetype, pdf.data[:4]) == ("application/pdf", b"%PDF")


def test_there_is_no_sheet_of_whom_nobody_can_see(client, session, rated):
    session.get_one(Offer, rated.id).status = "unlisted"
    session.commit()
    for provider_id in (rated.provider_id, uuid.uuid4()):
        assert client.get(f"/providers/{provider_id}/sheet").status_code == 404
        assert client.get(f"/providers/{provider_id}/sheet.pdf").status_code == 404


def test_a_commissioner_finds_the_providers_of_their_own_council(client, session, sign_in, rated):
    other, _speaker = catalogue.live(session)
    for offer, council, name in ((rated, COUNCIL, "Near 100%"), (other, ANOTHER_COUNCIL, "Far")):
        session.get_one(Offer, offer.id).council = council
        provider = session.get_one(Provider, offer.provider_id)
        provider.council, provider.name = council, name
    session.commit()
    sign_in(accounts.person(session, role=Role.COMMISSIONER, council=COUNCIL).id)
    text = client.get("/demand/providers").text
    assert f"/providers/{rated.provider_id}/sheet" in text
    assert "1 provider" in text
    assert "4.3" in text
    assert f"/providers/{other.provider_id}/sheet" not in text
    assert f"/providers/{rated.provider_id}/sheet" in client.get("/demand/providers?name=100%25").text
    assert "No provider with" in client.get("/demand/providers?name=100_").text
