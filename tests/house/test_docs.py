"""Do the documents still say what is so? Each failure message says what to do instead."""

import ast
import re
from importlib import import_module

import click
import pytest

from marketplace.config import Config
from tests.house.codebase import FILES, PACKAGES, PROJECT, ROOT, TEMPLATES, rooms_of, tree

DOCS = PROJECT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), PROJECT / "README.md", PROJECT / "CONTRIBUTING.md"])
COMPONENTS = [path.stem for path in TEMPLATES if path.parent.name == "components"]
PROMISING = [path for path in FILES if rooms_of(path) & {"services", "queries", "rules", "kit"}]


def test_every_package_says_what_it_owns_and_is_on_the_map():
    map_page = (DOCS / "architecture.md").read_text()
    for name in PACKAGES:
        docstring = import_module(f"marketplace.{name}").__doc__ or ""
        assert "Owns" in docstring, f"marketplace/{name}/__init__.py: say what it owns"
        assert "Promises" in docstring, f"marketplace/{name}/__init__.py: say what it promises"
        assert f"`{name}`" in map_page, f"put {name} in docs/architecture.md"


def test_every_setting_is_in_the_table_as_the_code_describes_it():
    rows = re.findall(r"^\| `([A-Z_]+)` \| .+? \| (.+) \|$", (DOCS / "configuration.md").read_text(), re.MULTILINE)
    described = [(name.upper(), field.description) for name, field in Config.model_fields.items()]
    assert rows == described, "write docs/configuration.md as marketplace/config.py says it, in its order"


def commands_of(group, before=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, (*before, name))
        else:
            yield " ".join((*before, name))


def test_every_command_is_in_the_operators_guide(app):
    guide = "".join(page.read_text() for page in [DOCS / "operating.md", *(DOCS / "operating").glob("*.md")])
    missing = [command for command in commands_of(app.cli) if f"flask {command}" not in guide]
    assert not missing, f"tell operators in docs/operating.md or docs/operating/: {missing}"


def test_every_decision_is_in_the_index_and_numbered_without_a_gap():
    index = (DOCS / "adr" / "README.md").read_text()
    decisions = sorted((DOCS / "adr").glob("[0-9]*.md"))
    assert [path.name[:4] for path in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    assert re.findall(r"^\| \[\d+\]\((\d{4})-", index, re.MULTILINE) == [path.name[:4] for path in decisions]
    for path in decisions:
        number, title = re.match(r"# (\d+)\. (.+)", path.read_text()).groups()
        assert f"| [{number}]({path.name}) | {title} |" in index, f"put it in docs/adr/README.md: {number}. {title}"
        for part in ("**Context.**", "**Decision.**", "**Consequences.**", "**Alternatives.**", "**Enforced by**"):
            assert part in path.read_text(), f"{path.name} has no {part}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_every_link_of_a_document_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#|<)([^)#\s]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{target} is not there"


def test_every_component_is_described_and_shown():
    described = (DOCS / "design.md").read_text()
    shown = "".join(path.read_text() for path in (ROOT / "web/templates/web").glob("design/*.html"))
    for name in COMPONENTS:
        assert f"| `{name}` |" in described, f"describe {name} in docs/design.md"
        assert f'"components/{name}.html"' in shown, f"show {name} on a page of /design"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_question_it_answers(path):
    assert ast.get_docstring(tree(path)), "begin the file with a sentence about what it answers"


@pytest.mark.parametrize("path", PROMISING, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_public_name_says_what_it_will_do_or_is(path):
    silent = [
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent, f"give each of these a sentence: {silent}"


def test_every_error_that_a_docstring_promises_exists():
    errors = {node.name for path in FILES for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)}
    errors |= {"ValueError", "RuntimeError", "LookupError"}
    strays = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        for promised in re.findall(r":raises ([^:]+):", ast.get_docstring(node) or "")
        for name in promised.split(", ")
        if name not in errors
    ]
    assert not strays, f"these errors are called something else now: {strays}"


def test_every_script_is_in_a_document():
    told = "\n".join(page.read_text() for page in PAGES)
    scripts = [path.name for path in sorted((PROJECT / "script").iterdir()) if path.is_file()]
    strays = [name for name in scripts if not re.search(rf"script/{re.escape(name)}\b(?!-)", told)]
    assert not strays, f"say in CONTRIBUTING.md what these are for: {strays}"
