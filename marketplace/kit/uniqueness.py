"""Which promise of uniqueness a failed write would have broken. The two databases tell it in different ways."""

from sqlalchemy.exc import IntegrityError


def repeats(error: IntegrityError, *, constraint: str, columns: tuple[str, ...]) -> bool:
    """
    Test whether a write failed because a row like it is there already.

    PostgreSQL names the constraint; SQLite names its columns, as `table.column`.
    """
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if named is not None:
        return bool(named == constraint)
    return str(error.orig) == f"UNIQUE constraint failed: {', '.join(columns)}"
