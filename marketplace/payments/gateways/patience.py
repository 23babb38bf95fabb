"""How long is Stripe waited for, and by how many at once? Pages that do not ask it must go on whatever it does."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import stripe

log = logging.getLogger(__name__)

CONNECTS_WITHIN = 5
"""Seconds in which Stripe has to take a call. Answering it may take longer: banks do."""

SLOW = 2
"""Seconds after which a call that came to nothing counts against Stripe. One that is refused at once costs nobody."""

SLOW_CALLS = 3
"""So many of them, one after another, and Stripe is left in peace."""

RESTS = 20
"""Seconds until somebody tries again."""


class Patience:
    """Whether Stripe may be asked now. Shared by the threads of a process."""

    def __init__(self, *, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._clock = at_once, clock
        self._lock = threading.Lock()
        self._asking = self._slow = 0
        self._rests_until = 0.0

    def begin(self) -> float | None:
        """Return the moment at which a call begins, or None if Stripe is not to be asked now."""
        with self._lock:
            now = self._clock()
            if self._asking >= self._at_once or now < self._rests_until:
                return None
            if self._slow >= SLOW_CALLS:
                # One tries; the others wait for what comes of it.
                self._rests_until = now + RESTS
            self._asking += 1
            return now

    def end(self, begun: float, *, is_answered: bool) -> None:
        """Remember what came of a call."""
        with self._lock:
            self._asking -= 1
            now = self._clock()
            if is_answered:
                self._slow, self._rests_until = 0, 0.0
            elif now - begun >= SLOW:
                self._slow += 1
                if self._slow >= SLOW_CALLS:
                    log.warning("Stripe is slow: nobody asks it for %s seconds", RESTS)
                    self._rests_until = now + RESTS


class PatientClient(stripe.RequestsClient):
    """How the library of Stripe speaks to it, with bounds."""

    def __init__(self, *, timeout: float, at_once: int) -> None:
        super().__init__(timeout=(min(CONNECTS_WITHIN, timeout), timeout))
        self._patience = Patience(at_once=at_once)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """
        Ask, if that may be now.

        It raises APIConnectionError of the library if no answer came, or nobody asked.
        """
        begun = self._patience.begin()
        if begun is None:
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]
                "Nobody asked: Stripe is slow, or too many wait for it."
            )
        is_answered = False
        try:
            answer = super().request(method, url, headers, post_data)
            is_answered = True
        finally:
            self._patience.end(begun, is_answered=is_answered)
        return answer
