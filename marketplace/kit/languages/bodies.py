"""Reads what follows each other in a template, gathers the runs of words in it, and puts each in another language."""

from collections.abc import Sequence
from typing import Protocol, cast

from jinja2 import nodes

from marketplace.kit.languages.runs import (
    Either,
    Piece,
    Tag,
    Value,
    Words,
    core,
    has_words,
    message_of,
    split_at_strays,
    stands_alone,
)
from marketplace.kit.languages.tags import Kind, Reader, Where
from marketplace.kit.languages.wordings import MOST_WAYS, Lookup, Wordings

_GAPS = " \t\r\n\f"


class Page(Protocol):
    """What a body asks of the template it is in."""

    lookup: Lookup
    wordings: Wordings

    def statement(self, statement: nodes.Node, reader: Reader) -> nodes.Node:
        """Return a statement in another language."""


class Body:
    """Some statements of a template, on their way into another language."""

    def __init__(self, page: Page, reader: Reader) -> None:
        self._page = page
        self._reader = reader
        self._drawn: list[nodes.Node] = []
        self._run: list[Piece] = []
        self._tag: list[nodes.Node] | None = None
        self._read: list[Piece] = []
        self._ways = 0
        self._begins_line = True
        self._line = 1

    def take(self, statement: nodes.Node) -> None:
        """Read one statement."""
        self._line = statement.lineno or self._line
        if isinstance(statement, nodes.Output):
            for node in statement.nodes:
                if isinstance(node, nodes.TemplateData):
                    self._markup(node.data)
                else:
                    self._expression(node)
        elif self._is_within_sentence(statement):
            self._aside(statement)
        else:
            self._control(statement)

    def finished(self) -> list[nodes.Node]:
        """Return everything read, in another language."""
        self._end_read()
        self._end_run()
        self._drawn += self._tag or []
        self._tag = None
        return _statements(self._drawn)

    def _markup(self, markup: str) -> None:
        for kind, bit in self._reader.read(markup):
            match kind:
                case Kind.WORDS:
                    self._run.append(Words(bit))
                case Kind.READ:
                    self._read.append(Words(bit))
                case Kind.TAG:
                    self._end_read()
                    self._tag = [*(self._tag or []), nodes.TemplateData(bit)]
                case Kind.TAG_ENDS:
                    self._end_tag()
                case Kind.UNREAD:
                    self._end_run()
                    self._drawn.append(nodes.TemplateData(bit))
        self._begins_line = markup.endswith("\n")

    def _end_tag(self) -> None:
        drawn, self._tag = self._tag or [], None
        if self._reader.is_inline:
            self._run.append(Tag(self._reader.name, self._reader.is_close, tuple(drawn)))
        else:
            self._end_run()
            self._drawn += drawn

    def _expression(self, expr: nodes.Expr) -> None:
        self._begins_line = False
        wordings, where = self._page.wordings, self._reader.where
        if where is Where.WORDS:
            pieces = wordings.pieces(expr, ways=MOST_WAYS - self._ways)
            if len(pieces) == 1 and isinstance(pieces[0], Either):
                self._either(pieces[0])
            else:
                self._ways += sum(isinstance(piece, Either) for piece in pieces)
                self._run += pieces
        elif where is Where.READ_ATTRIBUTE:
            self._read += wordings.pieces(expr, ways=0 if self._read else 1)
        elif where is Where.UNREAD:
            self._end_run()
            self._drawn.append(wordings.within(expr))
        else:
            self._tag = [*(self._tag or []), wordings.within(expr)]

    def _either(self, either: Either) -> None:
        """Take two ways to go on: into the sentence, or by themselves where each is one."""
        if stands_alone(self._run, either):
            self._end_run()
            self._run.append(either)
            self._end_run()
        else:
            self._run.append(either)
            self._ways += 1

    def _is_within_sentence(self, statement: nodes.Node) -> bool:
        """Test whether a choice or a list stands in the middle of a line, and holds nothing but parts of a sentence."""
        if self._reader.where is not Where.WORDS or self._begins_line:
            return False
        return isinstance(statement, nodes.If | nodes.For) and _is_inline(statement, self._reader.branch())

    def _aside(self, statement: nodes.Node) -> None:
        if isinstance(statement, nodes.If) and _is_flat(statement) and self._ways < MOST_WAYS:
            either = Either(
                cast("nodes.Expr", statement.test), *(self._pieces_of(way) for way in (statement.body, statement.else_))
            )
            self._either(either)
            return
        whole = self._page.statement(statement, self._reader.branch())
        self._run.append(Value("more", (whole,), is_component=True))

    def _pieces_of(self, statements: Sequence[nodes.Node]) -> tuple[Piece, ...]:
        inner = Body(self._page, self._reader.branch())
        inner._ways = MOST_WAYS
        for statement in statements:
            inner.take(statement)
        return tuple(inner._run)

    def _control(self, statement: nodes.Node) -> None:
        self._end_read()
        self._begins_line = True
        if self._tag is None:
            self._end_run()
            self._drawn.append(self._page.statement(statement, self._reader))
            return
        self._tag.append(self._page.statement(statement, self._reader))
        if self._reader.where in {Where.WORDS, Where.UNREAD}:  # the tag has ended inside
            self._end_run()
            self._drawn += self._tag
            self._tag = None

    def _end_read(self) -> None:
        if self._read:
            said = self._said(self._read, is_attribute=True)
            self._tag = [*(self._tag or []), *said]
            self._read = []

    def _end_run(self) -> None:
        if self._run:
            self._drawn += self._said(self._run)
            self._run = []
        self._ways = 0

    def _said(self, pieces: Sequence[Piece], *, is_attribute: bool = False) -> list[nodes.Node]:
        """Return a run in another language."""
        said: list[nodes.Node] = []
        for part in split_at_strays(pieces):
            begin, end = core(part)
            said += _nodes_of(part[:begin])
            said += self._sentence(part[begin:end], is_attribute=is_attribute)
            said += _nodes_of(part[end:])
        return said

    def _sentence(self, pieces: Sequence[Piece], *, is_attribute: bool) -> list[nodes.Node]:
        if not has_words(pieces):
            return _nodes_of(pieces)
        for at, piece in enumerate(pieces):
            if isinstance(piece, Either):
                return [self._two_ways(pieces[:at], piece, pieces[at + 1 :], is_attribute=is_attribute)]
        before, pieces, after = _without_gaps(pieces)
        message = message_of(pieces)
        said = self._page.lookup(message.text, self._line)
        if said is not None:
            pieces = message.arranged(said, is_attribute=is_attribute)
        return _nodes_of([before, *pieces, after])

    def _two_ways(
        self, before: Sequence[Piece], either: Either, after: Sequence[Piece], *, is_attribute: bool
    ) -> nodes.Node:
        yes, no = (
            _statements(self._said([*before, *way, *after], is_attribute=is_attribute))
            for way in (either.yes, either.no)
        )
        return nodes.If(either.test, yes, [], no, lineno=self._line)


