"""What happens to the hours account of an arrangement. Its arrangement is locked by whoever calls these."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit.errors import DomainError
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, HoursEntry, Visit
from marketplace.purchasing.queries.hours import account_of
from marketplace.purchasing.rules.hours import in_hours, minutes_bought
from marketplace.purchasing.rules.nouns import HoursReason


class NotEnoughHoursError(DomainError):
    """There are fewer hours on the account than the visit takes."""


def follow_terms(session: Session, it: Arrangement, *, by: PersonId, now: datetime) -> None:
    """
    Put the hours of a package on its account, once it is agreed or agreed anew.

    Where fewer are agreed than before, the rest goes off it again: never what was used, or what waits for a yes.
    """
    account = account_of(session, it)
    bought = minutes_bought(kind=it.kind, unit=it.unit, quantity=it.quantity, package_hours=it.package_hours)
    more = bought - account.bought
    if more > 0:
        _write(session, it, minutes=more, reason=HoursReason.BOUGHT, by=by, now=now)
    else:
        _write(session, it, minutes=-min(-more, max(account.free, 0)), reason=HoursReason.GIVEN_BACK, by=by, now=now)


def close_account(session: Session, it: Arrangement, *, by: PersonId, now: datetime) -> None:
    """Take what nobody will use off the account, once its arrangement has ended."""
    account = account_of(session, it)
    _write(session, it, minutes=-max(account.free, 0), reason=HoursReason.RELEASED, by=by, now=now)


def bank_hours(session: Session, it: Arrangement, visit: Visit, *, by: PersonId, now: datetime) -> None:
    """Put the hours of a visit by for later. Of one that would have used banked hours, they never left."""
    if not visit.from_bank:
        _write(session, it, minutes=visit.minutes, reason=HoursReason.BANKED, by=by, now=now, visit=visit)


def use_hours(
    session: Session, it: Arrangement, visit: Visit, *, minutes: int | None = None, by: PersonId, now: datetime
) -> None:
    """
    Take the minutes of a visit off the account, or fewer.

    :raises NotEnoughHoursError: if there are not so many.
    """
    minutes = visit.minutes if minutes is None else minutes
    if minutes > it.minutes_left:
        raise NotEnoughHoursError(
            worded("There are only {in_hours} left on the hours account.", in_hours=in_hours(it.minutes_left))
        )
    _write(session, it, minutes=-minutes, reason=HoursReason.USED, by=by, now=now, visit=visit)


def check_enough(session: Session, it: Arrangement, *, minutes: int, besides: Visit | None = None) -> None:
    """
    Check that a visit finds its hours on the account, with all that wait for a yes already.

    :raises NotEnoughHoursError: if it does not.
    """
    free = account_of(session, it, besides=besides.id if besides else None).free
    if minutes > free:
        raise NotEnoughHoursError(
            worded(
                "There are only {in_hours} left on the hours account. Agree on more hours first, by "
                "changing the terms.",
                in_hours=in_hours(max(free, 0)),
            )
        )


def _write(
    session: Session,
    it: Arrangement,
    *,
    minutes: int,
    reason: HoursReason,
    by: PersonId,
    now: datetime,
    visit: Visit | None = None,
) -> None:
    if not minutes:
        return
    session.add(
        HoursEntry(
            arrangement_id=it.id,
            visit_id=visit.id if visit else None,
            minutes=minutes,
            reason=reason,
            made_by=by,
            made_at=now,
        )
    )
    session.flush()
    # A trigger has summed them.
    session.refresh(it, ["minutes_left"])
