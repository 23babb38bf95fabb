"""Pages about checks, registration and safety, as people open and fill them in."""

import pytest

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.catalogue.gateways.safeguarding import WrongContactsError, safeguarding_contacts
from marketplace.catalogue.models import Provider, SafetyCheck
from marketplace.catalogue.queries.evidence import evidence_of
from marketplace.catalogue.rules import CheckKind, CheckState
from marketplace.catalogue.views.shown import today
from tests.factories import accounts, checks
from tests.factories import catalogue as make

INSURANCE = CheckKind.INSURANCE


def day(date):
    return [str(date.day), str(date.month), str(date.year)]


@pytest.fixture
def provider(session):
    offer, speaker = make.live(session)
    return session.get_one(Provider, offer.provider_id), speaker


@pytest.fixture
def moderator(session, sign_in):
    somebody = accounts.person(session, role=Role.MODERATOR)
    return lambda: sign_in(somebody.id)


def stands(session, provider_id, kind=INSURANCE):
    session.expire_all()
    found = evidence_of(session, provider_ids=[provider_id], on=today())[provider_id]
    return next(one for one in found if one.kind is kind)


def test_a_provider_says_what_it_has_and_takes_it_back(client, session, sign_in, provider):
    body, speaker = provider
    provider_id = body.id
    sign_in(speaker.person_id)
    url = f"/providers/{provider_id}/checks"
    assert "Nobody can check themselves" in client.get(url).text
    assert client.fill_in(f"{url}/insurance/declare", detail="Public liability, £5 million").status_code == 302
    assert stands(session, provider_id).state is CheckState.DECLARED
    assert "nobody has checked it yet" in client.get(url).text
    assert client.fill_in(f"{url}/insurance/withdraw", reason="We stopped.").status_code == 302
    assert stands(session, provider_id).state is CheckState.NOT_CHECKED
    again = client.fill_in(f"{url}/insurance/withdraw", reason="")
    assert again.status_code == 422
    assert "nothing to take back" in again.text


def test_a_moderator_writes_down_what_somebody_saw(client, session, moderator, provider):
    provider_id = provider[0].id
    moderator()
    url = f"/providers/{provider_id}/checks"
    answers = {
        "level": "enhanced",
        "checked_by": "Meadowbridge Peer Network",
        "checked_on": day(today()),
        "detail": "Seen at their home.",
    }
    assert client.fill_in(f"{url}/dbs/record", **answers).status_code == 302
    one = stands(session, provider_id, CheckKind.DBS)
    assert (one.state, one.by, one.level) == (CheckState.CHECKED, "Meadowbridge Peer Network", "Enhanced")
    page = client.get(url).text
    assert "All that was written down" in page
    assert "Criminal record (DBS), enhanced" in client.get(f"/providers/{provider_id}").text


