"""What is true of photographs: how many an offer may show, and the words each needs."""

import re

from marketplace.kit.sentences import worded

MOST_PHOTOS = 6
"""Photographs of one offer: enough to see it, few enough to look at."""

LONGEST_ALT = 300
_SHORTEST_ALT = 8
_FILE_NAME = re.compile(r"\S+\.(jpe?g|png|webp|heic|gif)", re.IGNORECASE)
_SAYS_NOTHING = {"photo", "picture", "image", "a photo", "a picture", "an image", "my photo", "untitled", "screenshot"}


def alt_problem(alt: str) -> str | None:
    """
    Return why words cannot stand for a photograph, as a sentence, or None if they can.

    Somebody who cannot see it should know from the words what it shows: WCAG 2.2, 1.1.1.
    """
    if not alt:
        return "Say what the photo shows, for people who cannot see it."
    if _FILE_NAME.fullmatch(alt):
        return "That is the name of a file. Say what the photo shows, like “Three people planting beans”."
    if alt.casefold().strip(" .!") in _SAYS_NOTHING or len(alt) < _SHORTEST_ALT:
        return "Say a little more about what the photo shows, like “Three people planting beans”."
    if len(alt) > LONGEST_ALT:
        return worded("Use at most {longest_alt} characters.", longest_alt=LONGEST_ALT)
    return None
