from sqlalchemy import update

from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.places import CouncilCode
from marketplace.ratings.models import Criterion, Outcome
from marketplace.ratings.queries.criteria import criteria_for, outcomes_for
from marketplace.ratings.rules.nouns import CriterionStatus

LEWISHAM, TRAFFORD = CouncilCode("E09000023"), CouncilCode("E08000009")


def words_for(session, category):
    return [it.words for it in criteria_for(session, CategorySlug(category))]


class TestCriteria:
    def test_a_shelf_has_those_for_all_those_for_it_and_those_for_what_it_stands_in(self, session, count_queries):
        found = words_for(session, "food-and-meals")
        assert len(count_queries) == 1
        assert "They listen to me" in found
        assert "The food is good" in found
        assert "My home is treated with care" in found, "a meal at home is help at home"
        assert "It works, and keeps working" not in found

    def test_each_shelf_has_enough_to_choose_from_and_not_too_many(self, session):
        for category in ("personal-care", "companionship", "equipment", "community-places", "homes-and-housing"):
            assert 8 <= len(words_for(session, category)) <= 16

    def test_only_what_the_panel_adopted_is_asked(self, session):
        session.execute(
            update(Criterion)
            .where(Criterion.words == "The food is good")
            .values(status=CriterionStatus.RETIRED, reason="Nobody said it.")
        )
        assert "The food is good" not in words_for(session, "food-and-meals")


class TestOutcomes:
    def test_a_council_with_a_list_of_its_own_is_asked_by_it(self, session):
        assert [it.id for it in outcomes_for(session, LEWISHAM)][:2] == ["lewisham.employment", "lewisham.housing"]
        assert len(outcomes_for(session, LEWISHAM)) == 7

    def test_every_other_council_is_asked_by_the_care_act(self, session):
        for council in (TRAFFORD, None):
            assert len(outcomes_for(session, council)) == 9

    def test_what_a_council_no_longer_counts_is_not_asked(self, session):
        session.execute(update(Outcome).where(Outcome.id == "lewisham.housing").values(valid_to=Outcome.valid_from))
        assert "lewisham.housing" not in {it.id for it in outcomes_for(session, LEWISHAM)}
