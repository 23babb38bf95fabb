"""Photographs of an offer: adding, describing, removing, showing, and letting them be shown."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries, services
from marketplace.catalogue.forms.photos import PhotoForm, PhotoWordsForm, RefusePhotoForm
from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules import MOST_PHOTOS, OfferId, PhotoId
from marketplace.catalogue.services import WrongDetailError
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import today
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, takes_up_to
from marketplace.kit.pages import page_number
from marketplace.kit.pictures import MOST_BYTES, read_picture
from marketplace.kit.refusals import show_refusal

SENT = "60 per hour"
"""Photographs from one address: each costs us a second of work."""

A_FORM = 64 * 1024
"""Bytes of everything that is sent with a photograph."""

MINUTES = 10


@bp.route("/offers/<uuid:offer_id>/photos", methods=["GET", "POST"])
@takes_up_to(MOST_BYTES + A_FORM)
@requires(Permission.PROVIDE)
@limiter.limit(SENT, methods=["POST"])
def photos(offer_id: UUID) -> ResponseReturnValue:
    offer = _own(offer_id)
    form = PhotoForm()
    if form.validate_on_submit():
        try:
            _add(offer, form)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Added. We look at it before others can.")
            return redirect(url_for("catalogue.photos", offer_id=offer.id))
    elif form.is_submitted() and not request.files.get("photo"):
        show_refusal(form, WrongDetailError("Choose a photo.", field="photo"))
    shown = queries.photos_of(db.session, offer_id=offer.id, viewer=viewer())
    page = render_template("catalogue/photos.html", form=form, offer=offer, photos=shown, most=MOST_PHOTOS)
    return page, 422 if form.errors else 200


@bp.route("/photos/<uuid:photo_id>/words", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def describe_photo(photo_id: UUID) -> ResponseReturnValue:
    photo = queries.photo(db.session, photo_id=PhotoId(photo_id), viewer=viewer()) or abort(404)
    offer = _own(photo.offer_id)
    form = PhotoWordsForm(alt=photo.alt)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.describe_photo(
                    session, photo_id=photo.id, alt=form.alt.data or "", by=viewer(), now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We read the new words before others can.")
            return redirect(url_for("catalogue.photos", offer_id=offer.id))
    page = render_template("catalogue/describe_photo.html", form=form, offer=offer, photo=photo)
    return page, 422 if form.errors else 200


@bp.post("/photos/<uuid:photo_id>/remove")
@requires(Permission.PROVIDE)
def remove_photo(photo_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        offer_id = services.remove_photo(session, photo_id=PhotoId(photo_id), by=viewer(), now=datetime.now(UTC))
    flash("Removed.")
    return redirect(url_for("catalogue.photos", offer_id=offer_id))


@bp.get("/photos/<digest>.jpg")
@public
def photo_file(digest: str) -> ResponseReturnValue:
    """Show a photograph, small if asked. Kept by browsers for ten minutes: a provider may take it down."""
    is_small = request.args.get("size") == "small"
    jpeg = queries.photo_file(db.session, digest=digest, is_small=is_small, viewer=viewer()) or abort(404)
    response = Response(jpeg, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.cache_control.private = True
    response.cache_control.max_age = MINUTES * 60
    response.set_etag(f"{digest}{'-small' if is_small else ''}")
    return response.make_conditional(request)


@bp.get("/moderation/photos")
@requires(Permission.MODERATE)
def waiting_photos() -> ResponseReturnValue:
    page = queries.waiting_photos(db.session, viewer=viewer(), page=page_number(request.args.get("page")))
    return render_template("catalogue/waiting_photos.html", page=page)


@bp.post("/moderation/photos/<uuid:photo_id>/approve")
@requires(Permission.MODERATE)
def approve_photo(photo_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.approve_photo(session, photo_id=PhotoId(photo_id), by=viewer(), now=datetime.now(UTC))
    flash("Everybody can see it now.")
    return redirect(url_for("catalogue.waiting_photos"))


@bp.route("/moderation/photos/<uuid:photo_id>/refuse", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def refuse_photo(photo_id: UUID) -> ResponseReturnValue:
    photo = queries.photo(db.session, photo_id=PhotoId(photo_id), viewer=viewer()) or abort(404)
    form = RefusePhotoForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.refuse_photo(
                    session, photo_id=photo.id, reason=form.reason.data or "", by=viewer(), now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Removed. We have written to its provider.")
            return redirect(url_for("catalogue.waiting_photos"))
    return render_template("catalogue/refuse_photo.html", form=form, photo=photo), 422 if form.errors else 200


def _own(offer_id: UUID) -> OfferPage:
    offer = queries.offer_page(db.session, offer_id=OfferId(offer_id), viewer=viewer(), on=today())
    if offer is None or not offer.is_own:
        abort(404)
    return offer


def _add(offer: OfferPage, form: PhotoForm) -> None:
    sent = request.files.get("photo")
    if sent is None or not sent.filename:
        raise WrongDetailError("Choose a photo.", field="photo")
    # Read before the transaction begins: others need not wait while a picture is made anew.
    picture = read_picture(sent.read())
    with transaction() as session:
        services.add_photo(
            session, offer_id=offer.id, picture=picture, alt=form.alt.data or "", by=viewer(), now=datetime.now(UTC)
        )
