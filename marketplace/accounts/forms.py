"""What we ask people for about their account. Shape only; rules live in rules.py."""

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovDateInput,
    GovPasswordInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import Email, InputRequired, Length

from marketplace.accounts.rules import Role, Scope
from marketplace.kit.fields import DayField, KeyField, choices
from marketplace.kit.forms import Form
from marketplace.kit.sentences import one_word

TRUSTED = {
    Role.MODERATOR: one_word("Moderator"),
    Role.CHECKER: "Checker of providers",
    Role.PANEL_MEMBER: "Member of the user-led panel",
    Role.COMMISSIONER: one_word("Commissioner"),
    Role.OPERATOR: one_word("Operator"),
}
SCOPES = {
    Scope.SEE_BUDGETS: "See my budgets",
    Scope.CONFIRM_VISITS: "Confirm my visits",
    Scope.SEE_PLAN: "See my plan",
    Scope.WRITE_PLAN: "Write in my plan",
    Scope.ASK_FOR_QUOTES: "Ask providers for quotes for me, and see the quotes",
}
_EMAIL = "Enter an email address, like name@example.org."


class SignUpForm(Form):
    """Opening an account."""

    name = StringField(
        "What should we call you?",
        description="A first name or a nickname is fine. Providers you ask for support will see it.",
        widget=GovTextInput(),
        validators=[InputRequired("Tell us what to call you."), Length(max=80, message="Use at most 80 characters.")],
    )
    email = EmailField(
        "Your email address",
        description="We send a link here, so that we know it is yours.",
        widget=GovTextInput(),
        validators=[InputRequired(_EMAIL), Email(_EMAIL), Length(max=320, message=_EMAIL)],
    )
    password = PasswordField(
        "Choose a password",
        description="At least 10 characters. Three words in a row are easy to remember.",
        widget=GovPasswordInput(),
        validators=[InputRequired("Choose a password.")],
    )
    submit = SubmitField("Open my account", widget=GovSubmitInput())


class SignInForm(Form):
    """Signing in."""

    email = EmailField("Your email address", widget=GovTextInput(), validators=[InputRequired(_EMAIL), Email(_EMAIL)])
    password = PasswordField(
        "Your password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password.")]
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())


class AskForNewPasswordForm(Form):
    """Asking for a link that sets a new password."""

    email = EmailField("Your email address", widget=GovTextInput(), validators=[InputRequired(_EMAIL), Email(_EMAIL)])
    submit = SubmitField("Send me a link", widget=GovSubmitInput())


class NewPasswordForm(Form):
    """Setting a new password."""

    password = PasswordField(
        "Choose a new password",
        description="At least 10 characters. Three words in a row are easy to remember.",
        widget=GovPasswordInput(),
        validators=[InputRequired("Choose a password.")],
    )
    submit = SubmitField("Set this password", widget=GovSubmitInput())


class ChangePasswordForm(NewPasswordForm):
    """Setting a new password, signed in."""


class ChangeEmailForm(Form):
    """Using another email address."""

    email = EmailField(
        "Your new email address",
        description="We send a link there. Until you open it, you sign in with the address you have.",
        widget=GovTextInput(),
        validators=[InputRequired(_EMAIL), Email(_EMAIL), Length(max=320, message=_EMAIL)],
    )
    submit = SubmitField("Send me the link", widget=GovSubmitInput())


class TakeEmailForm(Form):
    """One button: use the new address."""

    submit = SubmitField("Yes, use this address", widget=GovSubmitInput())


class UndoEmailForm(Form):
    """One button: that was not me."""

    submit = SubmitField("This was not me: keep my old address", widget=GovSubmitInput())


class ConfirmItIsYouForm(Form):
    """Being asked for the password once more."""

    password = PasswordField(
        "Your password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password.")]
    )
    submit = SubmitField("Go on", widget=GovSubmitInput())


class ConfirmForm(Form):
    """One button: the address is mine."""

    submit = SubmitField("Yes, this is my email address", widget=GovSubmitInput())


class WhereYouLiveForm(Form):
    """Which council's area a person lives in."""

    place = StringField(
        "Your postcode",
        description="We keep only which council it is in, so that what people need there can be counted.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your postcode, like M33 7ZF.")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())


