"""The database is busy, away, or keeps nothing more: which of them is it, and what do we say to people meanwhile?"""

import logging

from sqlalchemy import exc

from marketplace.kit.errors import DomainError

log = logging.getLogger(__name__)

_BUSY = {"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"} | {"55P03", "40P01", "40001"}
"""What SQLite and PostgreSQL call it: a lock that did not come, a deadlock, two writers crossing."""

_KEEPS_NOTHING = ("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR", "25006", "53100", "58030")
"""How the names of these begin: read only, a full disk, a disk that fails."""

_AWAY = ("SQLITE_CANTOPEN", "08", "57P", "53200", "53300")
"""How these begin: no such file now, a connection that broke, a server that stops, starts, or has no room for more."""

READ_ONLY = "25006"


class BusyError(DomainError):
    """Others were writing for too long. Nothing was done, and the same may well work in a minute."""

    title = "Please wait a moment"


class KeepsNothingError(BusyError):
    """The database can be read but takes nothing more: its disk is full, or it is read only. Nothing was done."""

    title = "We cannot save anything now"


class AwayError(BusyError):
    """The database does not answer. Nothing was done."""

    title = "We cannot reach our records now"


class UnsureError(AwayError):
    """The database went away while it was told to keep something. Nobody can say whether it did."""

    title = "We are not sure that this was saved"


_WORDS: dict[type[BusyError], str] = {
    BusyError: "So many people are using the site now that we could not save this. Nothing is lost: wait a minute, "
    "then try again.",
    KeepsNothingError: "It is our fault, not yours, and what you just sent was not kept. You can still look around and "
    "read as usual. Try again in a few minutes.",
    AwayError: "It is our fault, not yours. What you saved before is safe. Try again in a few minutes. Pages such as "
    "“How it works” still open.",
    UnsureError: "Something broke here just as we saved what you sent. Wait a few minutes, then look whether it is "
    "there before you send it again.",
}


def outage_of(error: BaseException | None, *, is_saving: bool = False) -> BusyError | None:
    """
    Return what to tell people if an error says that the database is busy, away or keeps nothing. None: it is our fault.

    :param is_saving: whether the database had been told to keep what was done, so that it may have.
    """
    kind = _kind_of(error)
    if kind is None:
        return None
    if kind is AwayError and is_saving:
        kind = UnsureError
    log.warning("%s: %s", kind.__name__, _reason(error))
    return kind(_WORDS[kind])


def while_reading(error: BaseException | None) -> BusyError | None:
    """Return what to tell people whose page could not be read, as `outage_of` does."""
    found = outage_of(error)
    # A disk that keeps nothing may keep us from reading too. It is nobody's words that are lost.
    return AwayError(_WORDS[AwayError]) if isinstance(found, KeepsNothingError) else found


def code_of(error: BaseException | None) -> str:
    """Return what SQLite or PostgreSQL calls an error, or nothing if it did not say."""
    original = error.orig if isinstance(error, exc.DBAPIError) else None
    return getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None) or ""


def _kind_of(error: BaseException | None) -> type[BusyError] | None:
    if isinstance(error, exc.TimeoutError):
        # Every connection of the pool is at work.
        return BusyError
    if not isinstance(error, exc.DBAPIError):
        return None
    code = code_of(error)
    if code in _BUSY:
        return BusyError
    if code.startswith(_KEEPS_NOTHING):
        return KeepsNothingError
    # PostgreSQL gives no code with which nobody was reached.
    is_away = code.startswith(_AWAY) or error.connection_invalidated
    return AwayError if is_away or (isinstance(error, exc.OperationalError) and not code) else None


def _reason(error: BaseException | None) -> str:
    """Return a code, or else the first line of what was said: without a code it tells of connections, never of rows."""
    return code_of(error) or str(getattr(error, "orig", None) or error).partition("\n")[0]
