"""What is to happen in the town, and when: everything happens in the order in which it would have."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from marketplace.kit.said import month


class Act(Protocol):
    """One thing that somebody does, at a moment it is told."""

    def __call__(self, *, now: datetime) -> object: ...


class Agenda:
    """What is to happen. What is put on it for the same moment happens in the order it was put there."""

    def __init__(self) -> None:
        self._coming: list[tuple[datetime, int, Act]] = []
        self._numbers = count()
        self._began: datetime | None = None
        self._month = ""

    def add(self, at: datetime | None, act: Act) -> None:
        """Let something happen at a moment, or never."""
        if at is not None:
            heapq.heappush(self._coming, (at, next(self._numbers), act))

    def live_until(self, until: datetime, *, tell: Callable[[str, float], None]) -> None:
        """
        Let everything happen whose moment is not after `until`. What is later stays undone.

        :param tell: is told each month as it comes, and how much of the time has passed, from 0 to 1.
        """
        while self._coming and self._coming[0][0] <= until:
            at, _number, act = heapq.heappop(self._coming)
            self._began = self._began or at
            if month(at) != self._month:
                self._month = month(at)
                tell(self._month, (at - self._began) / max(until - self._began, timedelta(1)))
            act(now=at)
