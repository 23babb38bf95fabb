"""How is each piece of a page written? Read from the pieces themselves, for the gallery."""

import re
from dataclasses import dataclass

from jinja2 import BaseLoader, Environment

_HEAD = re.compile(r"{#\n(.*?)#}", re.DOTALL)
_MACRO = re.compile(r"{%-? macro (\w+)\((.*?)\) -?%}", re.DOTALL)
_FOLDER = "components/"


@dataclass(frozen=True, slots=True)
class Usage:
    """What to write for a piece: the two lines, and the first sentence about it."""

    brings: str
    writes: str
    words: str


def usages(environment: Environment) -> dict[str, Usage]:
    """Return how every component is written, by its name."""
    loader = environment.loader
    assert isinstance(loader, BaseLoader)  # noqa: S101 (Flask always has one)
    found = (path for path in loader.list_templates() if path.startswith(_FOLDER))
    return {
        path.removeprefix(_FOLDER).removesuffix(".html"): _usage(path, loader.get_source(environment, path)[0])
        for path in sorted(found)
    }


def _usage(path: str, source: str) -> Usage:
    macros = [(name, " ".join(wants.split())) for name, wants in _MACRO.findall(source) if not name.startswith("_")]
    head = _HEAD.search(source)
    lines = head[1].splitlines() if head else []
    name, wants = _own(path, macros)
    return Usage(
        brings=f'{{% from "{path}" import {name} %}}',
        writes=f"{{{{ {name}({wants}) }}}}",
        words=" ".join(line.strip() for line in lines if line.startswith("  ") and line[2:3] != " "),
    )


def _own(path: str, macros: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the macro that has the file's name, or the first."""
    named = path.removeprefix(_FOLDER).removesuffix(".html")
    return next((macro for macro in macros if macro[0] == named), macros[0] if macros else (named, ""))
