"""What happens when a template names something it was not given."""

from typing import Any

from jinja2 import Undefined, UndefinedError
from jinja2.utils import missing


class Forgotten(Undefined):
    """
    Fails when it is shown or counted, but may be asked whether it is there.

    Jinja's StrictUndefined fails on the question too, which GOV.UK's form macros ask of every optional parameter.
    """

    __slots__ = ()

    def __new__(
        cls, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> Any:
        """Let a key that a dict does not hold be empty, as those macros expect of their parameters."""
        return Undefined(hint, obj, name, exc) if isinstance(obj, dict) else super().__new__(cls)

    def __eq__(self, other: object) -> bool:
        """Match whatever else is absent: the macros compare with a name they never set."""
        return isinstance(other, Undefined)

    def __hash__(self) -> int:
        """Agree with what is equal."""
        return hash(Undefined)

    __iter__ = __str__ = __len__ = Undefined._fail_with_undefined_error  # noqa: SLF001  (as Jinja's own kinds do)
