"""Where the codebase lies, for tests about it."""

import ast
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
ROOT = PROJECT / "marketplace"
FILES = sorted(ROOT.rglob("*.py"))
TEMPLATES = sorted(ROOT.rglob("templates/**/*.html"))
PACKAGES = sorted(p.parent.name for p in ROOT.glob("*/__init__.py"))


@cache
def tree(path):
    """Return a file, parsed."""
    return ast.parse(path.read_text())


def rooms_of(path):
    """Return the names by which a file may be known: `services` of services.py, and of services/asking.py."""
    return {path.stem, path.parent.name}


def calls(path):
    """Yield the method calls of a file, with their lines."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


def template_name(path):
    """Return a template as templates and views call it."""
    return str(path).rpartition("/templates/")[2]
