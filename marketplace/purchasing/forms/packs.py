"""What we ask people for about decision packs. Shape only; rules live in rules."""

from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import Field, FileField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.catalogue.rules import OfferId
from marketplace.kit.fields import KeyField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded
from marketplace.purchasing.services.packs import Choice

CHOSE, LOOKED, LEFT_OUT = "chose", "looked", "left_out"
_ANSWERS = ((CHOSE, "I chose this"), (LOOKED, "I looked at it and did not choose it"), (LEFT_OUT, "Leave it out"))


class PackForm(Form):
    """A decision pack: what somebody chose between, and why. What is asked of each offer comes from `pack_form`."""

    key = KeyField()
    title = StringField(
        "What were you choosing?",
        description="For example: “Help in the garden”. It stands at the top of the pack.",
        widget=GovTextInput(),
        validators=[InputRequired("Say what you were choosing, in a few words.")],
    )
    reasons = TextAreaField(
        "Why did you choose as you did?",
        description="In your own words: what matters to you, and how this fits your plan. Whoever you give the pack to "
        "reads this.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why you chose as you did. A few words are enough.")],
    )
    submit = SubmitField("Freeze this and make the pack", widget=GovSubmitInput())

    def asked_of(self, offer_id: OfferId) -> tuple[Field, Field]:
        """What is asked of one offer: whether it was chosen, and why or why not."""
        return self[f"choice_{offer_id}"], self[f"because_{offer_id}"]

    def choices_among(self, offer_ids: Iterable[OfferId]) -> dict[OfferId, Choice]:
        """What was chosen and what not. What is left out of the pack is not there."""
        said = {}
        for offer_id in offer_ids:
            choice, because = self.asked_of(offer_id)
            if choice.data in {CHOSE, LOOKED}:
                said[offer_id] = Choice(is_chosen=choice.data == CHOSE, because=because.data or "")
        return said


def pack_form(offers: Iterable[tuple[OfferId, str, bool]]) -> PackForm:
    """Return the form of a pack about some offers, each with its title and whether it seems to have been chosen."""
    fields: dict[str, Any] = {}
    for offer_id, title, is_chosen in offers:
        fields[f"choice_{offer_id}"] = RadioField(
            "Did you choose it?",
            choices=choices(_ANSWERS),
            default=CHOSE if is_chosen else LOOKED,
            widget=GovRadioInput(),
            validators=[InputRequired(worded("Say whether you chose “{offer}”.", offer=title))],
        )
        fields[f"because_{offer_id}"] = TextAreaField("Why, or why not? You need not say.", widget=GovTextArea())
    form: PackForm = type("PackFormOfOffers", (PackForm,), fields)()
    return form


class CheckPackForm(Form):
    """Is this pack ours, and unchanged? The view reads the file: it is no words."""

    hash = StringField(
        "Type or paste the letters and figures printed on the pack",
        description="There are 64 of them, in eight groups. Spaces do not matter.",
        widget=GovTextInput(),
    )
    file = FileField(
        "Or choose the file",
        description="The PDF or the data file as it was given to you, at most 10 MB. We do not keep it.",
        widget=GovFileInput(),
    )
    submit = SubmitField("Check this pack", widget=GovSubmitInput())
