import pytest

from marketplace.pooling.rules import deciding as rules
from marketplace.pooling.rules.nouns import ProposalWay, Voice

YES, ASIDE, NO = Voice.CONSENT, Voice.STAND_ASIDE, Voice.OBJECT
CONSENT, BALLOT = ProposalWay.CONSENT, ProposalWay.BALLOT


@pytest.mark.parametrize(("electorate", "quorum"), [(1, 1), (3, 3), (5, 5), (12, 5)])
def test_five_must_take_part_or_everybody_where_they_are_fewer(electorate, quorum):
    assert rules.usual_quorum(electorate) == quorum


@pytest.mark.parametrize(
    ("voices", "outcome"),
    [
        ([YES, YES, YES], "Agreed: nobody objected, and 3 people took part."),
        ([YES, YES, ASIDE], "Agreed: nobody objected, and 3 people took part."),
        ([YES, YES, NO], "Not agreed: one person objected."),
        ([YES, ASIDE, ASIDE], "Not agreed: more people stood aside (2) than agreed (1)."),
        ([YES, YES], "Nothing is decided: 2 people took part, and it takes 3."),
        ([], "Nothing is decided: nobody took part, and it takes 3."),
    ],
    ids=["all", "one aside", "an objection", "mostly aside", "too few", "nobody"],
)
def test_what_comes_of_consent(voices, outcome):
    assert rules.came_of_consent(voices=voices, quorum=3) == outcome


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [
        ([3, 2], "Decided: “Tuesdays”, with 3 of 5 papers."),
        ([2, 2], "Nothing is decided: 2 choices have 2 of 4 papers each."),
        ([2, 0], "Nothing is decided: fewer than 3 voted. Nobody ever sees the papers."),
    ],
    ids=["a winner", "a tie", "too few"],
)
def test_what_comes_of_a_ballot(counts, outcome):
    assert rules.came_of_ballot(options=["Tuesdays", "Fridays"], counts=counts, quorum=3) == outcome


def test_consent_is_settled_when_everybody_has_spoken_and_nobody_objects():
    assert rules.is_settled(voices=[YES, ASIDE], electors=2)
    assert not rules.is_settled(voices=[YES, NO], electors=2)
    assert not rules.is_settled(voices=[YES], electors=2)
    assert not rules.is_settled(voices=[], electors=0)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (rules.question_problem(""), "Say what you want to decide."),
        (rules.question_problem("x" * 301), "Use at most 300 characters."),
        (rules.options_problem(way=BALLOT, options=["One"]), "Write 2 to 6 choices, each on a line of its own."),
        (rules.options_problem(way=BALLOT, options=["One", "one"]), "Two of the choices are the same."),
        (rules.options_problem(way=BALLOT, options=["One", "x" * 101]), "Use at most 100 characters for each choice."),
        (rules.options_problem(way=CONSENT, options=[]), None),
        (rules.days_problem(29), "Give people 1 to 28 days to answer."),
        (
            rules.electorate_problem(way=BALLOT, electorate=2),
            "A ballot is secret only with 3 members or more. Choose consent instead.",
        ),
        (rules.electorate_problem(way=CONSENT, electorate=1), None),
        (
            rules.quorum_problem(way=BALLOT, quorum=2, electorate=4),
            "Choose a number from 3 to 4, which is everybody.",
        ),
        (rules.quorum_problem(way=CONSENT, quorum=1, electorate=4), None),
        (rules.voice_problem(voice=NO, words=""), "Say what stands against it, so that the others can find a way."),
        (rules.voice_problem(voice=YES, words=""), None),
        (rules.voice_problem(voice=YES, words="x" * 1001), "Use at most 1,000 characters."),
    ],
)
def test_what_cannot_be_asked_or_said_is_refused_in_words(problem, said):
    assert problem == said


def test_a_mark_is_read_in_groups_of_four():
    assert rules.printed_mark("2345CDFH67KM") == "2345 CDFH 67KM"
