"""Where Stripe tells us what happened. Nobody opens it: what is believed is what Stripe has signed."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit.db import transaction
from marketplace.kit.limits import takes_up_to
from marketplace.payments.gateways.answers import ForgedEventError
from marketplace.payments.jobs.events import act_on
from marketplace.payments.jobs.stripe import stripe
from marketplace.payments.services import events

bp = Blueprint("payment_events", __name__, url_prefix="/payments/events")

_MOST_BYTES = 1024 * 1024


@bp.post("")
@takes_up_to(_MOST_BYTES)
@public
def take_in() -> ResponseReturnValue:
    """Store what Stripe sent, then act on it. It is stored even if nothing can be done now: a job goes on with it."""
    gateway = stripe() or abort(404)
    now, body = datetime.now(UTC), request.get_data()
    try:
        event = gateway.read_event(body, request.headers.get("Stripe-Signature", ""), now=now)
    except ForgedEventError as forged:
        with transaction() as session:
            events.count_refused(session, reason=_reason(forged), now=now)
        return Response("refused", status=400, mimetype="text/plain")
    with transaction() as session:
        is_new = events.take_in(session, event=event, body=body, now=now)
    if is_new:
        try:
            act_on(event.event_id, now=now)
        except Exception:
            # Stripe has told us, and need not again.
            current_app.logger.exception("event %s could not be settled; it will be tried again", event.event_id)
    return Response(status=204)


def _reason(forged: ForgedEventError) -> str:
    return "too old" if "too long ago" in str(forged) else "not signed by Stripe"
