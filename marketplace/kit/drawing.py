"""How pages are drawn: Jinja as Flask sets it up, without what costs more than it gives here."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class PageEnvironment(Environment):
    """
    Jinja for pages that are made of many small components.

    Jinja chains a template's own globals, which ours do not have, before everybody's. Each import of a component then
    compares two chains, name by name, which took longer than drawing it.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template."""
        return super().make_globals(d) if d else self.globals
