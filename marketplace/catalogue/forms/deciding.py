"""What we ask a moderator who decides about an offer. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import HiddenField, RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.rules import Act
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form


class DecideForm(Form):
    """What a moderator decides about an offer."""

    outcome = RadioField(
        "What do you decide?",
        widget=GovRadioInput(),
        choices=choices([(Act.APPROVE, "Show it on the site"), (Act.REFUSE, "Ask for a change first")]),
        validators=[InputRequired("Choose what you decide.")],
    )
    ready = SelectMultipleField(
        "If you ask for a change: what about?",
        description="Tick what fits. You can change the words before they are sent.",
        widget=GovCheckboxesInput(),
    )
    copy = SubmitField("Put these words into the letter", widget=GovSubmitInput())
    reason = TextAreaField(
        "What the provider reads",
        description="Say what would make it right.",
        widget=GovTextArea(),
        validators=[Length(max=2000, message="Use at most 2,000 characters.")],
    )
    seen = HiddenField()
    submit = SubmitField("Decide", widget=GovSubmitInput())
