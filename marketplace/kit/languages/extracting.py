"""Everything the site says, gathered for translators: from templates, and from the code beside them."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, nodes

from marketplace.kit.languages.pages import in_language

_PLURALS = frozenset({"count", "counted"})

_ROOMS = frozenset({"access", "forms", "gateways", "kit", "queries", "rules", "services", "views", "app.py"})
_NOT_IN = frozenset({"demo", "languages", "geography"})
_WORDS = re.compile(r"[^\W\d_]{2,}")
_UNLIKE = re.compile(r"^[a-z_.:/-]+$|[<>{}\\|=*]|\w_\w|^\W*$|https?:|^[A-Z ]+$|%[sd(]|\n {4}")
_SQL = re.compile(
    r"^(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|ANALYZE|WITH|LOCK|SET)\b|\b(IS|NOT|IN) NULL\b"
)
_UNREAD = frozenset(
    """
    record NewType TypeVar cast compile execute scalar text CheckConstraint Index getLogger info warning
    debug exception RuntimeError TypeError LookupError strptime strftime replace removeprefix
    removesuffix startswith endswith split partition rpartition _any_of option argument command group
    """.split()  # noqa: SIM905  (they are read more easily so)
)
"""What is given to these is read by programs, or by operators."""
_ALONE = frozenset(
    """
    SubmitField StringField TextAreaField RadioField SelectField BooleanField DayField WholeNumberField
    PoundsField FileField PasswordField EmailField SelectMultipleField flash
    """.split()  # noqa: SIM905  (they are read more easily so)
)
"""What is given to these is words, were it one word."""


@dataclass(frozen=True)
class Found:
    """A message, and where it is said."""

    message: str
    many: str
    file: str
    line: int


def in_templates(environment: Environment, names: Iterable[str]) -> Iterator[Found]:
    """Return the messages of some templates."""
    for name in names:
        if environment.loader is None:
            return
        text, _, _ = environment.loader.get_source(environment, name)
        parsed = environment.parse(text)
        yield from _plurals_in(parsed, name)
        found: list[Found] = []

        def note(message: str, line: int, found: list[Found] = found, name: str = name) -> None:
            found.append(Found(message, "", name, line))

        in_language(parsed, note, environment)
        yield from found


def _plurals_in(template: nodes.Template, name: str) -> Iterator[Found]:
    for used in template.find_all(nodes.Filter):
        match used:
            case nodes.Filter(name="counted", args=[nodes.Const(value=one), nodes.Const(value=many)]):
                yield Found(f"{{number}} {one}", f"{{number}} {many}", name, used.lineno)


def in_code(root: Path) -> Iterator[Found]:
    """Return the messages in a package’s code."""
    for file in sorted(root.rglob("*.py")):
        parts = file.relative_to(root).parts
        rooms = {part.removesuffix(".py") if part != "app.py" else part for part in parts}
        if rooms & _ROOMS and not rooms & _NOT_IN:
            yield from _in_file(ast.parse(file.read_text()), "/".join(parts))


def in_changes(folder: Path) -> Iterator[Found]:
    """Return what changes to the tables put into them for people to read: names of kinds of support, and the like."""
    for file in sorted(folder.glob("*.py")):
        for row in ast.walk(ast.parse(file.read_text())):
            if isinstance(row, ast.Tuple | ast.Dict):
                values = row.elts if isinstance(row, ast.Tuple) else row.values
                for value in values:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str) and is_read(value.value):
                        yield Found(value.value, "", f"migrations/{file.name}", value.lineno)


def _in_file(tree: ast.Module, name: str) -> Iterator[Found]:
    reader = _Code(name)
    reader.visit(tree)
    return iter(reader.found)


class _Code(ast.NodeVisitor):
    """Reads one file of code for what people read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Found] = []
        self._alone = False

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # what a file, class or function says of itself
            self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.visit(value.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        """What is compared is a code."""

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in _PLURALS and len(texts) == 2:  # noqa: PLR2004
            self._note(node, f"{{number}} {texts[0]}", f"{{number}} {texts[1]}")
        elif name in {"worded", "one_word"} and texts:
            self._note(node, texts[0])
            for keyword in node.keywords:
                self.visit(keyword)
        elif name not in _UNREAD:
            before, self._alone = self._alone, self._alone or name in _ALONE
            self.generic_visit(node)
            self._alone = before

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and is_read(node.value, alone=self._alone):
            self._note(node, node.value)

    def _note(self, node: ast.expr, message: str, many: str = "") -> None:
        self.found.append(Found(message, many, self.name, node.lineno))


def is_read(text: str, *, alone: bool = False) -> bool:
    """Test whether a string in the code is something that people read. One word is only where nothing else can be."""
    words = _WORDS.findall(text)
    if not words or _UNLIKE.search(text) or _SQL.search(text):
        return False
    return alone and text[0].isupper() if len(words) == 1 else " " in text
