"""What we ask about cards, invoices and what is said aloud. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import FileField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from marketplace.kit.fields import KeyField, WholeNumberField
from marketplace.kit.forms import Form


class MakeCardsForm(Form):
    """How many cards somebody needs."""

    key = KeyField()
    number = WholeNumberField(
        "How many cards do you need?",
        description="From 1 to 50.",
        widget=GovTextInput(),
        validators=[InputRequired("Say how many cards you need.")],
    )
    submit = SubmitField("Make the cards", widget=GovSubmitInput())


class CodeForm(Form):
    """The code on a card."""

    code = StringField(
        "What is the code on your card?",
        description="It has 12 letters and figures, like 2345 CDFH 67KM.",
        widget=GovTextInput(),
        validators=[InputRequired("Type the code on your card.")],
    )
    submit = SubmitField("Go on", widget=GovSubmitInput())


class InvoiceForm(Form):
    """An invoice. The view reads the file: it is no words."""

    invoice = FileField(
        "Choose your invoice or receipt",
        description="A PDF, or a photo of it (JPEG, PNG or WebP), at most 10 MB.",
        widget=GovFileInput(),
    )
    submit = SubmitField("Send it and go on", widget=GovSubmitInput())


class RefuseInvoiceForm(Form):
    """Why an invoice does not show what it should."""

    reason = TextAreaField(
        "Why does it not show that they used this?",
        description="Whoever sent it reads this. For example: “It is made out by another provider.”",
        widget=GovTextArea(),
        validators=[InputRequired("Say why: whoever sent it reads this, and can appeal.")],
    )
    submit = SubmitField("Keep the review from view", widget=GovSubmitInput())


class SoundForm(Form):
    """What somebody says aloud. The view reads the file: it is no words."""

    sound = FileField(
        "Choose your recording",
        description="An MP3, M4A, WAV, Ogg or WebM file, up to 5 minutes and 10 MB. "
        "On a telephone you can record one now.",
        widget=GovFileInput(),
    )
    submit = SubmitField("Send it and go on", widget=GovSubmitInput())


class WriteDownForm(Form):
    """What was said aloud, in words."""

    words = TextAreaField(
        "What is said, word for word",
        description="Leave out names and phone numbers, and everything that shows who is speaking.",
        widget=GovTextArea(),
        validators=[InputRequired("Write down what is said.")],
    )
    submit = SubmitField("Save it and delete the recording", widget=GovSubmitInput())
