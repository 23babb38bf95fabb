"""What we ask people for about their basket. Shape only; rules live in rules."""

import uuid
from collections.abc import Collection, Sequence

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextInput
from wtforms import Field, RadioField, SubmitField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from marketplace.budgets.rules import StreamId
from marketplace.catalogue.rules import Rate
from marketplace.kit.fields import KeyField, PoundsField, WholeNumberField, choices
from marketplace.kit.forms import Form
from marketplace.kit.money import Money
from marketplace.kit.sentences import one_word
from marketplace.purchasing.forms.arrangements import AskForm
from marketplace.purchasing.rules.baskets import Wish
from marketplace.purchasing.rules.nouns import ArrangementKind, BasketLineId, PayBy

KINDS = {
    ArrangementKind.ONE_OFF: one_word("Once"),
    ArrangementKind.WEEKLY: "Every week",
    ArrangementKind.PACKAGE: "A package of hours",
}
KIND_HINTS = {
    ArrangementKind.ONE_OFF: "One visit, one thing, or some hours that you agree on.",
    ArrangementKind.WEEKLY: "The same in each week, for as many weeks as you say.",
    ArrangementKind.PACKAGE: "You buy hours and use them when you like. You always see how many are left.",
}
ROUTES = {
    PayBy.CARD: "By card",
    PayBy.BANK_TRANSFER: "By bank transfer",
    PayBy.PREPAID_CARD: "With my council’s prepaid card",
    PayBy.BUDGET_HOLDER: "Whoever holds my budget pays",
}
NO_BUDGET = "none"
_LONGEST_PENCE = 12


class WishForm(AskForm):
    """Putting something in the basket, or changing it there."""

    asked_first = ("what", "kind", "quantity", "weeks", "starts_on", "rate", "trial_weeks")

    agreed_pence = None  # type: ignore[assignment]  # nothing is agreed until the checkout
    key = KeyField()
    kind = RadioField(
        "How would you like it?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how you would like it.")],
    )
    weeks = WholeNumberField(
        "For how many weeks?",
        description="Only if you would like it every week. For example 12.",
        widget=GovTextInput(),
    )
    trial_weeks = WholeNumberField(
        "Would you like to try it first? For how many weeks?",
        description="Until the trial ends, either of you can stop at once and at no cost. Leave this empty if you do "
        "not need a trial.",
        widget=GovTextInput(),
    )
    submit = SubmitField("Go on", widget=GovSubmitInput())

    def offer_kinds(self, kinds: Sequence[ArrangementKind]) -> None:
        """Ask in which of several ways it is arranged, or nothing if there is only one."""
        self._kinds = tuple(kinds)
        if len(kinds) > 1:
            self.kind.choices = choices((kind.value, KINDS[kind]) for kind in kinds)
        else:
            del self.kind
        if ArrangementKind.WEEKLY not in kinds:
            del self.weeks

    def show(self, wish: Wish) -> None:
        """Fill in what somebody means to ask for."""
        for name in ("what", "quantity", "starts_on"):
            self[name].data = getattr(wish, name)
        if self.rate:
            self.rate.data = wish.rate.value
        if self.kind:
            self.kind.data = wish.kind.value
        if self.weeks and wish.kind is ArrangementKind.WEEKLY:
            self.weeks.data = wish.weeks
        self.trial_weeks.data = wish.trial_weeks or None

    @property
    def wish(self) -> Wish:
        """What the person means to ask for."""
        assert self.what.data is not None
        assert self.quantity.data is not None
        assert self.starts_on.data is not None
        kind = ArrangementKind(self.kind.data) if self.kind else self._kinds[0]
        is_weekly = kind is ArrangementKind.WEEKLY
        return Wish(
            kind=kind,
            what=self.what.data,
            quantity=self.quantity.data,
            starts_on=self.starts_on.data,
            rate=Rate(self.rate.data) if self.rate else Rate.STANDARD,
            # Weeks left empty are no number of weeks, and are refused with a sentence.
            weeks=((self.weeks.data or 0) if self.weeks else 1) if is_weekly else 1,
            trial_weeks=self.trial_weeks.data or 0,
        )


class PayingForm(Form):
    """Saying who pays for something in the basket, and how."""

    first = RadioField(
        "Which money pays for this?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose which money pays for this.")],
    )
    second = RadioField(
        "Does other money pay a part of it?",
        default=NO_BUDGET,
        description="For example when the council and the NHS pay together.",
        widget=GovRadioInput(),
    )
    second_pays = PoundsField(
        "How much does the other money pay?",
        description="The first pays the rest. Leave this empty if one pays for all.",
    )
    pay_by = RadioField(
        "How is the provider paid?",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how the provider is paid.")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, *, streams: Sequence[tuple[StreamId, str]], routes: Collection[PayBy]) -> None:
        """Ask which of somebody's money pays, as far as they have any here, and which of the open ways it takes."""
        named = [(str(stream_id), words) for stream_id, words in streams]
        self.first.choices = choices([*named, (NO_BUDGET, "Money that is not on this site")])
        self.second.choices = choices([(NO_BUDGET, "No, one pays for all"), *named])
        self.pay_by.choices = choices((route.value, ROUTES[route]) for route in routes)
        if not named:
            del self.first
        if len(named) < 2:  # noqa: PLR2004  (there is no other money)
            del self.second, self.second_pays

    def show(self, *, shares: dict[StreamId, Money], pay_by: PayBy, is_new: bool) -> None:
        """Fill in what was chosen: whoever pays most comes first. For a new line nobody has chosen yet."""
        by_size = sorted(shares, key=lambda stream_id: -shares[stream_id].pence)
        if self.first and not is_new:
            self.first.data = str(by_size[0]) if by_size else NO_BUDGET
        if self.second and self.second_pays:
            self.second.data = str(by_size[1]) if len(by_size) > 1 else NO_BUDGET
            self.second_pays.data = shares[by_size[1]] if len(by_size) > 1 else None
        self.pay_by.data = pay_by.value

    @property
    def streams(self) -> tuple[StreamId | None, StreamId | None]:
        """Which money pays first, and which pays a part."""
        return _stream(self.first), _stream(self.second)


def _stream(field: Field | None) -> StreamId | None:
    return StreamId(uuid.UUID(field.data)) if field and field.data not in {None, NO_BUDGET} else None


class AgreedField(Field):
    """What each line of a basket was shown to cost, as the page sends it back: `<line>:<pence>`, once for each."""

    widget = HiddenInput()
    data: dict[BasketLineId, Money]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what can be read. What cannot is not agreed, and the basket then counts as changed."""
        self.data = dict(pair for typed in valuelist if (pair := _agreed(typed)) is not None)


def _agreed(typed: str) -> tuple[BasketLineId, Money] | None:
    line, _, pence = typed.partition(":")
    if not (pence.isascii() and pence.isdigit() and len(pence) <= _LONGEST_PENCE):
        return None
    try:
        return BasketLineId(uuid.UUID(line)), Money(int(pence))
    except ValueError:
        return None


class CheckoutForm(Form):
    """Asking for everything in the basket."""

    key = KeyField()
    agreed = AgreedField(default=dict)
