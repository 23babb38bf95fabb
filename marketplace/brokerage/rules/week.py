"""What is true of the picture of a good week. Pure: no database, no web, no clock."""

from marketplace.brokerage.rules.nouns import PartOfDay
from marketplace.kit.sentences import one_word

DAYS = {
    1: one_word("Monday"),
    2: one_word("Tuesday"),
    3: one_word("Wednesday"),
    4: one_word("Thursday"),
    5: one_word("Friday"),
    6: one_word("Saturday"),
    7: one_word("Sunday"),
}
PARTS_OF_DAY = {
    PartOfDay.MORNING: one_word("Morning"),
    PartOfDay.AFTERNOON: one_word("Afternoon"),
    PartOfDay.EVENING: one_word("Evening"),
    PartOfDay.NIGHT: one_word("Night"),
}
LONGEST_WORDS = 80
MOST_IN_ONE_PLACE = 5
"""Things in one part of one day: more is a list, no picture."""

DRAWINGS = {
    "tea": "Cup of tea",
    "meal": "A meal",
    "cooking": one_word("Cooking"),
    "shopping": one_word("Shopping"),
    "cleaning": "Cleaning the house",
    "washing": "A bath or a shower",
    "dressing": "Getting dressed",
    "sleep": "A good sleep",
    "quiet": "Quiet time",
    "bus": one_word("Bus"),
    "car": "A lift in a car",
    "walk": "A walk",
    "swim": "A swim",
    "exercise": one_word("Exercise"),
    "dog": one_word("Dog"),
    "garden": one_word("Garden"),
    "friends": one_word("Friends"),
    "family": one_word("Family"),
    "phone": "A phone call",
    "work": one_word("Work"),
    "learning": "Learning something",
    "reading": one_word("Reading"),
    "music": one_word("Music"),
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
