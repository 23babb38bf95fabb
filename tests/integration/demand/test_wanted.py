"""The wall shows what is missing, from releases alone; alerts tell of what is new, once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.rules import Role
from marketplace.demand.jobs import tell_what_is_wanted
from marketplace.demand.models.signals import MarketAlert
from marketplace.demand.rules.alerts import MOST_ALERTS
from marketplace.demand.services import alerting
from marketplace.demand.views.wanted import token_of
from marketplace.kit.outbox import Message
from tests.factories import accounts, demand, frozen, signals
from tests.factories.signals import NOW

NORTH_WEST = "E12000002"


def release_of(session, quarter=demand.QUARTER, *, searched):
    """Show how many in Trafford searched in vain, and that in its region some did for something else."""
    frozen.release(
        session,
        {
            demand.COUNCIL: {
                ("unmet", "searched", demand.CATEGORY): searched,
                ("unmet", "shortlisted", "peer-support"): 30,
            },
            NORTH_WEST: {("unmet", "searched", "equipment"): 10},
        },
        quarter=quarter,
    )


def letters(session):
    return session.scalars(select(Message.body).order_by(Message.id)).all()


def test_the_wall_shows_the_council_and_beside_it_the_region(client, session):
    release_of(session, searched=15)
    signals.posted(session, title="Lifts home")
    session.commit()
    page = client.get("/wanted?near=Trafford").text
    own, region = page.split("Besides, in the North West")
    assert "Sport and keeping active" in own
    assert "About 15" in own.replace("<strong>", "").replace("</strong>", "")
    assert "Equipment and technology" in region
    assert "Equipment and technology" not in own
    assert "Peer support" not in page, "somebody who keeps an offer may have found what they need"
    assert "Lifts home" in page
    assert client.get("/wanted").status_code == 200
    assert client.get("/wanted?near=nowhere").status_code == 422


def test_a_wall_without_figures_says_so(client):
    assert "There are no figures to show yet" in client.get("/wanted").text


def test_a_provider_asks_to_be_told_and_ends_it_with_one_press(client, session, sign_in):
    organisation, speaker = accounts.organisation(session)
    sign_in(speaker.id)
    asked = {"near": "M33 7AA", "category": "companionship"}
    for _ in range(2):
        assert client.fill_in("/wanted/alerts", **asked).status_code == 302
    [row] = session.scalars(select(MarketAlert))
    key = (row.organisation_id, row.council, row.category)
    assert key == (organisation.id, demand.COUNCIL, "companionship")
    assert "Company and befriending" in client.get("/wanted/alerts").text
    wrong = client.fill_in("/wanted/alerts", near="nowhere", category="any")
    assert wrong.status_code == 422
    client.get("/accounts/sign-out")
    client.delete_cookie("session")
    with client.application.test_request_context():
        stop = f"/wanted/stop/{token_of(alerting.AlertKey(*key))}"
    assert client.get(stop).status_code == 200
    assert session.scalar(select(func.count()).select_from(MarketAlert)) == 1, "looking at the page ends nothing"
    for _ in range(2):
        assert client.fill_in(stop).status_code == 302
    session.expire_all()
    assert session.scalars(select(MarketAlert)).all() == []
    assert client.get("/wanted/stop/made-up").status_code == 404


def test_nobody_asks_for_an_organisation_that_is_not_theirs(session):
    _by, key = signals.alert(session)
    stranger = accounts.as_viewer(accounts.person(session), role=Role.PROVIDER)
    for doing in (alerting.ask_to_be_told, alerting.stop_telling):
        more = {"now": NOW} if doing is alerting.ask_to_be_told else {}
        with pytest.raises(alerting.AlertNotFoundError):
            doing(session, key=key, by=stranger, **more)


def test_there_is_an_end_to_what_one_organisation_is_told_of(session, gazetteer):
    by, key = signals.alert(session)
    councils = [one.code for one in gazetteer.councils() if one.code != demand.COUNCIL]
    for council in councils[: MOST_ALERTS - 1]:
        alerting.ask_to_be_told(session, key=key._replace(council=council), by=by, now=NOW)
    with pytest.raises(alerting.TooManyAlertsError, match="Stop one"):
        alerting.ask_to_be_told(session, key=key._replace(council=councils[-1]), by=by, now=NOW)
    with pytest.raises(alerting.AlertWrongError, match="Choose"):
        alerting.ask_to_be_told(session, key=key._replace(category="nonsense"), by=by, now=NOW)


def test_one_letter_tells_all_that_is_new_and_only_once(app, session):
    release_of(session, searched=15)
    later = demand.QUARTER.next.ends_at + timedelta(days=1)
    signals.alert(session, now=later - timedelta(days=30))
    signals.alert(session, category="companionship", now=later - timedelta(days=30))
    release_of(session, demand.QUARTER.next, searched=25)
    signals.posted(session, title="Lifts home", category="getting-about", now=later)
    session.commit()
    with app.app_context():
        assert tell_what_is_wanted(later) == 1
        assert tell_what_is_wanted(later + timedelta(hours=1)) == 0
    [letter] = letters(session)
    assert "The council posted: Lifts home" in letter
    assert "Sport and keeping active: of the people there, about 25 searched and found nothing." in letter
    assert "Equipment" not in letter, "the region’s is as it was the quarter before"
    assert "/wanted/stop/" in letter
