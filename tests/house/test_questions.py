"""Do the questions about an offer keep to ten minutes, with words for every answer? Each failure says what to do."""

import enum

from marketplace.catalogue.forms.asking import Around, asking_form
from marketplace.catalogue.forms.looking import Group, Looking, Space
from marketplace.catalogue.gateways.questions import listing_questions
from marketplace.catalogue.rules import (
    AccessFact,
    Capacity,
    CheckKind,
    CqcStanding,
    Day,
    PartOfDay,
    ProviderKind,
    Rate,
    Setting,
    Trade,
    Unit,
    WayToPay,
    nouns,
)
from marketplace.catalogue.rules.details import OfferDetails
from marketplace.catalogue.rules.questions import MOST_QUESTIONS, AnswerKind
from marketplace.kit.money import Money
from marketplace.search.rules import Cost

OPTIONS = (AccessFact, Capacity, CqcStanding, Day, PartOfDay, ProviderKind, Rate, Setting, Trade, WayToPay)
QUESTIONS = listing_questions().all


def test_there_are_at_most_twenty_five_questions():
    assert MOST_QUESTIONS == 25
    assert len(QUESTIONS) <= MOST_QUESTIONS, "leave one out, or ask it where it belongs"


def test_every_question_is_asked_in_words():
    silent = [one.key for one in QUESTIONS if not one.label or not one.question]
    assert not silent, f"give each a label and a question: {silent}"
    wrong = [one.key for one in QUESTIONS if one.missing and not one.missing.endswith(".")]
    assert not wrong, f"people read this: end it with a full stop: {wrong}"
    long = [one.key for one in QUESTIONS if len(one.hint) > 320]
    assert not long, f"say it shorter: {long}"


def test_every_value_that_can_be_chosen_has_words():
    silent = [f"{kind.__name__}.{one.name}" for kind in OPTIONS for one in kind if not one.words.strip()]
    assert not silent, f"say what each is called on a page: {silent}"
    assert all(unit.each and unit.many for unit in Unit)
    silent = [f"{one.key}: {option.value}" for one in QUESTIONS for option in one.options if not option.asked]
    assert not silent, f"say each option in words: {silent}"


def test_the_options_of_a_question_are_all_there_are():
    """An option that is added to the code is asked for without a second place to remember."""
    by_values = {frozenset(kind): kind for kind in vars(nouns).values() if _is_options(kind)}
    asked = [frozenset(option.value for option in one.options) for one in QUESTIONS if one.options]
    assert {AccessFact, Capacity, CqcStanding, Setting, WayToPay} <= {by_values.get(values) for values in asked}


def _is_options(kind):
    return isinstance(kind, type) and issubclass(kind, enum.StrEnum)


def test_every_question_has_a_form_that_holds_its_answer(app):
    with app.test_request_context():
        for one in QUESTIONS:
            form = asking_form(one, answer={}, around=Around(unit=Unit.HOUR, has_offer=True))
            missing = [part for part in one.parts if part not in form]
            assert not missing, f"{one.key} has no field for {missing}"


def test_every_fact_about_an_offer_is_asked():
    asked = {name for one in QUESTIONS for name in {one.key, *one.parts}}
    elsewhere = {"is_free": "cost", "travels_metres": "travels_miles"}
    silent = [name for name in OfferDetails.__dataclass_fields__ if elsewhere.get(name, name) not in asked]
    assert not silent, f"ask for these in questions/listing.yaml: {silent}"


def test_every_filter_that_a_question_feeds_is_one():
    everything = Looking(
        near="M33",
        categories=("companionship",),
        cost=Cost.FREE,
        space=Space.NOW,
        group=Group.YES,
        access=tuple(AccessFact),
        days=tuple(Day),
        pay=tuple(WayToPay),
        checks=tuple(CheckKind),
        price=Money(1),
    )
    strays = {one.filter for one in QUESTIONS if one.filter} - set(everything.address())
    assert not strays, f"the results page has no such filters: {strays}"


def test_every_kind_of_answer_is_used():
    unused = set(AnswerKind) - {one.kind for one in QUESTIONS}
    assert not unused, f"take these out: {unused}"
