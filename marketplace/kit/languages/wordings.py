"""Words inside the expressions of a template: what is given to components, what is put together, what is chosen."""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from jinja2 import nodes

from marketplace.kit.languages.runs import Either, Piece, Value, Words, has_words, message_of

Lookup = Callable[[str, int], str | None]
"""Gives a message in another language, or None. The number is the line it stands in."""
Signatures = Mapping[str, Sequence[str]]
"""The components that a template calls, with the names of their arguments."""

SAYS = "said_here"
"""The filter through which a page shows what may be a sentence of ours."""
MOST_WAYS = 2
"""How often one run may go on in two ways: each doubles its messages."""

_READ = frozenset(
    """
    text title lead label hint heading caption words legend summary note notes unit suffix button about
    what more reply replied answer how why said price area distance checked warning empty question
    description names rows columns tags labels points visuallyHiddenText
    """.split()  # noqa: SIM905  (they are read more easily so)
)
_CODES = frozenset(
    """
    kind size tone state inputmode autocomplete class classes href id type action method field icon
    picture verdict hidden endpoint enctype slug prefix value params attributes form_id rel target role
    status
    """.split()  # noqa: SIM905  (they are read more easily so)
)
_UNLIKE = re.compile(r"[<>_={}#]|--|/\w*/|\.\w{2,4}$|^\w+\.\w+$")
_LIKE = re.compile(r"^[“‘(]?[A-Z£][a-z’]|[a-z’]{2,}[,;:.]? [\w“‘£]")
_PASSES_ON = frozenset(
    {"capitalize", "default", "format", "list", "lower", "string", "title", "trim", "truncate", "upper"}
)


def looks_like_words(text: str) -> bool:
    """Test whether a string of a template is something to read, rather than a name or a path."""
    return not _UNLIKE.search(text) and bool(_LIKE.search(text))


class Wordings:
    """Puts the words in expressions into another language."""

    def __init__(self, lookup: Lookup, components: Signatures) -> None:
        self._lookup = lookup
        self._components = components

    def pieces(self, expr: nodes.Expr, *, ways: int = MOST_WAYS) -> list[Piece]:
        """Return what an expression that a page shows is made of."""
        match expr:
            case nodes.Const(value=str(text)):
                return [Words(html.escape(text, quote=False))] if text else []
            case nodes.Concat():
                return self._pieces_of_all(expr.nodes, ways)
            case nodes.CondExpr() if ways and _chooses_words(expr):
                yes, no = (tuple(self.pieces(way, ways=0)) if way else () for way in (expr.expr1, expr.expr2))
                return [Either(expr.test, yes, no)]
        called, is_component = name_of(expr), self._is_component(expr)
        return [Value(called, (_saying(self.shown(expr, ways=0)),), is_component)]

    def _pieces_of_all(self, exprs: Iterable[nodes.Expr], ways: int) -> list[Piece]:
        pieces: list[Piece] = []
        for expr in exprs:
            pieces += self.pieces(expr, ways=ways - sum(isinstance(piece, Either) for piece in pieces))
        return pieces

    def shown(self, expr: nodes.Expr, *, ways: int = MOST_WAYS) -> nodes.Expr:
        """Return an expression whose strings are read by somebody, in another language."""
        match expr:
            case nodes.Const(value=str(_)) | nodes.Concat():
                return self._put_together(self.pieces(expr, ways=ways), expr.lineno)
            case nodes.CondExpr() if ways and _chooses_words(expr):
                return self._put_together(self.pieces(expr, ways=ways), expr.lineno)
            case (
                nodes.Getitem(node=nodes.Dict() as table)
                | nodes.Call(node=nodes.Getattr(node=nodes.Dict() as table, attr="get"))
            ):
                self._chosen_from(table, expr)
            case nodes.CondExpr() | nodes.Or() | nodes.And() | nodes.List() | nodes.Tuple():
                self._each_shown(expr, ways)
            case nodes.Filter() if expr.node is not None and expr.name in _PASSES_ON:
                expr.node = self.shown(expr.node, ways=ways)
                expr.args = [self.shown(one) for one in expr.args] if expr.name == "default" else expr.args
            case _:
                return self.within(expr)
        return expr

    def _each_shown(self, expr: nodes.Expr, ways: int) -> None:
        """Put all that an expression may come to into another language, but not what it asks."""
        for field, value in expr.iter_fields(exclude=("test", "ctx")):
            if isinstance(value, nodes.Expr):
                setattr(expr, field, self.shown(value, ways=ways))
            elif isinstance(value, list):
                setattr(expr, field, [self.shown(one) for one in value])

    def _chosen_from(self, table: nodes.Dict, expr: nodes.Expr) -> None:
        for pair in table.items:
            pair.value = self.shown(pair.value)
        if isinstance(expr, nodes.Call):  # what is said where the table says nothing
            expr.args = [*expr.args[:1], *map(self.shown, expr.args[1:])]

    def within(self, expr: nodes.Expr) -> nodes.Expr:
        """Return an expression of whose strings only those are read that components are given, or that look so."""
        match expr:
            case nodes.Call():
                self._call(expr)
            case nodes.Dict():
                names = {pair.key.value for pair in expr.items if isinstance(pair.key, nodes.Const)}
                for pair in expr.items:
                    name = str(pair.key.value) if isinstance(pair.key, nodes.Const) else ""
                    # A row of a summary has a key and a value that are read; an option's value is not.
                    name = "text" if name == "value" and "key" in names else name
                    pair.value = self.named(name, pair.value)
            case nodes.List() | nodes.Tuple():
                expr.items = [self.named("", item) for item in expr.items]
            case nodes.Compare() | nodes.Test() | nodes.Const():
                pass
            case _:
                self._parts(expr)
        return expr

    def named(self, name: str, expr: nodes.Expr) -> nodes.Expr:
        """Return what is given a name: to a component as an argument, in a dict, or by `set`."""
        if name in _READ:
            return self.shown(expr)
        strings = [text for text in _strings(expr) if text.strip()]
        if name in _CODES or not strings or not all(looks_like_words(text) for text in strings):
            return self.within(expr)
        return self.shown(expr)

    def _parts(self, expr: nodes.Expr) -> None:
        for field, value in expr.iter_fields():
            if isinstance(value, nodes.Expr) and not (isinstance(expr, nodes.CondExpr) and field == "test"):
                setattr(expr, field, self.within(value))
            elif isinstance(value, list):
                setattr(expr, field, [self.within(one) if isinstance(one, nodes.Expr) else one for one in value])

    def _call(self, call: nodes.Call) -> None:
        names = self._components.get(called(call))
        if names is None:
            # A method that puts something into a list or a dict, or a function of ours.
            adds = isinstance(call.node, nodes.Getattr) and call.node.attr in {"append", "insert", "update"}
            call.args = [self.named("", one) if adds else self.within(one) for one in call.args]
            for pair in call.kwargs:
                pair.value = self.within(pair.value)
            return
        by_place = [*names, *[""] * len(call.args)]
        call.args = [self.named(name, one) for name, one in zip(by_place, call.args, strict=False)]
        for pair in call.kwargs:
            pair.value = self.named(pair.key, pair.value)

    def _is_component(self, expr: nodes.Expr) -> bool:
        return isinstance(expr, nodes.Call) and called(expr) in self._components

    def _put_together(self, pieces: Sequence[Piece], line: int) -> nodes.Expr:
        """Return an expression that makes one string of some pieces, in another language."""
        for at, piece in enumerate(pieces):
            if isinstance(piece, Either):
                before, after = pieces[:at], pieces[at + 1 :]
                yes, no = (self._put_together([*before, *way, *after], line) for way in (piece.yes, piece.no))
                return nodes.CondExpr(piece.test, yes, no)
        texts = [piece.text if isinstance(piece, Words) else "" for piece in pieces]
        if not has_words(pieces):
            return _joined(pieces)
        begins, ends = _gap(texts[0], is_end=False), _gap(texts[-1], is_end=True)
        message = message_of(pieces)
        said = self._lookup(message.text.strip(), line)
        if said is None:
            return _joined(pieces)
        return _joined([Words(begins), *message.arranged(said), Words(ends)])


