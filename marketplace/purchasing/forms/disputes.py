"""What we ask people when something is not right. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.kit.fields import PoundsField, choices
from marketplace.kit.forms import Form
from marketplace.purchasing.rules.nouns import DisputeOutcome


class DisputeForm(Form):
    """Saying what is not right."""

    words = TextAreaField(
        "What is not right?",
        description="Say what happened, and when. The other side reads this, and a moderator if you ask one later.",
        widget=GovTextArea(),
        validators=[InputRequired("Say what is not right.")],
    )
    wanted = TextAreaField(
        "What would put it right?",
        description="For example: some money back, another visit, or that it does not happen again.",
        widget=GovTextArea(),
        validators=[InputRequired("Say what would put it right.")],
    )
    submit = SubmitField("Send this", widget=GovSubmitInput())


class AnswerDisputeForm(Form):
    """Answering what the other side says is not right."""

    answer = TextAreaField(
        "What do you say to this?",
        description="Say how you see it, and what you will do. The other side reads this, and a moderator if one is "
        "asked later.",
        widget=GovTextArea(),
        validators=[InputRequired("Write your answer.")],
    )
    submit = SubmitField("Send your answer", widget=GovSubmitInput())


class DecideDisputeForm(Form):
    """Deciding, for a moderator."""

    outcome = RadioField(
        "What do you decide?",
        choices=choices(
            [
                (DisputeOutcome.UPHELD.value, "Who complained is right"),
                (DisputeOutcome.PARTLY_UPHELD.value, "They are partly right"),
                (DisputeOutcome.NOT_UPHELD.value, "They are not right"),
            ]
        ),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose who is right.")],
    )
    reason = TextAreaField(
        "Why?",
        description="Both sides read this. Say what you have gone by: what was agreed, and what each of them says.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why. Both sides read it.")],
    )
    refund = PoundsField(
        "How much should the provider give back, if anything?",
        description="They pay it: we hold no money. Leave this empty if nothing is to be given back.",
        widget=GovTextInput(),
    )
    submit = SubmitField("Decide this", widget=GovSubmitInput())
