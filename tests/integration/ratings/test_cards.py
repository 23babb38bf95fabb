"""Review cards: made, printed, used once, taken back, and typed in from paper."""

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import Role
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import ProviderKind
from marketplace.ratings.gateways.cards import CardSheet, CardSize, draw_cards
from marketplace.ratings.models import Card, Review
from marketplace.ratings.queries import cards as queries
from marketplace.ratings.rules.cards import printed
from marketplace.ratings.rules.nouns import Basis, Release, Telling
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import cards
from marketplace.ratings.services.reviewing import AlreadyReviewedError, OwnProviderError
from tests.factories import accounts, catalogue, proofs, purchasing

NOW = proofs.NOW
TODAY = NOW.date()
GOOD = proofs.GOOD


@pytest.fixture
def offer(session):
    offer, speaker = catalogue.live(session)
    offer.speaker = speaker
    return offer


@pytest.fixture
def peers(session):
    """Somebody who speaks for a user-led organisation that has an offer here."""
    organisation, person = accounts.organisation(session, name="Peers", role=Role.USER_LED_ORGANISATION)
    theirs = purchasing.offer(session, organisation_id=organisation.id, title="Peer support")
    provider = session.get_one(Provider, theirs.provider_id)
    provider.kind, provider.staff_fte, provider.board_share = ProviderKind.USER_LED_ORGANISATION, None, 80
    session.flush()
    return accounts.as_viewer(person, organisation, role=Role.USER_LED_ORGANISATION)


def made(session, offer, *, number=3, by=None):
    return proofs.made(session, offer=offer, by=by or offer.speaker, number=number)


def test_a_card_proves_that_somebody_used_it(session, offer):
    review = proofs.with_card(session, made(session, offer).codes[0])
    assert (review.basis, review.is_verified, review.told) == (Basis.CARD, True, Telling.WORDS)
    assert review.offer_id == offer.id


def test_we_keep_no_code(session, offer):
    codes = made(session, offer).codes
    kept = set(session.scalars(sa.select(Card.code_hash)))
    assert len(kept) == len(set(codes)) == 3
    assert not kept & set(codes)


def test_a_card_works_once(session, offer):
    code = made(session, offer).codes[0]
    proofs.with_card(session, code)
    with pytest.raises(cards.CardUnclearError, match="used"):
        proofs.with_card(session, code)


def test_two_who_use_a_card_at_once_are_told_apart(session, offer):
    code = made(session, offer).codes[0]
    first, second = accounts.person(session).id, accounts.person(session).id
    card_id = cards.card_with_code(session, code=code, by=second, today=TODAY)
    proofs.with_card(session, code, by=first)
    with pytest.raises(cards.CardUnclearError):
        cards.review_with_card(session, card_id=card_id, by=second, written=GOOD, link=str, now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(Review)) == 1


def test_nobody_reviews_the_same_with_two_cards(session, offer):
    person, (first, second, _) = accounts.person(session).id, made(session, offer).codes
    proofs.with_card(session, first, by=person)
    with pytest.raises(AlreadyReviewedError):
        proofs.with_card(session, second, by=person)


@pytest.mark.parametrize("typed", ["", "2345", "2345 CDFH 67KM", "AAAA BBBB CCCC"])
def test_a_code_that_is_none_is_refused_beside_its_question(session, offer, typed):
    with pytest.raises(cards.CardUnclearError) as refusal:
        cards.card_with_code(session, code=typed, by=accounts.person(session).id, today=TODAY)
    assert refusal.value.field == "code"


def test_a_card_runs_out(session, offer):
    code = made(session, offer).codes[0]
    with pytest.raises(cards.CardUnclearError):
        proofs.with_card(session, code, now=NOW + timedelta(days=366))


def test_a_provider_learns_nothing_from_its_own_codes(session, offer):
    first, second, _ = made(session, offer).codes
    proofs.with_card(session, first)
    for code in (first, second):
        with pytest.raises(OwnProviderError):
            cards.card_with_code(session, code=code, by=offer.speaker.person_id, today=TODAY)


def test_a_user_led_organisation_gives_its_word(session, offer, peers):
    review = proofs.with_card(session, made(session, offer, by=peers).codes[0])
    assert (review.basis, review.is_verified) == (Basis.ATTESTED, True)


def test_nobody_else_makes_cards_for_an_offer(session, offer):
    organisation, person = accounts.organisation(session, name="Somebody else")
    with pytest.raises(cards.NoCardsForOfferError):
        made(session, offer, by=accounts.as_viewer(person, organisation))


def test_a_form_sent_twice_makes_its_cards_once(session, offer):
    wanted = {
        "offer_id": offer.id,
        "codes": cards.draw_codes(2),
        "batch_id": uuid.uuid4(),
        "by": offer.speaker,
        "now": NOW,
    }
    cards.make_cards(session, **wanted)
    with pytest.raises(cards.CardsMadeAlreadyError):
        cards.make_cards(session, **wanted)
    assert session.scalar(sa.select(sa.func.count()).select_from(Card)) == 2


@pytest.mark.parametrize("number", [0, 51])
def test_cards_come_in_bounds(number):
    with pytest.raises(cards.CardNumberError):
        cards.draw_codes(number)


def test_there_is_a_most_of_cards_in_a_year(session, offer):
    wanted = {"offer_id": offer.id, "by": offer.speaker, "now": NOW}
    for _ in range(6):
        codes = [cards.DrawnCode("", uuid.uuid4().hex) for _ in range(50)]
        cards.make_cards(session, codes=codes, batch_id=uuid.uuid4(), **wanted)
    with pytest.raises(cards.CardNumberError, match="300"):
        made(session, offer, number=1)


