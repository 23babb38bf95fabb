"""Asking a provider about words of its own that seem to tell who somebody is."""

from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.kit.spotting import spot

_MOST_SAID = 3


class TellsWhoError(WrongAnswerError):
    """The words seem to tell who somebody is, or how to reach them, and nobody has said yet that they may."""


def ask_about_names(words: str, *, known: str, is_sure: bool) -> None:
    """
    Let a provider's words through that give nobody away, or of which it says so.

    `known` is what everybody can read anyway. The names of those who write reviews are never looked for: what was
    found would tell who they are.

    :raises TellsWhoError: if something was found and nobody is sure yet.
    """
    found = () if is_sure else tuple(dict.fromkeys(it.text for it in spot(words, known=known)))
    if not found:
        return
    said = ", ".join(f"“{text}”" for text in found[:_MOST_SAID])
    raise TellsWhoError(
        worded(
            "This looks like a name, or a way to reach somebody: {said}. Take it out, or say below that it "
            "may be shown.",
            said=said,
        ),
        field="words",
    )
