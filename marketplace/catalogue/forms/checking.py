"""What we ask about checks, and about registration. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.rules import CheckKind
from marketplace.catalogue.rules.evidence import LEVELS, LONGEST_DETAIL, LONGEST_NAME_OF_CHECKER
from marketplace.catalogue.services.checking import Told
from marketplace.kit.fields import DayField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded

_LONGEST = Length(
    max=LONGEST_DETAIL, message=worded("Use at most {longest_detail} characters.", longest_detail=LONGEST_DETAIL)
)

ASKED = {
    CheckKind.IDENTITY: "Who has seen that you are who you say you are?",
    CheckKind.DBS: "What was checked, and for whom?",
    CheckKind.INSURANCE: "What are you insured for, and up to how much?",
    CheckKind.REFERENCES: "How many people can speak for you, and how do they know you?",
    CheckKind.TRAINING: "What have you learned, and with whom?",
    CheckKind.FOOD_HYGIENE: "Which kitchen is it about?",
    CheckKind.CQC_REGISTRATION: "What are you registered for?",
}
"""What to say in one's own words about each kind of check."""

_HINTS = {
    CheckKind.DBS: "Never the number of a certificate, and nothing that stands in it. Everybody can read this.",
    CheckKind.INSURANCE: "For example: public liability, £5 million. No policy numbers. Everybody can read this.",
    CheckKind.REFERENCES: "For example: three, all people I have worked for. No names. Everybody can read this.",
}


class DeclareForm(Form):
    """What a provider says of itself."""

    level = RadioField(widget=GovRadioInput(), validate_choice=False)
    number = StringField(
        "What is the number of your location?",
        description="Like 1-123456789. It ends the address of its page on cqc.org.uk.",
        widget=GovTextInput(),
    )
    detail = TextAreaField(widget=GovTextArea(), validators=[_LONGEST])
    expires_on = DayField(
        "Until when is it good?",
        description="The last day, for example 31 3 2027. Leave it empty if it does not run out.",
        widget=GovDateInput(),
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def ask_about(self, kind: CheckKind) -> None:
        """Ask about one kind of check: its levels or its number if it has any, and in words that belong to it."""
        self.detail.label.text = ASKED[kind]
        self.detail.description = _HINTS.get(kind, "In a sentence. Everybody can read this.")
        if kind in LEVELS:
            self.level.label.text = "Which DBS check is it?" if kind is CheckKind.DBS else "What is the rating?"
            self.level.choices = choices(LEVELS[kind].items())
        else:
            del self.level
        if kind is not CheckKind.CQC_REGISTRATION:
            del self.number

    @property
    def said(self) -> Told:
        """What was said, as services take it."""
        level = self.number.data if "number" in self else self.level.data if "level" in self else ""
        return Told(level=level or "", detail=self.detail.data or "", expires_on=self.expires_on.data)


class RecordForm(DeclareForm):
    """What somebody has looked at."""

    checked_by = StringField(
        "Who looked?",
        description="The body that people can ask, such as Anytown Centre for Independent Living.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Say who looked: a body that people can ask."),
            Length(
                max=LONGEST_NAME_OF_CHECKER,
                message=worded(
                    "Use at most {longest_name_of_checker} characters.", longest_name_of_checker=LONGEST_NAME_OF_CHECKER
                ),
            ),
        ],
    )
    checked_on = DayField(
        "On which day?",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day on which they looked.")],
    )


class WithdrawForm(Form):
    """Why something is no longer so."""

    reason = TextAreaField(
        "Why? (you need not say)",
        description="In a sentence. Everybody can read this.",
        widget=GovTextArea(),
        validators=[_LONGEST],
    )
    submit = SubmitField("Take it back", widget=GovSubmitInput())


class CqcQuestionForm(Form):
    """One question of those that tell whether somebody has to register."""

    answer = RadioField(widget=GovRadioInput(), validate_choice=False)
    submit = SubmitField("Go on", widget=GovSubmitInput())
