"""
What people may say they like, and when they are told that others near them do. Pure: no database, no web, no clock.

Things that people do, in plain words: never a condition, a diagnosis or a kind of care [000]. A new one is added here.
"""

from dataclasses import dataclass
from datetime import timedelta

from marketplace.kit.grid import Point
from marketplace.pooling.rules.nouns import InterestSlug

FEWEST_OTHERS = 3
"""Nobody is told of fewer people than this besides themselves: one or two could be guessed."""
SHOWN_FROM = (3, 5, 10, 20, 50, 100)
"""The numbers of people that are ever said, so that one person more or less does not show."""
TOLD_EVERY = timedelta(days=30)
"""How often somebody hears of others at most, and how often that a pool has begun."""
REACHES = {2_000: "About a mile", 5_000: "About 3 miles", 8_000: "About 5 miles", 16_000: "About 10 miles"}
"""How far somebody may say they would go, in metres."""
SQUARE = 1_000
"""The side of the square, in metres, whose middle we keep instead of where somebody lives."""


@dataclass(frozen=True, slots=True)
class InterestGroup:
    """Some interests that go together, each with its words."""

    name: str
    interests: dict[InterestSlug, str]


def _group(name: str, **interests: str) -> InterestGroup:
    return InterestGroup(name, {InterestSlug(slug.replace("_", "-")): words for slug, words in interests.items()})


GROUPS = (
    _group(
        "Moving about",
        swimming="Swimming",
        walking="Walking",
        cycling="Cycling",
        dancing="Dancing",
        football="Football",
        bowls="Bowls and boccia",
        gentle_exercise="Yoga and gentle exercise",
        gym="The gym",
        riding="Riding horses",
        fishing="Fishing",
    ),
    _group(
        "Out and about",
        gardening="Gardening",
        nature="Birds and nature",
        animals="Animals",
        days_out="Days out",
        museums="Museums and old places",
        cinema="Cinema",
        theatre="Theatre",
        live_music="Live music",
        watching_sport="Watching sport",
        trains="Trains and buses",
        holidays="Holidays",
    ),
    _group(
        "Making things",
        cooking="Cooking and baking",
        painting="Painting and drawing",
        crafts="Sewing, knitting and crafts",
        woodwork="Woodwork and mending",
        photography="Photographs and films",
        writing="Writing",
        singing="Singing",
        playing_music="Playing music",
    ),
    _group(
        "Good company",
        coffee="Coffee and a chat",
        eating_out="Eating out",
        books="Books",
        games="Board games and cards",
        computer_games="Computer games",
        quizzes="Quizzes",
        faith="Faith",
        languages="Languages",
    ),
    _group(
        "Getting things done",
        computers="Computers and phones",
        work="Finding work",
        volunteering="Volunteering",
        own_business="Starting something of our own",
        speaking_up="Speaking up together",
        shopping="Shopping together",
        lifts="Sharing lifts",
        personal_assistant="Sharing a personal assistant",
    ),
)

WORDS = {slug: words for group in GROUPS for slug, words in group.interests.items()}
"""Every interest, with its words."""


def known_interests(wanted: list[str]) -> list[InterestSlug]:
    """Return those interests that there are, each once, in our order."""
    return [slug for slug in WORDS if slug in wanted]


def interest_words(slug: InterestSlug | None) -> str:
    """Return an interest in words. One that was taken off the list keeps its name without them."""
    return "" if slug is None else WORDS.get(slug, slug.replace("-", " ").capitalize())


def middle_of_square(point: Point) -> Point:
    """Return the middle of the square kilometre a point lies in: what we keep instead of a home."""
    return Point(
        point.easting // SQUARE * SQUARE + SQUARE // 2,
        point.northing // SQUARE * SQUARE + SQUARE // 2,
    )


def people_said(others: int) -> int:
    """Return the number of other people that may be said: `3` stands for three or four. 0 if nothing may be said."""
    return max((number for number in SHOWN_FROM if number <= others), default=0)
