"""Writing an offer, one question on each page: kept, resumed, previewed, sent, changed."""

import uuid

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.catalogue.gateways.questions import listing_questions
from marketplace.catalogue.models import (
    AlsoListed,
    Listing,
    Offer,
    OfferAccess,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferPrice,
    OfferTime,
)
from marketplace.catalogue.rules import CqcStanding, OfferStatus, Rate
from marketplace.kit.money import Money
from tests.factories import catalogue as make
from tests.integration.routes.world import row_counts

AT_HOME = {
    "title": {"title": "An afternoon in your garden"},
    "category": {"category": "home-and-garden"},
    "description": {"description": "We dig.\n\n- And prune."},
    "suits": {"suits": "Anyone who likes to be outdoors."},
    "setting": {"setting": "at_home"},
    "travels_miles": {"travels_miles": "4"},
    "councils": {"councils": ["E08000009"], "councils_others": "Leeds, Salford"},
    "times": {"times": ["1 morning", "2 morning", "6 evening"]},
    "access": {"access": ["bsl", "easy_read"]},
    "languages": {"languages": ["Polish"], "languages_others": "Welsh"},
    "personal_care": {"personal_care": "yes"},
    "registration": {"cqc_standing": "exempt", "cqc_because": "I work for one person, who directs it."},
    "capacity": {"capacity": "waiting_list"},
    "cost": {"cost": "priced"},
    "price": {"amount": "£14.50", "unit": "hour", "hours": ""},
    "rates": {"evening": "16", "weekend": "", "bank_holiday": "20"},
    "ladder": {"group_from_1": "3", "group_amount_1": "11", "group_from_2": "5", "group_amount_2": "9"},
    "split": {"admin": "1", "overhead": "0.50"},
    "included": {"included": "Tools and tea."},
    "travel_per_mile": {"travel_per_mile": "0.45"},
    "notice_hours": {"notice_hours": "48"},
    "ways_to_pay": {"ways_to_pay": ["own_money", "direct_payment"]},
    "photos": {},
    "video": {"video_url": "https://videos.example.org/garden", "video_has_captions": "yes"},
}
AT_PLACE = {
    "title": {"title": "Tea at two"},
    "category": {"category": "companionship"},
    "description": {"description": "Tea, and talk."},
    "suits": {},
    "setting": {"setting": "at_place"},
    "place": {"place": "m337zf", "address": "The Hall, Sale"},
    "times": {},
    "access": {},
    "languages": {"languages_others": ""},
    "personal_care": {"personal_care": "no"},
    "capacity": {"capacity": "space_now"},
    "cost": {"cost": "free"},
    "included": {},
    "photos": {},
    "video": {},
}


def read(response):
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def pat(session, sign_in):
    _provider, speaker = make.provider(session)
    session.commit()
    return sign_in(speaker.person_id)


@pytest.fixture
def begun(pat, session):
    """The address of an offer that Pat has just begun to write."""
    arrived = pat.fill_in("/listings/new")
    return arrived.headers["Location"].removesuffix("/title")


def write(client, here, answers):
    """Answer every question that comes, as a person would, and return how many there were."""
    url, pages = f"{here}/title", 0
    while url != here:
        key = url.rpartition("/")[2]
        arrived = client.fill_in(url, **answers[key])
        assert arrived.status_code == 302, (key, read(arrived).select_one(".govuk-error-summary"))
        url, pages = arrived.headers["Location"], pages + 1
    return pages


