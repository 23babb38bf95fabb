"""The questions about criteria and outcomes: as many as there are, each in a small field that may stay empty."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField

from marketplace.kit.fields import choices

_HOW_OFTEN = (
    ("", "It does not matter to me"),
    (5, "Always"),
    (4, "Mostly"),
    (3, "Sometimes"),
    (2, "Not often"),
    (1, "Never"),
)
_HOW_MUCH = (
    ("", "Not what I used it for"),
    (5, "Very much"),
    (4, "Quite a lot"),
    (3, "Somewhat"),
    (2, "A little"),
    (1, "Not at all"),
)
# Good is the best that one can say by pictures, so it counts as the best; the other is not the worst.
_TILES = (
    (5, "Good"),
    (2, "Could be better"),
    ("", "Skip this"),
)
TILES = frozenset({5, 2})
"""The answers that picture tiles can give, in stars."""


def stars_of(typed: str | int | None) -> int | None:
    """Read a choice: nothing is None, and what is none of the five is 0, which the rules refuse in words."""
    if typed is None or typed == "":
        return None
    return int(typed) if str(typed) in {"1", "2", "3", "4", "5"} else 0


class CriterionField(SelectField):
    """How often something was as it should be. Left alone, it does not matter to the writer."""

    def __init__(self, words: str, **options: Any) -> None:
        super().__init__(
            words, widget=GovSelect(), choices=choices(_HOW_OFTEN), coerce=stars_of, validate_choice=False, **options
        )


class OutcomeField(SelectField):
    """How much it helped with something. Left alone, that is not what it was used for."""

    def __init__(self, words: str, **options: Any) -> None:
        super().__init__(
            words, widget=GovSelect(), choices=choices(_HOW_MUCH), coerce=stars_of, validate_choice=False, **options
        )


class TileField(RadioField):
    """A criterion as a picture: good, or could be better."""

    def __init__(self, words: str, *, picture: str, **options: Any) -> None:
        super().__init__(
            words, widget=GovRadioInput(), choices=choices(_TILES), coerce=stars_of, validate_choice=False, **options
        )
        self.picture = picture
