"""What we ask about free help: whose area, and of operators what a signpost says. Shape only; rules live in rules."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.brokerage.rules.nouns import SignpostKind
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.places import CouncilCode
from marketplace.kit.sentences import one_word

ENGLAND = "england"

KINDS = {
    SignpostKind.ASSESSMENT: "The council looks at what somebody needs",
    SignpostKind.ADVOCACY: "Somebody on your side",
    SignpostKind.ADVICE: one_word("Advice"),
    SignpostKind.CARERS: "For carers",
    SignpostKind.COMPLAINTS: one_word("Complaints"),
}


class SignpostForm(Form):
    """Where free help is. Saving it says that somebody has made sure of it today."""

    council = SelectField(
        "Where does it help?",
        widget=GovSelect(),
        validators=[InputRequired("Choose where it helps.")],
    )
    kind = RadioField(
        "What kind of help is it?",
        widget=GovRadioInput(),
        choices=choices(KINDS.items()),
        validators=[InputRequired("Choose what kind of help it is.")],
    )
    name = StringField("Who are they?", widget=GovTextInput(), validators=[InputRequired("Say who they are.")])
    words = TextAreaField(
        "What do they do?",
        description="One or two sentences, in plain words.",
        widget=GovTextArea(),
        validators=[InputRequired("Say in a sentence or two what they do.")],
    )
    phone = StringField("Number to ring", description="Like 0300 061 0614.", widget=GovTextInput())
    email = StringField("Email address", widget=GovTextInput())
    href = StringField("Web page", description="It begins with https://.", widget=GovTextInput())
    submit = SubmitField("Save. I have made sure today that this is right", widget=GovSubmitInput())

    def choose_from(self, councils: Iterable[tuple[CouncilCode, str]]) -> None:
        """Offer every council, after all of England."""
        self.council.choices = choices([(ENGLAND, "All of England"), *councils])
        # One of them is always chosen, so browsers have nothing to ask for.
        self.council.flags.required = False
