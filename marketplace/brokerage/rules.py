"""What is true of support plans. Pure: no database, no web, no clock."""

import enum
import uuid
from typing import NewType

PlanId = NewType("PlanId", uuid.UUID)
LineId = NewType("LineId", uuid.UUID)

MOST_LINES = 40
LONGEST_PART = 3000


class Outcome(enum.StrEnum):
    """What a line of a plan is about: Lewisham's seven [004]."""

    EMPLOYMENT = "employment"
    HOUSING = "housing"
    HEALTH = "health"
    RELATIONSHIPS = "relationships"
    COMMUNITY = "community"
    LEARNING_SKILLS = "learning_skills"
    PERSONAL_DEVELOPMENT = "personal_development"


class Part(enum.StrEnum):
    """The parts of a plan that are written in one's own words, in the order they are asked."""

    ABOUT_ME = "about_me"
    WHAT_MATTERS = "what_matters"
    GOOD_WEEK = "good_week"


def room_for_another(*, lines: int) -> bool:
    """Test whether a plan may take one more line."""
    return lines < MOST_LINES
