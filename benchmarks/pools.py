"""
How long it takes to work out which step a pool reaches, with whom, and what each pays.

Pools of so many people on a ladder of six steps, drawn at random and always the same: BENCH_PEOPLE, such as "8 50 500",
says how many people there are. Four ladders: by how many people there are, by how much they take together, with less
room than people (so that places have to be found for those who take much), and one price shared by all. The middle and
the slowest of forty pools count, in milliseconds of the clock; beside them our own processor time, which hardly depends
on what else the machine does.
"""

import os
import statistics
import time
import uuid
from random import Random
from typing import Any

from marketplace.kit.money import Money
from marketplace.pooling.rules.nouns import Counts
from marketplace.pooling.rules.solving import Step, Wish, solve

PEOPLE = "8 50 500"
POOLS = 40
STEPS = 6
DEAREST = 20_00


def run() -> dict[str, dict[str, Any]]:
    """Measure pools of each size."""
    sizes = [int(size) for size in os.environ.get("BENCH_PEOPLE", PEOPLE).split()]
    return {f"{size:,} people, {STEPS} steps": _measure(size) for size in sizes}


def _measure(people: int) -> dict[str, Any]:
    return {
        "steps count people": _times(people, Counts.PEOPLE),
        "steps count what all take": _times(people, Counts.QUANTITY),
        "room for half of them": _times(people, Counts.QUANTITY, most_people=people // 2),
        "one price shared by all": _times(people, Counts.PEOPLE, is_shared=True),
    }


def _times(people: int, counts: Counts, *, most_people: int | None = None, is_shared: bool = False) -> dict[str, Any]:
    draw = Random(people)  # noqa: S311 - the same pools each time
    clock, processor, reached = [], [], 0
    for _ in range(POOLS):
        wishes = [_wish(draw, order) for order in range(people)]
        steps = _ladder(people, counts, most_people=most_people, is_shared=is_shared)
        began, worked = time.perf_counter(), time.process_time()
        solution = solve(wishes, steps=steps, counts=counts, minimum_people=2, most_people=most_people, quantity=2)
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
        reached += solution is not None
    return {
        "middle ms": statistics.median(clock),
        "slowest ms": max(clock),
        "processor ms": statistics.median(processor),
        "pools that reach a step": reached,
    }


def _wish(draw: Random, order: int) -> Wish:
    least = draw.randint(1, 2)
    return Wish(uuid.UUID(int=order), least, least + draw.randint(0, 8), Money(draw.randint(8_00, DEAREST)), order)


def _ladder(people: int, counts: Counts, *, most_people: int | None, is_shared: bool) -> tuple[Step, ...]:
    """Return steps that are each reached by some of the pools, and the last by few."""
    if is_shared:
        return tuple(
            Step(2 + place * people // STEPS, None, Money((1 + place) * people * 200)) for place in range(STEPS)
        )
    places = most_people or people
    each = 1 if counts is Counts.PEOPLE else 5
    return tuple(
        Step(max(2, place * places * each // STEPS) + place, Money(DEAREST - place * 2_00)) for place in range(STEPS)
    )
