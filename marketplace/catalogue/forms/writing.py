"""The forms that begin and end the writing of an offer."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput
from wtforms import RadioField, SubmitField

from marketplace.kit.fields import KeyField
from marketplace.kit.forms import Form


class BeginForm(Form):
    """Whose offer it will be."""

    key = KeyField()
    provider = RadioField("Who offers this?", widget=GovRadioInput(), validate_choice=False)
    submit = SubmitField("Start now", widget=GovSubmitInput())


class BeginChangeForm(Form):
    """That an offer is to be changed."""

    submit = SubmitField("Change it", widget=GovSubmitInput())


class SendForm(Form):
    """That everything was read and may be sent."""

    submit = SubmitField("Send it to be checked", widget=GovSubmitInput())
