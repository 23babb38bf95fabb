"""Habits that only hold while somebody looks. Each failure message says what to do instead."""

import ast
import re
from collections import Counter

import pytest

from tests.house.codebase import FILES, PROJECT, ROOT, TEMPLATES, rooms_of, template_name, tree

BANNED = {"helper", "helpers", "util", "utils", "manager", "data", "info", "process", "handle", "misc", "common"}
# What the frameworks call, by names of their own.
FRAMEWORKS = {"process_formdata", "process_bind_param", "process_result_value", "_load_form_data"}
# The rule that both engines write in SQL, for the tests that hold them to it.
REFERENCES = {"is_within_reach"}
# Found by its kind, which is the address of the counter in a setting; and a table that is counted up by statements.
FOUND_OTHERWISE = {"DatabaseStorage", "Stamp"}
VIEWS = [p for p in FILES if "views" in rooms_of(p)]


def test_every_template_is_drawn_by_somebody():
    code = "\n".join(path.read_text() for path in FILES)
    drawn = {template_name(path): path.read_text() for path in TEMPLATES}
    strays = [
        name
        for name in drawn
        if f'"{name}"' not in code and not any(f'"{name}"' in text for other, text in drawn.items() if other != name)
    ]
    assert not strays, f"take these out: {strays}"


def defined_in(path):
    return [node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def parts_of(name):
    return set(re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_"))


def test_names_say_what_a_thing_is():
    strays = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in FILES
        for name in [path.stem, *defined_in(path)]
        # A statement may say that something is common.
        if BANNED & parts_of(name) and name not in FRAMEWORKS and not name.startswith("is_")
    ]
    assert not strays, f"name what it is instead (CONTRIBUTING.md, names): {strays}"


def named_in(path):
    """Count every name a file uses, but for those it only hands on."""
    names = Counter()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name):
            names[node.id] += 1
        elif isinstance(node, ast.Attribute):
            names[node.attr] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and path.name != "__init__.py":
            names.update(re.findall(r"\w+", node.value))
    return names


def test_nothing_is_kept_for_tests_alone():
    used = Counter()
    by_hand = [PROJECT / name for name in ("wsgi.py", "gunicorn.conf.py", "script/pictures")]
    for path in [*FILES, *(PROJECT / "benchmarks").rglob("*.py"), *by_hand]:
        used.update(named_in(path))
    for path in TEMPLATES:
        used.update(re.findall(r"\w+", path.read_text()))
    strays = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in FILES
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list
        if not used[node.name] and node.name not in REFERENCES | FOUND_OTHERWISE
    ]
    assert not strays, f"take out what nobody but a test asks for: {strays}"


def called_in(function):
    return {
        node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_few_pages_write_when_they_are_read():
    writers = set()
    for path in VIEWS:
        functions = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
        writing = {name for name, function in functions.items() if "transaction" in called_in(function)}
        writers |= {
            name
            for name, function in functions.items()
            if any(ast.unparse(decorator).startswith("bp.get") for decorator in function.decorator_list)
            and (name in writing or called_in(function) & writing)
        }
    # Taking figures away is written down, in whatever form.
    figures = {"download", "everything", "everything_csv", "everything_ndjson", "figures", "table"}
    known = {"results", "shared_plan"} | figures
    assert writers == known, "a page that is read writes nothing: see docs/adr/0013 and 0037"


def test_refusals_are_shown_in_one_way():
    strays = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in VIEWS
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"form_errors|\.errors = ", line)
    ]
    assert not strays, f"use kit.refusals.show_refusal: {strays}"


@pytest.mark.parametrize("path", VIEWS, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_transaction_holds_one_call(path):
    long = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.With)
        and any("transaction()" in ast.unparse(item) for item in node.items)
        and len(node.body) > 1
    ]
    assert not long, f"make it one service: {path.relative_to(ROOT)} {long}"
