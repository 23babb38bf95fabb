"""What we ask a provider who answers, and a writer whether it did change. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import BooleanField, RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import one_word
from marketplace.ratings.rules.nouns import ChangeState, Verdict

STATES = (
    (ChangeState.PLANNED, "We plan to do something about it"),
    (ChangeState.DONE, "We have done something about it"),
)
VERDICTS = (
    (Verdict.YES, "Yes, it did"),
    (Verdict.PARTLY, one_word("Partly")),
    (Verdict.NO, "No, it did not"),
)
_IS_SURE = "It may be shown: it does not tell who wrote the review, or anything private about somebody"


class ReplyForm(Form):
    """Answering a review."""

    words = TextAreaField(
        "Your reply",
        description="Anyone can read it, under your name and your organisation’s. Never say who you think wrote the "
        "review, or anything you know about them.",
        widget=GovTextArea(),
        validators=[InputRequired("Write your reply first.")],
    )
    is_sure = BooleanField(_IS_SURE, widget=GovCheckboxInput())
    submit = SubmitField("Show this reply", widget=GovSubmitInput())


class ChangeForm(Form):
    """Saying what is done about something that is not working, or should change."""

    state = RadioField(
        "Where does it stand?",
        widget=GovRadioInput(),
        choices=choices(STATES),
        validators=[InputRequired("Say whether you plan it, or have done it.")],
    )
    words = TextAreaField(
        "What will you do, or what have you done?",
        description="In a sentence or two: what, and by when. Anyone can read it.",
        widget=GovTextArea(),
        validators=[InputRequired("Say what you will do, or what you have done.")],
    )
    is_sure = BooleanField(_IS_SURE, widget=GovCheckboxInput())
    submit = SubmitField("Show this", widget=GovSubmitInput())


class VerdictForm(Form):
    """Saying whether it did change."""

    verdict = RadioField(
        "Did it change?",
        description="Anyone can read your answer. You can change it later.",
        widget=GovRadioInput(),
        choices=choices(VERDICTS),
        validators=[InputRequired("Say whether it changed.")],
    )
    submit = SubmitField("Show my answer", widget=GovSubmitInput())
