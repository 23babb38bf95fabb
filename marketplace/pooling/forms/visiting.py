"""What we ask a provider about visits that a pool has together. Shape only; rules live in rules."""

from collections.abc import Sequence
from uuid import UUID

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovDateInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.accounts.rules import PersonId
from marketplace.kit.fields import DayField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.purchasing.forms.visits import ClockField


class PlanPoolVisitsForm(Form):
    """Planning a visit for a whole pool, or one each week."""

    first_on = DayField(
        "On which day?",
        description="Of several, the first.",
        widget=GovDateInput(),
        validators=[InputRequired("Say on which day, like 3 3 2027.")],
    )
    starts_at = ClockField("At what time?", description="Like 10:30 or 2pm. Leave it empty if it is not fixed yet.")
    minutes = WholeNumberField(
        "How many minutes?",
        widget=GovTextInput(),
        validators=[InputRequired("Say how many minutes, like 90.")],
    )
    weeks = WholeNumberField(
        "For how many weeks?",
        description="1 plans this visit alone. More plans one each week, on the same day.",
        widget=GovTextInput(),
        default=1,
        validators=[InputRequired("Say for how many weeks, like 1.")],
    )
    submit = SubmitField("Plan this", widget=GovSubmitInput())


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
