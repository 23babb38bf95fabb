"""What we ask whoever pledges to a pool: how much at what price, and then who pays. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired, Length

from marketplace.kit.fields import PoundsField, WholeNumberField
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.membership import LONGEST_CALLED
from marketplace.pooling.rules.pledging import Ladder, NewPledge
from marketplace.purchasing.forms.baskets import PayingForm


class PledgeForm(Form):
    """How much somebody would take, and at what price."""

    least = WholeNumberField(
        "How much would you like?",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a whole number, such as 6.")],
    )
    most = WholeNumberField(
        "Would you take more, if that makes it cheaper for everybody?",
        description="The most you would take, in all. Leave this empty if you would not take more.",
        widget=GovTextInput(),
    )
    most_price = PoundsField(
        "What is the most you would pay?",
        validators=[InputRequired("Enter an amount in pounds, like 14.50.")],
    )
    submit = SubmitField("Go on", widget=GovSubmitInput())

    def fit(self, ladder: Ladder) -> None:
        """Ask only what makes a difference in this pool."""
        self._ladder = ladder
        if ladder.is_shared:
            del self.least
        if not ladder.takes_a_range:
            del self.most

    def show(self, pledge: NewPledge) -> None:
        """Fill in what was pledged, or what most people would."""
        if self.least:
            self.least.data = pledge.least
        if self.most:
            self.most.data = pledge.most if pledge.most > pledge.least else None
        self.most_price.data = pledge.most_price

    @property
    def wanted(self) -> NewPledge:
        """What was said, before anybody says who pays."""
        assert self.most_price.data is not None
        least = self.least.data if self.least else self._ladder.quantity
        assert least is not None
        most = self.most.data if self.most and self.most.data is not None else least
        return NewPledge(least=least, most=most, most_price=self.most_price.data)


class PledgePayingForm(PayingForm):
    """Who pays for a pledge, how, and what the others may call somebody."""

    called = StringField(
        "What may the others in the pool call you?",
        description="Only people in this pool see it. It need not be your real name. Leave it empty to be “A member”.",
        widget=GovTextInput(),
        validators=[
            Length(
                max=LONGEST_CALLED,
                message=worded("Use at most {longest_called} characters.", longest_called=LONGEST_CALLED),
            )
        ],
    )
    submit = SubmitField("Join this pool", widget=GovSubmitInput())

    def keep(self) -> None:
        """Speak to somebody who is in the pool already."""
        self.submit.label.text = "Save what I have changed"