class StatisticsForm(Form):
    """Whether somebody counts in the figures that councils get."""

    counted = RadioField(
        "Do you want to count?",
        description="If you say no, we delete every note of this quarter about you. Figures of quarters before stay as "
        "they are: nobody can tell any more who is in them.",
        widget=GovRadioInput(),
        choices=choices([("yes", "Yes, count me in"), ("no", "No, leave me out")]),
        validators=[InputRequired("Choose yes or no.")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())


class RoleForm(Form):
    """Giving somebody a role."""

    email = EmailField("Their email address", widget=GovTextInput(), validators=[InputRequired(_EMAIL), Email(_EMAIL)])
    role = RadioField(
        "Which role?",
        widget=GovRadioInput(),
        choices=choices((role, words) for role, words in TRUSTED.items() if role is not Role.COMMISSIONER),
        validators=[InputRequired("Choose a role.")],
    )
    submit = SubmitField("Give this role", widget=GovSubmitInput())


class ConsentForm(Form):
    """Letting somebody help with one's plan, money, visits or quotes."""

    key = KeyField()
    email = EmailField(
        "What is their email address?",
        description="We write to them. Nothing is shown to them before they sign in and say yes.",
        widget=GovTextInput(),
        validators=[InputRequired(_EMAIL), Email(_EMAIL), Length(max=320, message=_EMAIL)],
    )
    scopes = SelectMultipleField(
        "What may they do?",
        widget=GovCheckboxesInput(),
        choices=choices(SCOPES.items()),
        validators=[InputRequired("Choose at least one thing that they may do.")],
    )
    ends_on = DayField(
        "Until when?",
        description="The last day. At most a year from today: then you can give it again.",
        widget=GovDateInput(),
        validators=[InputRequired("Enter a day, month and year, like 6 4 2027.")],
    )
    submit = SubmitField("Ask them", widget=GovSubmitInput())


class CodeForm(Form):
    """A code from one's phone."""

    code = StringField(
        "The code your phone shows",
        description="Six digits. A new code comes every half minute.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the six digits that your phone shows.")],
    )
    submit = SubmitField("Go on", widget=GovSubmitInput())


class RecoveryCodeForm(Form):
    """A code from paper."""

    code = StringField(
        "One of your recovery codes",
        description="Ten letters and digits, like abcde-fgh23. It works once.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter one of your recovery codes."), Length(max=40, message="That is too long.")],
    )
    submit = SubmitField("Go on", widget=GovSubmitInput())


_NO_ANSWER = "Your browser did not make a passkey. Open this page again, and try once more."


class UsePasskeyForm(Form):
    """What a browser says when it is asked for a passkey."""

    answer = HiddenField(validators=[InputRequired(_NO_ANSWER), Length(max=20_000, message=_NO_ANSWER)])


class MakePasskeyForm(Form):
    """Making a passkey."""

    name = StringField(
        "What do you call this device?",
        description="So that you know it in your list, like “My phone”.",
        widget=GovTextInput(),
        validators=[InputRequired("Give it a name."), Length(max=60, message="Use at most 60 characters.")],
    )
    answer = HiddenField(validators=[InputRequired(_NO_ANSWER), Length(max=20_000, message=_NO_ANSWER)])
    submit = SubmitField("Make a passkey", widget=GovSubmitInput())


class InvitationForm(Form):
    """Inviting somebody to act for a council."""

    name = StringField(
        "Their name",
        widget=GovTextInput(),
        validators=[InputRequired("Enter their name."), Length(max=80, message="Use at most 80 characters.")],
    )
    email = EmailField(
        "Their email address at work",
        description="We write to them here. Send it to one person, not to a shared address.",
        widget=GovTextInput(),
        validators=[InputRequired(_EMAIL), Email(_EMAIL), Length(max=320, message=_EMAIL)],
    )
    council = StringField(
        "Which council?",
        description="For example Trafford.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the name of a council.")],
    )
    submit = SubmitField("Invite them", widget=GovSubmitInput())


class AcceptInvitationForm(Form):
    """Opening an account by an invitation."""

    name = StringField(
        "Your name",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your name."), Length(max=80, message="Use at most 80 characters.")],
    )
    password = PasswordField(
        "Choose a password",
        description="At least 10 characters. Three words in a row are easy to remember.",
        widget=GovPasswordInput(),
        validators=[InputRequired("Choose a password.")],
    )
    submit = SubmitField("Open my account", widget=GovSubmitInput())
