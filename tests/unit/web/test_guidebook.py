import pytest

from marketplace.web.rules.guidebook import Recipe, recipes_in


def test_a_guide_says_how_each_of_its_pictures_is_taken():
    words = "Words.\n\n<!-- nadine: open /budgets; follow My support -->\n![A budget.](pictures/budget-1280.png)\n"
    assert recipes_in(words) == (Recipe("budget", "nadine", (("open", "/budgets"), ("follow", "My support"))),)


def test_a_step_that_nobody_can_take_is_refused():
    with pytest.raises(ValueError, match="nobody can do this: dance"):
        recipes_in("<!-- nadine: dance -->\n![A budget.](pictures/budget-1280.png)\n")
