"""A plan kept as it was, and put back; taken away as a file."""

import io
import json
import zipfile

import pytest

from marketplace.accounts.models import Act
from marketplace.accounts.rules import Scope
from marketplace.brokerage.models import PlanLine, PlanPart, PlanVersion, Supporter, WeekItem
from marketplace.brokerage.rules.costing import Times
from marketplace.brokerage.rules.nouns import Circle, CostedBy, HowOften, Part
from marketplace.brokerage.services import lines, versions
from marketplace.brokerage.services.files import remove_file
from marketplace.brokerage.services.lines import Choice
from marketplace.brokerage.services.plans import PlanNotFoundError, begin_plan, write_part
from marketplace.brokerage.services.supporters import add_supporter
from marketplace.kit.money import Money
from tests.factories import accounts as make
from tests.factories import keeping, planning


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def plan_id(session, ada, now):
    return begin_plan(session, by=ada.id, now=now)


def keep(session, plan_id, person, now):
    return versions.keep_version(session, plan_id=plan_id, by=person.id, note="", around=keeping.AROUND, now=now)


def add_line(session, plan_id, ada, now, wish):
    return lines.add_line(
        session, plan_id=plan_id, by=ada.id, outcome_id="care-act.health", wish=wish, what_would_help="", now=now
    )


def everything(session):
    """What a plan holds, as a person would tell it apart."""
    session.expire_all()
    return (
        {(it.part, it.words) for it in session.query(PlanPart) if it.words},
        [(it.wish, it.own_price, it.weeks) for it in session.query(PlanLine).order_by(PlanLine.position)],
        [(it.day, it.drawing, it.file_id) for it in session.query(WeekItem)],
        [it.called for it in session.query(Supporter)],
    )


def test_a_plan_goes_back_to_how_it_was_and_what_it_was_until_then_is_kept(session, ada, plan_id, now):
    first, second = (add_line(session, plan_id, ada, now, wish) for wish in ("One", "Two"))
    choice = Choice(CostedBy.OWN_PRICE, own_price=Money(3_20))
    lines.cost_line(
        session, plan_id=plan_id, line_id=second, by=make.as_viewer(ada), choice=choice,
        times=Times(1, HowOften.WEEKLY, 40), now=now,
    )  # fmt: skip
    told = planning.told(session, plan_id=plan_id, by=ada.id)
    said = planning.file(session, plan_id=plan_id, by=ada.id, now=now, said="My red bicycle", part=Part.RISKS)
    add_supporter(session, plan_id=plan_id, circle=Circle.FAMILY, called="Mum", how="", by=ada.id, now=now)
    made, was = keep(session, plan_id, ada, now), everything(session)
    assert not keep(session, plan_id, ada, now).is_new
    edition = session.get(PlanPart, (plan_id, Part.WHO_HELPS)).edition
    write_part(session, plan_id=plan_id, part=Part.WHO_HELPS, words="", edition=edition, by=ada.id, now=now)
    lines.remove_line(session, plan_id=plan_id, line_id=first, by=ada.id, now=now)
    add_line(session, plan_id, ada, now, "Three")
    remove_file(session, plan_id=plan_id, file_id=told["file_id"], by=ada.id, now=now)
    session.query(Supporter).delete()
    remove_file(session, plan_id=plan_id, file_id=said, by=ada.id, now=now)
    assert everything(session) != was
    assert "bicycle" not in session.get(PlanVersion, made.id).contents
    versions.go_back(session, plan_id=plan_id, version_id=made.id, by=ada.id, around=keeping.AROUND, now=now)
    assert everything(session) == was
    assert session.get(PlanPart, (plan_id, Part.WHO_HELPS)).edition == edition + 2
    kept = [it.note for it in session.query(PlanVersion).order_by(PlanVersion.number)]
    assert kept == ["", "Before going back to version 1"]


def test_whoever_may_only_see_a_plan_keeps_and_changes_nothing(session, ada, plan_id, now):
    made = keep(session, plan_id, ada, now)
    looks, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN}, now=now)
    writes, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN, Scope.WRITE_PLAN}, now=now)
    with pytest.raises(PlanNotFoundError):
        keep(session, plan_id, looks, now)
    with pytest.raises(PlanNotFoundError):
        versions.go_back(session, plan_id=plan_id, version_id=made.id, by=looks.id, around=keeping.AROUND, now=now)
    versions.go_back(session, plan_id=plan_id, version_id=made.id, by=writes.id, around=keeping.AROUND, now=now)
    assert [(it.by_person_id, it.did) for it in session.query(Act)] == [(writes.id, "put your plan back to version 1")]
    bob = make.person(session, name="Bob")
    bobs = begin_plan(session, by=bob.id, now=now)
    with pytest.raises(versions.VersionNotFoundError):
        versions.go_back(session, plan_id=bobs, version_id=made.id, by=bob.id, around=keeping.AROUND, now=now)


def test_what_changed_is_shown_in_the_browser_and_undone(client, session, ada, plan_id, sign_in):
    sign_in(ada.id)
    client.fill_in(f"/plans/{plan_id}/write", about_me="I like tea.")
    kept = client.fill_in(f"/plans/{plan_id}/versions", note="Before June").location
    assert "Before June" in client.get(kept).text
    client.fill_in(f"/plans/{plan_id}/write", about_me="I like trains.")
    version = f"/plans/{plan_id}/versions/{session.query(PlanVersion).one().id}"
    page = client.get(f"{version}/differences").text
    assert "Gone: </span>tea.</del>" in page
    assert "New: </span>trains.</ins>" in page
    client.press(version, "Go back to this version")
    assert "I like tea." in client.get(f"/plans/{plan_id}").text
    assert client.fill_in(f"/plans/{plan_id}/versions", note="x" * 201).status_code == 422


@pytest.mark.once
def test_all_of_a_plan_is_taken_away_where_its_person_sees_it(client, session, ada, plan_id, sign_in, now):
    add_line(session, plan_id, ada, now, "Ride a <steam> train")
    planning.told(session, plan_id=plan_id, by=ada.id)
    helper, _consent = make.friend(session, of=ada, scopes={Scope.SEE_PLAN})
    session.commit()
    sign_in(helper.id)
    packed = zipfile.ZipFile(io.BytesIO(client.press(f"/plans/{plan_id}/take-away", "Download everything").data))
    assert sorted(packed.namelist()) == ["files/01 IMG_1.jpg", "plan.html", "plan.json"]
    assert packed.read("files/01 IMG_1.jpg").startswith(b"\xff\xd8\xff")
    assert "Ride a &lt;steam&gt; train" in packed.read("plan.html").decode()
    data = json.loads(client.press(f"/plans/{plan_id}/take-away", "Download the JSON").data)
    assert data["lines"][0]["wish"] == "Ride a <steam> train"
    assert client.press(f"/plans/{plan_id}/take-away", "Download the PDF").data.startswith(b"%PDF-")
    assert {it.did for it in session.query(Act)} == {"took away a copy of your plan"}
