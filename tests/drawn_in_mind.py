"""
Draws a template without anything to show: each choice is drawn by lot, and what would be filled in is named.

Two templates that say the same are drawn the same, however their words were taken apart and put together.
"""

import html
import re
import zlib

from jinja2 import nodes

from marketplace.kit.languages.wordings import SAYS


def drawn_in_mind(template, lot):
    """Return what a template would show, by one of the ways that its choices may go."""
    text = html.unescape(_Mind(lot).drawn(template.body))
    return re.sub(r"[ \t\r\n]+", " ", text)


class _Mind:
    def __init__(self, lot):
        self.lot = lot

    def chooses(self, test):
        return zlib.crc32(f"{self.lot} {self.named(test)}".encode()) % 2

    def drawn(self, statements):
        return "".join(map(self.statement, statements))

    def statement(self, one):
        match one:
            case nodes.Output():
                return "".join(
                    node.data if isinstance(node, nodes.TemplateData) else self.named(node) for node in one.nodes
                )
            case nodes.If():
                for way in [one, *one.elif_]:
                    if self.chooses(way.test):
                        return self.drawn(way.body)
                return self.drawn(one.else_)
        inside = "".join(
            self.drawn(value) if name in {"body", "else_"} else self.named(value) for name, value in one.iter_fields()
        )
        return f"⟦{type(one).__name__} {inside}⟧"

    def named(self, one):  # noqa: PLR0911  (a line for each kind)
        match one:
            case nodes.Const():
                return str(one.value)
            case nodes.TemplateData():
                return one.data
            case nodes.Concat():
                return "".join(map(self.named, one.nodes))
            case nodes.CondExpr():
                way = one.expr1 if self.chooses(one.test) else one.expr2
                return self.named(way) if way is not None else ""
            case nodes.Filter(name=name) if name == SAYS:
                return self.named(one.node)
            case nodes.Node():
                fields = ",".join(f"{name}={self.named(value)}" for name, value in one.iter_fields() if name != "ctx")
                return f"⟨{type(one).__name__} {fields}⟩"
            case list() | tuple():
                return ",".join(map(self.named, one))
        return str(one)
