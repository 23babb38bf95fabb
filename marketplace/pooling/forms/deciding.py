"""What we ask members who decide together. Shape only; rules live in rules."""

from collections.abc import Sequence

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.kit.fields import WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.deciding import (
    FEWEST_OPTIONS,
    LONGEST_DAYS,
    LONGEST_QUESTION,
    LONGEST_VOICE,
    MOST_OPTIONS,
    SHORTEST_DAYS,
    USUAL_DAYS,
    USUAL_QUORUM,
    NewProposal,
)
from marketplace.pooling.rules.nouns import ProposalWay, Voice


class AskForm(Form):
    """Asking the others to decide something."""

    question = StringField(
        "What do you want to decide?",
        description="As a sentence that people can agree to, such as “We meet on Tuesdays at 2pm”, or as a question.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Say what you want to decide."),
            Length(
                max=LONGEST_QUESTION,
                message=worded("Use at most {longest_question} characters.", longest_question=LONGEST_QUESTION),
            ),
        ],
    )
    way = RadioField(
        "How do you want to decide?",
        widget=GovRadioInput(),
        choices=choices([(ProposalWay.CONSENT, "By consent"), (ProposalWay.BALLOT, "By secret ballot")]),
        validators=[InputRequired("Choose how to decide.")],
    )
    options = TextAreaField(
        "What can people choose between?",
        description=worded(
            "Only for a ballot: {fewest_options} to {most_options} choices, each on a line of its own.",
            fewest_options=FEWEST_OPTIONS,
            most_options=MOST_OPTIONS,
        ),
        widget=GovTextArea(),
        validators=[Optional()],
    )
    days = WholeNumberField(
        "For how many days can people answer?",
        description=worded(
            "From {shortest_days} to {longest_days}, not counting today.",
            shortest_days=SHORTEST_DAYS,
            longest_days=LONGEST_DAYS,
        ),
        widget=GovTextInput(),
        default=USUAL_DAYS,
        validators=[
            InputRequired(
                worded(
                    "Enter a number of days from {shortest_days} to {longest_days}.",
                    shortest_days=SHORTEST_DAYS,
                    longest_days=LONGEST_DAYS,
                )
            )
        ],
    )
    quorum = WholeNumberField(
        "How many must take part?",
        description=worded(
            "Leave it empty for {usual_quorum}, or everybody if you are fewer. If fewer take part, nothing is decided.",
            usual_quorum=USUAL_QUORUM,
        ),
        widget=GovTextInput(),
        validators=[Optional()],
    )
    submit = SubmitField("Ask the others", widget=GovSubmitInput())

    @property
    def wanted(self) -> NewProposal:
        """What was asked for, once every answer is there."""
        assert self.question.data is not None
        assert self.days.data is not None
        return NewProposal(
            way=ProposalWay(self.way.data),
            question=self.question.data,
            options=tuple((self.options.data or "").split("\n")),
            days=self.days.data,
            quorum=self.quorum.data,
        )


class VoiceForm(Form):
    """What somebody says to a proposal."""

    voice = RadioField(
        "What do you say?",
        widget=GovRadioInput(),
        choices=choices(
            [(Voice.CONSENT, "I can live with it"), (Voice.STAND_ASIDE, "I stand aside"), (Voice.OBJECT, "I object")]
        ),
        validators=[InputRequired("Choose what you say.")],
    )
    words = TextAreaField(
        "Why?",
        description="The others read this. You need it only if you object.",
        widget=GovTextArea(),
        validators=[
            Length(
                max=LONGEST_VOICE,
                message=worded("Use at most {longest_voice:,} characters.", longest_voice=LONGEST_VOICE),
            )
        ],
    )
    submit = SubmitField("Say this", widget=GovSubmitInput())


class PaperForm(Form):
    """One paper of a secret ballot."""

    option = RadioField("What do you choose?", widget=GovRadioInput(), validators=[InputRequired("Choose one answer.")])
    submit = SubmitField("Vote", widget=GovSubmitInput())

    def choose_from(self, options: Sequence[str]) -> None:
        """Put the ballot's choices on the paper."""
        self.option.choices = choices((str(number), option) for number, option in enumerate(options))
