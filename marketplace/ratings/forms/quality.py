"""What we ask about checklists and quality checks. Shape only; rules live in rules."""

from collections.abc import Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxInput,
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, Field, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from marketplace.kit.fields import DayField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.ratings.queries.checklists import ShownChecklist
from marketplace.ratings.queries.quality import ShownFinding
from marketplace.ratings.rules import quality as rules
from marketplace.ratings.rules.nouns import ChecklistId, Finding
from marketplace.ratings.rules.quality import Found

_IS_SURE = "It may be shown: it does not tell who somebody is, or anything private about them"
_VISITED = "On which day was the visit?"


def _at_most(characters: int) -> Length:
    return Length(max=characters, message=worded("Use at most {characters:,} characters.", characters=characters))


class ChecklistForm(Form):
    """A checklist: its title, and what to look at."""

    organisation = RadioField("Which organisation’s checklist is it?", widget=GovRadioInput(), validate_choice=False)
    title = StringField(
        "What is the checklist called?",
        description="For example: A visit to a day service.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a title, like “A visit to a day service”.")],
    )
    items = TextAreaField(
        "What do you look at?",
        description="Each thing on a line of its own, as a sentence that can be true or not: "
        "People choose what they eat. Staff ask before they help.",
        widget=GovTextArea(),
        validators=[InputRequired("Enter what you look at, each thing on a line of its own.")],
    )
    submit = SubmitField("Save this checklist", widget=GovSubmitInput())


class BeginForm(Form):
    """Which visit a check is about."""

    checklist = RadioField("Which checklist did you go by?", widget=GovRadioInput(), choices=[], validate_choice=False)
    visited_on = DayField(
        _VISITED,
        description="For example 27 3 2026.",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day of the visit.")],
    )
    submit = SubmitField("Go on to what you found", widget=GovSubmitInput())

    def offer_checklists(self, checklists: Sequence[ShownChecklist]) -> None:
        """Let somebody choose among some checklists. One that stands alone is chosen already."""
        self.checklist.choices = choices((one.id, one.title) for one in checklists)
        if len(checklists) == 1 and not self.checklist.data:
            self.checklist.data = str(checklists[0].id)

    def chosen(self, checklists: Sequence[ShownChecklist]) -> ChecklistId | None:
        """Return which of these checklists was chosen, or None."""
        return next((one.id for one in checklists if str(one.id) == self.checklist.data), None)


class FindingsForm(Form):
    """What was found on a visit: a question for each item of the checklist, and a report."""

    visited_on = DayField(
        _VISITED,
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day of the visit.")],
    )
    report = TextAreaField(
        "What was the visit like?",
        description="Everybody can read this. Say what was good, what was not, and what could change. No names, and "
        "nothing that shows who somebody is.",
        widget=GovCharacterCount(),
        validators=[_at_most(rules.LONGEST_REPORT)],
    )
    is_sure = BooleanField(_IS_SURE, widget=GovCheckboxInput())
    submit = SubmitField("Save and look at it", widget=GovSubmitInput())

    def asked(self) -> tuple[tuple[Field, Field], ...]:
        """Return the two questions of each item in order: what was found, and in which words."""
        found = [name for name in self._fields if name.startswith("found_")]
        return tuple((self[name], self[name.replace("found_", "words_")]) for name in found)

    def found(self, findings: Sequence[ShownFinding]) -> Found:
        """Return what was answered about the items that the form asked about."""
        assert self.visited_on.data is not None
        answers = list(zip(findings, self.asked(), strict=True))
        return Found(
            visited_on=self.visited_on.data,
            report=self.report.data or "",
            findings={
                one.item.id: Finding(found.data) for one, (found, _words) in answers if found.data in set(Finding)
            },
            words={one.item.id: words.data or "" for one, (_found, words) in answers},
        )


def findings_form(findings: Sequence[ShownFinding], **known: Any) -> FindingsForm:
    """Return the form that asks about each item of a checklist, filled in with what is known."""
    questions: dict[str, object] = {}
    for position, one in enumerate(findings):
        # Numbered, so that whoever hears the form knows which thing they write about.
        number = position + 1
        questions[f"found_{position}"] = RadioField(
            f"{number}. {one.item.words}",
            widget=GovRadioInput(),
            choices=choices(rules.FINDINGS.items()),
            validate_choice=False,
            default=one.finding,
        )
        questions[f"words_{position}"] = TextAreaField(
            worded("{number}. What did you see? (you need not say)", number=number),
            widget=GovTextArea(),
            validators=[_at_most(rules.LONGEST_FINDING)],
            default=one.words,
        )
    form: FindingsForm = type("AskedFindingsForm", (FindingsForm,), questions)(**known)
    return form


class AnswerForm(Form):
    """What the provider says to a report."""

    words = TextAreaField(
        "Your answer",
        description="It is shown with the report, in full, under your name as a provider. If a fact in the report is "
        "wrong, say what is right. No names of people.",
        widget=GovCharacterCount(),
        validators=[InputRequired("Write your answer."), _at_most(rules.LONGEST_ANSWER)],
    )
    is_sure = BooleanField(_IS_SURE, widget=GovCheckboxInput())
    submit = SubmitField("Show this answer", widget=GovSubmitInput())


class CorrectionForm(Form):
    """What was wrong in a report."""

    words = TextAreaField(
        "What was wrong, and what is right?",
        description="It is shown at the top of the report with today’s date. The report itself stays as it was.",
        widget=GovCharacterCount(),
        validators=[
            InputRequired("Say what was wrong, and what is right."),
            _at_most(rules.LONGEST_CORRECTION),
        ],
    )
    is_sure = BooleanField(_IS_SURE, widget=GovCheckboxInput())
    submit = SubmitField("Add this correction", widget=GovSubmitInput())


class WithdrawReportForm(Form):
    """Why a report is taken back."""

    reason = TextAreaField(
        "Why do you take it back?",
        description="Everybody can read this. Nobody can read the report any more, and it cannot be shown again.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why. Everybody can read it."), _at_most(rules.LONGEST_REASON)],
    )
    submit = SubmitField("Take the report back", widget=GovSubmitInput())
