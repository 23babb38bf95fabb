"""Whatever the audit trail writes down, people read it in words."""

import ast
from pathlib import Path

from marketplace.web.rules.history import NOUNS, phrase

PACKAGES = Path(__file__).parents[3] / "marketplace"


def written_down():
    """Every pair of what was done and to what that the code writes down in so many words."""
    for path in PACKAGES.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "record"):
                continue
            said = {one.arg: one.value.value for one in call.keywords if isinstance(one.value, ast.Constant)}
            if isinstance(said.get("to_kind"), str):
                yield said.get("did"), said["to_kind"]


def test_everything_that_is_written_down_can_be_read():
    pairs = sorted({(did or "changed", kind) for did, kind in written_down()})
    assert len(pairs) > 100
    unnamed = {kind for _, kind in pairs} - NOUNS.keys()
    assert not unnamed, f"say what these are in web/rules/history.py: {unnamed}"
    read = [phrase(did=did, to_kind=kind) for did, kind in pairs]
    assert not [words for words in read if "_" in words or words.split()[-1] in {"of", "to", "about", "from", "for"}]


def test_a_role_is_named():
    assert phrase(did="granted user_led_organisation", to_kind="person") == "gave the role of user led organisation"
    assert phrase(did="took a measure away from", to_kind="pool") == "took a measure away from a pool"
    assert phrase(did="added a photo", to_kind="offer") == "added a photo of an offer"
    assert phrase(did="signed in", to_kind="person") == "signed in"
