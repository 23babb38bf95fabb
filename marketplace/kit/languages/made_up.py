"""A made-up language, to see what would not be translated: English with accents, in brackets, longer by a third."""

import re

from marketplace.kit.languages.runs import TOKENS

CODE = "en-XA"

_LETTERS = str.maketrans("AEIOUYaeiouycnsz", "ÀÉÎÕÛÝàéîõûýçñšž")
_WORD = re.compile(r"[^\W\d_]+")


def made_up(message: str) -> str:
    """Return a message in the made-up language: its places and marks stay where they are."""
    parts: list[str] = []
    end = 0
    for token in TOKENS.finditer(message):
        parts += [accented(message[end : token.start()]), token[0]]
        end = token.end()
    parts.append(accented(message[end:]))
    longer = "~" * round(sum(map(len, _WORD.findall(message))) * 0.3)
    return f"[{''.join(parts)}{longer}]"


def accented(text: str) -> str:
    """Return some words with accents on them."""
    return text.translate(_LETTERS)