@pytest.mark.parametrize(
    ("kind", "answers", "said"),
    [
        ("dbs", {}, "Choose which DBS check it is."),
        ("food_hygiene", {"level": "9"}, "Choose the rating, from 0 to 5."),
        ("cqc_registration", {"number": "hello"}, "Enter the number of your location"),
        ("insurance", {"expires_on": ["1", "1", "2001"]}, "That day is over."),
        ("insurance", {"expires_on": ["99", "99", "x"]}, "in the calendar"),
        ("insurance", {"detail": "x" * 501}, "Use at most 500 characters."),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_question(client, sign_in, provider, kind, answers, said):
    body, speaker = provider
    url = f"/providers/{body.id}/checks/{kind}/declare"
    sign_in(speaker.person_id)
    response = client.fill_in(url, **answers)
    assert response.status_code == 422
    assert said in response.text


def test_nobody_checks_their_own(client, session, sign_in, provider):
    body, speaker = provider
    url = f"/providers/{body.id}/checks/insurance/record"
    session.add(RoleGrant(person_id=speaker.person_id, role=Role.MODERATOR))
    sign_in(speaker.person_id)
    assert client.get(url).status_code == 403
    assert session.query(SafetyCheck).count() == 0


def test_pages_are_closed_to_others(client, session, sign_in, provider):
    url = f"/providers/{provider[0].id}/checks"
    stranger = accounts.person(session)
    assert client.get(url).status_code == 302
    sign_in(stranger.id)
    assert client.get(url).status_code == 404
    assert client.get("/checks").status_code == 403


def test_a_match_is_confirmed_or_refused_with_a_button(client, session, moderator):
    for button, state in (("It is the same", CheckState.CHECKED), ("It is another body", CheckState.NOT_CHECKED)):
        body, speaker = make.provider(session, name="Invented Home Care")
        provider_id = body.id
        checks.declared(session, body, speaker, kind=CheckKind.CQC_REGISTRATION, level=checks.INVENTED)
        if state is CheckState.CHECKED:
            checks.location(session)
        moderator()
        page = client.get("/checks").text
        assert "They gave this number, the name is the same, the postcode is the same." in page
        assert client.press("/checks", f"{button} Invented Home Care").status_code == 302
        kinds = session.query(SafetyCheck.state).filter_by(provider_id=provider_id).order_by(SafetyCheck.edition)
        session.expire_all()
        assert kinds.all()[-1].state is state
    assert "Invented Home Care" not in client.get("/checks").text


def test_what_each_check_means_is_told_to_everybody(client):
    assert "enhanced one" in client.get("/checks/about").text


class TestTheQuestions:
    def test_lead_to_an_answer_one_page_at_a_time(self, client):
        assert "This is not legal advice" in client.get("/cqc").text
        url = "/cqc/questions"
        for question, answer in (("care", "yes"), ("where", "home"), ("who", "alone"), ("directs", "person")):
            page = client.get(url)
            assert f'value="{question}"' in page.text
            join = "&" if "?" in url else "?"
            response = client.get(f"{url}{join}asked={question}&answer={answer}")
            assert response.status_code == 302
            url = response.location
        end = client.get(url).text
        assert "you work directly for the person" in end
        assert "schedule 1, paragraph 1(3)(c)" in end
        assert "Ask CQC" in end or "ask CQC" in end
        assert "legislation.gov.uk" in end

    def test_ask_again_where_nothing_was_chosen(self, client):
        for given in ("", "&answer=perhaps", "&answer=" + "x" * 5000):
            response = client.get(f"/cqc/questions?asked=care{given}")
            assert response.status_code == 422
            assert "Choose what is nearest" in response.text

    def test_make_nothing_of_what_they_did_not_ask(self, client):
        for query in ("?care=maybe", "?who=alone", "?care=yes&where=moon", "?asked=who&answer=alone", "?listing=x"):
            assert client.get("/cqc/questions" + query).status_code == 200

    def test_are_kept_nowhere(self, client):
        assert "Set-Cookie" not in client.get("/cqc/questions?care=yes").headers

    def test_carry_the_offer_that_is_being_written(self, client):
        listing = "0f8fad5b-d9cb-469f-a165-70867728950e"
        page = client.get(f"/cqc/questions?care=no&listing={listing}").text
        assert "Use this answer for your offer" in page
        assert f"/listings/{listing}/registration" in page


class TestSafety:
    def test_every_offer_says_whom_to_tell(self, client, session, provider):
        offer, _ = make.live(session)
        session.commit()
        page = client.get(f"/offers/{offer.id}").text
        assert "tel:999" in page
        assert "adult safeguarding team of Trafford" in page
        assert "https://www.gov.uk/report-abuse-of-older-person" in page
        assert "Trading Standards" in page

    def test_an_operator_writes_down_the_numbers(self, tmp_path):
        path = tmp_path / "contacts.yaml"
        path.write_text(
            "- council: E08000009\n  name: An invented team\n  phone: 0000 000 0000\n  href: https://example.org\n"
        )
        contact = safeguarding_contacts(path)["E08000009"]
        assert (contact.name, contact.phone, contact.out_of_hours) == ("An invented team", "0000 000 0000", "")
        assert safeguarding_contacts(None) == {}

    @pytest.mark.parametrize("words", ["- council: Trafford\n  name: x\n", "council: x\n", ": :\n- [", "- {x: 1}\n"])
    def test_a_slip_in_them_is_found_at_once(self, tmp_path, words):
        path = tmp_path / "contacts.yaml"
        path.write_text(words)
        with pytest.raises(WrongContactsError):
            safeguarding_contacts(path)
        with pytest.raises(WrongContactsError):
            safeguarding_contacts(tmp_path / "nothing.yaml")