def _is_flat(statement: nodes.If) -> bool:
    return not statement.elif_ and all(isinstance(one, nodes.Output) for one in [*statement.body, *statement.else_])


def _is_inline(statement: nodes.Node, reader: Reader) -> bool:
    """Test whether a statement holds no tag that ends a sentence, and no tag that it does not end itself."""
    for name in ("body", "elif_", "else_"):
        for inner in getattr(statement, name, None) or []:
            fits = _fits(inner, reader) if isinstance(inner, nodes.Output) else _is_inline(inner, reader)
            if not fits:
                return False
    return isinstance(statement, nodes.If | nodes.For)


def _fits(output: nodes.Output, reader: Reader) -> bool:
    depth = 0
    for node in output.nodes:
        for kind, _ in reader.read(node.data) if isinstance(node, nodes.TemplateData) else ():
            if kind is Kind.UNREAD or (kind is Kind.TAG_ENDS and not reader.is_inline):
                return False
            depth += (-1 if reader.is_close else 1) if kind is Kind.TAG_ENDS and reader.name not in {"br", "wbr"} else 0
    return reader.where is Where.WORDS and not depth


def _without_gaps(pieces: Sequence[Piece]) -> tuple[Words, list[Piece], Words]:
    """Return the gap before a run, the run, and the gap after it."""
    inner = list(pieces)
    before = after = Words("")
    if isinstance(first := inner[0], Words):
        body = first.markup.lstrip(_GAPS)
        before, inner[0] = Words(first.markup[: len(first.markup) - len(body)]), Words(body)
    if isinstance(last := inner[-1], Words):
        body = last.markup.rstrip(_GAPS)
        after, inner[-1] = Words(last.markup[len(body) :]), Words(body)
    return before, inner, after


def _nodes_of(pieces: Sequence[Piece]) -> list[nodes.Node]:
    """Return what draws some pieces."""
    drawn: list[nodes.Node] = []
    for piece in pieces:
        match piece:
            case Words():
                drawn.append(nodes.TemplateData(piece.markup))
            case Tag() | Value():
                drawn += piece.drawn
            case Either():
                ways = [_statements(_nodes_of(way)) for way in (piece.yes, piece.no)]
                drawn.append(nodes.If(piece.test, ways[0], [], ways[1], lineno=1))
    return drawn


def _statements(drawn: Sequence[nodes.Node]) -> list[nodes.Node]:
    """Return statements that draw some things after each other."""
    made: list[nodes.Node] = []
    for one in drawn:
        if isinstance(one, nodes.Stmt):
            made.append(one)
        elif made and isinstance(last := made[-1], nodes.Output) and getattr(last, "lineno", None) is None:
            last.nodes.append(cast("nodes.Expr", one))
        else:
            made.append(nodes.Output([one]))
    return made
