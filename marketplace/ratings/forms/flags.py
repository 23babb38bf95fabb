"""What we ask a moderator about reviews that look arranged. Shape only; rules live in rules."""

import enum
from collections.abc import Sequence

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import HiddenField, RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.ratings.rules.nouns import ReviewId


class Which(enum.StrEnum):
    """Which of the reviews are not genuine."""

    NONE = "none"
    ALL = "all"
    SOME = "some"


class FlagForm(Form):
    """A moderator says which reviews under a flag are not genuine."""

    which = RadioField(
        "Which of these reviews are not genuine?",
        description="Good or bad must not matter. Only whether somebody wrote it who used what it is about.",
        widget=GovRadioInput(),
        choices=choices(
            [
                (Which.NONE, "None: they are genuine, or I cannot tell"),
                (Which.ALL, "All of them"),
                (Which.SOME, "Those I choose below"),
            ]
        ),
        validators=[InputRequired("Choose which are not genuine, or none.")],
    )
    chosen = SelectMultipleField("If you choose some: which?", widget=GovCheckboxesInput())
    reason = TextAreaField(
        "Why?",
        description="Whoever wrote a review that you keep from view reads this, and can appeal to the panel.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why.")],
    )
    # How many there were when the page was opened: “all” must not mean more than somebody has read.
    seen = HiddenField()
    submit = SubmitField("Save this decision", widget=GovSubmitInput())

    def choose_from(self, reviews: Sequence[tuple[ReviewId, str]]) -> None:
        """Offer the reviews that can still be decided about."""
        self.chosen.choices = choices((str(review_id), words) for review_id, words in reviews)
