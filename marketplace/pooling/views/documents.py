"""Documents that members of a pool share. They are given to download, never to open on a page of ours."""

import io
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.documents import MOST_BYTES, DocumentError, read_document
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, only_looks, takes_up_to
from marketplace.kit.refusals import show_refusal
from marketplace.pooling.forms.space import DocumentForm
from marketplace.pooling.queries import documents as queries
from marketplace.pooling.rules.nouns import DocumentId, PoolId
from marketplace.pooling.services import documents as services
from marketplace.pooling.views.blueprint import bp

_SENT = "20 per hour"
"""Files from one address: each costs us a moment of work."""

_A_FORM = 64 * 1024
"""Bytes of everything that is sent with a file, and of what makes it too large."""


@bp.route("/<uuid:pool_id>/documents", methods=["GET", "POST"])
@takes_up_to(MOST_BYTES + _A_FORM)
@signed_in
@limiter.limit(_SENT, exempt_when=only_looks)
def documents(pool_id: UUID) -> ResponseReturnValue:
    wanted, form = PoolId(pool_id), DocumentForm()
    page = queries.documents_of(db.session, pool_id=wanted, viewer=viewer()) or abort(404)
    if form.validate_on_submit():
        try:
            _keep(wanted)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The others can download your document now.")
            return redirect(url_for(".documents", pool_id=pool_id))
    elif form.is_submitted() and not request.files.get("document"):
        show_refusal(form, DocumentError("Choose a document."))
    return render_template("pooling/space_documents.html", page=page, form=form), 422 if form.errors else 200


@bp.get("/<uuid:pool_id>/documents/<uuid:document_id>")
@signed_in
def document(pool_id: UUID, document_id: UUID) -> ResponseReturnValue:
    kept = queries.document_file(
        db.session, pool_id=PoolId(pool_id), document_id=DocumentId(document_id), viewer=viewer()
    ) or abort(404)
    response = send_file(
        io.BytesIO(kept.contents), mimetype=kept.kind, as_attachment=True, download_name=kept.name, etag=False
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<uuid:pool_id>/documents/<uuid:document_id>/remove")
@signed_in
def remove_document(pool_id: UUID, document_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.remove_document(
            session, pool_id=PoolId(pool_id), document_id=DocumentId(document_id), by=me(), now=datetime.now(UTC)
        )
    flash("The document is deleted.")
    return redirect(url_for(".documents", pool_id=pool_id))


def _keep(pool_id: PoolId) -> None:
    sent = request.files.get("document")
    if sent is None or not sent.filename:
        raise DocumentError("Choose a document.")
    # Read before the transaction begins: others need not wait while a picture is made anew.
    read = read_document(sent=sent.read(), name=sent.filename)
    with transaction() as session:
        services.add_document(session, pool_id=pool_id, by=me(), document=read, now=datetime.now(UTC))
