"""Decision packs: making one, reading one's own, and checking one that somebody was given."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import OfferId, offers_named
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.limits import limiter, only_looks, takes_up_to
from marketplace.kit.refusals import show_refusal
from marketplace.purchasing.forms.packs import CheckPackForm, PackForm, pack_form
from marketplace.purchasing.gateways.packs import draw_pack
from marketplace.purchasing.queries import packs as queries
from marketplace.purchasing.queries.packs import Candidate
from marketplace.purchasing.rules import packs as rules
from marketplace.purchasing.rules.nouns import PackId
from marketplace.purchasing.services import packs as services
from marketplace.purchasing.views.blueprint import bp
from marketplace.ratings.queries.frozen import frozen_ratings

_MADE = "20 per hour"
_CHECKED = "60 per hour"
"""Packs looked up from one address: a file of some megabytes each."""

_LARGEST = 10 * 1024 * 1024
_A_FORM = 64 * 1024


@bp.get("/packs")
@requires(Permission.BUY)
def packs() -> ResponseReturnValue:
    return render_template("purchasing/packs.html", packs=queries.my_packs(db.session, viewer=viewer()))


@bp.route("/packs/new", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(_MADE, exempt_when=only_looks)
def make_pack() -> ResponseReturnValue:
    """Make a pack of the offers named in the address, or of what somebody arranged and shortlisted."""
    asked = offers_named(request.args.getlist("offer"), most=rules.MOST_IN_PACK)
    weighed = _weighed(asked or queries.offers_to_weigh(db.session, viewer=viewer()))
    if request.method == "POST" and not weighed:
        raise services.NothingToChooseError(
            "There is nothing to choose between any more. Put some offers on your shortlist, then try again."
        )
    form = pack_form((one.offer_id, one.frozen.title, one.frozen.is_chosen) for one in weighed)
    if form.validate_on_submit():
        try:
            pack_id = _make(form, weighed)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".pack", pack_id=pack_id))
    offers = [(one.frozen, *form.asked_of(one.offer_id)) for one in weighed]
    # The offers are named in the address, so that what is typed about each still has its place if a shortlist changes.
    action = url_for(".make_pack", offer=[str(one.offer_id) for one in weighed])
    page = render_template(
        "purchasing/make_pack.html", form=form, offers=offers, action=action, short=rules.rating_in_short
    )
    return page, 422 if form.errors else 200


@bp.get("/packs/<uuid:pack_id>")
@requires(Permission.BUY)
def pack(pack_id: UUID) -> ResponseReturnValue:
    page = queries.pack_page(db.session, pack_id=PackId(pack_id), viewer=viewer()) or abort(404)
    return render_template(
        "purchasing/pack.html", page=page, rows=rules.rows_told, printed_hash=rules.printed_hash(page.hash)
    )


@bp.get("/packs/<uuid:pack_id>/pdf")
@requires(Permission.BUY)
def pack_pdf(pack_id: UUID) -> ResponseReturnValue:
    pdf = queries.pack_pdf(db.session, pack_id=PackId(pack_id), viewer=viewer()) or abort(404)
    return _file(pdf, "decision-pack.pdf", "application/pdf")


@bp.get("/packs/<uuid:pack_id>/json")
@requires(Permission.BUY)
def pack_json(pack_id: UUID) -> ResponseReturnValue:
    """Give the contents to the last byte as the hash is over them, so that anybody can work it out without us."""
    page = queries.pack_page(db.session, pack_id=PackId(pack_id), viewer=viewer()) or abort(404)
    return _file(page.kept.encode(), "decision-pack.json", "application/json")


@bp.route("/packs/check", methods=["GET", "POST"])
@takes_up_to(_LARGEST + _A_FORM)
@public
@limiter.limit(_CHECKED, exempt_when=only_looks)
def check_pack() -> ResponseReturnValue:
    """Say to anybody whether a pack they hold is ours and unchanged. Whose it is stays between the two of them."""
    form = CheckPackForm()
    known, is_answered = None, False
    if form.validate_on_submit():
        try:
            known, is_answered = _known(form), True
        except DomainError as error:
            show_refusal(form, error)
    page = render_template("purchasing/check_pack.html", form=form, known=known, is_answered=is_answered)
    return page, 422 if form.errors else 200


def _weighed(offer_ids: Sequence[OfferId]) -> tuple[Candidate, ...]:
    """Return some offers as a pack would freeze them now."""
    on = day_of(datetime.now(UTC))
    found = queries.candidates(db.session, offer_ids=offer_ids, viewer=viewer(), on=on)
    return queries.with_ratings(
        found,
        ratings=frozen_ratings(db.session, offer_ids=[one.offer_id for one in found]),
        pages={one.offer_id: page_address("catalogue.offer", {"offer_id": one.offer_id}) for one in found},
    )


def _make(form: PackForm, weighed: Sequence[Candidate]) -> PackId:
    now, pack_id = datetime.now(UTC), PackId(form.key.key)
    contents = services.contents_of(
        pack_id=pack_id,
        made_for=viewer().name,
        title=form.title.data or "",
        reasons=form.reasons.data or "",
        weighed=weighed,
        choices=form.choices_among(one.offer_id for one in weighed),
        now=now,
    )
    # Drawn before the transaction begins: others need not wait for a printer.
    pack_hash = rules.hash_of(rules.written(contents))
    pdf = draw_pack(contents, pack_hash=pack_hash, check_page=page_address("purchasing.check_pack"))
    with transaction() as session:
        services.keep_pack(session, contents=contents, pack_id=pack_id, pdf=pdf, by=me(), now=now)
    return pack_id


def _known(form: CheckPackForm) -> queries.KnownPack | None:
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        file = sent.read()
        return queries.pack_in_file(db.session, file=file, marked=rules.marked_in(file))
    if not form.hash.data:
        raise WrongAnswerError("Type what is printed on the pack, or choose the file.", field="hash")
    pack_hash = rules.hash_in(form.hash.data)
    if pack_hash is None:
        raise WrongAnswerError(
            "That is not all of it. There are 64 letters and figures: 0 to 9 and a to f.", field="hash"
        )
    return queries.pack_with_hash(db.session, pack_hash=pack_hash)


def _file(content: bytes, name: str, media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
