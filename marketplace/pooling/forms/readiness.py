"""What we ask members in each step of getting ready. Shape only; the questions themselves are rules."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.nouns import Step
from marketplace.pooling.rules.readiness import (
    LONGEST_ANSWER,
    LONGEST_CRITERION,
    PLANS,
    Answer,
    Question,
    QuestionKind,
)


class StepForm(Form):
    """One step. Its questions are added by `step_form`."""

    is_done = BooleanField("We have talked about this, and are done with it for now", widget=GovCheckboxInput())
    # When what the form shows was said: so that nobody writes over what another wrote meanwhile.
    seen = HiddenField()
    submit = SubmitField("Save", widget=GovSubmitInput())

    @property
    def seen_at(self) -> datetime | None:
        """When what was shown was said, or None if there was nothing."""
        try:
            return datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None

    def questions(self, step: Step) -> list[Field]:
        """Return the fields of a step's questions, in order."""
        return [self[question.name] for question in PLANS[step].questions]

    def said(self, step: Step) -> dict[str, Answer]:
        """Return what was said to a step's questions."""
        return {question.name: self[question.name].data or "" for question in PLANS[step].questions}

    def show(self, step: Step, answers: Mapping[str, Answer], *, is_done: bool, said_at: datetime | None) -> None:
        """Show what was said before."""
        for question in PLANS[step].questions:
            if question.name in answers:
                self[question.name].data = answers[question.name]
        self.is_done.data = is_done
        self.seen.data = said_at.isoformat() if said_at else ""


class CriterionForm(Form):
    """Something that matters, in somebody's own words."""

    words = StringField(
        "What matters to you?",
        description="In your own words. The others see that it matters to somebody, and not to whom.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Say what matters, such as “We are never left waiting in the cold”."),
            Length(
                max=LONGEST_CRITERION,
                message=worded("Use at most {longest_criterion} characters.", longest_criterion=LONGEST_CRITERION),
            ),
        ],
    )
    submit = SubmitField("Add this", widget=GovSubmitInput())


def step_form(step: Step) -> StepForm:
    """Return the form of one step, filled with what was sent."""
    return _form_class(step)()


@cache
def _form_class(step: Step) -> type[StepForm]:
    fields = {question.name: _field(question) for question in PLANS[step].questions}
    return type(f"{step.value.title().replace('_', '')}Form", (StepForm,), fields)


def _field(question: Question) -> Field:
    if question.kind is QuestionKind.ONE:
        return RadioField(
            question.words,
            description=question.hint,
            widget=GovRadioInput(),
            choices=choices(question.options),
            validate_choice=False,
        )
    if question.kind is QuestionKind.MANY:
        return SelectMultipleField(
            question.words,
            description=question.hint,
            widget=GovCheckboxesInput(),
            choices=choices(question.options),
            validate_choice=False,
        )
    return TextAreaField(
        question.words,
        description=question.hint,
        widget=GovTextArea(),
        validators=[
            Length(
                max=LONGEST_ANSWER,
                message=worded("Use at most {longest_answer:,} characters.", longest_answer=LONGEST_ANSWER),
            )
        ],
    )
