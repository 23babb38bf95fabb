"""Every route and who may open it, for the docs: from the guards that the pages wear, as the walker of routes reads."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from marketplace.accounts.rules import PERMISSIONS, Role
from marketplace.app import create_app
from marketplace.config import load_config
from security.tools import ROOT

PAGE = ROOT / "docs" / "routes.md"
_SAYS_NO_GUARD = {"static"}

_TOP = """# Every route, and who may open it

Written by `script/security --routes` from the guards that the pages wear. The test
`tests/integration/routes/test_every_route.py` opens every one of them as each kind of visitor, with their own objects
and with somebody else’s, and finds what this table says.

- **anyone**: without signing in. **signed in**: whoever has an account. A role: only who holds it; a role that needs a
  second proof is not there until it is given in this browser.
- **own**: of those who may open such a page, only the people whose object it is (or who hold their live consent, or
  speak for the organisation) find anything. To everybody else it is not there: 404, as if it had never been.
- Whatever is sent (POST) carries a token, or is refused; Stripe’s events are signed instead, and how one reads,
  and where one is, are taken only from our own pages, as the browser says.

| address | by | who | own |
| --- | --- | --- | --- |
"""


def write_routes(path: Path = PAGE) -> int:
    """Write the table, and return how many routes are in it."""
    app = create_app(load_config(env="test", database_url="sqlite:///:memory:"))
    rows = list(route_rows(app))
    path.write_text(_TOP + "".join(f"| `{where}` | {by} | {who} | {own} |\n" for where, by, who, own in rows))
    return len(rows)


def route_rows(app: Flask) -> Iterator[tuple[str, str, str, str]]:
    """Yield address, methods, who may, and whether only whose it is finds it."""
    own = _own()
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        if rule.endpoint in _SAYS_NO_GUARD:
            continue
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        view = app.view_functions[rule.endpoint]
        yield rule.rule, methods, _who(view.access), "own" if rule.endpoint in own else ""  # type: ignore[attr-defined]


def _who(access: object) -> str:
    permission = getattr(access, "permission", None)
    if not getattr(access, "needs_sign_in", True):
        return "anyone"
    if permission is None:
        return "signed in"
    return ", ".join(role.value.replace("_", " ") for role in Role if permission in PERMISSIONS[role])


def _own() -> set[str]:
    from tests.integration.routes.test_every_route import OWN

    return set(OWN)
