"""The questions of the agreement. Shape only; rules live in rules."""

from collections.abc import Mapping

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.agreement import LONGEST_OWN_WORDS, OWN, QUESTIONS, Answer, Question


class AgreementForm(Form):
    """What members agree: a choice under each question, and their own words if they like."""

    submit = SubmitField("Propose this to the others", widget=GovSubmitInput())

    @property
    def answers(self) -> dict[str, Answer]:
        """What was answered, by the name of the question."""
        return {
            question.name: Answer(
                choice=self[question.name].data or "", words=self[f"{question.name}_words"].data or ""
            )
            for question in QUESTIONS
        }


def answers_shown(answers: Mapping[str, Answer]) -> dict[str, str]:
    """Return answers as the form shows them to begin with."""
    shown = {}
    for name, answer in answers.items():
        shown[name], shown[f"{name}_words"] = answer.choice, answer.words
    return shown


def _choice_of(question: Question) -> RadioField:
    offered: list[tuple[object, str]] = [(choice.name, choice.label) for choice in question.choices]
    if not question.needs_choice:
        offered.append((OWN, "Something else, in our own words"))
    return RadioField(
        question.asks,
        description=question.hint,
        widget=GovRadioInput(),
        choices=choices(offered),
        validators=[InputRequired(worded("{heading}: choose one answer.", heading=question.heading))],
    )


def _words_of(question: Question) -> TextAreaField:
    return TextAreaField(
        worded("{heading}: in our own words, if you like", heading=question.heading),
        widget=GovTextArea(),
        validators=[
            Length(
                max=LONGEST_OWN_WORDS,
                message=worded("Use at most {longest_own_words:,} characters.", longest_own_words=LONGEST_OWN_WORDS),
            )
        ],
    )


for _question in QUESTIONS:
    setattr(AgreementForm, _question.name, _choice_of(_question))
    setattr(AgreementForm, f"{_question.name}_words", _words_of(_question))
