"""Run one benchmark, by name, and print its figures."""

import argparse
import json
import sys
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure how fast the site is.")
    parser.add_argument("name", nargs="?", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    asked = parser.parse_args()
    if asked.name is None:
        print("\n".join(f"{name:<20} {summary(name)}" for name in NAMES))
        return
    if asked.name not in NAMES:
        print(f"There is no benchmark {asked.name}. There is: {', '.join(NAMES) or 'none yet'}.", file=sys.stderr)
        sys.exit(2)
    # Whatever a benchmark says on its way goes to the other stream, so the figures can be piped.
    try:
        with redirect_stdout(sys.stderr):
            figures = import_module(f"benchmarks.{asked.name}").run()
    except KeyboardInterrupt:
        sys.exit("Stopped. What it made is gone.")
    problems = figures.get("problems", [])
    print(
        json.dumps(figures) if asked.json else table({name: it for name, it in figures.items() if name != "problems"})
    )
    if problems:
        sys.exit("\n".join(problems))


def summary(name: str) -> str:
    return (import_module(f"benchmarks.{name}").__doc__ or "").strip().partition("\n")[0]


def table(figures: dict[str, Any]) -> str:
    """Return two columns, names and figures; a figure that is itself a dictionary gets its names joined with a dot."""
    rows = list(flat(figures))
    width = max((len(name) for name, _figure in rows), default=0)
    return "\n".join(
        f"{name:<{width}}  {f'{figure:>12,.3f}' if isinstance(figure, float) else f'{figure!s:>12}'}"
        for name, figure in rows
    )


def flat(figures: dict[str, Any], prefix: str = "") -> Any:
    for name, figure in figures.items():
        if isinstance(figure, dict):
            yield from flat(figure, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", figure


main()
