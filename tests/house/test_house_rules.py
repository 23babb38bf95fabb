"""Tests about the codebase itself. Each failure message says what to do instead."""

import ast
import re
from importlib import import_module

import grimp
import pytest
from sqlalchemy import inspect

from marketplace.kit.model import Model
from tests.house.codebase import FILES, PROJECT, ROOT, TEMPLATES, calls, rooms_of, tree

MAX_LINES = 400


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_outgrows_its_reader(path):
    assert len(path.read_text().splitlines()) <= MAX_LINES, "split it into a package of the same name"


def test_only_kit_db_commits():
    strays = [
        f"{p}:{line}"
        for p in FILES
        for name, line in calls(p)
        if name in {"commit", "rollback"} and p not in {ROOT / "kit" / "db.py", ROOT / "kit" / "gazetteer.py"}
    ]
    assert not strays, f"open transaction() in the view, job or command instead: {strays}"


def test_the_domain_never_reads_the_clock():
    strays = [
        f"{p}:{line}"
        for p in FILES
        if rooms_of(p) & {"rules", "services", "queries", "models"}
        for name, line in calls(p)
        if name in {"now", "today", "utcnow"}
    ]
    assert not strays, f"take `now` as an argument: {strays}"


def test_models_stay_home():
    graph = grimp.build_graph("marketplace")
    strays = []
    for module in graph.modules:
        if not module.endswith(".models"):
            continue
        home = module.rsplit(".", 1)[0]
        for importer in graph.find_modules_that_directly_import(module):
            same_package = importer.startswith(home + ".")
            if not same_package and ".queries" not in importer:
                strays.append(f"{importer} -> {module}")
    assert not strays, f"call that package's services or queries instead: {strays}"


def _all_models():
    for path in ROOT.glob("*/models*"):
        import_module(f"marketplace.{path.parent.name}.models")
    return Model.registry.mappers


def test_no_relationship_loads_behind_your_back():
    lazy = [str(r) for mapper in _all_models() for r in inspect(mapper).relationships if r.lazy != "raise"]
    assert not lazy, f"declare lazy='raise' and load what you show in queries.py: {lazy}"


def is_page(path):
    return "components" not in path.parts and path.name != "layout.html" and not path.name.startswith("_")


def test_every_page_says_who_may_open_it(app):
    unguarded = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access")
    ]
    assert not unguarded, f"add @public, @signed_in or @requires(...): {unguarded}"


@pytest.mark.parametrize("path", [p for p in TEMPLATES if is_page(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_page_wears_the_layout(path):
    text = path.read_text()
    if path.parent.name == "design":  # the parts of the gallery share what stands around them
        text += (path.parent / "_part.html").read_text()
    assert '{% extends "layout.html" %}' in text, 'start the page with {% extends "layout.html" %}'
    assert "{% block title %}" in text, "give the page a title block"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_template_imports_what_it_does_not_use(path):
    text = path.read_text()
    for imported in re.findall(r"{%-? from .+? import (.+?) (?:with context )?-?%}", text):
        for part in imported.split(","):
            name = part.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{re.escape(name)}\b", text)) > 1, f"remove the import of {name}"


def test_every_refusal_is_a_sentence():
    strays = []
    for path in FILES:
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args):
                continue
            kind, said = node.exc.func, node.exc.args[0]
            name = kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "")
            if not name.endswith("Error") or name in {"RuntimeError", "ValueError", "TypeError", "KeyError"}:
                continue
            last = said.values[-1] if isinstance(said, ast.JoinedStr) else said
            if isinstance(last, ast.Constant) and isinstance(last.value, str) and not last.value.rstrip().endswith("."):
                strays.append(f"{path}:{node.lineno}")
    assert not strays, f"people read this: end it with a full stop: {strays}"


def test_migrations_are_in_order_and_the_head_is_written_down():
    names = sorted(p.stem for p in (PROJECT / "migrations" / "versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    assert (PROJECT / "migrations" / ".head").read_text().strip() == names[-1][:4]


def test_lock_files_name_hashes_and_no_address():
    for lock in [*(PROJECT / "requirements").glob("*.lock"), PROJECT / "package-lock.json"]:
        text = lock.read_text()
        assert "sha256:" in text or "sha512-" in text, f"{lock.name} has no hashes"
        assert not re.search(r"https?://", re.sub(r'"(?:url|funding)": "[^"]+"', "", text)), (
            f"{lock.name} names an address"
        )
