import pytest

from marketplace.web.rules.starting import STEPS, Kind, start_as

NOTHING = dict.fromkeys({step.done for _, steps in STEPS.values() for step in steps}, False)
OURS = {"provider_id": "a provider", "organisation_id": "an organisation"}


@pytest.mark.parametrize("kind", Kind)
def test_everybody_has_three_steps_and_a_guide(kind):
    start = start_as(kind, facts=NOTHING | OURS)
    assert (len(start.steps), start.left) == (3, 3)
    assert start.guide


@pytest.mark.parametrize("kind", Kind)
def test_the_list_empties_itself(kind):
    _, steps = STEPS[kind]
    for number, step in enumerate(steps, 1):
        facts = NOTHING | OURS | {one.done: True for one in steps[:number]}
        start = start_as(kind, facts=facts)
        assert start.left == 3 - number
        assert next(one for one in start.steps if one.title == step.title).is_done


def test_a_step_leads_to_ones_own_page():
    start = start_as(Kind.PROVIDER, facts=NOTHING | OURS)
    assert start.steps[0].at == {"provider_id": "a provider"}


def test_a_step_whose_page_is_not_there_yet_is_left_out():
    start = start_as(Kind.PROVIDER, facts=NOTHING | dict.fromkeys(OURS))
    assert [step.title for step in start.steps] == ["Publish your first offer"]


def test_every_step_is_told_by_a_verb_and_a_sentence():
    for _, steps in STEPS.values():
        for step in steps:
            assert step.title[0].isupper(), step
            assert step.words.endswith("."), step
