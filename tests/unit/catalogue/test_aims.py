from marketplace.catalogue.rules.aims import Aim, categories_for


def test_every_aim_has_its_own_words_drawing_and_categories():
    assert len({aim.words for aim in Aim}) == len(Aim)
    assert len({aim.drawing for aim in Aim}) == len(Aim)
    assert all(aim.categories for aim in Aim)


def test_several_aims_are_helped_by_what_helps_with_any_of_them():
    assert categories_for([Aim.ACTIVE, Aim.MAKE]) == {"sport-and-leisure", "arts-and-music"}
    assert categories_for([]) == frozenset()
