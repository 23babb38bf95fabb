"""What do we make of it when Stripe will not, or does not answer?"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import stripe

from marketplace.payments.gateways.answers import StripeRefusedError, StripeUnreachableError


@contextmanager
def told() -> Iterator[None]:
    """Turn the library’s errors into ours. What Stripe says in words may repeat what we sent, so it is not kept."""
    try:
        yield
    except stripe.StripeError as error:
        raise _ours(error) from None


def _ours(error: stripe.StripeError) -> StripeUnreachableError | StripeRefusedError:
    if _is_unsettled(error):
        return StripeUnreachableError(
            "We could not reach the company that takes cards. Try again in a few minutes.",
            is_repeated=(error.http_status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR,
        )
    return StripeRefusedError(
        "The company that takes cards would not do this. Tell us if it goes on.",
        # The library keeps the code of some errors only with what it was sent.
        code=error.code or getattr(error.error, "code", None) or type(error).__name__,
        param=str(getattr(error, "param", None) or ""),
        request_id=error.request_id or "",
    )


def _is_unsettled(error: stripe.StripeError) -> bool:
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError):
        return True
    status = error.http_status or HTTPStatus.INTERNAL_SERVER_ERROR
    # A conflict says that the same request is being answered at this moment.
    return status == HTTPStatus.CONFLICT or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
