"""What we ask a provider about visits that a pool has together. Shape only; rules live in rules."""

from collections.abc import Sequence
from uuid import UUID

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.accounts.rules import PersonId
from marketplace.kit.fields import WholeNumberField, choices
from marketplace.kit.forms import Form


class HoldPoolVisitForm(Form):
    """Saying who was there."""

    minutes = WholeNumberField(
        "How many minutes did it take?",
        widget=GovTextInput(),
        validators=[InputRequired("Say how many minutes it took, like 90.")],
    )
    present = SelectMultipleField("Who was there?", widget=GovCheckboxesInput())
    note = TextAreaField(
        "Is there anything to say about it?",
        description="Everybody who was there reads this. Say nothing about one of them. You can leave it empty.",
        widget=GovTextArea(),
    )
    submit = SubmitField("Write this down", widget=GovSubmitInput())

    def offer(self, people: Sequence[tuple[UUID, str]]) -> None:
        """Ask about these people."""
        self.present.choices = choices((str(person_id), name) for person_id, name in people)

    @property
    def there(self) -> list[PersonId]:
        """Who was there."""
        return [PersonId(UUID(typed)) for typed in self.present.data or []]


class CallOffPoolVisitForm(Form):
    """Calling a visit off for everybody."""

    submit = SubmitField("Call this visit off", widget=GovSubmitInput())
