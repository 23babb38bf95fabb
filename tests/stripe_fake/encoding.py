"""How does Stripe write nested values into a form? `a[b][0][c]=d`, and indexes or nothing for lists."""

import re
from urllib.parse import parse_qsl

from tests.stripe_fake.errors import invalid_parameter

_PART = re.compile(r"\[([^\[\]]*)\]")


def decoded(text):
    """Return the nested values of a form or query. Leaves stay text."""
    tree = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(tree, _path(name), value)
    return _with_lists(tree)


def _path(name):
    head, bracket, rest = name.partition("[")
    parts = _PART.findall(bracket + rest)
    if not head or "".join(f"[{part}]" for part in parts) != bracket + rest:
        raise invalid_parameter(name, "")
    return [head, *parts]


def _put(tree, path, value):
    *branches, leaf = path
    for branch in branches:
        tree = tree.setdefault(branch, {})
        if not isinstance(tree, dict):
            raise invalid_parameter("[".join(path), value)
    tree[leaf or str(len(tree))] = value


def _with_lists(tree):
    if not isinstance(tree, dict):
        return tree
    if tree and all(name.isdigit() for name in tree):
        return [_with_lists(tree[name]) for name in sorted(tree, key=int)]
    return {name: _with_lists(value) for name, value in tree.items()}
