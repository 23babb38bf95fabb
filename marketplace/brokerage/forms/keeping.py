"""What we ask people for when they keep their plan, share it, or look at it again. Shape only; rules in rules/."""

from collections.abc import Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, HiddenField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from marketplace.brokerage.rules.lasting import BEST, LINK_LASTS, LONGEST_LINK
from marketplace.brokerage.rules.nouns import OutcomeId
from marketplace.brokerage.rules.plans import LONGEST_PART
from marketplace.kit.fields import DayField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded

_TOO_LONG = worded("Use at most {longest_part} characters.", longest_part=LONGEST_PART)
_DAYS = worded("Enter a number of days from 1 to {longest_link}.", longest_link=LONGEST_LINK)
_SCORE = worded("Enter a whole number from 0 to {best}, or nothing.", best=BEST)
NOW, ALWAYS = "now", "always"


class KeepForm(Form):
    """Keeping a plan as it is now."""

    note = StringField(
        "Why do you keep it? (you need not say)",
        description="For example “Before the review with the council”.",
        widget=GovTextInput(),
        validators=[Length(max=200, message="Use at most 200 characters.")],
    )
    submit = SubmitField("Keep it as it is now", widget=GovSubmitInput())


class ShareForm(Form):
    """Sharing a plan by a link."""

    called = StringField(
        "Who is it for?",
        description="Only you see this. For example “My social worker”.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Say who it is for, so that you know later."),
            Length(max=80, message="Use at most 80 characters."),
        ],
    )
    shows = RadioField("What do they see?", widget=GovRadioInput(), validators=[InputRequired("Choose what they see.")])
    shows_money = BooleanField("They see what it costs too", widget=GovCheckboxInput())
    days = WholeNumberField(
        "For how many days does it work?",
        description=worded(
            "It stops by itself, after {longest_link} days at the latest. You can take it back at any moment.",
            longest_link=LONGEST_LINK,
        ),
        default=LINK_LASTS,
        widget=GovTextInput(),
        validators=[InputRequired(_DAYS), NumberRange(1, LONGEST_LINK, _DAYS)],
    )
    submit = SubmitField("Make the link", widget=GovSubmitInput())

    def offer_versions(self, version: str) -> None:
        """Ask what it shows: the version named, if any, the plan as it is now, or as it is whenever it is opened."""
        ways = [(NOW, "My plan as it is now. What I change later stays with me.")]
        ways.append((ALWAYS, "My plan as it is whenever they open it"))
        self.shows.choices = choices([("version", version), *ways] if version else ways)


class ReviewDayForm(Form):
    """Choosing a day to look at a plan again."""

    due_on = DayField(
        "When will you look at it again?",
        description="We write to you a week before, and on the day.",
        widget=GovDateInput(),
        validators=[InputRequired("Choose a day.")],
    )
    submit = SubmitField("Choose this day", widget=GovSubmitInput())


class ScoresForm(Form):
    """How life is in some outcomes, each from 0 to 10. Its fields are added by `asking`."""

    submit = SubmitField("Save", widget=GovSubmitInput())
    outcomes: Mapping[str, OutcomeId] = {}

    @property
    def readings(self) -> dict[OutcomeId, int]:
        """What was said. What was left empty is not said."""
        return {
            outcome_id: self[name].data for name, outcome_id in self.outcomes.items() if self[name].data is not None
        }


class HoldReviewForm(ScoresForm):
    """What came of looking at a plan again."""

    worked = TextAreaField(
        "What worked?", widget=GovTextArea(), validators=[Length(max=LONGEST_PART, message=_TOO_LONG)]
    )
    not_worked = TextAreaField(
        "What did not work?", widget=GovTextArea(), validators=[Length(max=LONGEST_PART, message=_TOO_LONG)]
    )
    next = TextAreaField("What next?", widget=GovTextArea(), validators=[Length(max=LONGEST_PART, message=_TOO_LONG)])
    next_on = DayField(
        "When will you look at it again after this? (you need not say)", widget=GovDateInput(), validators=[Optional()]
    )
    seen = HiddenField()


def asking(kind: type[ScoresForm], outcomes: Sequence[tuple[OutcomeId, str]]) -> type[ScoresForm]:
    """Return a form that also asks how life is in each of these outcomes."""
    fields: dict[str, Any] = {
        f"outcome_{number}": WholeNumberField(
            name, widget=GovTextInput(), validators=[Optional(), NumberRange(0, BEST, _SCORE)]
        )
        for number, (_outcome_id, name) in enumerate(outcomes)
    }
    ids = {f"outcome_{number}": outcome_id for number, (outcome_id, _name) in enumerate(outcomes)}
    return type(kind.__name__, (kind,), fields | {"outcomes": ids, "__doc__": kind.__doc__})
