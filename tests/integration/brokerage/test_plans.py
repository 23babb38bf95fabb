import pytest
from sqlalchemy import select

from marketplace.accounts.models import Act
from marketplace.accounts.rules import Scope
from marketplace.accounts.services import delegations
from marketplace.brokerage.models import PlanClash
from marketplace.brokerage.queries import plans as queries
from marketplace.brokerage.rules.nouns import Part
from marketplace.brokerage.rules.plans import Written
from marketplace.brokerage.services import plans as services
from marketplace.kit.days import day_of
from tests.factories import accounts as make
from tests.races import in_transactions


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def plan_id(session, ada, now):
    return services.begin_plan(session, by=ada.id, now=now)


def write(session, plan_id, by, words, now, *, edition=0, part=Part.ABOUT_ME):
    return services.write_part(session, plan_id=plan_id, part=part, words=words, edition=edition, by=by.id, now=now)


def about_me(session, plan_id, viewer, now):
    shown = queries.parts_of(session, plan_id=plan_id, viewer=make.as_viewer(viewer), on=day_of(now))
    return shown[Part.ABOUT_ME].words


def test_two_who_write_at_once_are_both_kept(session, ada, plan_id, now):
    friend, _consent = make.friend(session, of=ada, now=now)
    assert write(session, plan_id, ada, "I like tea.", now) is Written.SAVED
    assert write(session, plan_id, ada, "I like tea.", now) is Written.SAVED  # pressed twice
    assert write(session, plan_id, friend, "She likes trains.", now) is Written.CLASHED
    assert about_me(session, plan_id, friend, now) == "I like tea."
    assert [clash.words for clash in session.query(PlanClash)] == ["She likes trains."]
    assert [act.did for act in session.query(Act)] == [
        "wrote “About me” in your plan while it was being changed; both are kept"
    ]


def test_what_a_writer_left_as_they_saw_it_stays_as_others_wrote_it_since(session, ada, plan_id, now):
    friend, _consent = make.friend(session, of=ada, now=now)
    seen = queries.parts_of(session, plan_id=plan_id, viewer=make.as_viewer(friend), on=day_of(now))
    write(session, plan_id, ada, "I like tea.", now)
    typed = {Part.ABOUT_ME: ("", seen[Part.ABOUT_ME].mark), Part.RISKS: ("The bus alone.", seen[Part.RISKS].mark)}
    assert services.write_parts(session, plan_id=plan_id, typed=typed, by=friend.id, now=now) == ()
    assert about_me(session, plan_id, ada, now) == "I like tea."
    assert session.query(PlanClash).count() == 0


@pytest.mark.parametrize(
    ("scope", "sees", "writes"),
    [(Scope.SEE_PLAN, True, False), (Scope.WRITE_PLAN, True, True), (Scope.ASK_FOR_QUOTES, False, False)],
)
def test_a_plan_is_for_its_person_and_whom_they_let(session, ada, plan_id, now, scope, sees, writes):
    helper, consent_id = make.friend(session, of=ada, scopes={scope}, now=now)
    viewer = make.as_viewer(helper)
    seen = queries.plan_seen(session, plan_id=plan_id, viewer=viewer, on=day_of(now))
    assert (seen is not None, bool(seen and seen.may_write)) == (sees, writes)
    if writes:
        write(session, plan_id, helper, "She likes trains.", now)
        assert services.begin_plan(session, by=helper.id, person_id=ada.id, now=now) == plan_id
    delegations.end_consent(session, delegation_id=consent_id, by=ada.id, link="/", now=now)
    assert queries.plan_seen(session, plan_id=plan_id, viewer=viewer, on=day_of(now)) is None
    assert about_me(session, plan_id, helper, now) == ""
    with pytest.raises(services.PlanNotFoundError):
        write(session, plan_id, helper, "She likes buses.", now)
    with pytest.raises(services.PlanNotFoundError):
        services.begin_plan(session, by=helper.id, person_id=ada.id, now=now)


def test_a_person_writes_a_plan_in_the_browser(client, ada, sign_in):
    sign_in(ada.id)
    plan = client.press("/plans/mine", "Begin my plan").location
    client.fill_in(f"{plan}/write", about_me="I like trains.")
    client.fill_in(f"{plan}/lines/new", wish="Ride a steam train", outcome_id="care-act.living", what_would_help="")
    assert client.get("/plans/mine").location == plan
    page = client.get(plan).text
    assert "I like trains." in page
    assert "Ride a steam train" in page
    assert client.press(plan, "Take out “Ride a steam train”").status_code == 302
    assert "Ride a steam train" not in client.get(plan).text


def test_a_plan_begun_in_two_tabs_at_once_is_one_plan(real_app, arrange, now):
    person = arrange(make.person)
    begun = in_transactions(real_app, [lambda session: services.begin_plan(session, by=person.id, now=now)] * 4)
    assert len(set(begun)) == 1


def test_of_many_who_write_at_the_same_moment_nobody_loses_a_word(real_app, arrange, now):
    person = arrange(make.person)
    plan_id = arrange(lambda session: services.begin_plan(session, by=person.id, now=now))
    texts = [f"I like number {number}." for number in range(4)]
    written = in_transactions(
        real_app, [lambda session, words=words: write(session, plan_id, person, words, now) for words in texts]
    )
    assert sorted(it.value for it in written) == ["clashed"] * 3 + ["saved"]
    kept = arrange(lambda session: [about_me(session, plan_id, person, now), *session.scalars(select(PlanClash.words))])
    assert sorted(kept) == texts