def test_every_question_is_asked_kept_shown_and_sent(pat, session, begun):
    assert write(pat, begun, AT_HOME) == 24
    checked = pat.get(begun)
    assert "£14.50 an hour" in checked.text
    assert "Monday and Tuesday: morning" in checked.text
    preview = pat.get(f"{begun}/preview")
    assert preview.status_code == 200
    assert read(preview).h1.get_text() == "An afternoon in your garden"
    assert "£14.50" in preview.text
    assert session.scalars(select(Offer)).all() == []
    sent = pat.fill_in(begun)
    offer = session.scalars(select(Offer)).one()
    assert sent.headers["Location"] == f"/offers/{offer.id}"
    assert offer.status is OfferStatus.SUBMITTED
    assert (offer.notice_hours, offer.travel_per_mile, offer.video_has_captions) == (48, Money(45), True)
    assert (offer.cqc_standing, offer.capacity.value) == (CqcStanding.EXEMPT, "waiting_list")

    def those(column):
        return sorted(map(str, session.scalars(select(column).where(column.class_.offer_id == offer.id))))

    assert those(OfferAccess.fact) == ["bsl", "easy_read"]
    assert those(OfferCouncil.council) == ["E08000006", "E08000009", "E08000035"]
    assert those(OfferLanguage.language) == ["Polish", "Welsh"]
    assert those(OfferPayment.way) == ["direct_payment", "own_money"]
    assert len(those(OfferTime.part)) == 3
    prices = session.scalars(select(OfferPrice).order_by(OfferPrice.people_from, OfferPrice.amount)).all()
    assert [(price.amount.pence, price.people_from, price.rate) for price in prices] == [
        (1450, 1, Rate.STANDARD),
        (1600, 1, Rate.EVENING),
        (2000, 1, Rate.BANK_HOLIDAY),
        (1100, 3, Rate.STANDARD),
        (900, 5, Rate.STANDARD),
    ]
    assert (prices[0].admin, prices[0].overhead) == (Money(100), Money(50))


def test_what_does_not_matter_is_not_asked(pat, session, begun):
    assert write(pat, begun, AT_PLACE) == 15
    pat.fill_in(begun)
    offer = session.scalars(select(Offer)).one()
    assert (offer.postcode, offer.address, offer.is_free) == ("M33 7ZF", "The Hall, Sale", True)
    assert offer.cqc_standing is CqcStanding.NOT_PERSONAL_CARE


def test_it_is_kept_at_every_step_and_resumed(pat, session, begun):
    pat.fill_in(f"{begun}/title", title="Chess")
    arrived = pat.fill_in(f"{begun}/category", category="companionship", later="y")
    assert arrived.headers["Location"] == "/listings"
    page = read(pat.get("/listings"))
    link = page.select_one("h2 a")
    assert (link.get_text(), link["href"]) == ("Chess", f"{begun}/description")
    assert "1 offer not sent yet" in pat.get("/offers/mine").text


def test_somebody_may_stop_without_an_answer(pat, begun):
    assert pat.fill_in(f"{begun}/title", title="", later="y").headers["Location"] == "/listings"
    assert pat.fill_in(f"{begun}/title", title="").status_code == 422


def test_what_is_still_open_is_said_and_nothing_is_sent(pat, session, begun):
    pat.fill_in(f"{begun}/title", title="Chess")
    refused = pat.fill_in(begun)
    assert refused.status_code == 422
    assert "answer what is still open: kind of support; in your words" in refused.text
    assert session.scalars(select(Offer)).all() == []
    assert pat.get(f"{begun}/preview").headers["Location"] == begun


