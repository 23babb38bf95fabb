"""How often the check of briefs is right, on briefs written for it: half of them tell who somebody is."""

from pathlib import Path
from time import perf_counter
from typing import Any

import yaml

from marketplace.brokerage.rules.guessing import Known, guesses

BRIEFS = Path("tests/data/briefs")


def run() -> dict[str, Any]:
    """Check every brief of the tuned and of the held-out part."""
    return {part: figures(part) for part in ("tuned", "held_out")}


def figures(part: str) -> dict[str, float | int | str]:
    """Return precision and recall on one part, and which briefs it was wrong about."""
    briefs = yaml.safe_load((BRIEFS / f"{part}.yaml").read_text())
    started = perf_counter()
    flagged = {
        brief["id"]: bool(guesses([brief["title"], brief["about"], *brief["needs"]], known=Known(area=brief["area"])))
        for brief in briefs
    }
    took = perf_counter() - started
    telling = {brief["id"] for brief in briefs if brief["identifying"]}
    said = {brief_id for brief_id, is_flagged in flagged.items() if is_flagged}
    return {
        "briefs": len(briefs),
        "that tell who": len(telling),
        "flagged": len(said),
        "precision": round(len(said & telling) / len(said), 3),
        "recall": round(len(said & telling) / len(telling), 3),
        "missed": ", ".join(sorted(telling - said)) or "none",
        "flagged for nothing": ", ".join(sorted(said - telling)) or "none",
        "milliseconds a brief": round(took / len(briefs) * 1000, 2),
    }
