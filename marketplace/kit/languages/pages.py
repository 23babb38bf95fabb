"""Puts a parsed template into another language: its words, what it gives to components, and what it shows."""

import re
from collections.abc import Mapping, Sequence
from typing import cast
from weakref import WeakKeyDictionary

from jinja2 import Environment, TemplateNotFound, nodes

from marketplace.kit.languages.bodies import Body
from marketplace.kit.languages.tags import Reader, Where
from marketplace.kit.languages.wordings import Lookup, Wordings

_BODIES = ("body", "elif_", "else_")
_known: WeakKeyDictionary[Environment, dict[str, dict[str, Sequence[str]]]] = WeakKeyDictionary()
"""The components in each file that was looked into."""
_ATTRIBUTE = re.compile(r"\s*[\w:-]+=[\"']")
_STARTS_AFRESH = (nodes.Macro, nodes.CallBlock, nodes.Block, nodes.AssignBlock)


def in_language(template: nodes.Template, lookup: Lookup, environment: Environment) -> nodes.Template:
    """Return a parsed template in another language. `lookup` gives each message, or None to leave it in English."""
    page = _Page(lookup, Wordings(lookup, components_of(template, environment)))
    template.body = page.body(template.body, Reader())
    template.set_environment(environment)
    template.set_lineno(1)
    return template


def components_of(template: nodes.Template, environment: Environment) -> Mapping[str, Sequence[str]]:
    """Return the components that a template may call, by the names it calls them, with those of their arguments."""
    found = _macros(template)
    for imported in template.find_all(nodes.FromImport):
        theirs = _macros_in(imported.template, environment)
        for name in imported.names:
            own, here = (name, name) if isinstance(name, str) else name
            found[here] = theirs.get(own, ())
    for whole in template.find_all(nodes.Import):
        found |= {f"{whole.target}.{name}": of for name, of in _macros_in(whole.template, environment).items()}
    return found


def _macros(template: nodes.Template) -> dict[str, Sequence[str]]:
    return {macro.name: [str(one.name) for one in macro.args] for macro in template.find_all(nodes.Macro)}


def _macros_in(named: nodes.Expr, environment: Environment) -> dict[str, Sequence[str]]:
    if not isinstance(named, nodes.Const) or environment.loader is None:
        return {}
    known = _known.setdefault(environment, {})
    if named.value not in known:
        try:
            text, _, _ = environment.loader.get_source(environment, named.value)
        except TemplateNotFound:
            return {}
        known[named.value] = _macros(environment.parse(text))
    return known[named.value]


def _start_of(statements: Sequence[nodes.Node]) -> Reader:
    """Return a reader for what stands by itself: words, or attributes that a tag is given elsewhere."""
    data = (bit.data for one in statements for bit in one.find_all(nodes.TemplateData))
    first = next((bit for bit in data if bit.strip()), "")
    return Reader(Where.TAG) if _ATTRIBUTE.match(first) else Reader()


class _Page:
    """One template, on its way into another language."""

    def __init__(self, lookup: Lookup, wordings: Wordings) -> None:
        self.lookup = lookup
        self.wordings = wordings

    def body(self, statements: Sequence[nodes.Node], reader: Reader) -> list[nodes.Node]:
        """Return what follows from a place in the page, in another language."""
        body = Body(self, reader)
        for statement in statements:
            body.take(statement)
        return body.finished()

    def statement(self, statement: nodes.Node, reader: Reader) -> nodes.Node:
        """Return a statement in another language. The reader goes on from the end of its first body."""
        self._words_of(statement)
        afresh = isinstance(statement, _STARTS_AFRESH)
        begun, ended = reader.branch(), None
        for name in _BODIES:
            inner = getattr(statement, name, None)
            if not isinstance(inner, list) or not inner:
                continue
            here = _start_of(inner) if afresh else begun.branch()
            if name == "elif_":
                setattr(statement, name, [self.statement(one, begun.branch()) for one in inner])
                continue
            setattr(statement, name, self.body(inner, here))
            ended = ended or here
        if ended is not None and not afresh:
            reader.go_on_from(ended)
        return statement

    def _words_of(self, statement: nodes.Node) -> None:
        words = self.wordings
        match statement:
            case nodes.Assign():
                name = statement.target.name if isinstance(statement.target, nodes.Name) else ""
                statement.node = words.named(name, cast("nodes.Expr", statement.node))
            case nodes.CallBlock():
                statement.call = cast("nodes.Call", words.within(statement.call))
            case nodes.For():
                statement.iter = words.within(cast("nodes.Expr", statement.iter))
            case nodes.Macro():
                named = statement.args[len(statement.args) - len(statement.defaults) :]
                statement.defaults = [
                    words.named(str(one.name), default) for one, default in zip(named, statement.defaults, strict=True)
                ]
            case nodes.With():
                statement.values = [words.named("", value) for value in statement.values]