@pytest.mark.parametrize(
    ("question", "answers", "field", "sentence"),
    [
        ("title", {"title": "x" * 101}, "title", "Use at most 100 characters."),
        ("category", {"category": "nonsense"}, "category", "Choose one of the categories."),
        ("category", {"category": "at-home"}, "category", "Choose one of the categories."),
        ("setting", {"setting": "moon"}, "setting", "Choose where it happens."),
        ("place", {"place": "M33"}, "place", "Enter the whole postcode of the place, like M33 7ZF."),
        ("place", {"place": "nowhere"}, "place", "We do not know a place called “nowhere”."),
        ("travels_miles", {"travels_miles": "100"}, "travels_miles", "Enter a whole number from 1 to 99."),
        ("councils", {"councils_others": "M33"}, "councils_others", "“M33” is a postcode."),
        ("councils", {"councils": ["E99"]}, "councils", "There is no council with that code."),
        ("times", {"times": ["8 morning"]}, "times", "Choose from the days and times that are there."),
        ("languages", {"languages_others": "x" * 41}, "languages", "Each has at most 40 letters."),
        ("price", {"amount": "0", "unit": "hour"}, "amount", "Enter a price above nothing."),
        ("price", {"amount": "5"}, "unit", "Choose what the price buys."),
        ("price", {"amount": "500", "unit": "package"}, "hours", "Say how many hours the package holds."),
        ("ladder", {"group_from_1": "3"}, "group_amount_1", "Enter what each person pays"),
        ("registration", {"cqc_standing": "exempt"}, "cqc_because", "Say why you do not have to register."),
        ("video", {"video_url": "http://a.example"}, "video_url", "It begins with https://."),
        ("video", {"video_url": "https://a.example/b"}, "video_has_captions", "Say whether the video has captions"),
        ("travel_per_mile", {"travel_per_mile": "9"}, "travel_per_mile", "Enter from £0.01 to £5.00 a mile"),
        ("notice_hours", {"notice_hours": "25"}, "notice_hours", "Choose from what is there."),
    ],
)
def test_what_will_not_do_is_said_beside_it(pat, begun, session, question, answers, field, sentence):
    refused = pat.fill_in(f"{begun}/{question}", **answers)
    assert refused.status_code == 422
    page = read(refused)
    summary = page.select_one(".govuk-error-summary a")
    assert sentence in summary.get_text()
    assert page.find(id=summary["href"].removeprefix("#"))
    assert summary["href"].startswith(f"#{field}")
    assert session.scalars(select(Listing.answers)).one() == {}


def test_a_later_answer_may_make_an_earlier_one_wrong(pat, session, begun):
    write(pat, begun, AT_HOME)
    pat.fill_in(f"{begun}/price?back=check", amount="10", unit="hour")
    refused = pat.fill_in(begun)
    assert refused.status_code == 422
    assert "Prices for groups: In a group, each person pays less than one person alone." in refused.text


def test_changing_an_answer_leads_back_or_to_what_is_new(pat, begun):
    write(pat, begun, AT_PLACE)
    assert pat.fill_in(f"{begun}/title?back=check", title="Tea at three").headers["Location"] == begun
    arrived = pat.fill_in(f"{begun}/cost?back=check", cost="priced")
    assert arrived.headers["Location"] == f"{begun}/price?back=check"


def test_sent_twice_is_one_offer(pat, session, begun):
    write(pat, begun, AT_PLACE)
    form = read(pat.get(begun)).select_one("main form[method=post]:not(.button-form)")
    token = form.select_one("input[name=csrf_token]")["value"]
    first = pat.post(begun, data={"csrf_token": token})
    again = pat.post(begun, data={"csrf_token": token})
    assert first.headers["Location"] == again.headers["Location"]
    assert len(session.scalars(select(Offer)).all()) == 1
    assert pat.get("/listings").text.count("Go on") == 0
    late = pat.post(f"{begun}/title", data={"csrf_token": token, "title": "Too late"})
    assert late.status_code == 409


def test_two_tabs_keep_what_each_says(pat, session, begun):
    one, other = (read(pat.get(f"{begun}/{key}")) for key in ("title", "suits"))
    for key, page, said in (("title", one, "Chess"), ("suits", other, "Beginners")):
        token = page.select_one("main input[name=csrf_token]")["value"]
        pat.post(f"{begun}/{key}", data={"csrf_token": token, key: said})
    answers = session.scalars(select(Listing.answers)).one()
    assert (answers["title"]["title"], answers["suits"]["suits"]) == ("Chess", "Beginners")


def test_begun_twice_is_begun_once(pat, session):
    page = read(pat.get("/listings/new")).select_one("main form")
    hidden = {tag["name"]: tag["value"] for tag in page.select("input[type=hidden]")}
    assert pat.post("/listings/new", data=hidden).status_code == 302
    assert pat.post("/listings/new", data=hidden).status_code == 302
    assert len(session.scalars(select(Listing)).all()) == 1


