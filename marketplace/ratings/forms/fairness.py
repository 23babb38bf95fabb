"""What we ask those who judge, and those who ask for another judgement. Shape only; rules live in rules."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import BooleanField, RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Optional

from marketplace.kit.fields import choices
from marketplace.kit.forms import Form
from marketplace.ratings.rules.nouns import AppealOutcome, Ground, ObjectionOutcome, ScreeningOutcome

GROUNDS = (
    (Ground.UNLAWFUL, "It may break the law: a threat, a slur, or an accusation of a crime"),
    (Ground.SAFEGUARDING, "It must go to a safeguarding team first"),
    (Ground.OFF_TOPIC, "It has nothing to do with what it is about, or advertises something"),
    (Ground.IDENTIFYING, "It shows who somebody is, or says something private about them"),
    (Ground.NOT_GENUINE, "It was not written by somebody who used it"),
)


class JudgeForm(Form):
    """A moderator shows something or keeps it from view."""

    outcome = RadioField(
        "What do you decide?",
        widget=GovRadioInput(),
        choices=choices(
            [(ScreeningOutcome.SHOWN, "Show it"), (ScreeningOutcome.REFUSED, "Keep it from view")],
        ),
        validators=[InputRequired("Choose whether to show it.")],
    )
    ground = RadioField(
        "If you keep it from view: on which ground?",
        description="These are all there are. That it is bad for somebody is none of them.",
        widget=GovRadioInput(),
        choices=choices(GROUNDS),
        validators=[Optional()],
    )
    reason = TextAreaField(
        "If you keep it from view: why?",
        description="Whoever wrote it reads this. Say which words, and what they could change.",
        widget=GovTextArea(),
    )
    submit = SubmitField("Save", widget=GovSubmitInput())


class AppealForm(Form):
    """A writer asks the panel to look again."""

    words = TextAreaField(
        "Why should it be shown?",
        description="A sentence is enough. The panel reads it beside what you wrote. Up to 2,000 characters.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why it should be shown.")],
    )
    submit = SubmitField("Send this to the panel", widget=GovSubmitInput())


class VoteForm(Form):
    """A member of the panel judges a refusal."""

    outcome = RadioField(
        "What do you think?",
        widget=GovRadioInput(),
        choices=choices(
            [
                (AppealOutcome.OVERTURNED, "Show it after all"),
                (AppealOutcome.UPHELD, "Keep it from view"),
            ]
        ),
        validators=[InputRequired("Choose what you think.")],
    )
    reason = TextAreaField(
        "Why?",
        description="Whoever wrote it reads this, without your name.",
        widget=GovTextArea(),
        validators=[InputRequired("Say why. Whoever wrote it will read this.")],
    )
    submit = SubmitField("Save my vote", widget=GovSubmitInput())


class ObjectionForm(Form):
    """Somebody whom a review is about asks us to take it down."""

    is_me = BooleanField(
        "This review is about me as a person: I am named or meant in it, or it is about my business of one person",
        widget=GovCheckboxInput(),
        validators=[InputRequired("Tick this if the review is about you. Others can report it instead.")],
    )
    words = TextAreaField(
        "What does it do to you?",
        description="Which words are about you, and what harm do they do? Up to 2,000 characters.",
        widget=GovTextArea(),
        validators=[InputRequired("Say which words are about you, and what harm they do.")],
    )
    submit = SubmitField("Send this objection", widget=GovSubmitInput())


class BalanceForm(Form):
    """A moderator weighs an objection and writes down how."""

    our_interest = TextAreaField(
        "What do people gain from reading this review?",
        description="Is it true as far as we know, recent, about the work and not the private life? "
        "Would others choose worse without it?",
        widget=GovTextArea(),
        validators=[InputRequired("Write down what people gain from reading it.")],
    )
    their_interest = TextAreaField(
        "What does it cost the person who objects?",
        description="How much is private, how serious is the harm, and could a reply put it right?",
        widget=GovTextArea(),
        validators=[InputRequired("Write down what it costs the person who objects.")],
    )
    balance = TextAreaField(
        "How do the two weigh against each other?",
        description="The person who objected reads all three answers. If it is taken down, its writer reads this one.",
        widget=GovTextArea(),
        validators=[InputRequired("Write down how the two weigh against each other.")],
    )
    outcome = RadioField(
        "What do you decide?",
        widget=GovRadioInput(),
        choices=choices(
            [(ObjectionOutcome.KEPT, "The review stays"), (ObjectionOutcome.TAKEN_DOWN, "Take the review down")]
        ),
        validators=[InputRequired("Choose what happens to the review.")],
    )
    submit = SubmitField("Save and tell both", widget=GovSubmitInput())
