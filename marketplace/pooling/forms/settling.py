"""What we ask members while their pool gets ready, and champions before. Shape only; rules live in rules."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput
from wtforms import HiddenField, RadioField, SubmitField
from wtforms.validators import InputRequired

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.purchasing.forms.baskets import ROUTES
from marketplace.purchasing.rules.nouns import PayBy


class WayToPayForm(Form):
    """Another way to pay."""

    pay_by = RadioField(
        "How would you like to pay instead?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how you would like to pay.")],
    )
    submit = SubmitField("Pay in this way", widget=GovSubmitInput())

    def offer(self, routes: Iterable[PayBy]) -> None:
        """Offer these ways."""
        self.pay_by.choices = choices((route.value, ROUTES[route]) for route in routes)


class DearerPriceForm(Form):
    """Yes or no to a dearer price."""

    pence = HiddenField()
    answer = RadioField(
        "Would you like to stay in at this price?",
        choices=choices([("yes", "Yes, I stay in"), ("no", "No, I am out, and pay nothing")]),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose yes or no.")],
    )
    submit = SubmitField("Send my answer", widget=GovSubmitInput())


class PressForm(Form):
    """One button, on a page that says first what it does."""