def test_thrown_away(pat, session, begun):
    pat.press(begun, "Throw it away")
    assert session.scalars(select(Listing)).all() == []
    assert pat.get(begun).status_code == 404


class TestAChange:
    @pytest.fixture
    def offer(self, session, sign_in):
        offer, speaker = make.live(session)
        session.commit()
        sign_in(speaker.person_id)
        return offer

    @pytest.fixture
    def here(self, client, offer):
        return client.fill_in(f"/offers/{offer.id}/edit").headers["Location"]

    def test_it_begins_from_what_the_offer_says_and_leaves_it_alone(self, client, session, offer, here):
        page = client.get(here).text
        for said in ("Gardening, an hour", "Home, garden and repairs", "Boring Hall, Sale", "£20 an hour"):
            assert said in page
        client.fill_in(f"{here}/title?back=check", title="Gardening for everyone")
        session.expire_all()
        assert session.get_one(Offer, offer.id).title == "Gardening, an hour"
        assert client.fill_in(f"/offers/{offer.id}/edit").headers["Location"] == here
        assert "You have begun to change it" in client.get(f"/offers/{offer.id}/edit").text

    def answer_the_rest(self, client, here):
        for question, answers in (
            ("personal_care", {"personal_care": "no"}),
            ("capacity", {"capacity": "full"}),
            ("ways_to_pay", {"ways_to_pay": ["own_money"]}),
        ):
            assert client.fill_in(f"{here}/{question}?back=check", **answers).status_code == 302

    def test_facts_change_at_once_and_words_wait(self, client, session, offer, here):
        self.answer_the_rest(client, here)
        client.fill_in(here)
        session.expire_all()
        changed = session.get_one(Offer, offer.id)
        assert (changed.status, changed.capacity.value) == (OfferStatus.LIVE, "full")
        again = client.fill_in(f"/offers/{offer.id}/edit").headers["Location"]
        client.fill_in(f"{again}/title?back=check", title="Gardening for everyone")
        client.fill_in(again)
        session.expire_all()
        assert session.get_one(Offer, offer.id).status is OfferStatus.SUBMITTED

    def test_the_same_price_is_not_set_again(self, client, session, offer, here):
        self.answer_the_rest(client, here)
        client.fill_in(here)
        assert len(session.scalars(select(OfferPrice).where(OfferPrice.offer_id == offer.id)).all()) == 1

    def test_every_question_opens(self, client, here):
        for question in listing_questions().all:
            assert client.get(f"{here}/{question.key}").status_code == 200, question.key

    def test_the_preview_is_of_what_it_would_say(self, client, here):
        client.fill_in(f"{here}/title?back=check", title="Gardening for everyone")
        assert read(client.get(f"{here}/preview")).h1.get_text() == "Gardening for everyone"

    def test_the_preview_says_which_other_lists_have_what_it_changes(self, client, session, offer, here, now):
        session.add(AlsoListed(offer_id=offer.id, source=make.source(session), source_key="1", seen_at=now))
        session.commit()
        assert "Also listed by Trafford Council" in read(client.get(f"{here}/preview")).get_text()


def test_another_providers_listing_is_not_there(pat, session, begun, sign_in):
    _provider, other = make.provider(session, name="Other Help")
    session.commit()
    client = sign_in(other.person_id)
    before = row_counts(session)
    for path in ("", "/title", "/preview"):
        assert client.get(begun + path).status_code == 404
    token = read(client.get("/listings/new")).select_one("main input[name=csrf_token]")["value"]
    for path in ("", "/title", "/give-up"):
        assert client.post(begun + path, data={"csrf_token": token, "title": "Mine now"}).status_code == 404
    assert row_counts(session) == before
    assert client.get(f"/listings/{uuid.uuid4()}").status_code == 404


def test_no_question_is_called_nonsense(pat, begun):
    assert pat.get(f"{begun}/nonsense").status_code == 404
