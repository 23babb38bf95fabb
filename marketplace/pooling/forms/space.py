"""What we ask members of a pool in its own room. Shape only; rules live in rules."""

from datetime import time

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovDateInput,
    GovFileInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, Field, FileField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.kit.fields import DayField, WholeNumberField
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.space import LONGEST_MESSAGE, LONGEST_TURN, MOST_WEEKS, clock_time
from marketplace.pooling.services.rota import NewTurn


class ClockField(Field):
    """A time of day, as people type it."""

    widget = GovTextInput()
    data: time | None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        self.data = None
        try:
            self.data = clock_time(valuelist[0] if valuelist else "")
        except ValueError as error:
            raise ValueError("Enter a time like 2pm or 14:30.") from error


class MessageForm(Form):
    """A message to the others."""

    words = TextAreaField(
        "Write to the others",
        description="Everybody in this pool can read it, and nobody else. Leave out codes, bank details and the like.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Write something first."),
            Length(
                max=LONGEST_MESSAGE,
                message=worded("Use at most {longest_message:,} characters.", longest_message=LONGEST_MESSAGE),
            ),
        ],
    )
    submit = SubmitField("Send to the others", widget=GovSubmitInput())


class DocumentForm(Form):
    """A document to share. The view reads the file: it is no words."""

    document = FileField(
        "Choose a document",
        description="A PDF, a picture (JPEG or PNG), a plain text, or a letter from Word or LibreOffice. At most 5 MB.",
        widget=GovFileInput(),
    )
    submit = SubmitField("Share it with the others", widget=GovSubmitInput())


class TurnForm(Form):
    """Something to be done, on one day or each week."""

    what = StringField(
        "What is to be done?",
        description="“Bring the towels”, or “Drive there and back”.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Say what is to be done."),
            Length(
                max=LONGEST_TURN, message=worded("Use at most {longest_turn} characters.", longest_turn=LONGEST_TURN)
            ),
        ],
    )
    held_on = DayField(
        "On which day?",
        description="Such as 14 9 2027.",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day, such as 14 9 2027.")],
    )
    starts_at = ClockField("At what time?", description="Such as 2pm. Leave it empty if it does not matter.")
    weeks = WholeNumberField(
        "For how many weeks?",
        description=worded(
            "1 is only that day. With 4, it is on the same day of four weeks. At most {most_weeks}.",
            most_weeks=MOST_WEEKS,
        ),
        widget=GovTextInput(),
        default=1,
        validators=[InputRequired("Enter a number of weeks, such as 1.")],
    )
    is_mine = BooleanField("I will do it", widget=GovCheckboxInput(), validators=[Optional()])
    submit = SubmitField("Put it on the rota", widget=GovSubmitInput())

    @property
    def wanted(self) -> NewTurn:
        """What was asked for, once every answer is there."""
        assert self.what.data is not None
        assert self.held_on.data is not None
        assert self.weeks.data is not None
        return NewTurn(
            what=self.what.data,
            held_on=self.held_on.data,
            starts_at=self.starts_at.data,
            weeks=self.weeks.data,
            is_mine=bool(self.is_mine.data),
        )
