"""A plan read by a link: what it shows, to whom, and for how long."""

from datetime import timedelta

import pytest

from marketplace.brokerage.models import PlanLink
from marketplace.brokerage.queries.sharing import links_of, shared_file, shared_plan
from marketplace.brokerage.rules.nouns import Part
from marketplace.brokerage.services import sharing as services
from marketplace.brokerage.services.files import remove_file
from marketplace.brokerage.services.plans import PlanNotFoundError, begin_plan, write_part
from tests.factories import accounts as make
from tests.factories import keeping, planning


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada Ogunleye")


@pytest.fixture
def plan_id(session, ada, now):
    plan_id = begin_plan(session, by=ada.id, now=now)
    write_part(session, plan_id=plan_id, part=Part.ABOUT_ME, words="I like tea.", edition=0, by=ada.id, now=now)
    return plan_id


def share(session, plan_id, person, now, **differences):
    plain = {"called": "My social worker", "days": 30, "shows_money": False, "follows": False}
    return services.share_plan(
        session, plan_id=plan_id, by=person.id, around=keeping.AROUND, now=now, **plain | differences
    )


def about_me(session, token, now):
    shared = shared_plan(session, token=token, around=keeping.AROUND, now=now)
    return shared and shared.contents.parts[Part.ABOUT_ME]


def test_a_link_shows_a_plan_as_it_was_or_as_it_is_until_it_ends(session, ada, plan_id, now):
    then, always = share(session, plan_id, ada, now), share(session, plan_id, ada, now, follows=True, days=60)
    write_part(session, plan_id=plan_id, part=Part.ABOUT_ME, words="I like gin.", edition=1, by=ada.id, now=now)
    assert (about_me(session, then, now), about_me(session, always, now)) == ("I like tea.", "I like gin.")
    later = now + timedelta(days=31)
    assert (about_me(session, then, later), about_me(session, always, later)) == (None, "I like gin.")
    assert then not in {link.token_hash for link in session.query(PlanLink)}
    assert about_me(session, "", now) is None


def test_a_link_reaches_only_the_files_of_what_it_shows(session, ada, plan_id, now):
    def reached(token, file_id):
        return shared_file(session, token=token, file_id=file_id, is_small=False, now=now) is not None

    early = planning.file(session, plan_id=plan_id, by=ada.id, now=now)
    then, always = share(session, plan_id, ada, now), share(session, plan_id, ada, now, follows=True)
    late = planning.file(session, plan_id=plan_id, by=ada.id, now=now, said="Late", part=Part.RISKS)
    bob = make.person(session, name="Bob")
    bobs = begin_plan(session, by=bob.id, now=now)
    other = planning.file(session, plan_id=bobs, by=bob.id, now=now)
    assert [reached(then, it) for it in (early, late, other)] == [True, False, False]
    assert [reached(always, it) for it in (early, late, other)] == [True, True, False]
    remove_file(session, plan_id=plan_id, file_id=early, by=ada.id, now=now)
    assert not reached(then, early)
    assert shared_plan(session, token=then, around=keeping.AROUND, now=now).contents.files == ()


def test_only_its_person_shares_a_plan_and_takes_links_back(session, ada, plan_id, now):
    friend, _consent = make.friend(session, of=ada, now=now)
    with pytest.raises(PlanNotFoundError):
        share(session, plan_id, friend, now)
    token = share(session, plan_id, ada, now)
    (link,) = links_of(session, plan_id=plan_id, viewer=make.as_viewer(ada), now=now)
    assert links_of(session, plan_id=plan_id, viewer=make.as_viewer(friend), now=now) == ()
    with pytest.raises(PlanNotFoundError):
        services.revoke_link(session, plan_id=plan_id, link_id=link.id, by=friend.id, now=now)
    bobs = begin_plan(session, by=friend.id, now=now)
    with pytest.raises(services.LinkNotFoundError):
        services.revoke_link(session, plan_id=bobs, link_id=link.id, by=friend.id, now=now)
    services.revoke_link(session, plan_id=plan_id, link_id=link.id, by=ada.id, now=now)
    assert about_me(session, token, now) is None
    for _ in range(20):
        share(session, plan_id, ada, now)
    with pytest.raises(services.TooManyLinksError):
        share(session, plan_id, ada, now)


def test_a_link_is_made_once_read_quietly_and_ends_at_a_press(client, session, app, ada, plan_id, sign_in):
    sign_in(ada.id)
    address = f"/plans/{plan_id}/links"
    assert client.fill_in(address, called="", shows="now", days="400").status_code == 422
    made = client.fill_in(address, called="Jo", shows="now", days="30").text
    shared = "/plans/shared/" + made.split("/plans/shared/")[1].split('"')[0]
    assert "/plans/shared/" not in client.get(address).text
    reader = app.test_client()
    page = reader.get(shared)
    assert "I like tea." in page.text
    assert "Ogunleye" not in page.text
    quiet = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
    assert quiet.items() <= dict(page.headers).items()
    assert "Last opened" in client.get(address).text
    client.press(address, "Take it back now from Jo")
    ended = reader.get(shared)
    assert (ended.status_code, "I like tea." in ended.text) == (404, False)
