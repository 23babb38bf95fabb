"""How people tell us of a place that is missing or a fact that is wrong, and how a moderator answers."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.models import Offer, Provider, Suggestion
from marketplace.catalogue.rules import OfferId, OfferStatus, SuggestionId, SuggestionKind
from marketplace.catalogue.rules.suggestions import WrongFact, suggestion_problem
from marketplace.catalogue.services.finding import OfferNotFoundError
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.places import CouncilCode
from marketplace.kit.sentences import worded

LETTER_A_DAY = timedelta(days=1)
"""A provider gets at most one letter about one offer in this time, however many people tell us."""


class SuggestionUnclearError(WrongAnswerError):
    """We could not act on what somebody told us as it stands."""


class SuggestionNotFoundError(NotFoundError):
    """There is no such suggestion, or none this person may know about."""


class SuggestionClosedError(DomainError):
    """Somebody has dealt with the suggestion."""


def suggest_place(
    session: Session,
    *,
    key: SuggestionId,
    name: str,
    place: str,
    words: str,
    council: CouncilCode | None,
    by: PersonId | None,
    now: datetime,
) -> SuggestionId:
    """
    Tell the moderators of a local place that is missing. Idempotent: the same key is one suggestion.

    :raises SuggestionUnclearError: if it says too little or too much.
    """
    if session.get(Suggestion, key) is not None:
        return key
    name, place = text.tidy_line(name)[:200], text.tidy_line(place)[:300]
    if not name:
        raise SuggestionUnclearError("Tell us what the place is called.", field="name")
    if not place:
        raise SuggestionUnclearError("Tell us where it is, as well as you can.", field="place")
    suggestion = Suggestion(
        id=key,
        kind=SuggestionKind.MISSING_PLACE,
        name=name,
        place=place,
        words=_checked(words),
        council=council,
        suggested_by=by,
        suggested_at=now,
    )
    session.add(suggestion)
    session.flush()
    return key


def suggest_wrong_fact(
    session: Session,
    *,
    key: SuggestionId,
    offer_id: OfferId,
    fact: WrongFact,
    words: str,
    by: PersonId | None,
    address: str,
    now: datetime,
) -> SuggestionId:
    """
    Tell the moderators and the provider that a fact on an offer is wrong. Idempotent: the same key is one suggestion.

    The provider is not told who said so. `address` is where it reads what was said: email is not private.

    :raises OfferNotFoundError: if there is no such offer, or it is not shown.
    :raises SuggestionUnclearError: if it says too little or too much.
    """
    if session.get(Suggestion, key) is not None:
        return key
    offer = session.get(Offer, offer_id, with_for_update=True)
    if offer is None or offer.status is not OfferStatus.LIVE:
        raise OfferNotFoundError("We could not find that offer. It may have been taken down.")
    words = _checked(words)
    lately = session.scalar(
        select(Suggestion.id)
        .where(
            Suggestion.offer_id == offer_id,
            Suggestion.kind == SuggestionKind.WRONG_FACT,
            Suggestion.suggested_at > now - LETTER_A_DAY,
        )
        .limit(1)
    )
    session.add(
        Suggestion(
            id=key,
            kind=SuggestionKind.WRONG_FACT,
            offer_id=offer_id,
            name=str(fact),
            words=words,
            council=offer.council,
            suggested_by=by,
            suggested_at=now,
        )
    )
    session.flush()
    if lately is None:
        accounts.write_to_organisation(
            session,
            organisation_id=session.get_one(Provider, offer.provider_id).organisation_id,
            subject=worded("Is this wrong on “{title}”?", title=offer.title),
            body=worded(
                "Somebody tells us that this is wrong on your offer “{title}”: {fact}.\n\n"
                "Read what they say, and change the page if they are right:\n{address}\n\n"
                "Whatever you change, people read at once, but for new words, which we read first.",
                title=offer.title,
                fact=fact.words.lower(),
                address=address,
            ),
            now=now,
        )
    return key


def close_suggestion(session: Session, *, suggestion_id: SuggestionId, answer: str, by: Viewer, now: datetime) -> bool:
    """
    Mark a suggestion as dealt with, and return whether an answer was sent: only people who were signed in get one.

    :raises SuggestionNotFoundError: if there is none, or the viewer is no moderator.
    :raises SuggestionClosedError: if somebody was quicker.
    :raises SuggestionUnclearError: if the answer is too long.
    """
    suggestion = session.get(Suggestion, suggestion_id, with_for_update=True)
    if suggestion is None or by.person_id is None or not by.may(Permission.MODERATE):
        raise SuggestionNotFoundError("We could not find that suggestion.")
    if suggestion.closed_at is not None:
        raise SuggestionClosedError("Somebody has already dealt with this.")
    answer = text.tidy(answer)
    if answer:
        _checked(answer, field="answer")
    suggestion.closed_at, suggestion.closed_by, suggestion.answer = now, by.person_id, answer
    audit.record(session, by=by.person_id, did="closed", to_kind="suggestion", to_id=suggestion.id, now=now)
    session.flush()
    if not answer or suggestion.suggested_by is None:
        return False
    about = f"“{suggestion.name}”" if suggestion.kind is SuggestionKind.MISSING_PLACE else _title(session, suggestion)
    accounts.write_to_person(
        session,
        person_id=suggestion.suggested_by,
        subject=worded("What became of what you told us about {about}", about=about),
        body=worded(
            "You told us about {about}. Thank you. This is our answer:\n\n{answer}", about=about, answer=answer
        ),
        now=now,
    )
    return True


def _title(session: Session, suggestion: Suggestion) -> str:
    return f"“{session.scalars(select(Offer.title).where(Offer.id == suggestion.offer_id)).one()}”"


def _checked(words: str, *, field: str = "words") -> str:
    words = text.tidy(words)
    problem = suggestion_problem(words)
    if problem:
        raise SuggestionUnclearError(problem, field=field)
    return words
