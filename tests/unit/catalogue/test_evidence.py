"""How sure can anybody be, and until when?"""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import CheckKind, CheckState, CqcStanding, ProviderKind
from marketplace.catalogue.rules.evidence import (
    LEVELS,
    MATTERS,
    Check,
    Registration,
    days_problem,
    evidence_of,
    holds,
    kinds_that_matter,
    level_problem,
)

TODAY = date(2026, 5, 4)
EVERYTHING = frozenset(CheckKind)
MICRO = ProviderKind.MICRO_PROVIDER


def checked(kind=CheckKind.INSURANCE, **differences):
    plain = {
        "state": CheckState.CHECKED,
        "checked_by": "Meadowbridge Peer Network",
        "checked_on": date(2026, 1, 5),
        "expires_on": date(2026, 6, 1),
    }
    return Check(kind, **plain | differences)


def one(check, *, on=TODAY, **more):
    found = evidence_of([check], matter=EVERYTHING, on=on, **more)
    return next(evidence for evidence in found if evidence.kind is check.kind)


def test_a_check_says_who_looked_when_and_until_when():
    shown = one(checked())
    assert (shown.state, shown.by) == (CheckState.CHECKED, "Meadowbridge Peer Network")
    assert (shown.since, shown.until, shown.ran_out_on) == (date(2026, 1, 5), date(2026, 6, 1), None)


def test_a_check_holds_through_its_last_day_and_no_longer():
    last = date(2026, 6, 1)
    assert one(checked(), on=last).state is CheckState.CHECKED
    shown = one(checked(), on=last + timedelta(days=1))
    assert (shown.state, shown.ran_out_on, shown.until) == (CheckState.NOT_CHECKED, last, None)
    assert shown.by == "Meadowbridge Peer Network"


def test_what_a_provider_said_runs_out_too_and_was_never_checked():
    said = checked(state=CheckState.DECLARED, checked_by="", checked_on=None)
    shown = one(said, on=date(2026, 6, 2))
    assert (shown.state, shown.ran_out_on) == (CheckState.NOT_CHECKED, None)


@given(st.sampled_from(CheckState), st.none() | st.dates(), st.dates())
def test_only_what_somebody_checked_and_is_not_over_holds(state, expires_on, on):
    check = Check(CheckKind.DBS, state, expires_on=expires_on)
    assert holds(check, on=on) == (state is CheckState.CHECKED and (expires_on is None or on <= expires_on))
    assert (one(check, on=on).state is CheckState.CHECKED) == holds(check, on=on)


def test_every_kind_is_told_of_each_once_and_in_the_same_order_for_everybody():
    matter = kinds_that_matter(["food-and-meals"], provider=MICRO)
    found = evidence_of([], matter=matter, on=TODAY)
    assert [evidence.kind for evidence in found] == list(CheckKind)
    needed = {evidence.kind for evidence in found if evidence.state is not CheckState.NOT_NEEDED}
    assert needed == {CheckKind.IDENTITY, CheckKind.INSURANCE, CheckKind.FOOD_HYGIENE}
    assert all(evidence.why for evidence in found if evidence.state is CheckState.NOT_NEEDED)


def test_what_is_not_needed_is_shown_all_the_same_where_somebody_checked_it():
    matter = kinds_that_matter(["equipment"], provider=MICRO)
    found = evidence_of([checked(CheckKind.DBS, level="enhanced_barred")], matter=matter, on=TODAY)
    dbs = next(evidence for evidence in found if evidence.kind is CheckKind.DBS)
    assert (dbs.state, dbs.label) == (CheckState.CHECKED, "Criminal record (DBS), enhanced with barred lists")


def test_nobody_is_expected_to_have_checked_what_is_open_to_everyone():
    matter = kinds_that_matter(["community-places"], provider=ProviderKind.UNIVERSAL_SERVICE)
    assert evidence_of([], matter=matter, on=TODAY) == ()
    assert [evidence.kind for evidence in evidence_of([checked()], matter=matter, on=TODAY)] == [CheckKind.INSURANCE]


def test_how_an_offer_stands_to_registration_decides_whether_that_matters():
    asked = kinds_that_matter(["personal-care"], provider=MICRO)
    assert CheckKind.CQC_REGISTRATION in asked
    exempt = kinds_that_matter(["personal-care"], provider=MICRO, standing=CqcStanding.EXEMPT)
    found = evidence_of([], matter=exempt, on=TODAY, no_cqc_because="She directs it herself.")
    assert (found[-1].state, found[-1].why) == (
        CheckState.NOT_NEEDED,
        "The provider says: She directs it herself.",
    )
    assert CheckKind.CQC_REGISTRATION in kinds_that_matter(
        ["companionship"], provider=MICRO, standing=CqcStanding.REGISTERED
    )


def test_a_place_that_left_the_register_is_not_checked_any_more():
    gone = Registration("1-99999000001", "Invented Home Care", False, "Good", date(2025, 1, 1), TODAY)
    shown = one(checked(CheckKind.CQC_REGISTRATION, level=gone.location_id, expires_on=None), registration=gone)
    assert (shown.state, shown.registration) == (CheckState.NOT_CHECKED, gone)
    assert gone.href == "https://www.cqc.org.uk/location/1-99999000001"


def test_levels_are_those_there_are():
    assert level_problem(CheckKind.DBS, "enhanced") is None
    assert level_problem(CheckKind.DBS, "") == "Choose which DBS check it is."
    assert level_problem(CheckKind.FOOD_HYGIENE, "6") == "Choose the rating, from 0 to 5."
    assert level_problem(CheckKind.IDENTITY, "") is None
    assert set(LEVELS[CheckKind.FOOD_HYGIENE]) == set("012345")


def test_days_are_where_they_can_be():
    assert days_problem(checked_on=TODAY, expires_on=TODAY, today=TODAY) is None
    assert days_problem(checked_on=TODAY + timedelta(days=1), expires_on=None, today=TODAY)[0] == "checked_on"
    assert days_problem(checked_on=None, expires_on=TODAY - timedelta(days=1), today=TODAY)[0] == "expires_on"
    assert days_problem(checked_on=None, expires_on=date(2099, 1, 1), today=TODAY)[0] == "expires_on"


def test_every_kind_of_support_in_the_table_is_a_shelf():
    assert all(kinds <= EVERYTHING for kinds in MATTERS.values())
