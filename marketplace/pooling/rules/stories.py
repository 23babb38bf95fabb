"""What is true of the story a pool may tell of itself. Pure: no database, no web, no clock."""

LONGEST_STORY_TITLE, LONGEST_STORY = 120, 6_000
"""Most characters of a story's title, and of the story: one page."""
SHORTEST_STORY = 50


def title_problem(title: str) -> str | None:
    """Return why a title will not do, as a sentence, or None if it will."""
    if not title:
        return "Give your story a title."
    return None if len(title) <= LONGEST_STORY_TITLE else f"Use at most {LONGEST_STORY_TITLE} characters."


def story_problem(words: str) -> str | None:
    """Return why a story will not do, as a sentence, or None if it will."""
    if len(words) < SHORTEST_STORY:
        return "Tell a little more: two or three sentences at least."
    return None if len(words) <= LONGEST_STORY else f"Use at most {LONGEST_STORY:,} characters: one page."
