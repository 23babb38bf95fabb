from marketplace.kit.spotting import spot
from marketplace.ratings.rules import pseudonyms
from marketplace.ratings.rules.reviewing import LONGEST_PSEUDONYM


def test_every_name_that_may_be_drawn_is_another_and_gives_nobody_away():
    names = [pseudonyms.proposed(drawn) for drawn in range(pseudonyms.HOW_MANY)]
    assert len(set(names)) == pseudonyms.HOW_MANY
    assert max(len(name) for name in names) <= LONGEST_PSEUDONYM
    assert [it.text for name in names for it in spot(name)] == []
