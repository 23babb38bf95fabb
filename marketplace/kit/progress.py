"""How far has long work come? A bar with its share and the time left on a terminal, a plain line elsewhere."""

import sys
from types import TracebackType
from typing import Any, Self, TextIO

import click

_PARTS = 1000
"""How finely a bar is counted."""
_TELL_EVERY = 0.2
"""Elsewhere than on a terminal: a line for each fifth."""
_WIDTH = 24


class Bar:
    """
    Shows how far some work has come, on the stream beside the answer: what is piped stays the answer.

    Work that begins again, such as the next of several parts, begins a new bar.
    """

    def __init__(self, *, stream: TextIO | None = None, moves: bool | None = None) -> None:
        self._stream = stream or sys.stderr
        self._moves = self._stream.isatty() if moves is None else moves
        self._shown: Any = None  # click's bar, whose own type it does not publish
        self._told = -1.0
        self._what = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.end()

    def tell(self, what: str, share: float) -> None:
        """Say what is being done, and how much of all is done, from 0 to 1."""
        if self._moves:
            self._move(what, share)
        else:
            self._write(what, share)

    def end(self) -> None:
        """Leave the line that moved, so that what is said next stands on its own."""
        if self._shown is not None:
            self._shown.render_finish()
            self._shown = None
        self._told = -1.0

    def _move(self, what: str, share: float) -> None:
        done = round(min(max(share, 0.0), 1.0) * _PARTS)
        if self._shown is not None and done < self._shown.pos:
            self.end()
        if self._shown is None:
            self._shown = click.progressbar(
                length=_PARTS, label=what, file=self._stream, width=_WIDTH, show_percent=True
            )
        self._shown.label = what
        self._shown.update(done - self._shown.pos)
        self._shown.render_progress()

    def _write(self, what: str, share: float) -> None:
        if share < self._told:
            self._told = -1.0
        if share - self._told >= _TELL_EVERY:
            self._told = share
            click.echo(f"  {share:4.0%}  {what}", file=self._stream)
