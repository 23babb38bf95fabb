"""What we ask of an organisation that wants to be told what is missing. Shape only; rules live in rules."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import SelectField, StringField, SubmitField
from wtforms.validators import InputRequired

from marketplace.demand.rules.alerts import ANY
from marketplace.kit.fields import choices
from marketplace.kit.forms import Form


class AlertForm(Form):
    """Where, and what."""

    organisation = SelectField("For which organisation?", widget=GovSelect())
    near = StringField(
        "Where? Postcode or council",
        description="We take the whole council’s area.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a postcode, or the name of a council.")],
    )
    category = SelectField("Which kind of support?", widget=GovSelect())
    submit = SubmitField("Tell us by email", widget=GovSubmitInput())

    def choose_from(
        self, *, organisations: Iterable[tuple[object, str]], categories: Iterable[tuple[str, str]]
    ) -> None:
        """Offer what the viewer speaks for, and the kinds of support."""
        self.organisation.choices = choices((str(code), name) for code, name in organisations)
        self.category.choices = choices([(ANY, "Any kind of support"), *categories])


class StopForm(Form):
    """One press, and no more letters."""

    submit = SubmitField("Stop these letters", widget=GovSubmitInput())
