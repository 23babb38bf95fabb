"""What somebody needs and cannot find: what kind of support, and where. Nothing else is asked, so nothing is kept."""

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.forms.looking import LONGEST_PLACE
from marketplace.kit.forms import Form
from marketplace.kit.sentences import worded

SOMETHING_ELSE = "something-else"


class NeedForm(Form):
    """A need that nothing on the site meets."""

    category = SelectField(
        "What kind of support do you need?",
        widget=GovSelect(),
        validators=[InputRequired("Choose what comes nearest to it.")],
    )
    near = StringField(
        "Where? Postcode or council",
        description="We keep only which council it is in.",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter a postcode, the first part of one, or the name of a council."),
            Length(
                max=LONGEST_PLACE,
                message=worded("Enter at most {longest_place} characters.", longest_place=LONGEST_PLACE),
            ),
        ],
    )
    send = SubmitField("Tell us", widget=GovSubmitInput())
