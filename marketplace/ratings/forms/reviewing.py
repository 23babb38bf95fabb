"""What we ask people for about reviews. Shape only; rules live in rules."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import one_word, worded
from marketplace.kit.spotting import Spotted
from marketplace.ratings.forms.answering import TILES, CriterionField, OutcomeField, TileField, stars_of
from marketplace.ratings.queries.criteria import ShownCriterion, ShownOutcome
from marketplace.ratings.rules.nouns import CriterionId, Help, OutcomeId, PointKind, Release, Telling, WriterRole
from marketplace.ratings.rules.reviewing import Written

STARS = (
    (5, "5 – I would choose it again gladly"),
    (4, "4 – Good, with small things to put right"),
    (3, "3 – All right, some good and some bad"),
    (2, "2 – It let me down"),
    (1, "1 – I would not choose it again"),
)
_FACES = (
    (5, "Very good"),
    (4, "Good"),
    (3, "All right"),
    (2, "Not good"),
    (1, "Bad"),
)
_ROLES = (
    (WriterRole.USED_IT, "I used it myself"),
    (WriterRole.CARES_FOR_USER, "I care for somebody who used it"),
    (WriterRole.SUPPORTED_WRITER, "I write down what somebody who used it says"),
)
_HELPERS = (
    (Help.NOBODY, one_word("No")),
    (Help.FAMILY_OR_FRIEND, "Yes, family or a friend"),
    (Help.PEER_SUPPORTER, "Yes, a peer supporter"),
    (Help.ADVOCATE, "Yes, an advocate"),
    (Help.PROVIDER_STAFF, "Yes, somebody who works for the provider"),
)
NO_LINK, WORKS_THERE, OTHER_LINK = "none", "works_there", "other"
_LINKS = (
    (NO_LINK, "No"),
    (OTHER_LINK, "Yes, another link, such as a friend who works there or that I used to"),
    (WORKS_THERE, "I work there, I run it, or I live with somebody who does"),
)
_ON_PAPER = {
    "stars": "How was it for them?",
    "words": "What do they say?",
    "role": "Who are they in this?",
    "help": "Did somebody help them?",
    "declared_link": "If there is another link, which?",
    "release": "When do they want it shown?",
}
"""What we ask who types in what somebody else wrote."""
_RELEASES = (
    (Release.NOW, "Show it now"),
    (Release.WITH_OTHERS, "Show it together with others"),
)

_CRITERION, _OUTCOME = "criterion-", "outcome-"


def _mark(it: Spotted) -> str:
    """Return a few letters that stand for something found, so that no page repeats it in hiding."""
    return hashlib.sha256(it.text.casefold().encode()).hexdigest()[:12]


class CarefulForm(Form):
    """A form whose words may give somebody away: it comes back once to ask whether they can stay."""

    # Which of the things that look like names the writer has been shown, each as a few letters of its hash.
    was_asked = HiddenField()
    may_stay = BooleanField(
        "These can stay: they give nobody away",
        widget=GovCheckboxInput(),
    )

    def lets_stay(self, found: Iterable[Spotted]) -> bool:
        """Test whether the writer has seen all that was found, and says that it can stay. Else it is asked about."""
        marks = {_mark(it) for it in found}
        asked, self.was_asked.data = set((self.was_asked.data or "").split()), " ".join(sorted(marks))
        if marks <= asked and self.may_stay.data:
            return True
        self.may_stay.data, self.may_stay.raw_data = False, None
        self.may_stay.errors = [
            "Something looks like a name, or a way to reach somebody. Change it, or say that it can stay."
        ]
        return False


class ReviewForm(CarefulForm):
    """Saying what something was like. Of everybody we ask only for stars, a few words and any link to the provider."""

    has_used = BooleanField(
        "I have used this myself, or cared for somebody who did",
        widget=GovCheckboxInput(),
        validators=[InputRequired("Tick this only if you have used it. We can show reviews by nobody else.")],
    )
    stars = RadioField(
        "How was it for you?",
        widget=GovRadioInput(),
        choices=choices(STARS),
        coerce=stars_of,
        validate_choice=False,
        validators=[InputRequired("Choose how it was, from 1 to 5.")],
    )
    words = TextAreaField(
        "What would you tell a friend about it?",
        description="A sentence is enough. Leave out names, phone numbers and anything that shows who you are.",
        widget=GovTextArea(),
    )
    working = TextAreaField(
        "What is working?",
        description="One thing, in a sentence or two. Others can say the same.",
        widget=GovTextArea(),
    )
    not_working = TextAreaField("What is not working?", widget=GovTextArea())
    should_change = TextAreaField(
        "What should change?",
        description="The provider can say that it plans this, or has done it. Then we ask you whether it did change.",
        widget=GovTextArea(),
    )
    role = RadioField(
        "Who are you in this?",
        widget=GovRadioInput(),
        choices=choices(_ROLES),
        coerce=WriterRole,
        default=WriterRole.USED_IT,
    )
    help = RadioField(
        "Is somebody helping you with this review?",
        widget=GovRadioInput(),
        choices=choices(_HELPERS),
        coerce=Help,
        default=Help.NOBODY,
    )
    link = RadioField(
        widget=GovRadioInput(),
        choices=choices(_LINKS),
        validators=[InputRequired("Say whether you have a link to the provider.")],
    )
    declared_link = StringField(
        "If there is another link, which?",
        description="We show it beside your review. Name nobody: “My neighbour works there.”",
        widget=GovTextInput(),
    )
    pseudonym = StringField(
        "The name we show",
        description="Not your own. We have drawn one; choose another if you like.",
        widget=GovTextInput(),
    )
    release = RadioField(
        "When should we show it?",
        widget=GovRadioInput(),
        choices=choices(_RELEASES),
        coerce=Release,
        default=Release.NOW,
    )
    submit = SubmitField("Send my review", widget=GovSubmitInput())

    def validate_declared_link(self, field: Field) -> None:
        """Ask which link it is of those who say that there is one."""
        if self.link.data == OTHER_LINK and not field.data:
            raise ValidationError("Say in a few words which link it is.")

    def ask_about(self, provider_name: str, *, is_on_paper: bool) -> None:
        """Put the provider's name into the questions, and ask who types in a card about its writer."""
        self.link.label.text = worded(
            "Do you have any link with {provider_name}, other than using it?", provider_name=provider_name
        )
        if not is_on_paper:
            return
        self.link.label.text = worded(
            "Do they have any link with {provider_name}, other than using it?", provider_name=provider_name
        )
        for name, question in _ON_PAPER.items():
            if name in self:
                self[name].label.text = question
        self.words.description = "Word for word, as it stands on the card."
        self.pseudonym.description = "As the card says. If it says none, keep the one we have drawn."

    @property
    def criteria(self) -> list[Field]:
        """The questions about criteria, in order."""
        return [field for field in self if field.name.startswith(_CRITERION)]

    @property
    def outcomes(self) -> list[Field]:
        """The questions about outcomes, in order."""
        return [field for field in self if field.name.startswith(_OUTCOME)]

    def written(self, told: Telling) -> Written:
        """Return all that was said, as services take it."""
        said = {field.name: field.data for field in self}
        has_other_link = said.get("link") == OTHER_LINK
        return Written(
            stars=said["stars"],
            words=said.get("words") or "",
            criteria={
                CriterionId(UUID(it.name.removeprefix(_CRITERION))): it.data
                for it in self.criteria
                if it.data is not None
            },
            outcomes={
                OutcomeId(it.name.removeprefix(_OUTCOME)): it.data for it in self.outcomes if it.data is not None
            },
            points={kind: said[kind.value] for kind in PointKind if said.get(kind.value)},
            role=said.get("role") or WriterRole.USED_IT,
            declared_link=(said.get("declared_link") or "") if has_other_link else "",
            help=said.get("help") or Help.NOBODY,
            told=told,
            pseudonym=said.get("pseudonym") or "",
            release=said.get("release") or Release.NOW,
            works_there=said.get("link") == WORKS_THERE,
        )


