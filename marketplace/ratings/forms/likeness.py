"""What we ask people of themselves, so that they see what people like them say. Shape only; rules live in rules."""

from collections.abc import Collection

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovRadioInput, GovSubmitInput
from wtforms import BooleanField, RadioField, SelectMultipleField, SubmitField

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.ratings.rules.likeness import ACCESS, AGES, INTERESTS


class LikenessForm(Form):
    """Saying what one is like."""

    interests = SelectMultipleField(
        "What do you like?",
        widget=GovCheckboxesInput(),
        choices=choices(INTERESTS.items()),
        validate_choice=False,
    )
    access = SelectMultipleField(
        "What do you need to get in and take part?",
        widget=GovCheckboxesInput(),
        choices=choices(ACCESS.items()),
        validate_choice=False,
    )
    age = RadioField(
        "How old are you?",
        widget=GovRadioInput(),
        choices=choices([*AGES.items(), ("", "I would rather not say")]),
        default="",
        validate_choice=False,
    )
    agrees = BooleanField(
        "I agree that you keep this, and use it only to show me and people like me what we say",
        widget=GovCheckboxInput(),
    )
    submit = SubmitField("Show me what people like me say", widget=GovSubmitInput())

    @property
    def facts(self) -> set[str]:
        """Everything that was chosen."""
        return {*(self.interests.data or ()), *(self.access.data or ()), self.age.data or ""} - {""}

    @classmethod
    def filled(cls, facts: Collection[str]) -> "LikenessForm":
        """Return the form with what somebody said before."""
        return cls(
            interests=[fact for fact in INTERESTS if fact in facts],
            access=[fact for fact in ACCESS if fact in facts],
            age=next((fact for fact in AGES if fact in facts), ""),
        )
