"""Reviewing with an invoice: sent with the review, looked at by a checker, and deleted whichever way that ends."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.rules import OfferId
from marketplace.kit import audit, text
from marketplace.kit.days import day_of, working_days_after
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.ratings.gateways.invoices import Invoice
from marketplace.ratings.models import InvoiceProof, Review
from marketplace.ratings.queries import reviewed
from marketplace.ratings.queries.invoices import has_reviewed_by_word
from marketplace.ratings.rules.nouns import (
    Basis,
    FileUse,
    Ground,
    ProofState,
    ReviewId,
    ReviewStatus,
    Screened,
    ScreeningOutcome,
)
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services.counting import counted_anew
from marketplace.ratings.services.holding import decide
from marketplace.ratings.services.keeping import keep_file, take_kept_file
from marketplace.ratings.services.proving import what_is_offered
from marketplace.ratings.services.publishing import Address
from marketplace.ratings.services.reviewing import (
    AlreadyReviewedError,
    OwnProviderError,
    WhatToReview,
    write_review,
)
from marketplace.ratings.services.screening import Subject

WORKING_DAYS = 3
"""How long somebody waits at most until their invoice has been looked at."""

LONGEST_REASON = 1_500
_SOON = timedelta(days=1)


class NoInvoiceError(DomainError):
    """The invoice was not sent, or too long ago."""


class InvoiceNotFoundError(NotFoundError):
    """There is no such invoice to look at, or not for this person."""


class InvoiceReasonError(WrongAnswerError):
    """A refusal needs a reason, and not a book."""


def invoice_to_review(session: Session, *, offer_id: OfferId, by: PersonId, today: date) -> WhatToReview:
    """
    Return what this person may review with an invoice, because they bought it without this site. Changes nothing.

    :raises NothingToReviewError: if there is no such offer to be seen.
    :raises OwnProviderError: if they speak for the provider.
    :raises AlreadyReviewedError: if they have reviewed it with an invoice or on their word.
    """
    what = what_is_offered(session, offer_id=offer_id, basis=Basis.INVOICE, by=by, today=today)
    if speaks_for(session, person_id=by, organisation_id=what.organisation_id):
        raise OwnProviderError("You speak for this provider, so you cannot review it.")
    if has_reviewed_by_word(session, person_id=by, offer_id=offer_id):
        raise AlreadyReviewedError(
            "You have reviewed this already. You can change your review, or add to it, in your reviews."
        )
    return what


def keep_invoice(session: Session, *, offer_id: OfferId, by: PersonId, invoice: Invoice, now: datetime) -> None:
    """
    Keep an invoice for the review that somebody is about to write. Of each person one, for a day.

    :raises NothingToReviewError, OwnProviderError, AlreadyReviewedError: as `invoice_to_review`.
    """
    invoice_to_review(session, offer_id=offer_id, by=by, today=day_of(now))
    keep_file(
        session,
        use=FileUse.INVOICE,
        offer_id=offer_id,
        by=by,
        content=invoice.content,
        media_type=invoice.media_type,
        now=now,
    )


def review_with_invoice(
    session: Session, *, offer_id: OfferId, by: PersonId, written: Written, link: Address, now: datetime
) -> ReviewId:
    """
    Say what something was like that was bought without this site. It is shown at once, as not checked yet.

    :raises NothingToReviewError, OwnProviderError, AlreadyReviewedError: as `invoice_to_review`.
    :raises NoInvoiceError: if no invoice was sent for it within a day.
    :raises ReviewUnclearError: if something about it will not do.
    """
    what = invoice_to_review(session, offer_id=offer_id, by=by, today=day_of(now))
    kept = take_kept_file(session, use=FileUse.INVOICE, offer_id=offer_id, by=by, now=now)
    if kept is None:
        raise NoInvoiceError("We do not have your invoice any more. Send it again, then send your review.")
    review_id = write_review(session, what, by=by, written=written, link=link, now=now)
    session.add(
        InvoiceProof(
            review_id=review_id,
            file=kept.content,
            media_type=kept.media_type,
            state=ProofState.TO_CHECK,
            sent_at=now,
            due_at=working_days_after(now, WORKING_DAYS),
        )
    )
    session.flush()
    return review_id


def accept_invoice(session: Session, *, review_id: ReviewId, by: Viewer, link: Address, now: datetime) -> None:
    """
    Say that an invoice shows what it should. The review counts as proven, and the file is gone.

    :raises InvoiceNotFoundError: if there is none to look at, or it is not for this person.
    """
    proof, review = _to_check(session, review_id, by)
    with counted_anew(session, offer_id=review.offer_id, person_id=review.person_id):
        review.is_verified = True
    _close(session, proof, ProofState.ACCEPTED, reason="", by=by, now=now)
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    _write_to_writer(
        session,
        review,
        subject="We have looked at your invoice",
        body=worded(
            "Your invoice for {offer_title} shows that you used it, and your review says so now:\n"
            "{link}\n\nWe have deleted the invoice.",
            offer_title=about.offer_title,
            link=link(review_id),
        ),
        now=now,
    )


def refuse_invoice(
    session: Session, *, review_id: ReviewId, reason: str, by: Viewer, link: Address, now: datetime
) -> None:
    """
    Say why an invoice does not show that somebody used it. The review is kept from view; its writer can appeal.

    :raises InvoiceNotFoundError: if there is none to look at, or it is not for this person.
    :raises InvoiceReasonError: if no reason is given, or it is too long.
    :raises OwnProviderDecisionError, AppealOpenError: as `holding.decide`.
    """
    proof, review = _to_check(session, review_id, by)
    reason = text.tidy(reason)
    if not reason:
        raise InvoiceReasonError("Say why: whoever sent it reads this, and can appeal.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvoiceReasonError(
            worded("Use at most {longest_reason:,} characters.", longest_reason=LONGEST_REASON), field="reason"
        )
    _close(session, proof, ProofState.REFUSED, reason=reason, by=by, now=now)
    if review.status is ReviewStatus.HELD:  # Kept from view already, for another reason.
        return
    decide(
        session,
        Subject(Screened.REVIEW, review_id, review_id),
        outcome=ScreeningOutcome.REFUSED,
        ground=Ground.NOT_GENUINE,
        reason=worded("The invoice does not show that you used this. {reason}", reason=reason),
        by=_person(by),
        link=link,
        now=now,
    )


def remind_of_invoices(session: Session, *, address: str, now: datetime) -> int:
    """
    Write to those who check about invoices that are due within a day, and again, to operators too, once they are late.

    Return how many invoices that was about. Safe to run twice.
    """
    due = session.scalars(
        select(InvoiceProof)
        .where(InvoiceProof.state == ProofState.TO_CHECK, InvoiceProof.due_at <= now + _SOON)
        .with_for_update()
    ).all()
    late = [one for one in due if one.due_at <= now and (one.told_at is None or one.told_at < one.due_at)]
    soon = [one for one in due if one.due_at > now and one.told_at is None]
    for proofs, permissions in ((soon, [Permission.CHECK]), (late, [Permission.CHECK, Permission.OPERATE])):
        for permission in permissions if proofs else ():
            accounts.write_to_those_who_may(
                session,
                permission,
                subject="Invoices are late to be looked at" if proofs is late else "Invoices wait to be looked at",
                body=worded(
                    "People sent invoices with their reviews, and were told that somebody looks within "
                    "{working_days} working days. {proofs} {more} "
                    "{more_2}:\n{address}",
                    working_days=WORKING_DAYS,
                    proofs=len(proofs),
                    more="is" if len(proofs) == 1 else "are",
                    more_2="late" if proofs is late else "due within a day",
                    address=address,
                ),
                now=now,
            )
        for one in proofs:
            one.told_at = now
    session.flush()
    return len(late) + len(soon)


def _to_check(session: Session, review_id: ReviewId, by: Viewer) -> tuple[InvoiceProof, Review]:
    proof = session.get(InvoiceProof, review_id, with_for_update=True, populate_existing=True)
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if (
        proof is None
        or review is None
        or proof.state is not ProofState.TO_CHECK
        or not by.may(Permission.CHECK)
        or review.person_id == by.person_id
    ):
        raise InvoiceNotFoundError("We could not find that invoice. Somebody else may have looked at it.")
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    if by.speaks_for(about.organisation_id):
        raise InvoiceNotFoundError("We could not find that invoice. Somebody else may have looked at it.")
    return proof, review


def _close(session: Session, proof: InvoiceProof, state: ProofState, *, reason: str, by: Viewer, now: datetime) -> None:
    proof.state, proof.reason, proof.file = state, reason, None
    proof.checked_by, proof.checked_at = by.person_id, now
    audit.record(session, by=by.person_id, did=f"invoice {state}", to_kind="review", to_id=proof.review_id, now=now)
    session.flush()


def _write_to_writer(session: Session, review: Review, *, subject: str, body: str, now: datetime) -> None:
    if review.person_id is not None:
        accounts.write_to_person(session, person_id=review.person_id, subject=subject, body=body, now=now)


def _person(viewer: Viewer) -> PersonId:
    if viewer.person_id is None:
        raise InvoiceNotFoundError("We could not find that invoice. Somebody else may have looked at it.")
    return viewer.person_id
