"""
Which parameters does a request take? What the installed library's own typed definitions say, and no others.

So a parameter that a newer library has dropped is refused here as Stripe would refuse it, however deep it is.
"""

import re
import sys
import types
import typing
from decimal import Decimal
from functools import cache

import stripe
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

from tests.stripe_fake.errors import RefusalError, invalid_parameter, missing_parameter, unknown_parameter

_OPTIONS = frozenset(RequestOptions.__annotations__)
_PATTERNS = {int: r"-?\d+", bool: r"true|false", float: r"-?\d+(\.\d+)?", Decimal: r"-?\d+(\.\d+)?"}


def check_parameters(definition, said):
    """Refuse what a definition does not know, lacks, or holds in another shape."""
    _check_typed(definition, said, "")


@cache
def hints_of(definition):
    """Return the fields of a typed definition with their types, and which of them must be there."""
    module = vars(sys.modules[definition.__module__])
    own = {name: kind for name, kind in definition.__annotations__.items() if name not in _OPTIONS}
    hints = typing.get_type_hints(types.SimpleNamespace(__annotations__=own), globalns=module)
    return hints, definition.__required_keys__ - _OPTIONS


def _check_typed(definition, said, path):
    if not isinstance(said, dict):
        raise invalid_parameter(path, said)
    hints, required = hints_of(definition)
    for name in said:
        if name not in hints:
            raise unknown_parameter(_below(path, name))
    for name in sorted(required - said.keys()):
        raise missing_parameter(_below(path, name))
    for name, value in said.items():
        _check(hints[name], value, _below(path, name))


def _check(hint, value, path):
    origin = typing.get_origin(hint)
    if is_typeddict(hint):
        _check_typed(hint, value, path)
    elif origin in {typing.Union, types.UnionType}:
        _check_any(_members(hint), value, path)
    elif origin is typing.Literal:
        _demand(value in [str(member) for member in typing.get_args(hint)], path, value)
    elif origin is list:
        _demand(isinstance(value, list), path, value)
        for number, item in enumerate(value):
            _check(typing.get_args(hint)[0], item, f"{path}[{number}]")
    elif origin is dict:
        _demand(isinstance(value, dict) and all(isinstance(item, str) for item in value.values()), path, value)
    else:
        _demand(isinstance(value, str) and re.fullmatch(_PATTERNS.get(hint, r"(?s).*"), value), path, value)


def _members(hint):
    """Return the types a value may have. `Literal[...] | str` is how the library writes a list that may yet grow."""
    members = [m for m in typing.get_args(hint) if typing.get_origin(m) is not UntypedStripeObject]
    named = {v for m in members if typing.get_origin(m) is typing.Literal for v in typing.get_args(m)}
    return [m for m in members if m is not str] if named - {""} else members


def _check_any(members, value, path):
    refusals = []
    for member in members:
        try:
            return _check(member, value, path)
        except RefusalError as refusal:
            refusals.append((is_typeddict(member) and isinstance(value, dict), refusal))
    raise max(refusals, key=lambda pair: pair[0])[1]


def _demand(is_fine, path, value):
    if not is_fine:
        raise invalid_parameter(path, value)


def _below(path, name):
    return f"{path}[{name}]" if path else name


def check_expand(resource, paths, *, is_list):
    """Refuse to expand what the library's own classes do not call expandable."""
    for path in paths:
        parts = path.split(".")
        if is_list and parts.pop(0) != "data":
            raise _not_expandable(path)
        kind = resource
        for part in parts:
            kind = _expanded(kind, part) if kind else None
            if kind is None:
                raise _not_expandable(path)


def _not_expandable(path):
    return RefusalError(400, f"This property cannot be expanded ({path}).", param="expand", is_kept=False)


def _expanded(resource, field):
    for member in typing.get_args(resource.__annotations__.get(field, str)):
        if isinstance(member, typing.ForwardRef):
            return getattr(stripe, member.__forward_arg__, None)
    return None
