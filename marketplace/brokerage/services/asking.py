"""Providers ask about a brief, and the answer goes to all; or they say that they will not quote."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Brief, BriefCall, BriefQuestion, Quote
from marketplace.brokerage.queries.briefs import called_brief
from marketplace.brokerage.queries.calls import organisation_name
from marketplace.brokerage.queries.guessing import guesses_in
from marketplace.brokerage.rules import briefs as rules
from marketplace.brokerage.rules.guessing import names_provider
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, NoBid, QuestionId, QuoteStatus
from marketplace.brokerage.services.briefing import BriefNotFoundError, brief_to_write, kept_after_reading
from marketplace.brokerage.services.counting import count_no_quote, count_thought_again
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.kit.spotting import SpottedKind, spot


class CallNotFoundError(NotFoundError):
    """The brief is not for this organisation, or not open any more."""


class NoMoreQuestionsError(DomainError):
    """The days for questions are over, or this organisation has asked enough."""


class QuestionWordsError(WrongAnswerError):
    """The question is empty, too long, or says who asks."""

    field = "words"


class QuestionNotFoundError(NotFoundError):
    """There is no such question, or it is about somebody else's brief."""


class AnswerWordsError(WrongAnswerError):
    """The answer is empty, too long, or comes too late."""

    field = "answer"


class QuotedAlreadyError(DomainError):
    """Who has sent a quote does not also say that they will not."""


def ask_question(
    session: Session, *, brief_id: BriefId, by: Viewer, organisation_id: OrganisationId, words: str, now: datetime
) -> QuestionId:
    """
    Ask something about an open brief, in the first half of its days. The answer will be for all.

    :raises CallNotFoundError: if the brief is not for this organisation.
    :raises NoMoreQuestionsError: if the days for questions are over, or they have asked as much as they may.
    :raises QuestionWordsError: if there are no words, too many, or some that say who asks.
    """
    brief = _called(session, brief_id=brief_id, by=by, organisation_id=organisation_id, now=now)
    if brief.questions_until is None or now >= brief.questions_until:
        raise NoMoreQuestionsError("The days for questions are over. You can still quote until the brief closes.")
    asked = session.scalars(
        select(func.count())
        .select_from(BriefQuestion)
        .where(BriefQuestion.brief_id == brief_id, BriefQuestion.organisation_id == organisation_id)
    ).one()
    if asked >= rules.MOST_QUESTIONS:
        raise NoMoreQuestionsError(
            worded(
                "You have asked {most_questions} questions about this brief, which is all.",
                most_questions=rules.MOST_QUESTIONS,
            )
        )
    _check_question(session, words, organisation_id)
    question = BriefQuestion(
        id=QuestionId(uuid.uuid4()),
        brief_id=brief_id,
        organisation_id=organisation_id,
        asked_by=_person(by),
        words=words,
        asked_at=now,
        answer="",
    )
    session.add(question)
    audit.record(session, by=by.person_id, did="asked about", to_kind="brief", to_id=brief_id, now=now)
    session.flush()
    return question.id


def answer_question(
    session: Session,
    *,
    question_id: QuestionId,
    by: PersonId,
    answer: str,
    kept: Collection[str] = (),
    now: datetime,
) -> None:
    """
    Answer a question for every provider, until a day before the brief closes. What was answered stays as it is.

    :raises QuestionNotFoundError: if it is about no brief that they may write.
    :raises AnswerWordsError: if there is no answer, it is too long, it comes too late, or there is one already.
    :raises GuessableError: if it names or leads to somebody, or what was found was not read.
    """
    asked_about = session.scalars(select(BriefQuestion.brief_id).where(BriefQuestion.id == question_id)).one_or_none()
    if asked_about is None:
        raise QuestionNotFoundError("We could not find that question.")
    try:
        brief = brief_to_write(session, brief_id=asked_about, by=by, now=now)
    except BriefNotFoundError:
        raise QuestionNotFoundError("We could not find that question.") from None
    question = session.get_one(BriefQuestion, question_id, populate_existing=True)
    problem = _answer_problem(brief, question, answer, now=now)
    if problem:
        raise AnswerWordsError(problem)
    found = guesses_in(session, person_id=brief.person_id, area=brief.area_name, texts=[answer])
    keys = kept_after_reading(found, kept)
    brief.kept_despite = sorted({*brief.kept_despite, *keys})
    question.answer, question.answered_by, question.answered_at = answer, by, now
    audit.record(session, by=by, did="answered a question about", to_kind="brief", to_id=brief.id, now=now)
    note_act(
        session, person_id=brief.person_id, by=by, did="answered a question about your brief", to_kind="brief",
        to_id=brief.id, now=now,
    )  # fmt: skip
    for organisation_id in _those_to_tell(session, brief, question):
        accounts.write_to_organisation(
            session,
            organisation_id=organisation_id,
            subject=worded("A question was answered: {title}", title=brief.title),
            body=worded(
                "Somebody asked: {question}\n\nThe answer, for everybody who may quote: {answer}\n\n"
                "You find the brief under “Briefs for us”.",
                question=question.words,
                answer=answer,
            ),
            now=now,
        )
    session.flush()


