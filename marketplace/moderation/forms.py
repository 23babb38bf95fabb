"""What we ask people who report something, and moderators who decide. Shape only; rules live in rules.py."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.moderation.rules import LONGEST_WORDS, ReportReason


class ReportForm(Form):
    """Telling the moderators that something is wrong."""

    reason = RadioField(
        "What is wrong?",
        widget=GovRadioInput(),
        choices=choices(
            [
                (ReportReason.OUT_OF_DATE, "It is out of date, or not true any more"),
                (ReportReason.MISLEADING, "It misleads people"),
                (ReportReason.PRIVATE, "It says something private about somebody"),
                (ReportReason.ABUSIVE, "It insults or threatens somebody"),
                (ReportReason.UNSAFE, "Somebody could come to harm"),
                (ReportReason.SOMETHING_ELSE, "Something else"),
            ]
        ),
        validators=[InputRequired("Choose what is wrong.")],
    )
    words = TextAreaField(
        "Tell us more",
        description="What is wrong, and how do you know? Please leave out private details about anybody.",
        widget=GovTextArea(),
        validators=[
            Length(
                max=LONGEST_WORDS,
                message=worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS),
            )
        ],
    )
    submit = SubmitField("Send this report", widget=GovSubmitInput())


class DecideForm(Form):
    """Why a moderator keeps something from view, or shows it again."""

    reason = TextAreaField(
        "Why?",
        description="Whoever wrote it reads this.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say why. Whoever wrote it will read this."),
            Length(
                max=LONGEST_WORDS,
                message=worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS),
            ),
        ],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())
