"""What we ask people who look for others: what they like, what they would do together, and what we may call them."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import one_word, worded
from marketplace.pooling.rules import LONGEST_PURPOSE, LONGEST_TITLE
from marketplace.pooling.rules.interests import GROUPS, REACHES
from marketplace.pooling.rules.membership import LONGEST_CALLED
from marketplace.pooling.rules.nouns import EndReason, InterestSlug, PoolOrigin
from marketplace.pooling.rules.starting import LONGEST_LAST_WORDS

_CALLED = "What shall the others call you?"
_CALLED_HINT = "A first name, or anything you like. Only people in the pool see it. Leave it empty to be “a member”."
_LONGEST_PLACE = 100
_AT_MOST_CALLED = Length(
    max=LONGEST_CALLED, message=worded("Use at most {longest_called} characters.", longest_called=LONGEST_CALLED)
)


ENDINGS = (
    (EndReason.TOO_FEW.value, "Too few people came together"),
    (EndReason.INTEREST_DWINDLED.value, "We are not so keen any more"),
    (EndReason.COSTS_TOO_MUCH.value, "It would cost too much"),
    (EndReason.PROVIDER_GONE.value, "Nobody offers it"),
    (EndReason.FOUND_ANOTHER_WAY.value, "We found another way"),
    (EndReason.DID_NOT_WORK.value, "It did not work out"),
    (EndReason.OTHER.value, "Something else"),
)
"""Why a pool may end before it goes ahead, as people say it."""


def _likes(number: int) -> SelectMultipleField:
    group = GROUPS[number]
    return SelectMultipleField(
        group.name,
        widget=GovCheckboxesInput(),
        choices=choices(group.interests.items()),
        validate_choice=False,
    )


class InterestsForm(Form):
    """What somebody likes, where they are, and how far they would go."""

    moving = _likes(0)
    out = _likes(1)
    making = _likes(2)
    company = _likes(3)
    doing = _likes(4)
    near = StringField(
        "Where are you?",
        description="A postcode, or the first part of one, like M33. We keep only the square kilometre, never "
        "your street.",
        widget=GovTextInput(),
        validators=[
            Length(
                max=_LONGEST_PLACE,
                message=worded("Use at most {longest_place} characters.", longest_place=_LONGEST_PLACE),
            )
        ],
    )
    metres = RadioField(
        "How far would you go?",
        widget=GovRadioInput(),
        choices=choices((str(metres), words) for metres, words in REACHES.items()),
        validate_choice=False,
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    @property
    def likes(self) -> list[SelectMultipleField]:
        """The questions of all groups, in their order."""
        return [self.moving, self.out, self.making, self.company, self.doing]

    @property
    def wanted(self) -> list[str]:
        """Everything that was ticked."""
        return [slug for field in self.likes for slug in field.data or []]

    @property
    def reach(self) -> int:
        """How far they would go, in metres; 0 if they have not said."""
        return int(self.metres.data) if (self.metres.data or "").isdecimal() else 0

    def show(self, slugs: Iterable[InterestSlug], metres: int | None) -> None:
        """Tick what was said before."""
        said = list(slugs)
        for field, group in zip(self.likes, GROUPS, strict=True):
            field.data = [slug for slug in group.interests if slug in said]
        self.metres.data = str(metres) if metres else None


class BeginForm(Form):
    """Starting a pool that looks for people."""

    began_from = RadioField(
        "What are you starting from?",
        widget=GovRadioInput(),
        choices=choices(
            (
                (PoolOrigin.INTEREST.value, "Something we like doing"),
                (PoolOrigin.WISH.value, "Something nobody offers yet"),
            )
        ),
        validators=[InputRequired("Choose what you are starting from.")],
    )
    title = StringField(
        "Give your pool a name",
        description="Anyone can read it, so leave out people’s names. “Swimming on Saturdays” is a good one.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Give your pool a name."),
            Length(
                max=LONGEST_TITLE,
                message=worded("Use at most {longest_title} characters.", longest_title=LONGEST_TITLE),
            ),
        ],
    )
    purpose = TextAreaField(
        "What would you like to do together?",
        description="A few words in your own way. Anyone can read them, so leave out names and anything private.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say what you would like to do together."),
            Length(
                max=LONGEST_PURPOSE,
                message=worded("Use at most {longest_purpose:,} characters.", longest_purpose=LONGEST_PURPOSE),
            ),
        ],
    )
    interest = SelectField("Which of these is nearest to it?", widget=GovSelect(), validate_choice=False)
    category = SelectField(
        "If nobody offers it yet: what kind of support is it?",
        description="So that the right providers see it, once three households are in. They see numbers, never who.",
        widget=GovSelect(),
        validate_choice=False,
    )
    near = StringField(
        "Where would you meet?",
        description="A postcode, or the first part of one, like M33. We show only the first part.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter a postcode, the first part of one, or the name of a council."),
            Length(
                max=_LONGEST_PLACE,
                message=worded("Use at most {longest_place} characters.", longest_place=_LONGEST_PLACE),
            ),
        ],
    )
    who_finds_it = RadioField(
        "Who can find it?",
        widget=GovRadioInput(),
        choices=choices(
            (
                ("everybody", one_word("Everybody")),
                ("invited", "Only people who are given its link or a card"),
            )
        ),
        default="everybody",
        validators=[InputRequired("Choose who can find it.")],
    )
    called = StringField(_CALLED, description=_CALLED_HINT, widget=GovTextInput(), validators=[_AT_MOST_CALLED])
    submit = SubmitField("Start this pool", widget=GovSubmitInput())

    def offer(
        self, *, interests: Iterable[tuple[InterestSlug, str]], categories: Iterable[tuple[CategorySlug, str]]
    ) -> None:
        """Let somebody choose among interests and kinds of support."""
        self.interest.choices = [*choices([("", "None of these")]), *choices(interests)]
        self.category.choices = [*choices([("", "Choose one")]), *choices(categories)]


class JoinDraftForm(Form):
    """Joining a pool that is finding people."""

    called = StringField(_CALLED, description=_CALLED_HINT, widget=GovTextInput(), validators=[_AT_MOST_CALLED])
    submit = SubmitField("Join this pool", widget=GovSubmitInput())


class CalledForm(Form):
    """What the others call somebody who is in already."""

    called = StringField(_CALLED, description=_CALLED_HINT, widget=GovTextInput(), validators=[_AT_MOST_CALLED])
    submit = SubmitField("Save this name", widget=GovSubmitInput())


class EndDraftForm(Form):
    """Ending a pool that is finding people, and why."""

    reason = RadioField(
        "Why does it end?",
        widget=GovRadioInput(),
        choices=choices(ENDINGS),
        validators=[InputRequired("Choose why it ends.")],
    )
    words = TextAreaField(
        "What could others learn from it?",
        description="You need not say anything. Only people in the pool can read it. Leave out names.",
        widget=GovTextArea(),
        validators=[
            Length(
                max=LONGEST_LAST_WORDS,
                message=worded("Use at most {longest_last_words:,} characters.", longest_last_words=LONGEST_LAST_WORDS),
            )
        ],
    )
    submit = SubmitField("End this pool", widget=GovSubmitInput())

    @property
    def why(self) -> EndReason | None:
        """Why it ends, or None if that was not said."""
        return EndReason(self.reason.data) if self.reason.data in set(EndReason) else None


class FacilitatorForm(Form):
    """Which user-led organisation is asked to help."""

    organisation = RadioField(
        "Which organisation shall we ask?",
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[InputRequired("Choose an organisation.")],
    )
    submit = SubmitField("Ask them", widget=GovSubmitInput())


class HelpForm(Form):
    """Saying yes to helping a pool from outside."""

    called = StringField(_CALLED, description=_CALLED_HINT, widget=GovTextInput(), validators=[_AT_MOST_CALLED])
    submit = SubmitField("Help this pool", widget=GovSubmitInput())
