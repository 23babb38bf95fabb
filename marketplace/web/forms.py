"""What web asks: of somebody who takes their data or leaves; and one of every question, for the gallery."""

from collections.abc import Mapping
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its types are a version behind
from wtforms.validators import InputRequired

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.reading import Ground, Motion, Size, Spacing, Words


class GalleryForm(Form):
    """Shown in the gallery, never sent."""

    name = StringField("What should we call you?", description="A first name is fine.", widget=GovTextInput())
    price = StringField("How much does it cost?", widget=GovTextInput())
    password = PasswordField("Choose a password", widget=GovPasswordInput())
    about = TextAreaField("What do you do?", description="In your own words.", widget=GovTextArea())
    review = TextAreaField("What was it like?", widget=GovCharacterCount())
    unit = SelectField(
        "What is the price for?",
        choices=[SelectChoice("hour", "An hour"), SelectChoice("day", "A day"), SelectChoice("each", "Each time")],
        widget=GovSelect(),
    )
    kind = RadioField(
        "What are you?",
        choices=[
            SelectChoice("micro", "A micro-provider"),
            SelectChoice("ulo", "A user-led organisation"),
            SelectChoice("open", "A place open to everyone"),
        ],
        widget=GovRadioInput(),
    )
    access = SelectMultipleField(
        "Getting in",
        description="Choose all that are true.",
        choices=[
            SelectChoice("step", "No steps"),
            SelectChoice("toilet", "A toilet one can wheel into"),
            SelectChoice("loop", "A hearing loop"),
        ],
        widget=GovCheckboxesInput(),
    )
    listens = RadioField(
        "They listen to me",
        choices=[SelectChoice(5, "Good"), SelectChoice(2, "Could be better"), SelectChoice("", "Skip this")],
        widget=GovRadioInput(),
    )
    all_in_all = RadioField(
        "How was it, all in all?",
        choices=[SelectChoice(5, "Very good"), SelectChoice(3, "All right"), SelectChoice(1, "Bad")],
        widget=GovRadioInput(),
    )
    drawn = RadioField(
        "Choose a drawing",
        choices=[SelectChoice("", "No picture"), SelectChoice("tea", "Cup of tea"), SelectChoice("swim", "A swim")],
        default="tea",
        widget=GovRadioInput(),
    )
    agrees = BooleanField("I have read how it works", widget=GovCheckboxInput())
    starts_on = DateField("When should it start?", description="For example, 3 3 2026.", widget=GovDateInput())
    submit = SubmitField("Save and go on", widget=GovSubmitInput())

    def show_mistakes(self, mistakes: dict[str, str]) -> None:
        """Show what a refused form looks like: a sentence for each of some fields."""
        fields: dict[str, Any] = self._fields
        for name, sentence in mistakes.items():
            fields[name].errors = [sentence]


class TakeForm(Form):
    """One button: give me everything."""

    submit = SubmitField("Take your data", widget=GovSubmitInput())


class CloseAccountForm(Form):
    """Whether somebody really wants to leave."""

    sure = BooleanField(
        "I want to close my account for good",
        widget=GovCheckboxInput(),
        validators=[InputRequired("Tick the box if you want to close your account.")],
    )
    submit = SubmitField("Close my account", widget=GovSubmitInput())


class TrailForm(Form):
    """Which row an operator asks about. It only looks."""

    row = StringField(
        "Number of the row",
        description="Of a person, an invoice, a pool: as addresses and logs give it.",
        widget=GovTextInput(),
    )
    submit = SubmitField("Look it up", widget=GovSubmitInput())


class ReadingForm(Form):
    """
    How somebody wants to read. What is not sent stays as it is.

    It carries no token, or no page that shows its switch could be kept: the view asks where it was sent from.
    """

    class Meta(Form.Meta):
        """How the form takes what was sent."""

        csrf = False

    language = RadioField(  # type: ignore[call-arg]  # its types are a version behind
        "Which language?", choices=[], invalid_choice_message="Choose a language.", widget=GovRadioInput()
    )
    words = RadioField(  # type: ignore[call-arg]  # its types are a version behind
        "Which words do you want?",
        choices=choices(
            [
                (Words.USUAL, "The usual words"),
                (Words.EASY, "Easy Read: short sentences and pictures, where we have them"),
            ]
        ),
        invalid_choice_message="Choose which words you want.",
        widget=GovRadioInput(),
    )
    size = RadioField(  # type: ignore[call-arg]  # its types are a version behind
        "How large should the letters be?",
        choices=choices([(Size.NORMAL, "Normal"), (Size.LARGE, "Large"), (Size.LARGEST, "Largest")]),
        invalid_choice_message="Choose how large the letters should be.",
        widget=GovRadioInput(),
    )
    spacing = RadioField(  # type: ignore[call-arg]  # its types are a version behind
        "How much space should there be?",
        choices=choices([(Spacing.NORMAL, "Normal"), (Spacing.WIDE, "More space between lines, words and letters")]),
        invalid_choice_message="Choose how much space there should be.",
        widget=GovRadioInput(),
    )
    ground = RadioField(  # type: ignore[call-arg]  # its types are a version behind
        "Which colours do you want?",
        choices=choices(
            [
                (Ground.DEVICE, "As my device has them"),
                (Ground.LIGHT, "Light"),
                (Ground.DARK, "Dark"),
                (Ground.CONTRAST, "High contrast: white and yellow on black"),
            ]
        ),
        invalid_choice_message="Choose which colours you want.",
        widget=GovRadioInput(),
    )
    motion = RadioField(  # type: ignore[call-arg]  # its types are a version behind
        "May things move?",
        choices=choices([(Motion.DEVICE, "As my device says"), (Motion.STILL, "No, keep everything still")]),
        invalid_choice_message="Choose whether things may move.",
        widget=GovRadioInput(),
    )
    back = HiddenField()
    submit = SubmitField("Read it this way", widget=GovSubmitInput())
    reset = SubmitField("Start again with the usual", widget=GovSubmitInput())

    def __init__(self, languages: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        if len(languages) > 1:
            self.language.choices = choices(languages.items())
        else:
            del self.language
