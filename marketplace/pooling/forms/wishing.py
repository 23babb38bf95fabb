"""What we ask providers who answer a wish, and members who ask providers. Shape only; rules live in services."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, SelectField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.catalogue.rules import CategorySlug, OfferId, Unit
from marketplace.kit.fields import PoundsField, WholeNumberField, choices
from marketplace.kit.forms import Form


class AskProvidersForm(Form):
    """Which kind of support providers are asked for."""

    category = SelectField("What kind of support is it?", widget=GovSelect(), validate_choice=False)
    submit = SubmitField("Ask providers", widget=GovSubmitInput())

    def offer(self, categories: Iterable[tuple[CategorySlug, str]]) -> None:
        """Let somebody choose among kinds of support."""
        self.category.choices = [*choices([("", "Choose one")]), *choices(categories)]


class AnswerForm(Form):
    """What a provider answers to a wish."""

    offer = RadioField(
        "Which of your offers answers it?",
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[InputRequired("Choose one of your offers.")],
    )
    words = TextAreaField(
        "What can you do for them?",
        description="In a few plain words. Everybody in the group reads it beside other answers.",
        widget=GovTextArea(),
        validators=[InputRequired("Say in a few words what you can do for them.")],
    )
    whole_price = PoundsField(
        "A price for the whole group",
        description="They share it. Leave it empty to use your offer’s own prices for groups.",
    )
    unit = SelectField("If you give a price: what is it for?", widget=GovSelect(), validate_choice=False)
    people_from = WholeNumberField(
        "If you give a price: from how many people on?", widget=GovTextInput(), description="For example 3."
    )
    most_people = WholeNumberField(
        "How many people can you take at most?",
        widget=GovTextInput(),
        description="Leave it empty if it does not matter.",
    )
    submit = SubmitField("Send this answer", widget=GovSubmitInput())

    def choose_from(self, offers: Iterable[tuple[OfferId, str]]) -> None:
        """Let a provider choose among their offers, and among units."""
        self.offer.choices = choices((str(offer_id), title) for offer_id, title in offers)
        self.unit.choices = [*choices([("", "Choose one")]), *choices((unit.value, unit.one) for unit in Unit)]

    @property
    def chosen_unit(self) -> Unit | None:
        """What the price is for, or None if that was not said."""
        return Unit(self.unit.data) if self.unit.data in set(Unit) else None