def test_cards_taken_back_cannot_be_used(session, offer):
    it = made(session, offer)
    review = proofs.with_card(session, it.codes[0])
    cards.revoke_cards(session, batch_id=it.batch_id, by=offer.speaker, now=NOW)
    with pytest.raises(cards.CardUnclearError):
        proofs.with_card(session, it.codes[1])
    assert session.get(Review, review.id) is not None
    assert not queries.my_batches(session, viewer=offer.speaker, page=1, today=TODAY).batches[0].is_open


def test_nobody_takes_back_the_cards_of_others(session, offer, peers):
    it = made(session, offer)
    with pytest.raises(cards.CardsNotFoundError):
        cards.revoke_cards(session, batch_id=it.batch_id, by=peers, now=NOW)
    assert queries.my_batches(session, viewer=peers, page=1, today=TODAY).batches == ()


def test_how_many_were_used_is_told_from_three_shown_reviews_on(session, offer):
    codes = made(session, offer, number=5).codes

    def told():
        return queries.my_batches(session, viewer=offer.speaker, page=1, today=TODAY).batches[0].used

    proofs.with_card(session, codes[0])
    proofs.with_card(session, codes[1])
    assert told() is None
    # Who waits to be shown with others is not counted: the provider knows of nobody who waits.
    proofs.with_card(session, codes[2], written=Written(stars=1, words="They never came.", release=Release.WITH_OTHERS))
    assert told() is None
    proofs.with_card(session, codes[3])
    assert told() == 3


def test_paper_is_typed_in_for_somebody_without_an_account(session, offer):
    checker = accounts.person(session, role=Role.CHECKER)
    card_id = cards.card_with_code(session, code=made(session, offer).codes[0], by=checker.id, today=TODAY)
    review_id = cards.type_in_paper(session, card_id=card_id, typed_by=checker.id, written=GOOD, link=str, now=NOW)
    review = session.get_one(Review, review_id)
    assert (review.person_id, review.typed_by, review.told) == (None, checker.id, Telling.PAPER)
    assert review.counts


def test_nobody_types_in_what_is_about_their_own_organisation(session, offer):
    code = made(session, offer).codes[0]
    with pytest.raises(OwnProviderError):
        cards.card_with_code(session, code=code, by=offer.speaker.person_id, today=TODAY)


@pytest.mark.parametrize("size", CardSize)
def test_cards_are_drawn_as_a_pdf_for_everybody(size):
    sheet = CardSheet(
        offer="Gardening 茶 😀 #let x = [ * _ $ ]",
        provider="Ada’s Allotment",
        attester="Peers",
        page="https://example.org/reviews/card",
        codes=("2345CDFH67KM",) * 9,
        expires_on=TODAY,
        post="Then give it to Peers.",
    )
    pdf = draw_cards(sheet, size=size)
    assert pdf.startswith(b"%PDF-1.7")
    assert re.search(rb"pdfuaid:part>1<", pdf)


def test_a_provider_makes_cards_and_prints_them(client, sign_in, session, offer):
    session.commit()
    sign_in(offer.speaker.person_id)
    assert "No cards yet" in client.get("/reviews/cards").text
    page = client.fill_in(f"/reviews/cards/for/{offer.id}", number="9")
    codes = re.findall(r"<li>(\w{4} \w{4} \w{4})</li>", page.text)
    assert len(codes) == 9
    action = re.search(r'action="(/reviews/cards/[\w-]+/print)"', page.text)[1]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    sent = {"csrf_token": token, "codes": " ".join(code.replace(" ", "") for code in codes), "size": "large"}
    pdf = client.post(action, data=sent)
    assert (pdf.mimetype, pdf.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert client.post(action, data=sent | {"codes": "2345CDFH67KM"}).status_code == 404
    listed = client.get("/reviews/cards").text
    assert "9 cards" in listed
    assert codes[0] not in listed


def test_too_many_cards_are_refused_beside_the_question(client, sign_in, session, offer):
    session.commit()
    sign_in(offer.speaker.person_id)
    page = client.fill_in(f"/reviews/cards/for/{offer.id}", number="99")
    assert page.status_code == 422
    assert "Choose a number from 1 to 50." in page.text


def test_somebody_reviews_with_the_code_of_a_card(client, sign_in, session, offer):
    code = made(session, offer).codes[0]
    person = accounts.person(session)
    session.commit()
    assert "Sign in" in client.get(f"/reviews/card?code={code}").text
    sign_in(person.id)
    assert client.get("/reviews/card/write").headers["Location"] == "/reviews/card"
    assert client.fill_in("/reviews/card", code="2345").status_code == 422
    assert f'value="{printed(code)}"' in client.get(f"/reviews/card?code={code}").text
    assert client.fill_in("/reviews/card", code=code.lower()).headers["Location"] == "/reviews/card/write"
    sent = client.fill_in("/reviews/card/write", stars="2", words="They came late every time.", link="none")
    assert sent.status_code == 302
    assert session.scalar(sa.select(Review.basis)) is Basis.CARD
    assert client.get("/reviews/card/write").status_code == 302


def test_a_checker_types_in_a_paper_card(client, sign_in, session, offer):
    code = made(session, offer).codes[0]
    checker = accounts.person(session, role=Role.CHECKER)
    session.commit()
    sign_in(checker.id)
    assert client.fill_in("/reviews/paper", code=code).headers["Location"] == "/reviews/paper/write"
    sent = client.fill_in("/reviews/paper/write", stars="4", words="They listen to me well.", link="none")
    assert sent.headers["Location"] == "/reviews/paper"
    assert session.scalar(sa.select(Review.told)) is Telling.PAPER
