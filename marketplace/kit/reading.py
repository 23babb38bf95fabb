"""
How somebody reads: how large, how wide apart, on which ground, how still, and in which words.

It is kept in one cookie of a few plain words, says nothing about who somebody is, and needs no sign-in. What a cookie
says that we do not know is as if it were not said.
"""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self, TypeVar

from flask import Flask, current_app, g, has_request_context, request
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

COOKIE = "reading"
_YEAR = 365 * 24 * 60 * 60


class Size(enum.StrEnum):
    """How large the letters are."""

    NORMAL = "normal"
    LARGE = "large"
    LARGEST = "largest"


class Spacing(enum.StrEnum):
    """How far apart lines, words and letters stand."""

    NORMAL = "normal"
    WIDE = "wide"


class Ground(enum.StrEnum):
    """Which colours the page has. `device`: as the device says."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Motion(enum.StrEnum):
    """Whether anything may move. `device`: as the device says."""

    DEVICE = "device"
    STILL = "still"


class Words(enum.StrEnum):
    """Which words: the usual ones, or short sentences with drawings. `unasked`: nobody has said yet, so the usual."""

    UNASKED = "unasked"
    USUAL = "usual"
    EASY = "easy"


_Choice = TypeVar("_Choice", bound=enum.StrEnum)


@dataclass(frozen=True, slots=True)
class Reading:
    """How somebody reads. Without a choice: as the page comes, on a device's own ground."""

    size: Size = Size.NORMAL
    spacing: Spacing = Spacing.NORMAL
    ground: Ground = Ground.DEVICE
    motion: Motion = Motion.DEVICE
    words: Words = Words.UNASKED
    language: str = ""

    @classmethod
    def from_cookie(cls, told: str, languages: Collection[str] = ()) -> Self:
        """Return what a cookie says; of what it cannot say, nothing. `languages`: those that can be chosen."""
        said = [*told.split("."), "", "", "", "", ""]
        return cls(
            _known(Size, said[0], Size.NORMAL),
            _known(Spacing, said[1], Spacing.NORMAL),
            _known(Ground, said[2], Ground.DEVICE),
            _known(Motion, said[3], Motion.DEVICE),
            _known(Words, said[4], Words.UNASKED),
            said[5] if said[5] in languages else "",
        )

    def to_cookie(self) -> str:
        """Return the one way to write this down."""
        return f"{self.looks}.{self.language}" if self.language else self.looks

    @property
    def looks(self) -> str:
        """How pages look and read, whatever the language. There are 144 in all."""
        return f"{self.size}.{self.spacing}.{self.ground}.{self.motion}.{self.words}"

    @property
    def is_easy(self) -> bool:
        """Whether they read Easy Read: short sentences and drawings."""
        return self.words is Words.EASY

    @property
    def is_asked(self) -> bool:
        """Whether they have said which words they want."""
        return self.words is not Words.UNASKED


def _known(kind: type[_Choice], told: str, otherwise: _Choice) -> _Choice:
    try:
        return kind(told)
    except ValueError:
        return otherwise


def reading_now() -> Reading:
    """Return how whoever asks for this page reads. Outside of a request: as the page comes."""
    if not has_request_context():
        return Reading()
    if "reading" not in g:
        g.reading = Reading.from_cookie(request.cookies.get(COOKIE, ""), current_app.extensions["languages"])
    found: Reading = g.reading
    return found


def remember(response: Response, reading: Reading) -> None:
    """Let this browser remember for a year how somebody reads. What is nothing but the usual leaves no cookie."""
    marks = {"secure": current_app.config["SESSION_COOKIE_SECURE"], "httponly": True, "samesite": "Lax"}
    if reading == Reading():
        response.delete_cookie(COOKIE, **marks)
    else:
        response.set_cookie(COOKIE, reading.to_cookie(), max_age=_YEAR, **marks)


def init_app(app: Flask) -> None:
    """Let every template, and every component it imports, ask `reading`."""
    app.jinja_env.globals["reading"] = LocalProxy(reading_now)
