"""Where the published lists are: whole beside the project, or else a few rows of each with these tests."""

from pathlib import Path

FILES = {
    "libraries": "trafford-libraries",
    "charities": "trafford-charities",
    "mental_health_services": "trafford-mental-health-services",
    "sports_clubs": "trafford-sports-clubs",
    "food_banks": "trafford-food-banks",
    "allotments": "trafford-allotments",
}

_WHOLE = Path(__file__).parents[4] / "shared" / "data" / "trafford"
FEW = Path(__file__).parent / "published"


def folder():
    """Return the folder that has all six."""
    return _WHOLE if _WHOLE.is_dir() else FEW
