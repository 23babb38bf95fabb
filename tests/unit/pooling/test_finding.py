"""What is true of people who look for each other, and of getting ready."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.grid import Point
from marketplace.pooling.rules import interests, readiness, starting
from marketplace.pooling.rules.membership import keeps_it_going, name_shown, needs_champion, takes_members
from marketplace.pooling.rules.nouns import MemberRole, PoolOrigin, PoolStatus, Step

NOT_SAID = ("autism", "dementia", "disabilit", "illness", "diagnos", "condition", "disorder", "therapy", "patient")


def test_there_are_about_forty_interests_each_once_and_none_is_a_diagnosis():
    slugs = [slug for group in interests.GROUPS for slug in group.interests]
    assert 40 <= len(slugs) == len(set(slugs)) == len(interests.WORDS)
    said = " ".join(interests.WORDS.values()).lower()
    assert not [word for word in NOT_SAID if word in said]
    assert max(map(len, slugs)) <= 40


@given(st.integers(0, 500))
def test_a_number_of_people_is_said_from_three_on_and_never_exactly_above(others):
    said = interests.people_said(others)
    assert said <= others
    assert (said == 0) == (others < 3)
    assert said in {0, *interests.SHOWN_FROM}


@given(st.integers(0, 700_000), st.integers(0, 700_000))
def test_only_the_middle_of_a_square_kilometre_is_kept(easting, northing):
    kept = interests.middle_of_square(Point(easting, northing))
    assert (kept.easting % 1000, kept.northing % 1000) == (500, 500)
    assert abs(kept.easting - easting) <= 500
    assert abs(kept.northing - northing) <= 500


def test_what_is_no_interest_of_ours_is_not_kept():
    assert interests.known_interests(["swimming", "diabetes", "swimming"]) == ["swimming"]
    assert interests.interest_words(None) == ""
    assert interests.interest_words("no-longer-there") == "No longer there"


def test_a_wish_is_a_call_from_three_households_on_while_it_is_finding_people():
    wish = {"began_from": PoolOrigin.WISH, "status": PoolStatus.DRAFT}
    assert not starting.is_a_call(**wish, people=2)
    assert starting.is_a_call(**wish, people=3)
    assert not starting.is_a_call(began_from=PoolOrigin.INTEREST, status=PoolStatus.DRAFT, people=9)
    assert not starting.is_a_call(began_from=PoolOrigin.WISH, status=PoolStatus.OPEN, people=9)
    assert [starting.people_shown(people) for people in (0, 2, 3, 4)] == [0, 0, 3, 4]


def test_any_member_may_keep_a_pool_going_that_nobody_keeps_going_but_no_helper_from_outside():
    member, champion, helper = MemberRole.MEMBER, MemberRole.CHAMPION, MemberRole.FACILITATOR
    assert needs_champion([member, helper])
    assert not needs_champion([])
    assert keeps_it_going(role=member, roles=[member, helper])
    assert not keeps_it_going(role=helper, roles=[member, helper])
    assert not keeps_it_going(role=member, roles=[member, champion])
    assert keeps_it_going(role=champion, roles=[member, champion])


def test_members_join_while_a_pool_is_open_and_helpers_until_it_is_over():
    assert takes_members(status=PoolStatus.OPEN, role=MemberRole.MEMBER)
    assert not takes_members(status=PoolStatus.RUNNING, role=MemberRole.MEMBER)
    assert takes_members(status=PoolStatus.RUNNING, role=MemberRole.FACILITATOR)
    assert not takes_members(status=PoolStatus.ENDED, role=MemberRole.FACILITATOR)
    assert (name_shown(""), name_shown("Nads")) == ("A member", "Nads")


def test_the_seven_steps_keep_what_they_ask_and_nothing_else():
    assert list(readiness.PLANS) == list(Step)
    said = {"kind": "A minibus", "where": "on the moon", "needs": ["hoist", "a secret"], "extra": "x", "what": ""}
    assert readiness.kept_answers(Step.SUPPORT, said) == {"kind": "A minibus", "needs": ["hoist"]}
    assert readiness.answer_problem("x" * 1001)
    assert readiness.answer_problem("x") is None


def test_what_matters_is_said_in_numbers_and_never_in_names():
    assert readiness.matters_to(voices=0, people=3) == "to nobody now"
    assert readiness.matters_to(voices=2, people=3) == "to 2 of you"
    assert readiness.matters_to(voices=3, people=3) == "to all of you"
    assert readiness.criterion_problem("") is not None
    assert readiness.criterion_problem("x" * 201) is not None
    assert readiness.criterion_problem("A quiet room") is None


def test_a_step_is_done_when_its_members_say_so():
    state = readiness.step_state
    assert state(has_answers=False, is_done=False) == "not_begun"
    assert state(has_answers=True, is_done=False) == "begun"
    assert state(has_answers=False, is_done=True) == "done"
