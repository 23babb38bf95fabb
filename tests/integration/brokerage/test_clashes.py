import pytest

from marketplace.accounts.services import delegations
from marketplace.brokerage.queries.plans import parts_of
from marketplace.brokerage.rules.nouns import Part
from marketplace.brokerage.services.plans import begin_plan, write_part
from marketplace.kit.days import day_of
from tests import pages
from tests.factories import accounts as make


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def plan_id(session, ada, now):
    return begin_plan(session, by=ada.id, now=now)


@pytest.fixture
def friend(session, ada):
    return make.friend(session, of=ada)


def typed_into(client, url):
    return pages.hidden(pages.form(pages.read(client.get(url).text)))


def risks(session, plan_id, ada, now):
    return parts_of(session, plan_id=plan_id, viewer=make.as_viewer(ada), on=day_of(now))[Part.RISKS].words


@pytest.mark.parametrize(
    ("choice", "stays"),
    [("other", "She cooks."), ("both", "The bus alone. And I cook.")],
)
def test_two_who_wrote_at_once_choose_what_stays(client, session, ada, friend, plan_id, now, sign_in, choice, stays):
    helper, _consent = friend
    sign_in(helper.id)
    url = f"/plans/{plan_id}/tell/risks"
    begun = typed_into(client, url)
    write_part(session, plan_id=plan_id, part=Part.RISKS, words="The bus alone.", edition=0, by=ada.id, now=now)
    client.post(url, data=begun | {"words": "She cooks."})
    assert risks(session, plan_id, ada, now) == "The bus alone."
    sign_in(ada.id)
    (clash,) = [
        a.get("href")
        for a in pages.read(client.get(f"/plans/{plan_id}").text).xpath("//main//a")
        if "/clashes/" in a.get("href")
    ]
    both = client.get(clash).text
    assert "The bus alone." in both
    assert "She cooks." in both
    late = typed_into(client, clash)
    assert client.fill_in(clash, choice=choice, words="The bus alone. And I cook.").status_code == 302
    assert risks(session, plan_id, ada, now) == stays
    assert client.post(clash, data=late | {"choice": "other"}).status_code == 404
    assert "was written twice" not in client.get(f"/plans/{plan_id}").text


def test_a_choice_between_words_that_changed_meanwhile_is_asked_again(
    client, session, ada, friend, plan_id, now, sign_in
):
    helper, _consent = friend
    for by, words in ((ada, "The bus alone."), (helper, "She cooks.")):
        write_part(session, plan_id=plan_id, part=Part.RISKS, words=words, edition=0, by=by.id, now=now)
    sign_in(ada.id)
    (clash,) = [
        a.get("href")
        for a in pages.read(client.get(f"/plans/{plan_id}").text).xpath("//main//a")
        if "/clashes/" in a.get("href")
    ]
    begun = typed_into(client, clash)
    write_part(session, plan_id=plan_id, part=Part.RISKS, words="The tram alone.", edition=1, by=helper.id, now=now)
    again = client.post(clash, data=begun | {"choice": "both", "words": "My own joining."})
    assert again.status_code == 422
    assert "Somebody wrote here once more." in again.text
    assert "The tram alone." in again.text
    assert "My own joining." in again.text
    assert risks(session, plan_id, ada, now) == "The tram alone."


@pytest.mark.parametrize(("address", "field"), [("write", "risks"), ("tell/risks", "words")])
def test_whoever_loses_consent_while_writing_gets_their_words_back(
    client, session, ada, friend, plan_id, now, sign_in, address, field
):
    helper, consent_id = friend
    sign_in(helper.id)
    url = f"/plans/{plan_id}/{address}"
    begun = typed_into(client, url)
    delegations.end_consent(session, delegation_id=consent_id, by=ada.id, link="/", now=now)
    given_back = client.post(url, data=begun | {field: "She wants to take the bus."})
    assert given_back.status_code == 404
    assert "She wants to take the bus." in given_back.text
    assert "We kept nothing of what you sent." in given_back.text
    assert client.get(url).status_code == 404
    assert risks(session, plan_id, ada, now) == ""
