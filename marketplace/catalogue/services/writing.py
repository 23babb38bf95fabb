"""How a provider writes an offer, one answer after another, and sends it. Nobody else sees it before."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Listing, Provider
from marketplace.catalogue.queries import categories
from marketplace.catalogue.queries.writing import answers_of
from marketplace.catalogue.rules import (
    AccessFact,
    Asking,
    Capacity,
    CategorySlug,
    CqcStanding,
    ListingId,
    OfferDetails,
    OfferId,
    OfferStatus,
    ProviderId,
    Rate,
    Setting,
    WayToPay,
)
from marketplace.catalogue.rules.answers import (
    FREE,
    YES,
    amount,
    answer_problem,
    ladder,
    number,
    time_slot,
    unit_of,
)
from marketplace.catalogue.rules.questions import Answer, AnswerKind, Answers, Question, Questions, many, one
from marketplace.catalogue.services.finding import WrongDetailError, own_offer, own_provider
from marketplace.catalogue.services.listing import edit_offer, list_offer, submit_offer
from marketplace.kit import text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.places import (
    MILE,
    CouncilCode,
    Gazetteer,
    Place,
    Precision,
    UnknownCouncilError,
    UnknownPlaceError,
)
from marketplace.kit.sentences import worded


class ListingNotFoundError(NotFoundError):
    """Nobody is writing that, or not this person."""


class ListingSentError(DomainError):
    """It was sent already: what is said now would change nothing."""


class ListingNotReadyError(DomainError):
    """Something in it has to be said, or said in another way, before it can be sent."""


def begin_listing(
    session: Session, *, provider_id: ProviderId, by: Viewer, now: datetime, key: ListingId | None = None
) -> ListingId:
    """
    Begin to write an offer. Idempotent: the same key begins one.

    :raises ProviderNotFoundError: if the viewer does not speak for this provider.
    """
    own_provider(session, provider_id=provider_id, by=by)
    known = session.get(Listing, key) if key else None
    if known is not None and known.provider_id == provider_id:
        return known.id
    listing_id = ListingId(uuid.uuid4()) if known or key is None else key
    session.add(Listing(id=listing_id, provider_id=provider_id, answers={}, begun_at=now, saved_at=now))
    session.flush()
    return listing_id


def begin_change(session: Session, *, offer_id: OfferId, by: Viewer, now: datetime) -> ListingId:
    """
    Begin to change an offer from what it says now, or go on with changes that were not sent. The offer itself stays.

    :raises OfferNotFoundError: if it is not the viewer's to change.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    listing = session.scalars(select(Listing).where(Listing.offer_id == offer_id)).one_or_none()
    answers = _plain(answers_of(session, offer_id=offer_id, on=day_of(now)))
    if listing is None:
        listing = Listing(
            id=ListingId(uuid.uuid4()),
            provider_id=offer.provider_id,
            offer_id=offer_id,
            answers=answers,
            begun_at=now,
            saved_at=now,
        )
        session.add(listing)
    elif not listing.answers:
        listing.answers, listing.begun_at, listing.saved_at = answers, now, now
    session.flush()
    return listing.id


def save_answer(
    session: Session,
    *,
    listing_id: ListingId,
    question: Question,
    answer: Answer,
    gazetteer: Gazetteer,
    by: Viewer,
    now: datetime,
) -> None:
    """
    Keep one answer, whatever else is still open.

    :raises ListingNotFoundError: if the viewer is not writing it.
    :raises ListingSentError: if it was sent.
    :raises WrongDetailError: if the answer will not do; its field is the part that will not.
    """
    listing = _own_listing(session, listing_id=listing_id, by=by)
    if _is_sent(listing):
        raise ListingSentError("This was sent already. To change it again, go to the offer.")
    problem = answer_problem(question, answer, listing.answers)
    if problem:
        raise WrongDetailError(problem[1], field=problem[0])
    known = _known(session, question, answer, gazetteer=gazetteer)
    listing.answers = _plain({**listing.answers, question.key: known})
    listing.saved_at = now
    session.flush()


def give_up_listing(session: Session, *, listing_id: ListingId, by: Viewer) -> None:
    """
    Throw away what was written and not sent. An offer that it would have changed stays as it is.

    :raises ListingNotFoundError: if the viewer is not writing it.
    """
    session.delete(_own_listing(session, listing_id=listing_id, by=by))
    session.flush()


def send_listing(
    session: Session, *, listing_id: ListingId, questions: Questions, gazetteer: Gazetteer, by: Viewer, now: datetime
) -> tuple[OfferId, OfferStatus]:
    """
    Make an offer of what was written, or change the one it began from; return it and where it then stands.

    A new offer goes to the moderators. Idempotent: what was sent stays sent.

    :raises ListingNotFoundError: if the viewer is not writing it.
    :raises ListingNotReadyError: if an answer is missing or will not do.
    """
    listing = _own_listing(session, listing_id=listing_id, by=by)
    if listing.offer_id is not None and _is_sent(listing):
        return listing.offer_id, own_offer(session, offer_id=listing.offer_id, by=by).status
    answers: Answers = listing.answers
    _check(questions, answers)
    try:
        details = details_of(questions, answers, gazetteer=gazetteer)
        asking = asking_of(questions, answers, today=day_of(now))
        offer_id, status = _put(session, listing, details, asking, by=by, now=now)
    except WrongDetailError as error:
        about = questions.about(error.field)
        raise ListingNotReadyError(f"{about.label}: {error}" if about else str(error)) from error
    listing.offer_id, listing.answers, listing.saved_at = offer_id, {}, now
    session.flush()
    return offer_id, status


