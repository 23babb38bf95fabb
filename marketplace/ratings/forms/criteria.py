"""What we ask about criteria: proposing one, and the panel's ruling. Shape only; rules live in rules."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.ratings.rules.criteria import FEWEST_LETTERS, LONGEST_WHY, MOST_LETTERS, PICTURES, Ruling
from marketplace.ratings.rules.nouns import CriterionId

_RULINGS = {
    Ruling.ADOPT: "Ask people about it",
    Ruling.MERGE: "It means the same as another",
    Ruling.RETIRE: "Stop asking about it",
    Ruling.REFUSE: "Do not ask about it",
}


class ProposeForm(Form):
    """Proposing something that people should be asked about."""

    words = StringField(
        "What matters to you?",
        description=worded(
            "As you would say it to a friend, like “They listen to me”. From {fewest_letters} to "
            "{most_letters} characters, and no names.",
            fewest_letters=FEWEST_LETTERS,
            most_letters=MOST_LETTERS,
        ),
        widget=GovTextInput(),
    )
    category = SelectField("Which kind of support is it about?", widget=GovSelect())
    why = TextAreaField(
        "Why does it matter? You can leave this out.",
        description=worded(
            "Others read this before they vote. At most {longest_why} characters.", longest_why=LONGEST_WHY
        ),
        widget=GovTextArea(),
    )
    submit = SubmitField("Propose this", widget=GovSubmitInput())

    def choose_from(self, categories: Iterable[tuple[str, str]]) -> None:
        """Offer the kinds of support that we have."""
        self.category.choices = choices([("", "Every kind of support"), *categories])


class RuleForm(Form):
    """What the panel decides about a criterion."""

    ruling = RadioField(
        "What do you decide?", widget=GovRadioInput(), validators=[InputRequired("Choose what you decide.")]
    )
    into = SelectField("If it means the same as another: which?", widget=GovSelect())
    categories = SelectMultipleField(
        "If people are asked about it: for which kinds of support?",
        description="Choose none to ask about it for every kind.",
        widget=GovCheckboxesInput(),
    )
    picture = SelectField("If people are asked about it: with which picture?", widget=GovSelect())
    reason = TextAreaField("Why?", description="Everybody can read this.", widget=GovTextArea())
    submit = SubmitField("Decide", widget=GovSubmitInput())

    def choose_from(
        self,
        *,
        rulings: Iterable[Ruling],
        others: Iterable[tuple[CriterionId, str]],
        categories: Iterable[tuple[str, str]],
    ) -> None:
        """Offer what can be done with this criterion."""
        self.ruling.choices = choices((one.value, _RULINGS[one]) for one in rulings)
        self.into.choices = choices([("", "Choose one"), *((str(other), words) for other, words in others)])
        self.categories.choices = choices(categories)
        self.picture.choices = choices([("", "None that fits"), *PICTURES.items()])
