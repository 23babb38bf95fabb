"""People ask providers for quotes on their own terms, look at them beside each other, and choose one, or none."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import uuid4

from marketplace.brokerage.rules.briefs import Criterion
from marketplace.brokerage.rules.choosing import KindReason
from marketplace.brokerage.rules.nouns import BriefId, MeetingId, QuoteId, WhyNot
from marketplace.brokerage.rules.quoting import NewAnswer, NewQuote
from marketplace.brokerage.services import (
    asking,
    awarding,
    briefing,
    calling,
    ending_briefs,
    meeting,
    quoting,
    scoring,
    writing_briefs,
)
from marketplace.brokerage.services.scoring import Points
from marketplace.brokerage.services.writing_briefs import When, Writing
from marketplace.demo import queries
from marketplace.demo.rules.briefs import WrittenBrief, WrittenMeeting, WrittenNoBid, WrittenQuestion, WrittenQuote
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of, midnight
from marketplace.kit.money import Money
from marketplace.purchasing.rules.nouns import PayBy

_WRITTEN_BEFORE = timedelta(days=1)


def expect_briefs(draw: Random, street: Street) -> None:
    """Put on the agenda when each brief is begun. Everything else follows from that."""
    for brief in street.town.asking.briefs:
        days = brief.opened_days_ago if brief.opened_days_ago is not None else 1
        at = some_time(draw, street.calendar.days_ago(days))
        street.agenda.add(at - _WRITTEN_BEFORE, partial(_write, draw, street, brief, at))


def _write(draw: Random, street: Street, brief: WrittenBrief, opens_at: datetime, *, now: datetime) -> None:
    by = street.writer(brief.by or brief.person)
    brief_id = briefing.begin_brief(
        street.session,
        person_id=street.people[brief.person],
        by=by,
        line_id=street.lines[brief.person, brief.line] if brief.line and brief.by is None else None,
        now=now,
    )
    session, writing = street.session, Writing(brief_id, by, now)
    writing_briefs.say_what(session, writing, title=brief.title, about=brief.about, category=brief.category)
    writing_briefs.say_needs(session, writing, needs=brief.needs)
    criteria = [Criterion(it.words, it.weight, it.is_cost) for it in brief.criteria]
    writing_briefs.say_what_matters(session, writing, criteria=criteria)
    budget = Money(brief.budget) if brief.budget is not None else None
    writing_briefs.say_money(session, writing, budget=budget, shows_budget=brief.shows_budget)
    writing_briefs.say_where(session, writing, typed=brief.area, gazetteer=street.gazetteer)
    writing_briefs.say_when(session, writing, when=_when(street, brief))
    if brief.opened_days_ago is not None:
        street.agenda.add(opens_at, partial(_open, draw, street, brief, brief_id))


def _when(street: Street, brief: WrittenBrief) -> When:
    starts_on = None
    if brief.starts_in_days is not None:
        starts_on = street.calendar.built_on + timedelta(days=brief.starts_in_days)
    return When(
        kind=brief.kind,
        quantity=brief.quantity,
        unit=brief.unit,
        weeks=brief.weeks,
        times=brief.times,
        starts_on=starts_on,
        days_open=brief.days_open,
    )


def _open(draw: Random, street: Street, brief: WrittenBrief, brief_id: BriefId, *, now: datetime) -> None:
    by = street.writer(brief.by or brief.person)
    kept = queries.mild_guesses(street.session, brief_id=brief_id)
    briefing.open_brief(street.session, brief_id=brief_id, by=by, kept=kept, now=now)
    street.agenda.add(now + timedelta(hours=1), partial(_call, street, brief_id))

    closes_on = day_of(now) + timedelta(days=brief.days_open)
    street.agenda.add(midnight(closes_on + timedelta(days=1)) + timedelta(minutes=1), partial(_close, street, brief_id))

    def at(days_ago: int) -> datetime:
        # After providers were called.
        return max(some_time(draw, street.calendar.days_ago(days_ago)), now + timedelta(hours=2))

    for question in brief.questions:
        street.agenda.add(at(question.days_ago), partial(_ask, draw, street, brief, brief_id, question))
    for said in brief.declines:
        street.agenda.add(at(said.days_ago), partial(_decline, street, brief_id, said))
    for quote in brief.quotes:
        street.agenda.add(at(quote.days_ago), partial(_quote, street, brief, brief_id, quote))
    if brief.taken_back is not None:
        street.agenda.add(at(brief.taken_back.days_ago), partial(_take_back, street, brief, brief_id))
    _expect_choice(draw, street, brief, brief_id)


def _expect_choice(draw: Random, street: Street, brief: WrittenBrief, brief_id: BriefId) -> None:
    """Put on the agenda how the quotes are looked at, and what is chosen."""

    def at(days_ago: int) -> datetime:
        return some_time(draw, street.calendar.days_ago(days_ago))

    for wanted in brief.meetings:
        street.agenda.add(at(wanted.days_ago), partial(_meet, draw, street, brief, brief_id, wanted))
    if brief.scores:
        last = min([it.days_ago for it in brief.meetings] + ([brief.award.days_ago + 1] if brief.award else [3]))
        street.agenda.add(at(last), partial(_score, street, brief, brief_id))
    if brief.award is not None:
        street.agenda.add(at(brief.award.days_ago), partial(_award, street, brief, brief_id))
    if brief.none_chosen is not None:
        street.agenda.add(at(brief.none_chosen.days_ago), partial(_choose_none, street, brief, brief_id))


def _call(street: Street, brief_id: BriefId, *, now: datetime) -> None:
    """Call the providers that a brief is for, and tell them, as the jobs do."""
    calling.call_providers(street.session, brief_id=brief_id, now=now)
    for organisation_id in queries.called_to(street.session, brief_id=brief_id):
        calling.tell_of_briefs(street.session, organisation_id=organisation_id, address=street.addresses.calls, now=now)


def _ask(
    draw: Random, street: Street, brief: WrittenBrief, brief_id: BriefId, question: WrittenQuestion, *, now: datetime
) -> None:
    by = street.viewer(street.speakers[question.provider])
    question_id = asking.ask_question(
        street.session, brief_id=brief_id, by=by, organisation_id=min(by.organisations), words=question.words, now=now
    )
    if question.answered_days_ago is None:
        return
    at = max(some_time(draw, street.calendar.days_ago(question.answered_days_ago)), now)
    answer = partial(
        asking.answer_question,
        street.session,
        question_id=question_id,
        by=street.writer(brief.by or brief.person),
        answer=question.answer,
    )
    street.agenda.add(at, answer)


def _decline(street: Street, brief_id: BriefId, said: WrittenNoBid, *, now: datetime) -> None:
    by = street.viewer(street.speakers[said.provider])
    asking.decline_brief(
        street.session, brief_id=brief_id, by=by, organisation_id=min(by.organisations), why_not=said.why, now=now
    )


def _take_back(street: Street, brief: WrittenBrief, brief_id: BriefId, *, now: datetime) -> None:
    if brief.taken_back is not None:
        by = street.writer(brief.by or brief.person)
        ending_briefs.withdraw_brief(street.session, brief_id=brief_id, by=by, why=brief.taken_back.reason, now=now)


def _close(street: Street, brief_id: BriefId, *, now: datetime) -> None:
    ending_briefs.close_brief(street.session, brief_id=brief_id, address=street.addresses.brief, now=now)


def _quote(street: Street, brief: WrittenBrief, brief_id: BriefId, quote: WrittenQuote, *, now: datetime) -> None:
    parts = quote.admin + quote.overhead + quote.travel
    needs = queries.needs_of(street.session, brief_id=brief_id)
    quoting.send_quote(
        street.session,
        brief_id=brief_id,
        by=street.viewer(street.speakers[quote.provider]),
        wanted=NewQuote(
            offer_id=street.offers[quote.offer],
            support=Money(quote.unit_price - parts),
            admin=Money(quote.admin),
            overhead=Money(quote.overhead),
            travel=Money(quote.travel),
            can_start_on=street.calendar.built_on + timedelta(days=quote.starts_in_days),
            notice_hours=168,
            times=quote.times,
            trial=quote.trial.kind,
            trial_words=quote.trial.words,
            answers={need_id: NewAnswer(it.fit, it.words) for need_id, it in zip(needs, quote.answers, strict=True)},
        ),
        link=street.addresses.brief,
        now=now,
    )


def _quotes(street: Street, brief: WrittenBrief, brief_id: BriefId) -> dict[str, QuoteId]:
    """Return the quotes on a brief by the key of their provider."""
    found = queries.quotes_on(street.session, brief_id=brief_id)
    return {it.provider: found[street.offers[it.offer]] for it in brief.quotes if street.offers[it.offer] in found}


def _meet(
    draw: Random, street: Street, brief: WrittenBrief, brief_id: BriefId, wanted: WrittenMeeting, *, now: datetime
) -> None:
    meeting_id = meeting.ask_provider(
        street.session,
        brief_id=brief_id,
        quote_id=_quotes(street, brief, brief_id)[wanted.provider],
        by=street.people[brief.person],
        kind=wanted.kind,
        words=wanted.words,
        key=uuid4(),
        link=street.addresses.quote,
        now=now,
    )
    if wanted.answered_days_ago is not None:
        at = max(some_time(draw, street.calendar.days_ago(wanted.answered_days_ago)), now)
        street.agenda.add(at, partial(_answer_meeting, street, wanted, meeting_id))


def _answer_meeting(street: Street, wanted: WrittenMeeting, meeting_id: MeetingId, *, now: datetime) -> None:
    meeting.answer_meeting(
        street.session,
        meeting_id=meeting_id,
        by=street.viewer(street.speakers[wanted.provider]),
        answer=wanted.answer,
        link=street.addresses.brief,
        now=now,
    )


def _score(street: Street, brief: WrittenBrief, brief_id: BriefId, *, now: datetime) -> None:
    criteria, found = queries.criteria_of(street.session, brief_id=brief_id), _quotes(street, brief, brief_id)
    for score in brief.scores:
        given = {criteria[number - 1]: Points(points, score.because) for number, points in score.points.items()}
        scoring.score_quote(
            street.session,
            brief_id=brief_id,
            quote_id=found[score.provider],
            by=street.people[score.person],
            given=given,
            now=now,
        )


def _award(street: Street, brief: WrittenBrief, brief_id: BriefId, *, now: datetime) -> None:
    award, found = brief.award, _quotes(street, brief, brief_id)
    if award is None:
        return
    starts_on = street.calendar.built_on + timedelta(days=brief.starts_in_days or 1)
    awarding.award_quote(
        street.session,
        brief_id=brief_id,
        quote_id=found[award.provider],
        by=street.people[brief.person],
        because=award.because,
        pay_by=PayBy.BANK_TRANSFER,
        shares={},
        why_not={found[provider]: KindReason(why) for provider, why in award.why_not.items()},
        starts_on=max(starts_on, day_of(now)),
        link=street.addresses.arrangement,
        quote_link=street.addresses.quote,
        now=now,
    )


def _choose_none(street: Street, brief: WrittenBrief, brief_id: BriefId, *, now: datetime) -> None:
    if brief.none_chosen is None:
        return
    awarding.choose_none(
        street.session,
        brief_id=brief_id,
        by=street.people[brief.person],
        because=brief.none_chosen.reason,
        said=KindReason(WhyNot.NO_LONGER_NEEDED),
        quote_link=street.addresses.quote,
        now=now,
    )
