"""Reviewing with an invoice: kept for a day, looked at by a checker who sees no stars, and deleted."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.rules import Role
from marketplace.kit.outbox import Message
from marketplace.ratings.gateways.invoices import InvoiceError, read_invoice
from marketplace.ratings.models import InvoiceProof, KeptFile, OfferRating, Review, Screening
from marketplace.ratings.queries import invoices as queries
from marketplace.ratings.rules.nouns import Basis, Ground, ProofState, ReviewStatus
from marketplace.ratings.services import invoices
from marketplace.ratings.services.keeping import forget_kept_files
from marketplace.ratings.services.reviewing import AlreadyReviewedError, OwnProviderError
from tests.factories import accounts, catalogue, pictures, proofs

# A Friday, before a bank holiday on the Monday.
NOW = datetime(2026, 5, 22, 10, tzinfo=UTC)
GOOD = proofs.GOOD


@pytest.fixture
def offer(session):
    offer, speaker = catalogue.live(session)
    offer.speaker = speaker
    return offer


@pytest.fixture
def checker(session):
    return accounts.as_viewer(accounts.person(session, role=Role.CHECKER), role=Role.CHECKER)


def sent(session, offer, *, by=None):
    return proofs.with_invoice(session, offer=offer, by=by, now=NOW)


def test_a_review_is_shown_at_once_as_not_checked_yet(session, offer):
    review = sent(session, offer)
    assert (review.basis, review.is_verified, review.status) == (Basis.INVOICE, False, ReviewStatus.SHOWN)
    proof = session.get_one(InvoiceProof, review.id)
    # Three working days: Tuesday, Wednesday, Thursday.
    assert proof.due_at == datetime(2026, 5, 28, 10, tzinfo=UTC)
    assert session.scalar(sa.select(sa.func.count()).select_from(KeptFile)) == 0


def test_an_invoice_that_is_accepted_proves_it_and_is_deleted(session, offer, checker):
    review = sent(session, offer)
    invoices.accept_invoice(session, review_id=review.id, by=checker, link=str, now=NOW)
    proof = session.get_one(InvoiceProof, review.id)
    assert (review.is_verified, proof.state, proof.file) == (True, ProofState.ACCEPTED, None)
    assert session.get_one(OfferRating, offer.id).verified == 1
    assert session.scalar(sa.select(Message.id).where(Message.subject == "We have looked at your invoice"))


def test_an_invoice_that_is_refused_takes_its_review_from_view_with_a_reason_to_appeal_against(session, offer, checker):
    review = sent(session, offer)
    invoices.refuse_invoice(session, review_id=review.id, reason="Another provider.", by=checker, link=str, now=NOW)
    proof = session.get_one(InvoiceProof, review.id)
    assert (review.status, review.is_verified) == (ReviewStatus.HELD, False)
    assert (proof.state, proof.file) == (ProofState.REFUSED, None)
    screening = session.scalars(sa.select(Screening)).one()
    assert screening.ground is Ground.NOT_GENUINE
    assert "Another provider." in screening.reason


def test_a_refusal_needs_a_reason(session, offer, checker):
    review = sent(session, offer)
    for reason in ("", "x" * 1501):
        with pytest.raises(invoices.InvoiceReasonError):
            invoices.refuse_invoice(session, review_id=review.id, reason=reason, by=checker, link=str, now=NOW)


def test_nobody_looks_at_it_twice(session, offer, checker):
    review = sent(session, offer)
    invoices.accept_invoice(session, review_id=review.id, by=checker, link=str, now=NOW)
    with pytest.raises(invoices.InvoiceNotFoundError):
        invoices.refuse_invoice(session, review_id=review.id, reason="No.", by=checker, link=str, now=NOW)
    assert queries.waiting_invoice(session, review_id=review.id, viewer=checker) is None


def test_nobody_looks_at_what_is_about_themselves(session, offer):
    person = accounts.person(session, role=Role.CHECKER)
    own = sent(session, offer, by=person.id)
    other = sent(session, offer)
    writer = accounts.as_viewer(person, role=Role.CHECKER)
    provider = replace(offer.speaker, roles=frozenset({Role.CHECKER}))
    nobody = accounts.as_viewer(accounts.person(session))
    for viewer, review, left in ((writer, own, 1), (provider, other, 0), (nobody, other, 0)):
        assert len(queries.waiting_invoices(session, viewer=viewer, page=1).invoices) == left
        assert queries.invoice_file(session, review_id=review.id, viewer=viewer) is None
        with pytest.raises(invoices.InvoiceNotFoundError):
            invoices.accept_invoice(session, review_id=review.id, by=viewer, link=str, now=NOW)


def test_a_provider_sends_no_invoice_of_its_own(session, offer):
    with pytest.raises(OwnProviderError):
        sent(session, offer, by=offer.speaker.person_id)


def test_one_review_with_an_invoice_for_each_person(session, offer):
    by = accounts.person(session).id
    sent(session, offer, by=by)
    with pytest.raises(AlreadyReviewedError):
        sent(session, offer, by=by)


def test_without_an_invoice_there_is_no_review(session, offer):
    by = accounts.person(session).id
    other, _speaker = catalogue.live(session)
    invoices.keep_invoice(session, offer_id=other.id, by=by, invoice=proofs.INVOICE, now=NOW)
    with pytest.raises(invoices.NoInvoiceError):
        invoices.review_with_invoice(session, offer_id=offer.id, by=by, written=GOOD, link=str, now=NOW)
    late = NOW + timedelta(hours=25)
    with pytest.raises(invoices.NoInvoiceError):
        invoices.review_with_invoice(session, offer_id=other.id, by=by, written=GOOD, link=str, now=late)
    assert forget_kept_files(session, now=NOW + timedelta(hours=23)) == 0
    assert forget_kept_files(session, now=NOW + timedelta(hours=25)) == 1


def test_an_invoice_goes_with_its_review(session, offer):
    review = sent(session, offer)
    session.delete(review)
    session.flush()
    assert session.scalar(sa.select(sa.func.count()).select_from(InvoiceProof)) == 0


def test_those_who_check_are_reminded_once_before_and_once_after_it_is_due(session, offer, checker):
    operator = accounts.person(session, role=Role.OPERATOR)
    review = sent(session, offer)
    due = session.get_one(InvoiceProof, review.id).due_at

    checks = session.get_one(type(operator), checker.person_id).email

    def told(email):
        return list(session.scalars(sa.select(Message.subject).where(Message.to == email).order_by(Message.created_at)))

    def remind(now):
        return invoices.remind_of_invoices(session, address="https://example.org", now=now)

    assert remind(due - timedelta(days=2)) == 0
    assert [remind(due - timedelta(hours=hours)) for hours in (5, 4)] == [1, 0]
    assert (told(checks), told(operator.email)) == (["Invoices wait to be looked at"], [])
    assert [remind(due + timedelta(hours=hours)) for hours in (1, 2)] == [1, 0]
    assert told(operator.email) == ["Invoices are late to be looked at"]
    assert len(told(checks)) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 and no end", "damaged"),
        (b"MZ this is a program", "could not read"),
        (b"<html><script>alert(1)</script>", "could not read"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
)
def test_what_is_no_invoice_is_refused_beside_its_question(content, sentence):
    with pytest.raises(InvoiceError, match=sentence) as refusal:
        read_invoice(content)
    assert refusal.value.field == "invoice"


def test_a_photo_of_an_invoice_is_written_anew():
    kept = read_invoice(pictures.sent(kind="PNG") + b"and what follows")
    assert kept.media_type == "image/jpeg"
    assert kept.content.startswith(b"\xff\xd8")
    assert b"and what follows" not in kept.content


def test_somebody_sends_an_invoice_and_a_checker_looks_at_it(client, sign_in, session, offer, app):
    person, checker = accounts.person(session), accounts.person(session, role=Role.CHECKER)
    session.commit()
    sign_in(person.id)
    url = f"/reviews/of/{offer.id}/invoice"
    assert client.get(f"{url}/write").headers["Location"] == url
    refused = client.fill_in(url)
    assert refused.status_code == 422
    assert "Choose your invoice or receipt." in refused.text
    assert client.fill_in(url, invoice=(io.BytesIO(proofs.PDF), "it.pdf")).headers["Location"] == f"{url}/write"
    # What is wrong with the review does not cost the invoice.
    assert client.fill_in(f"{url}/write", words="They came late every time.", link="none").status_code == 422
    assert client.fill_in(f"{url}/write", stars="2", words="They came late every time.", link="none").status_code == 302
    review_id = session.scalar(sa.select(Review.id))
    looker = app.test_client()
    sign_in(checker.id, into=looker)
    listed = looker.get("/reviews/invoices").text
    assert f"/reviews/invoices/{review_id}" in listed
    page = looker.get(f"/reviews/invoices/{review_id}").text
    assert "They came late" not in page
    file = looker.get(f"/reviews/invoices/{review_id}/file")
    assert file.data == proofs.PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert looker.press(f"/reviews/invoices/{review_id}", "Yes, it shows that they used it").status_code == 302
    assert looker.get(f"/reviews/invoices/{review_id}/file").status_code == 404
    assert "Nothing waits" in looker.get("/reviews/invoices").text
    assert client.get(f"/reviews/invoices/{review_id}/file").status_code == 403


def test_a_checker_refuses_with_a_reason(client, sign_in, session, offer, checker):
    review = sent(session, offer)
    session.commit()
    sign_in(checker.person_id)
    assert client.fill_in(f"/reviews/invoices/{review.id}", reason="").status_code == 422
    assert client.fill_in(f"/reviews/invoices/{review.id}", reason="It is empty.").status_code == 302
    session.refresh(review)
    assert review.status is ReviewStatus.HELD
