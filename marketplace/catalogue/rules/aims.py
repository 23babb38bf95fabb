"""What people want to be able to do, in everyday words, and which categories of support help with it. Pure."""

import enum
from collections.abc import Iterable

from marketplace.catalogue.rules.nouns import CategorySlug


class Aim(enum.StrEnum):
    """Something that somebody wants to be able to do. Each category helps with one at least."""

    PEOPLE = "people"
    OUT = "out"
    DAILY = "daily"
    BODY = "body"
    ACTIVE = "active"
    MAKE = "make"
    LEARN = "learn"
    WELL = "well"
    NIGHT = "night"
    HOME = "home"
    BREAK = "break"
    MONEY = "money"

    @property
    def words(self) -> str:
        """What it is called on a page: it goes on after “I want to”, and stands alone."""
        return {
            Aim.PEOPLE: "See people and make friends",
            Aim.OUT: "Go out and get about",
            Aim.DAILY: "Cook, clean, shop and run my home",
            Aim.BODY: "Wash, dress and eat",
            Aim.ACTIVE: "Be active",
            Aim.MAKE: "Make things and enjoy music",
            Aim.LEARN: "Learn, work or volunteer",
            Aim.WELL: "Feel well and calm",
            Aim.NIGHT: "Feel safe at home, day and night",
            Aim.HOME: "Have a home that suits me",
            Aim.BREAK: "Have a break, or give my family one",
            Aim.MONEY: "Sort out money and plan my support",
        }[self]

    @property
    def drawing(self) -> str:
        """The drawing that stands beside its words."""
        return {
            Aim.PEOPLE: "friends",
            Aim.OUT: "bus",
            Aim.DAILY: "cooking",
            Aim.BODY: "washing",
            Aim.ACTIVE: "swim",
            Aim.MAKE: "making",
            Aim.LEARN: "learning",
            Aim.WELL: "quiet",
            Aim.NIGHT: "sleep",
            Aim.HOME: "home",
            Aim.BREAK: "tea",
            Aim.MONEY: "money",
        }[self]

    @property
    def categories(self) -> tuple[CategorySlug, ...]:
        """The categories that help with it."""
        return tuple(map(CategorySlug, _CATEGORIES[self]))


_CATEGORIES = {
    Aim.PEOPLE: ("companionship", "peer-support", "day-opportunities", "community-places"),
    Aim.OUT: ("getting-about", "day-opportunities", "community-places"),
    Aim.DAILY: ("personal-assistance", "home-and-garden", "food-and-meals"),
    Aim.BODY: ("personal-care", "personal-assistance"),
    Aim.ACTIVE: ("sport-and-leisure",),
    Aim.MAKE: ("arts-and-music",),
    Aim.LEARN: ("learning-and-work",),
    Aim.WELL: ("health-and-wellbeing", "peer-support"),
    Aim.NIGHT: ("overnight-support", "equipment", "personal-assistance"),
    Aim.HOME: ("homes-and-housing", "home-and-garden", "equipment"),
    Aim.BREAK: ("short-breaks",),
    Aim.MONEY: ("managing-money", "money-and-planning"),
}


def categories_for(aims: Iterable[Aim]) -> frozenset[CategorySlug]:
    """Return every category that helps with any of some aims."""
    return frozenset(category for aim in aims for category in aim.categories)
