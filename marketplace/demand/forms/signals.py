"""What we ask a commissioner for who posts something. Shape only; rules live in rules."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import SelectField, StringField, SubmitField, TextAreaField

from marketplace.kit.fields import KeyField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import one_word


class SignalForm(Form):
    """A signal or an intention. Its two buttons: look at it first, or post it."""

    key = KeyField()
    title = StringField("What is it about, in a few words?", widget=GovTextInput())
    words = TextAreaField(
        "Say it in plain words",
        description="What do you see, what would you like, and until when? Whoever could offer it reads this, and so "
        "does everybody else. You cannot change it later, but you can take it back.",
        widget=GovTextArea(),
    )
    category = SelectField("Which kind of support is it about?", default="", widget=GovSelect())
    figure = SelectField(
        "Is there a figure that shows it?",
        description="These are the figures of your own council that are released. We quote the one you choose, word "
        "for word.",
        default="",
        widget=GovSelect(),
    )
    look = SubmitField("See how it looks", widget=GovSubmitInput())
    post = SubmitField("Post it", widget=GovSubmitInput())

    def choose_from(self, *, categories: Iterable[tuple[str, str]], figures: Iterable[tuple[str, str]]) -> None:
        """Offer what it can be about, and what it can quote."""
        self.category.choices = choices([("", "No one kind"), *categories])
        self.figure.choices = choices([("", "No figure"), *figures])


class AnswerForm(SignalForm):
    """“You told us, so together we did”: what people told, and what came of it."""

    answers = SelectField("Does it answer something you posted before?", default="", widget=GovSelect())
    told = TextAreaField(
        "What did people tell you?",
        description="In your words, if no figure says it. Leave out what could point to one person.",
        widget=GovTextArea(),
    )
    words = TextAreaField(
        "What did you do together?",
        description="Say what is different now, and what is still to come.",
        widget=GovTextArea(),
    )

    def offer_to_answer(self, posted: Iterable[tuple[str, str]]) -> None:
        """Offer what it can answer."""
        self.answers.choices = choices([("", one_word("No")), *posted])


class TakeBackForm(Form):
    """Taking something back that was posted."""

    submit = SubmitField("Yes, take it back", widget=GovSubmitInput())
