"""What we ask a champion about the story of their pool. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import BooleanField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.kit.forms import Form


class StoryForm(Form):
    """Telling how it went."""

    title = StringField("What is it called?", widget=GovTextInput(), validators=[InputRequired("Give it a title.")])
    words = TextAreaField(
        "How did it go?",
        description="What did you want, how did you get there, and what is different now? Leave out names, addresses "
        "and what is private about anybody.",
        widget=GovTextArea(),
        validators=[InputRequired("Tell how it went.")],
    )
    with_figures = BooleanField("Show what you saved together, and what changed on average", widget=GovCheckboxInput())
    submit = SubmitField("Save it, and ask the others", widget=GovSubmitInput())
