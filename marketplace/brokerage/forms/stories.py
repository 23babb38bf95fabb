"""What we ask of those who tell a story, and of moderators who read it. Shape only; rules live in rules."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.brokerage.rules.nouns import PieceStatus
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.moderation.rules import Outcome


class StoryForm(Form):
    """Telling how something was."""

    title = StringField(
        "What is your story called?", widget=GovTextInput(), validators=[InputRequired("Give your story a title.")]
    )
    words = TextAreaField(
        "Tell it in your own words",
        description="What was it like before? What did you do? What is different now? Leave out names, addresses and "
        "what others might not want told.",
        widget=GovTextArea(),
        validators=[InputRequired("Tell your story, in two or three sentences at least.")],
    )
    pseudonym = StringField(
        "Which name should stand under it?",
        description="Everybody can read it. It need not be your own.",
        widget=GovTextInput(),
        validators=[InputRequired("Choose a name to show. It need not be yours.")],
    )
    category = SelectField("Which kind of support is it about?", widget=GovSelect())
    outcome = SelectField("What did it help with?", widget=GovSelect())
    keeps_names = BooleanField(
        "I have looked at these words. They name nobody who could be known by it, so keep them.",
        widget=GovCheckboxInput(),
    )
    submit = SubmitField("Send it to be read", widget=GovSubmitInput())

    def choose_from(self, *, categories: Iterable[tuple[str, str]], outcomes: Iterable[tuple[str, str]]) -> None:
        """Offer what it can be about."""
        self.category.choices = choices([("", "I would rather not say"), *categories])
        self.outcome.choices = choices([("", "I would rather not say"), *outcomes])


class TakeDownForm(Form):
    """Taking one's story down for good."""

    submit = SubmitField("Yes, take it down", widget=GovSubmitInput())


_SHOW = {
    PieceStatus.WAITING: (Outcome.APPROVED, "Show it to everybody"),
    PieceStatus.SHOWN: (Outcome.APPROVED, "It may stay"),
    PieceStatus.HELD: (Outcome.RELEASED, "Show it again"),
    PieceStatus.REFUSED: (Outcome.RELEASED, "Show it to everybody"),
}
_HIDE = {
    PieceStatus.WAITING: (Outcome.REFUSED, "Keep it from view"),
    PieceStatus.SHOWN: (Outcome.HELD, "Keep it from view"),
}


class DecidePieceForm(Form):
    """What a moderator decides about a piece of the library."""

    sent_at = HiddenField()
    outcome = RadioField("What happens to it?", widget=GovRadioInput(), validators=[InputRequired("Choose one.")])
    reason = TextAreaField(
        "If you keep it from view: why?",
        description="Whoever wrote it reads this, and what they can change.",
        widget=GovTextArea(),
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def choose_for(self, status: PieceStatus) -> None:
        """Offer what can be decided about a piece that stands as it does."""
        self.outcome.choices = choices(table[status] for table in (_SHOW, _HIDE) if status in table)
