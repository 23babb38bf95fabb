import sqlite3

import psycopg
import pytest
from sqlalchemy import exc

from marketplace.kit.outages import AwayError, BusyError, KeepsNothingError, UnsureError, outage_of, while_reading


def wrapped(original, *, kind=exc.OperationalError, is_broken=False):
    return kind("SELECT 1", {}, original, connection_invalidated=is_broken)


def of_sqlite(name):
    error = sqlite3.OperationalError("something")
    error.sqlite_errorname = name
    return wrapped(error)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (of_sqlite("SQLITE_BUSY"), BusyError),
        (of_sqlite("SQLITE_FULL"), KeepsNothingError),
        (of_sqlite("SQLITE_READONLY_DBMOVED"), KeepsNothingError),
        (of_sqlite("SQLITE_IOERR_WRITE"), KeepsNothingError),
        (of_sqlite("SQLITE_CANTOPEN"), AwayError),
        (wrapped(psycopg.OperationalError("connection refused")), AwayError),
        (wrapped(psycopg.errors.AdminShutdown("shut down")), AwayError),
        (wrapped(psycopg.errors.DiskFull("full")), KeepsNothingError),
        (wrapped(psycopg.errors.ReadOnlySqlTransaction("no"), kind=exc.InternalError), KeepsNothingError),
        (wrapped(psycopg.errors.DeadlockDetected("crossed")), BusyError),
        (wrapped(psycopg.InterfaceError("closed"), kind=exc.InterfaceError, is_broken=True), AwayError),
        (exc.TimeoutError("pool"), BusyError),
    ],
)
def test_each_error_is_told_as_what_it_is(error, expected):
    assert type(outage_of(error)) is expected


@pytest.mark.parametrize(
    "error",
    [
        of_sqlite("SQLITE_ERROR"),
        of_sqlite("SQLITE_CORRUPT"),
        wrapped(psycopg.errors.UndefinedTable("person"), kind=exc.ProgrammingError),
        wrapped(psycopg.errors.UniqueViolation("same"), kind=exc.IntegrityError),
        ZeroDivisionError(),
        None,
    ],
)
def test_our_own_faults_are_not_excused(error):
    assert outage_of(error) is None


def test_only_what_was_being_saved_leaves_anybody_unsure():
    gone = wrapped(psycopg.OperationalError("server closed the connection unexpectedly"), is_broken=True)
    assert type(outage_of(gone, is_saving=True)) is UnsureError
    assert type(outage_of(of_sqlite("SQLITE_FULL"), is_saving=True)) is KeepsNothingError


def test_whoever_only_reads_is_not_told_that_words_are_lost():
    assert type(while_reading(of_sqlite("SQLITE_IOERR_SHMOPEN"))) is AwayError
