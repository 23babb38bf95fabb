"""What we ask a provider who quotes. Shape only; rules live in rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import Field, HiddenField, RadioField, StringField, SubmitField, TextAreaField

from marketplace.brokerage.queries.quote_form import OfferToQuote
from marketplace.brokerage.rules.nouns import Fit, NeedId, TrialOffer
from marketplace.brokerage.rules.quoting import NewAnswer, NewQuote
from marketplace.kit.fields import DayField, PoundsField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import one_word, worded

FITS = ((Fit.YES.value, one_word("Yes")), (Fit.PARTLY.value, one_word("Partly")), (Fit.NO.value, one_word("No")))
TRIALS = (
    (TrialOffer.NONE.value, one_word("No")),
    (TrialOffer.FREE.value, "Yes, free"),
    (TrialOffer.PAID.value, "Yes, at this price"),
)
PARTS = ("support", "admin", "overhead", "travel")
_NEEDS = range(1, 7)
_PLAIN = ("can_start_on", "notice_hours", "times", "trial_words")


def _fit(number: int) -> RadioField:
    return RadioField(
        worded("Need {number}", number=number), widget=GovRadioInput(), choices=choices(FITS), validate_choice=False
    )


def _words(number: int) -> TextAreaField:
    return TextAreaField(worded("How you meet need {number}", number=number), widget=GovTextArea())


class QuoteForm(Form):
    """
    A whole quote on one page. Every button sends all of it.

    An answer for each need is in `fit_1` and `words_1` and so on, in the order of the brief.
    """

    offer = RadioField("Which of your offers is it for?", widget=GovRadioInput(), validate_choice=False)
    refill = SubmitField("Take the price of this offer")
    support = PoundsField("The support itself")
    admin = PoundsField("Admin")
    overhead = PoundsField("Overheads")
    travel = PoundsField("Travel")
    recount = SubmitField("Add it up")
    fit_1, fit_2, fit_3, fit_4, fit_5, fit_6 = (_fit(number) for number in _NEEDS)
    words_1, words_2, words_3, words_4, words_5, words_6 = (_words(number) for number in _NEEDS)
    can_start_on = DayField("From when can you start?", widget=GovDateInput())
    times = StringField("On which days and times?", widget=GovTextInput())
    trial = RadioField(
        "Can they try it out first?",
        widget=GovRadioInput(),
        choices=choices(TRIALS),
        default=TrialOffer.NONE.value,
        validate_choice=False,
    )
    trial_words = StringField(
        "If they can: how?", description="For example “the first visit” or “an hour with us one morning”.",
        widget=GovTextInput(),
    )  # fmt: skip
    notice_hours = WholeNumberField(
        "How many hours of notice do you need to cancel a visit?",
        description="Leave this empty if you need none.",
        widget=GovTextInput(),
    )
    # When what this page began from was last changed.
    seen = HiddenField()
    send = SubmitField("Send this quote", widget=GovSubmitInput())
    later = SubmitField("Keep it for later")

    def fit(self, *, needs: Sequence[str], offers: Sequence[OfferToQuote], is_sent: bool) -> None:
        """Ask about the needs of this brief and offer what can be offered for it."""
        for number in _NEEDS:
            if number > len(needs):
                del self[f"fit_{number}"]
                del self[f"words_{number}"]
            else:
                self[f"fit_{number}"].label.text = needs[number - 1]
        self.offer.choices = choices((offer.id, offer.title) for offer in offers)
        if len(offers) == 1:
            del self.refill
        if is_sent:
            self.send.label.text = "Send the change"
            del self.later

    def show(self, quote: NewQuote, *, needs: Sequence[NeedId], seen: datetime | None) -> None:
        """Fill in a quote as it stands."""
        self.offer.data = str(quote.offer_id)
        self.trial.data = quote.trial.value
        for name in (*PARTS, *_PLAIN):
            self[name].data = getattr(quote, name)
        for number, need_id in enumerate(needs, start=1):
            answer = quote.answers.get(need_id, NewAnswer(None))
            self[f"fit_{number}"].data = answer.fit.value if answer.fit else None
            self[f"words_{number}"].data = answer.words
        self.saw(seen)

    def saw(self, changed_at: datetime | None) -> None:
        """Remember which state of the quote the page shows."""
        self.seen.data = changed_at.isoformat() if changed_at else ""
        self.seen.raw_data = None

    def take_price_of(self, offer: OfferToQuote) -> None:
        """Put the price of an offer instead of what was typed."""
        for name in (*PARTS, "notice_hours"):
            self[name].data = getattr(offer.begins, name)
            self[name].raw_data = None

    @property
    def seen_at(self) -> datetime | None:
        """When what the page began from was last changed, if there was anything."""
        try:
            return datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None

    @property
    def unit_price(self) -> Money:
        """What one unit costs by what was typed so far."""
        return sum((self[name].data or ZERO for name in PARTS), ZERO)

    def wanted(self, offer: OfferToQuote, *, needs: Sequence[NeedId]) -> NewQuote:
        """What was written, for one offer. What was left empty costs nothing and says nothing."""
        return NewQuote(
            offer_id=offer.id,
            **{name: self[name].data or ZERO for name in PARTS},
            can_start_on=self.can_start_on.data,
            notice_hours=self.notice_hours.data,
            times=self.times.data or "",
            trial=_one_of(TrialOffer, self.trial) or TrialOffer.NONE,
            trial_words=self.trial_words.data or "",
            answers={
                need_id: NewAnswer(_one_of(Fit, self[f"fit_{number}"]), self[f"words_{number}"].data or "")
                for number, need_id in enumerate(needs, start=1)
            },
        )


def _one_of(kind: Any, field: Field) -> Any:
    return kind(field.data) if field.data in set(kind) else None


class AnswerAskedForm(Form):
    """Answering what somebody asks after they have read the quote."""

    answer = TextAreaField(
        "Your answer", description="Only they read it, and who helps them choose.", widget=GovTextArea()
    )
    submit = SubmitField("Send this answer", widget=GovSubmitInput())


class WithdrawForm(Form):
    """Taking a quote back, or throwing a draft away, once one has read what that means."""

    submit = SubmitField("Take it back")