def decline_brief(
    session: Session, *, brief_id: BriefId, by: Viewer, organisation_id: OrganisationId, why_not: NoBid, now: datetime
) -> None:
    """
    Say that an organisation will not quote. The person is not told who; reasons are counted for councils. Idempotent.

    :raises CallNotFoundError: if the brief is not for this organisation.
    :raises QuotedAlreadyError: if it has sent a quote.
    """
    brief = _called(session, brief_id=brief_id, by=by, organisation_id=organisation_id, now=now)
    has_quoted = session.scalar(
        select(Quote.id).where(
            Quote.brief_id == brief_id, Quote.organisation_id == organisation_id, Quote.status == QuoteStatus.SENT
        )
    )
    if has_quoted is not None:
        raise QuotedAlreadyError("You have sent a quote. Take that back first.")
    call = _call(session, brief_id=brief_id, organisation_id=organisation_id, now=now)
    _forget_why_not(session, brief, call, now=now)
    call.declined_at, call.why_not = now, why_not
    count_no_quote(session, brief, organisation_id=organisation_id, why_not=why_not, now=now)
    audit.record(session, by=by.person_id, did="declined", to_kind="brief", to_id=brief_id, now=now)
    session.flush()


def think_again(
    session: Session, *, brief_id: BriefId, by: Viewer, organisation_id: OrganisationId, now: datetime
) -> None:
    """
    Take back that an organisation will not quote. Idempotent.

    :raises CallNotFoundError: if the brief is not for this organisation.
    """
    brief = _called(session, brief_id=brief_id, by=by, organisation_id=organisation_id, now=now)
    _forget_why_not(
        session, brief, _call(session, brief_id=brief_id, organisation_id=organisation_id, now=now), now=now
    )
    session.flush()


def quote_after_all(session: Session, brief: Brief, *, organisation_id: OrganisationId, now: datetime) -> None:
    """Forget that an organisation said it would not quote: it has."""
    call = session.get(BriefCall, (brief.id, organisation_id))
    if call is not None:
        _forget_why_not(session, brief, call, now=now)


def _forget_why_not(session: Session, brief: Brief, call: BriefCall, *, now: datetime) -> None:
    if call.why_not is not None:
        count_thought_again(session, brief, organisation_id=call.organisation_id, why_not=call.why_not, now=now)
    call.declined_at = call.why_not = None


def _called(
    session: Session, *, brief_id: BriefId, by: Viewer, organisation_id: OrganisationId, now: datetime
) -> Brief:
    # Whoever asks and whoever takes the brief back at this moment do so one after the other.
    brief = session.get(Brief, brief_id, with_for_update=True, populate_existing=True)
    called = called_brief(session, brief_id=brief_id, viewer=by, now=now)
    if brief is None or called is None or organisation_id not in called.organisations:
        raise CallNotFoundError("This brief is not open for quotes, or not for your organisation.")
    return brief


def _call(session: Session, *, brief_id: BriefId, organisation_id: OrganisationId, now: datetime) -> BriefCall:
    call = session.get(BriefCall, (brief_id, organisation_id), with_for_update=True, populate_existing=True)
    if call is None:
        # Found before the day's letter went out: they know of it, so none need go.
        call = BriefCall(brief_id=brief_id, organisation_id=organisation_id, called_at=now, told_at=now)
        session.add(call)
    return call


def _person(by: Viewer) -> PersonId:
    if by.person_id is None:
        raise CallNotFoundError("This brief is not open for quotes, or not for your organisation.")
    return by.person_id


_LEADS_BACK = frozenset({SpottedKind.EMAIL, SpottedKind.PHONE, SpottedKind.WEB_ADDRESS})


def _check_question(session: Session, words: str, organisation_id: OrganisationId) -> None:
    if not words:
        raise QuestionWordsError("Write your question.")
    if len(words) > rules.LONGEST_QUESTION:
        raise QuestionWordsError(
            worded("Use at most {longest_question} characters.", longest_question=rules.LONGEST_QUESTION)
        )
    name = organisation_name(session, organisation_id=organisation_id)
    if any(it.kind in _LEADS_BACK for it in spot(words)) or _says(words, name):
        raise QuestionWordsError("Leave out your name and how to reach you. Everybody who may quote reads this.")


def _says(words: str, name: str) -> bool:
    """Test whether some words hold the name of an organisation, with or without “Care” and “Ltd” at its end."""
    said = words.split()
    longest = len(name.split())
    return any(
        names_provider(" ".join(said[start:end]), name)
        for start in range(len(said))
        for end in range(start + 1, min(start + longest, len(said)) + 1)
        if said[start][0].isupper()
    )


def _answer_problem(brief: Brief, question: BriefQuestion, answer: str, *, now: datetime) -> str | None:
    if question.answered_at is not None:
        return "This question has its answer already. Every provider has read it, so it stays as it is."
    if brief.status is not BriefStatus.OPEN or brief.answers_by is None or now >= brief.answers_by:
        return "It is too late to answer: providers must have a day to read answers before the brief closes."
    if not answer:
        return "Write an answer."
    if len(answer) > rules.LONGEST_ANSWER:
        return worded("Use at most {longest_answer:,} characters.", longest_answer=rules.LONGEST_ANSWER)
    return None


def _those_to_tell(session: Session, brief: Brief, question: BriefQuestion) -> Sequence[OrganisationId]:
    """Return who is written to: whoever asked, and whoever has quoted or began to. All others find it on the page."""
    quoting = session.scalars(
        select(Quote.organisation_id).where(
            Quote.brief_id == brief.id, Quote.status.in_([QuoteStatus.SENT, QuoteStatus.DRAFT])
        )
    )
    return sorted({question.organisation_id, *quoting})
