"""What we ask people for about reviews. Shape only; rules live in rules.py."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import BooleanField, RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form

STARS = (
    (5, "5 – I would choose it again gladly"),
    (4, "4 – Good, with small things to put right"),
    (3, "3 – All right, some good and some bad"),
    (2, "2 – It let me down"),
    (1, "1 – I would not choose it again"),
)


def _stars(typed: str | int | None) -> int | None:
    """Read a choice; what is none of the five is 0, which the rules refuse in words."""
    if typed is None:
        return None
    return int(typed) if str(typed) in {"1", "2", "3", "4", "5"} else 0


class ReviewForm(Form):
    """Saying what something was like. Without an arrangement one also says that one used it."""

    has_used = BooleanField(
        "I have used this myself, or cared for somebody who did",
        widget=GovCheckboxInput(),
        validators=[InputRequired("Tick this only if you have used it. We can show reviews by nobody else.")],
    )
    stars = RadioField(
        "How was it for you?",
        widget=GovRadioInput(),
        choices=choices(STARS),
        coerce=_stars,
        validate_choice=False,
        validators=[InputRequired("Choose how it was, from 1 to 5.")],
    )
    words = TextAreaField(
        "What would you tell a friend about it?",
        description="What was good, what was not? Leave out names, phone numbers and anything that shows who you are. "
        "From 10 to 3,000 characters.",
        widget=GovTextArea(),
        validators=[InputRequired("Write a few words about it.")],
    )
    submit = SubmitField("Show my review", widget=GovSubmitInput())


class ReplyForm(Form):
    """Answering a review."""

    words = TextAreaField(
        "Your reply",
        description="Anyone can read it, under your organisation’s name. Do not say who you think wrote the review.",
        widget=GovTextArea(),
        validators=[InputRequired("Write your reply first.")],
    )
    submit = SubmitField("Show this reply", widget=GovSubmitInput())
