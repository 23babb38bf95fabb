"""Break one thing, or all of them, and say what came of it."""

import argparse
import json
import signal
import sys
from functools import partial
from typing import Any

from benchmarks.faults import killing, promoting, shortages
from benchmarks.faults.checking import is_sound

SCENARIOS = {
    "killed-sqlite": partial(killing.run, database="sqlite"),
    "killed-postgresql": partial(killing.run, database="postgresql"),
    "promoted": promoting.run,
    "short-sqlite": partial(shortages.run, database="sqlite"),
    "short-postgresql": partial(shortages.run, database="postgresql"),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="script/faults", description="Break things under load, and look what is lost."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--minutes", type=float, default=10, help="how long processes are killed (10)")
    parser.add_argument("--log", help="write what the site said here, where it said too much")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(SCENARIOS):
        sys.exit(f"There is no {', '.join(sorted(unknown))}. There is: {', '.join(SCENARIOS)}.")
    # Whoever is told to stop puts away what they made first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    is_all_well = True
    for name in asked.names or SCENARIOS:
        print(f"== {name}", flush=True)
        figures = SCENARIOS[name](minutes=asked.minutes)
        is_all_well &= _tell(figures, asked.log)
    sys.exit(0 if is_all_well else 1)


def _tell(figures: dict[str, Any], log: str | None) -> bool:
    if (said := figures.pop("_log", "")) and log:
        with open(log, "a") as out:  # noqa: PTH123
            out.write(said)
    print(json.dumps(figures, indent=2, default=str), flush=True)
    is_well = is_sound(figures)
    print("Nothing is lost." if is_well else "SOMETHING IS WRONG, see above.", flush=True)
    return is_well


main()
