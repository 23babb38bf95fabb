from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from marketplace.kit.places import CouncilCode
from marketplace.ratings.gateways.schemes import SHIPPED, WrongSchemeError, read_scheme
from marketplace.ratings.models import Outcome, OutcomeAnswer, OutcomeMeaning, OutcomeScheme
from marketplace.ratings.queries.criteria import outcomes_for
from marketplace.ratings.rules.outcomes import WrittenOutcome
from marketplace.ratings.services.outcomes import BroughtIn, SchemeRefusedError, bring_in_outcomes
from tests.factories import purchasing, ratings

TODAY, TRAFFORD = date(2026, 6, 1), CouncilCode("E08000009")
WRITTEN = """
scheme: trafford
name: Our three
council: E08000009
source: A made-up list for a test
since: 2026-04-01
outcomes:
- {code: friends, name: Seeing friends, means: [relationships]}
- {code: door, name: My own front door, means: [home, control]}
- {code: garden, name: A garden}
"""


@pytest.fixture
def written(tmp_path):
    def write(words=WRITTEN):
        path = tmp_path / "list.yaml"
        path.write_text(words)
        return str(path)

    return write


def names_for(session, council):
    return [it.name for it in outcomes_for(session, council)]


class TestBringingIn:
    def test_the_lists_that_come_with_the_site_are_there_already(self, session):
        assert len(list(SHIPPED.glob("*.yaml"))) == 2
        for path in SHIPPED.glob("*.yaml"):
            scheme = read_scheme(path.stem)
            became = bring_in_outcomes(session, scheme=scheme, today=TODAY)
            assert became == BroughtIn(same=len(scheme.outcomes))
            kept = session.get_one(OutcomeScheme, scheme.code)
            assert (kept.name, kept.council, kept.source) == (scheme.name, scheme.council, scheme.source)
            since = set(session.scalars(select(Outcome.valid_from).where(Outcome.scheme == scheme.code)))
            assert since == {scheme.since}

    def test_a_council_is_asked_by_its_own_list_and_twice_is_once(self, session, written):
        scheme = read_scheme(written())
        assert bring_in_outcomes(session, scheme=scheme, today=TODAY) == BroughtIn(added=3)
        assert names_for(session, TRAFFORD) == ["Seeing friends", "My own front door", "A garden"]
        assert bring_in_outcomes(session, scheme=scheme, today=TODAY) == BroughtIn(same=3)

    def test_what_vanished_ends_and_keeps_its_answers(self, session, written):
        scheme = read_scheme(written())
        bring_in_outcomes(session, scheme=scheme, today=TODAY)
        review = ratings.review(session, offer=purchasing.offer(session, organisation_id=None), stars=4)
        session.add(OutcomeAnswer(review_id=review.id, outcome_id="trafford.garden", stars=5))
        fewer = replace(scheme, outcomes=scheme.outcomes[:2])
        assert bring_in_outcomes(session, scheme=fewer, today=date(2026, 9, 1)) == BroughtIn(ended=1, same=2)
        garden = session.get_one(Outcome, "trafford.garden")
        assert (garden.valid_from, garden.valid_to) == (date(2026, 4, 1), date(2026, 9, 1))
        assert "A garden" not in names_for(session, TRAFFORD)
        assert session.get(OutcomeAnswer, (review.id, "trafford.garden")).stars == 5
        assert bring_in_outcomes(session, scheme=fewer, today=date(2026, 9, 2)) == BroughtIn(same=2)
        again = bring_in_outcomes(session, scheme=scheme, today=date(2026, 10, 1))
        assert again == BroughtIn(changed=1, same=2)
        assert garden.valid_to is None

    def test_a_changed_row_is_changed_and_a_new_one_begins_today(self, session, written):
        scheme = read_scheme(written())
        bring_in_outcomes(session, scheme=scheme, today=TODAY)
        rows = (
            WrittenOutcome("friends", "Seeing my friends", ("relationships", "living")),
            *scheme.outcomes[1:],
            WrittenOutcome("dog", "My dog"),
        )
        became = bring_in_outcomes(session, scheme=replace(scheme, outcomes=rows), today=date(2026, 7, 1))
        assert became == BroughtIn(added=1, changed=1, same=2)
        assert session.get_one(Outcome, "trafford.dog").valid_from == date(2026, 7, 1)
        means = select(OutcomeMeaning.means).where(OutcomeMeaning.outcome_id == "trafford.friends")
        assert set(session.scalars(means)) == {"care-act.relationships", "care-act.living"}

    def test_a_council_has_one_list(self, session, written):
        scheme = read_scheme(written(WRITTEN.replace("E08000009", "E09000023")))
        with pytest.raises(SchemeRefusedError, match="has a list already, called “lewisham”"):
            bring_in_outcomes(session, scheme=scheme, today=TODAY)

    def test_a_row_means_only_what_is_there(self, session, written):
        scheme = read_scheme(written(WRITTEN.replace("[relationships]", "[friendship]")))
        with pytest.raises(SchemeRefusedError, match="Outcome 1: “friendship” is none of the Care Act’s nine"):
            bring_in_outcomes(session, scheme=scheme, today=TODAY)
        assert names_for(session, TRAFFORD)[0] == "Dignity and respect"


class TestReading:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("name: A garden", "nam: A garden", "Outcome 3: “name” is missing."),
            ("name: A garden", "nam: A garden", "Outcome 3: “nam” is not a line"),
            ("source:", "sauce:", "“source” is missing."),
            ("E08000009", "Trafford", "nine characters"),
            ("2026-04-01", "last spring", "“since”"),
            ("code: garden", "code: friends", "is there 2 times"),
            ("scheme: trafford", "{", "not YAML"),
            (WRITTEN, "- one", "no list of outcomes"),
            ("outcomes:", "outcomes: none\nmore:", "not a line"),
        ],
    )
    def test_what_is_wrong_is_said_row_by_row(self, written, old, new, said):
        with pytest.raises(WrongSchemeError, match=said):
            read_scheme(written(WRITTEN.replace(old, new)))

    def test_all_that_is_wrong_is_said_at_once(self, written):
        with pytest.raises(WrongSchemeError) as caught:
            read_scheme(written(WRITTEN.replace("code: friends", "kode: x").replace("code: door", "kode: y")))
        assert str(caught.value).count("is missing") == 2

    def test_a_name_nearly_right_is_suggested(self):
        with pytest.raises(WrongSchemeError, match="Did you mean lewisham"):
            read_scheme("lewishem")


class TestCommand:
    def test_it_says_what_became_of_the_list(self, app, session, written):
        run = app.test_cli_runner().invoke
        done = run(args=["ratings", "outcomes", written()])
        assert (done.exit_code, done.output) == (0, "Our three: 3 added, 0 changed, 0 ended, 0 as they were.\n")

    def test_it_refuses_a_council_that_is_none(self, app, session, written):
        refused = app.test_cli_runner().invoke(args=["ratings", "outcomes", written(WRITTEN.replace("E08", "E66"))])
        assert refused.exit_code == 1
        assert names_for(session, TRAFFORD)[0] == "Dignity and respect"
