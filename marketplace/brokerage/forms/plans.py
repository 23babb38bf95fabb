"""What we ask people for about their plan. Shape only; rules live in rules/."""

from collections.abc import Iterator

from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextArea
from wtforms import Field, HiddenField, SubmitField, TextAreaField
from wtforms.validators import Length

from marketplace.brokerage.rules.nouns import Part
from marketplace.brokerage.rules.plans import LONGEST_PART, TITLES
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded


def _part(part: Part, description: str) -> TextAreaField:
    return TextAreaField(
        TITLES[part],
        description=description,
        widget=GovTextArea(),
        validators=[
            Length(
                max=LONGEST_PART, message=worded("Use at most {longest_part} characters.", longest_part=LONGEST_PART)
            )
        ],
    )


class PlanForm(Form):
    """The parts of a plan in words. Beside each goes what its writer saw of it, so that two at once are noticed."""

    about_me = _part(
        Part.ABOUT_ME, "What people like about you, what you enjoy, what anybody who helps you should know."
    )
    about_me_seen = HiddenField()
    what_matters = _part(Part.WHAT_MATTERS, "What you want to keep, and what you want to change.")
    what_matters_seen = HiddenField()
    good_week = _part(Part.GOOD_WEEK, "Where you go, whom you see, what you do.")
    good_week_seen = HiddenField()
    risks = _part(Part.RISKS, "What you want to do although it might go wrong, and how you would go about it.")
    risks_seen = HiddenField()
    who_helps = _part(Part.WHO_HELPS, "Family, friends, neighbours, people you pay: whoever is there for you now.")
    who_helps_seen = HiddenField()
    submit = SubmitField("Save", widget=GovSubmitInput())

    def parts(self) -> Iterator[Field]:
        """Return the questions, in their order."""
        return (self[part] for part in Part)

    def typed(self) -> dict[Part, tuple[str, str]]:
        """Return the words of each part, and the mark of what their writer saw of it."""
        return {part: (self[part].data or "", self[f"{part}_seen"].data or "") for part in Part}
