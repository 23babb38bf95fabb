"""Several servers asked the same kind of thing turn by turn, so that what else this machine does meets them all."""

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.serving.databases import worked
from benchmarks.serving.servers import ROOT, Server
from benchmarks.serving.writing import say

VISITORS = 8
MOST = 20_000
"""Requests in one turn, at most."""

_PATIENCE = 60

Asked = dict[str, Any]


@dataclass(slots=True)
class Contender:
    """Who answers, what they are asked, and with which status they should."""

    name: str
    server: Server
    asked: Sequence[Asked]
    status: str = "200"
    # Each thing is done once: a turn takes the next of them.
    once: bool = False
    # The database behind it, if its work is to be told.
    database: str = ""
    turns: list[dict[str, Any]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    _next: int = 0

    def turn(self, seconds: float, *, counts: bool) -> None:
        """Ask for some seconds."""
        asked = list(self.asked)
        if self.once:
            asked = asked[self._next : self._next + 2_000]
        before = worked(self.database)
        turn = _visited(self.server, asked, seconds, once=self.once)
        after = worked(self.database)
        many = sum(turn["answers"].values())
        turn["database worked"] = (after - before) / many if before is not None and after is not None else None
        self._next += sum(turn["answers"].values())
        self.answers.update(turn["answers"])
        turn["right"] = self._as_wanted(turn["answers"]) / many
        if counts:
            self.turns.append(turn)

    def warm_up(self, times: int) -> None:
        """Ask for each thing so many times, however long it takes, and count nothing."""
        if not self.once and self.name.endswith("site"):
            each = [{name: value for name, value in it.items() if name != "times"} for it in self.asked]
            _visited(self.server, each * times, _PATIENCE, once=True)

    @property
    def done(self) -> int:
        """How often it answered as it should, warming up included."""
        return self._as_wanted(self.answers)

    def _as_wanted(self, answers: Mapping[str, int]) -> int:
        return sum(times for answer, times in answers.items() if answer.startswith(self.status))

    def figures(self) -> dict[str, Any]:
        errors = sum(self.answers.values()) - self.done
        return {
            "requests a second": round(statistics.median(self.rates), 1),
            "p50 ms": round(statistics.median(statistics.median(turn["took"]) for turn in self.turns) * 1e3, 2),
            "p95 ms": round(statistics.median(self.slow), 2),
            "processor ms a request": self.processor,
            "database’s processor ms a request": self.processor_of_database,
            "bytes an answer": round(
                sum(turn["bytes"] for turn in self.turns) / sum(sum(turn["answers"].values()) for turn in self.turns)
            ),
            "errors of": f"{errors} of {sum(self.answers.values())}",
            **{f"answered {said}": times for said, times in self.answers.items() if not said.startswith(self.status)},
            "memory of each process, MB": max(self.server.memory(), default=0.0),
        }

    @property
    def rates(self) -> list[float]:
        """How many answers there were each second that were what was asked for. A fault is quick, and no answer."""
        return [len(turn["took"]) * turn["right"] / turn["seconds"] for turn in self.turns]

    @property
    def slow(self) -> list[float]:
        return [float(statistics.quantiles(turn["took"], n=20)[18] * 1e3) for turn in self.turns]

    @property
    def processor(self) -> float | None:
        """The middle of the milliseconds of a processor that a request took, or None if the system does not say."""
        return self._milliseconds("worked")

    @property
    def processor_of_database(self) -> float | None:
        """The same of the database's own processes, which are not the site's."""
        return self._milliseconds("database worked")

    def _milliseconds(self, name: str) -> float | None:
        each = [turn[name] for turn in self.turns]
        return None if None in each else round(statistics.median(each) * 1e3, 3)


def contest(name: str, contenders: Sequence[Contender], rounds: int, seconds: float, warm: int = 0) -> dict[str, Any]:
    """
    Return the figures of all, and how each stands to each: the middle of the ratios of their turns.

    :param warm: how many times each address is asked before, so that each process has seen it.
    """
    for contender in contenders if warm else ():
        contender.warm_up(warm)
    for number in range(-1, rounds):  # The first is to warm up.
        turned = number % len(contenders)
        for contender in (*contenders[turned:], *contenders[:turned]):
            contender.turn(seconds, counts=number >= 0)
        say(f"{name} {max(number + 1, 0)}/{rounds}")
    return {
        **{each.name: each.figures() for each in contenders},
        "ratios": {
            f"{one.name} to {other.name}": _ratios(one, other)
            for place, one in enumerate(contenders)
            for other in contenders[place + 1 :]
        },
    }


def _ratios(one: Contender, other: Contender) -> dict[str, Any]:
    # Where nothing was right in a whole turn, something stands for it, so that there is a ratio at all.
    rates = [a / max(b, 0.1) for a, b in zip(one.rates, other.rates, strict=True)]
    slow = [a / b for a, b in zip(one.slow, other.slow, strict=True)]
    both = one.processor, other.processor
    return {
        "requests": round(statistics.median(rates), 3),
        "least": round(min(rates), 3),
        "most": round(max(rates), 3),
        "by processor time": round(both[1] / both[0], 3) if both[0] and both[1] else None,
        "p95": round(statistics.median(slow), 2),
    }


def _visited(server: Server, asked: list[Asked], seconds: float, *, once: bool) -> dict[str, Any]:
    said = {
        "port": server.port,
        "asked": asked,
        "visitors": VISITORS,
        "seconds": seconds,
        "most": MOST,
        "once": once,
    }
    before = server.worked()
    answered = subprocess.run(
        [sys.executable, "-m", "benchmarks.serving.visitors"],
        input=json.dumps(said).encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
        timeout=seconds + 90,
    )
    turn: dict[str, Any] = json.loads(answered.stdout)
    after = server.worked()
    many = sum(turn["answers"].values())
    turn["worked"] = None if before is None or after is None else (after - before) / many
    return turn