def _gap(text: str, *, is_end: bool) -> str:
    return text[len(text.rstrip(" ")) :] if is_end else text[: len(text) - len(text.lstrip(" "))]


def _joined(pieces: Sequence[Piece]) -> nodes.Expr:
    parts: list[nodes.Expr] = []
    for piece in pieces:
        if isinstance(piece, Words):
            parts.extend([nodes.Const(piece.text)] if piece.text else [])
        elif isinstance(piece, Value):
            parts.extend(drawn for drawn in piece.drawn if isinstance(drawn, nodes.Expr))
    if len(parts) == 1 and isinstance(parts[0], nodes.Const):
        return parts[0]
    return nodes.Concat(parts) if parts else nodes.Const("")


def _saying(expr: nodes.Expr) -> nodes.Expr:
    return expr if isinstance(expr, nodes.Const) else nodes.Filter(expr, SAYS, [], [], None, None)


def _chooses_words(expr: nodes.CondExpr) -> bool:
    return any(text for text in _strings(expr))


def _strings(expr: nodes.Node | None) -> Iterable[str]:
    """Return the strings that an expression may come to, of which it may be put together."""
    match expr:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr():
            yield from _strings(expr.expr1)
            yield from _strings(expr.expr2)
        case nodes.Or():
            yield from _strings(expr.right)
        case nodes.Concat():
            yield "…".join("".join(_strings(part)) for part in expr.nodes)


def called(call: nodes.Call) -> str:
    """Return the name of what is called: of a component, or of one in a file of several."""
    match call.node:
        case nodes.Name(name=str(name)):
            return name
        case nodes.Getattr(node=nodes.Name(name=str(file)), attr=str(name)):
            return f"{file}.{name}"
    return ""


def name_of(expr: nodes.Node | None) -> str:
    """Return what a translator calls something filled in."""
    match expr:
        case (
            nodes.Filter(name="counted", args=[_, nodes.Const(value=str(name)), *_])
            | nodes.Name(name=str(name))
            | nodes.Getattr(attr=str(name))
            | nodes.Getitem(arg=nodes.Const(value=str(name)))
        ):
            return _plain(name)
        case (
            nodes.Filter(node=nodes.Node() as inner)
            | nodes.Call(node=inner)
            | nodes.Getitem(node=inner)
            | nodes.CondExpr(expr1=inner)
            | nodes.BinExpr(left=inner)
        ):
            return name_of(inner)
    return "this"


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_").lower() or "this"