class ReviewByPicturesForm(ReviewForm):
    """The same by picture tiles: a face for the whole, two answers to each criterion, and words only if one likes."""

    asked_first = ("has_used", "stars")

    stars = RadioField(
        "How was it, all in all?",
        widget=GovRadioInput(),
        choices=choices(_FACES),
        coerce=stars_of,
        validate_choice=False,
        validators=[InputRequired("Choose a face.")],
    )

    words = TextAreaField(
        "Do you want to say more?",
        description="You need not. Leave out names and phone numbers.",
        widget=GovTextArea(),
    )


def review_form(
    told: Telling,
    *,
    criteria: Collection[ShownCriterion],
    outcomes: Collection[ShownOutcome],
    without: Collection[str] = (),
    said: Mapping[str, object],
) -> ReviewForm:
    """Return the form with a question for each criterion and outcome, filled with what was said before."""
    by_pictures = told is Telling.PICTURES
    questions: dict[str, object] = dict.fromkeys(without)
    for criterion in criteria:
        questions[f"{_CRITERION}{criterion.id}"] = (
            TileField(criterion.words, picture=criterion.picture) if by_pictures else CriterionField(criterion.words)
        )
    for outcome in outcomes:
        questions[f"{_OUTCOME}{outcome.id}"] = OutcomeField(outcome.name)
    asks = ReviewByPicturesForm if by_pictures else ReviewForm
    form: ReviewForm = type(asks.__name__, (asks,), questions)(data=said)
    return form


def said_before(it: Written) -> dict[str, object]:
    """Return what a review says, as its form is filled with it."""
    said: dict[str, object] = {
        "has_used": True,
        "stars": it.stars,
        "words": it.words,
        "role": it.role,
        "help": it.help,
        "link": OTHER_LINK if it.declared_link else NO_LINK,
        "declared_link": it.declared_link,
        "pseudonym": it.pseudonym,
        "release": it.release,
    }
    said |= {kind.value: words for kind, words in it.points.items()}
    said |= {f"{_CRITERION}{criterion}": stars for criterion, stars in it.criteria.items()}
    return said | {f"{_OUTCOME}{outcome}": stars for outcome, stars in it.outcomes.items()}


def fits_tiles(it: Written) -> bool:
    """Test whether a review was told by picture tiles and still says no more than they can."""
    says_more = it.outcomes or it.points or set(it.criteria.values()) - TILES
    return it.told is Telling.PICTURES and not says_more


class AddForm(CarefulForm):
    """Saying what happened since."""

    words = TextAreaField(
        "What do you want to add?",
        description="Leave out names, phone numbers and anything that shows who you are. At most 2,000 characters.",
        widget=GovTextArea(),
        validators=[InputRequired("Write what you want to add.")],
    )
    submit = SubmitField("Add this", widget=GovSubmitInput())