def _put(
    session: Session, listing: Listing, details: OfferDetails, asking: Asking | None, *, by: Viewer, now: datetime
) -> tuple[OfferId, OfferStatus]:
    if listing.offer_id is None:
        provider_id = listing.provider_id
        offer_id = list_offer(session, provider_id=provider_id, details=details, asking=asking, by=by, now=now)
        status = OfferStatus.DRAFT
    else:
        offer_id = listing.offer_id
        status = edit_offer(session, offer_id=offer_id, details=details, asking=asking, by=by, now=now)
    if status in {OfferStatus.DRAFT, OfferStatus.REFUSED}:
        submit_offer(session, offer_id=offer_id, by=by, now=now)
        status = OfferStatus.SUBMITTED
    return offer_id, status


def _check(questions: Questions, answers: Answers) -> None:
    missing = questions.left_out(answers)
    if missing:
        named = "; ".join(question.label.lower() for question in missing)
        raise ListingNotReadyError(worded("Before you send it, answer what is still open: {named}.", named=named))
    for question in questions.asked(answers):
        # What was right when it was said may be wrong beside a later answer.
        problem = answer_problem(question, answers.get(question.key, {}), answers)
        if problem:
            raise ListingNotReadyError(f"{question.label}: {problem[1]}")


def details_of(questions: Questions, answers: Answers, *, gazetteer: Gazetteer) -> OfferDetails:
    """
    Return what was answered to the questions that are asked, as an offer keeps it.

    :raises WrongDetailError: if a place or a council is not one we know.
    """
    said = {question.key: answers.get(question.key, {}) for question in questions.asked(answers)}
    travels, notice = number(said, "travels_miles"), number(said, "notice_hours")
    video = one(said, "video", "video_url") or None
    is_asked = "registration" in said
    standing = one(said, "registration", "cqc_standing") if is_asked else CqcStanding.NOT_PERSONAL_CARE
    return OfferDetails(
        title=one(said, "title"),
        category=CategorySlug(one(said, "category")),
        description=one(said, "description"),
        setting=Setting(one(said, "setting")),
        is_free=one(said, "cost") == FREE,
        place=_find(one(said, "place"), gazetteer) if one(said, "place") else None,
        address=one(said, "place", "address"),
        travels_metres=None if travels is None else round(int(travels) * MILE),
        access=frozenset(AccessFact(fact) for fact in many(said, "access")),
        included=one(said, "included"),
        suits=one(said, "suits"),
        notice_hours=None if notice is None else int(notice),
        travel_per_mile=amount(said, "travel_per_mile"),
        video_url=video,
        video_has_captions=one(said, "video", "video_has_captions") == YES,
        capacity=Capacity(one(said, "capacity")) if one(said, "capacity") else None,
        councils=frozenset(CouncilCode(code) for code in many(said, "councils")),
        times=frozenset(slot for slot in map(time_slot, many(said, "times")) if slot),
        ways_to_pay=frozenset(WayToPay(way) for way in many(said, "ways_to_pay")),
        languages=frozenset(many(said, "languages")),
        cqc_standing=CqcStanding(standing) if standing else None,
        cqc_because=one(said, "registration", "cqc_because"),
    )


def asking_of(questions: Questions, answers: Answers, *, today: date) -> Asking | None:
    """Return what was answered about the price, or None if it is free or nothing was said."""
    said = {question.key: answers.get(question.key, {}) for question in questions.asked(answers)}
    single, unit = amount(said, "price", "amount"), unit_of(said)
    if single is None or unit is None:
        return None
    extras = {rate: amount(said, "rates", rate.value) for rate in rules.RATES_FOR.get(unit, ())}
    begins_on = one(said, "price", "begins_on")
    return Asking(
        amount=single,
        unit=unit,
        begins_on=date.fromisoformat(begins_on) if begins_on else today,
        rates={rate: extra for rate, extra in extras.items() if extra and rate is not Rate.STANDARD},
        hours=number(said, "price", "hours"),
        admin=amount(said, "split", "admin"),
        overhead=amount(said, "split", "overhead"),
        ladder=ladder(said),
    )


def _own_listing(session: Session, *, listing_id: ListingId, by: Viewer) -> Listing:
    listing = session.get(Listing, listing_id, with_for_update=True)
    provider = session.get_one(Provider, listing.provider_id) if listing else None
    if listing is None or provider is None or not by.speaks_for(provider.organisation_id):
        raise ListingNotFoundError("We could not find what you were writing.")
    return listing


def _is_sent(listing: Listing) -> bool:
    return listing.offer_id is not None and not listing.answers


def _known(session: Session, question: Question, answer: Answer, *, gazetteer: Gazetteer) -> Answer:
    """Return an answer with what it names as we call it."""
    said = {question.key: answer}
    if question.takes_categories and one(said, question.key) not in {line.slug for line in categories(session)}:
        raise WrongDetailError(question.missing, field=question.key)
    if question.kind is AnswerKind.PLACE:
        place = _find(one(said, question.key, "place"), gazetteer)
        if place.precision is not Precision.POSTCODE:
            raise WrongDetailError(question.missing, field="place")
        return {"place": place.name, "address": text.tidy_line(one(said, question.key, "address"))}
    if question.kind is AnswerKind.COUNCILS:
        for code in many(said, question.key):
            try:
                gazetteer.council(CouncilCode(code))
            except UnknownCouncilError as error:
                raise WrongDetailError(str(error), field=question.key) from error
    return answer


def _find(typed: str, gazetteer: Gazetteer) -> Place:
    try:
        return gazetteer.find(typed)
    except UnknownPlaceError as error:
        raise WrongDetailError(str(error), field="place") from error


def _plain(answers: Answers) -> dict[str, Mapping[str, str | list[str]]]:
    return {key: dict(answer) for key, answer in answers.items()}
