"""What do we make of it when Stripe will not, or does not answer?"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import stripe

from marketplace.payments.gateways.answers import StripeRefusedError, StripeUnreachableError

log = logging.getLogger(__name__)

_LEAVE_IT_OPEN = (
    stripe.APIConnectionError,
    stripe.RateLimitError,
    stripe.AuthenticationError,
    stripe.IdempotencyError,
)


@contextmanager
def told() -> Iterator[None]:
    """Turn the library’s errors into ours. What Stripe says in words may repeat what we sent, so it is not kept."""
    try:
        yield
    except stripe.StripeError as error:
        raise _ours(error) from None


def _ours(error: stripe.StripeError) -> StripeUnreachableError | StripeRefusedError:
    request_id = error.request_id or ""
    if _is_unsettled(error):
        log.warning("Stripe left it open: %s, status %s %s", type(error).__name__, error.http_status, request_id)
        return StripeUnreachableError(
            "We could not reach the company that takes cards. Try again in a few minutes.",
            is_repeated=isinstance(error, stripe.IdempotencyError)
            or (error.http_status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR,
        )
    return StripeRefusedError(
        "The company that takes cards would not do this. Tell us if it goes on.",
        # The library keeps the code of some errors only with what it was sent.
        code=error.code or getattr(error.error, "code", None) or type(error).__name__,
        param=str(getattr(error, "param", None) or ""),
        request_id=request_id,
    )


def _is_unsettled(error: stripe.StripeError) -> bool:
    """
    Test whether it may have happened all the same, now or when it was asked before.

    A wrong secret key says nothing about what was asked with the right one. Other parameters under the same key mean
    that something was asked under it before, and may have been done.
    """
    if isinstance(error, _LEAVE_IT_OPEN):
        return True
    status = error.http_status or HTTPStatus.INTERNAL_SERVER_ERROR
    # A conflict says that the same request is being answered at this moment.
    return status == HTTPStatus.CONFLICT or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
