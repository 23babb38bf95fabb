"""The links in letters that ask whether an offer is still right: signed, so that nobody can make one up."""

from datetime import UTC, datetime
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from marketplace.catalogue.rules import OfferId, Question
from marketplace.kit.addresses import page_address
from marketplace.kit.keys import signing_keys

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def question_address(question: Question) -> str:
    """Return the whole address of the page that answers a question."""
    return page_address("catalogue.answer", {"token": token_of(question)})


def token_of(question: Question) -> str:
    """Return a question, signed, as it stands in an address."""
    return str(_signer().dumps([question.offer_id.hex, _number(question.confirmed_at), _number(question.asked_at)]))


def question_in(token: str) -> Question | None:
    """Return the question that a link asks, or None if we did not write the link as it is."""
    try:
        offer_id, confirmed_at, asked_at = _signer().loads(token)
        return Question(OfferId(UUID(offer_id)), _moment(confirmed_at), _moment(asked_at))
    except (BadData, ValueError, TypeError, OverflowError):
        return None


def _signer() -> URLSafeSerializer:
    # The salt says what it is for: what was signed for anything else is no link of ours.
    return URLSafeSerializer(signing_keys(), salt="catalogue: is this offer still right?")


def _number(moment: datetime) -> int:
    """Return a moment to the microsecond: the very one that was stored."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _moment(number: int) -> datetime:
    seconds, microseconds = divmod(number, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
