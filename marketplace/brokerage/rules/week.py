"""What is true of the picture of a good week. Pure: no database, no web, no clock."""

from marketplace.brokerage.rules.nouns import PartOfDay

DAYS = {
    1: "Monday",
    2: "Tuesday",
    3: "Wednesday",
    4: "Thursday",
    5: "Friday",
    6: "Saturday",
    7: "Sunday",
}
PARTS_OF_DAY = {
    PartOfDay.MORNING: "Morning",
    PartOfDay.AFTERNOON: "Afternoon",
    PartOfDay.EVENING: "Evening",
    PartOfDay.NIGHT: "Night",
}
LONGEST_WORDS = 80
MOST_IN_ONE_PLACE = 5
"""Things in one part of one day: more is a list, no picture."""

DRAWINGS = {
    "tea": "Cup of tea",
    "meal": "A meal",
    "cooking": "Cooking",
    "shopping": "Shopping",
    "cleaning": "Cleaning the house",
    "washing": "A bath or a shower",
    "dressing": "Getting dressed",
    "sleep": "A good sleep",
    "quiet": "Quiet time",
    "bus": "Bus",
    "car": "A lift in a car",
    "walk": "A walk",
    "swim": "A swim",
    "exercise": "Exercise",
    "dog": "Dog",
    "garden": "Garden",
    "friends": "Friends",
    "family": "Family",
    "phone": "A phone call",
    "work": "Work",
    "learning": "Learning something",
    "reading": "Reading",
    "music": "Music",
    "screen": "Films and television",
    "making": "Making things",
    "cinema": "An evening out",
    "faith": "Worship and prayer",
    "health": "Doctor or clinic",
}
"""What each of our drawings shows, by its name."""


def room_in_one_place(*, things: int) -> bool:
    """Test whether a part of a day may take one more thing."""
    return things < MOST_IN_ONE_PLACE


def words_of(*, words: str, drawing: str | None, said: str = "") -> str:
    """Return what something in the week is called: as typed, or as its picture or drawing says."""
    return words or said[:LONGEST_WORDS] or (DRAWINGS.get(drawing, "") if drawing else "")
