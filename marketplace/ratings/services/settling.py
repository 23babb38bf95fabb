"""Deciding about a flag: whether reviews that looked arranged are genuine. For moderators, who give their reason."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.catalogue.services import take_turns_at_provider
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.moderation.rules import LONGEST_WORDS
from marketplace.ratings.models import Flag
from marketplace.ratings.queries.flags import FlagPage, flag_page
from marketplace.ratings.rules.nouns import FlagId, FlagOutcome, Ground, ReviewId
from marketplace.ratings.services import flagging
from marketplace.ratings.services.holding import hold_review
from marketplace.ratings.services.publishing import Address


class FlagNotFoundError(NotFoundError):
    """There is no such flag, or it is not for this person: it may be about their own organisation or words."""


class FlagMovedOnError(DomainError):
    """Somebody else has decided about it, or it is not about the same reviews any more."""


class FlagUnclearError(WrongAnswerError):
    """The reason is missing or too long, or it is not said which reviews are meant."""


def decide_about_flag(
    session: Session,
    *,
    flag_id: FlagId,
    not_genuine: Collection[ReviewId],
    reason: str,
    by: Viewer,
    link: Address,
    address: flagging.Address,
    now: datetime,
) -> None:
    """
    Say which of the reviews under a flag are not genuine: none, some or all. The others move their offers' place again.

    Those that are not are kept from view, and their writers are told why and can appeal to the panel. The same reviews
    are not flagged again.

    :raises FlagNotFoundError: if there is none for this person.
    :raises FlagMovedOnError: if somebody has decided, or a chosen review is not under it any more.
    :raises FlagUnclearError: if there is no reason, or too long a one.
    :raises AppealOpenError: if the panel is looking at one of them.
    """
    page = flag_page(session, flag_id=flag_id, viewer=by)
    if page is None or by.person_id is None:
        raise FlagNotFoundError("We could not find that flag, or it is about you or your own organisation.")
    take_turns_at_provider(session, provider_id=page.provider_id)
    flag = session.get_one(Flag, flag_id, with_for_update=True, populate_existing=True)
    if flag.decided_at is not None:
        raise FlagMovedOnError("Another moderator has just decided this. Open the page again to see what.")
    reason = _reason(reason)
    chosen = _chosen(flag_page(session, flag_id=flag_id, viewer=by), not_genuine)
    for review_id in chosen:
        hold_review(
            session, review_id=review_id, ground=Ground.NOT_GENUINE, reason=reason, by=by.person_id, link=link, now=now
        )  # fmt: skip
    flag.outcome = FlagOutcome.NOT_GENUINE if chosen else FlagOutcome.NOTHING_WRONG
    flag.reason, flag.decided_by, flag.decided_at = reason, PersonId(by.person_id), now
    audit.record(session, by=by.person_id, did="decided", to_kind="flag", to_id=flag.id, now=now)
    session.flush()
    flagging.look_at(session, provider_id=flag.provider_id, address=address, now=now)


def _reason(typed: str) -> str:
    reason = text.tidy(typed)
    if not reason:
        raise FlagUnclearError("Say why. Whoever wrote a review that you keep from view reads this.", field="reason")
    if len(reason) > LONGEST_WORDS:
        raise FlagUnclearError(
            worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS), field="reason"
        )
    return reason


def _chosen(page: FlagPage | None, wanted: Collection[ReviewId]) -> list[ReviewId]:
    """Return those that are still under the flag and shown, in an order that everybody uses."""
    under = {it.id for it in page.reviews if it.is_shown} if page else set()
    if not under.issuperset(wanted):
        raise FlagMovedOnError("Some of these reviews were taken back or decided about meanwhile. Look again.")
    return sorted(wanted, key=str)
