"""What one page asks for in several places is asked of the database once."""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from sqlalchemy.orm import Session

_Answer = TypeVar("_Answer")
_ASKED = "asked"


def once(session: Session, key: Hashable, ask: Callable[[], _Answer]) -> _Answer:
    """
    Return an answer, asked for the first time or as it was the last time in the same reading.

    Whoever writes always asks: what they ask for may be what they just changed. The key says all that the answer hangs
    on, the viewer too.
    """
    if session.info.get("writing"):
        return ask()
    asked = session.info.setdefault(_ASKED, {})
    if key not in asked:
        asked[key] = ask()
    return cast("_Answer", asked[key])


def know(session: Session, key: Hashable, answer: object) -> None:
    """Give the answer to what would be asked by this key, where it came with another."""
    once(session, key, lambda: answer)


def ask_anew(session: Session) -> None:
    """Forget what was asked: a new reading begins."""
    session.info.pop(_ASKED, None)
