"""Whatever changes money, access, what moderators do or what people consented to is written in the audit trail."""

import ast
from functools import cache
from importlib import import_module

from marketplace.kit.keeping import kept_in
from marketplace.kit.model import Model
from tests.house.codebase import FILES, PACKAGES, PROJECT, ROOT, tree

for _models in sorted(ROOT.glob("*/models*")):
    import_module(f"marketplace.{_models.parent.name}.models")

TOLD_ELSEWHERE = {
    "marketplace.accounts.services.rotating.rotate_keys": "hides the same secret with a newer key",
    "marketplace.accounts.services.second_factor.check_code": "the same; signing in is recorded",
    "marketplace.brokerage.services.shelf.stock_library": "puts up what the site ships with; nobody decided about it",
    "marketplace.payments.services.charging.note_page": "where its page is; that it began is recorded",
}
"""Public functions that change such a table and rightly say nothing, each with its reason."""


def test_every_service_that_changes_what_is_audited_says_so():
    silent = {}
    for name in sorted(_entries() - TOLD_ELSEWHERE.keys()):
        reached = _reached(name)
        changed = sorted({what for one in reached for what in _changes(one)})
        if changed and not any(_records(one) for one in reached):
            silent[name] = changed
    lines = "\n".join(f"{name} changes {', '.join(what)}" for name, what in silent.items())
    assert not silent, f"call audit.record, with about= the person concerned:\n{lines}"


def test_what_changes_an_audited_table_is_seen():
    seen = {what.partition(".")[0] for name in _functions() for what in _changes(name)}
    unseen = {model.__name__ for model in _audited().values()} - seen
    assert not unseen, f"nobody changes these, or this test no longer sees who does: {sorted(unseen)}"
    assert len([name for name in _entries() if any(_changes(one) for one in _reached(name))]) > 100


def test_nothing_is_excused_that_needs_no_excuse():
    for name in TOLD_ELSEWHERE:
        assert name in _entries(), name
        reached = _reached(name)
        assert any(_changes(one) for one in reached), name
        assert not any(_records(one) for one in reached), name


# ---------------------------------------------------------------- how the code is read


@cache
def _audited():
    models = {one.class_.__name__: one.class_ for one in Model.registry.mappers}
    return {name: model for name, model in models.items() if kept_in(model.__table__).audited}


@cache
def _models():
    return {one.class_.__name__: one.class_ for one in Model.registry.mappers}


@cache
def _files():
    found = {}
    for package in PACKAGES:
        if package == "demo":
            continue  # It makes a town of nobody's, through the same services.
        for path in sorted(ROOT.glob(f"{package}/services/**/*.py")) + sorted(ROOT.glob(f"{package}/services.py")):
            parts = path.relative_to(PROJECT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _functions():
    """Every function of every service, by its full name."""
    return {
        f"{module}.{node.name}": node
        for module, path in _files().items()
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
    }


@cache
def _entries():
    """Public functions, but for those that only other services call, within what these record."""
    public = {name for name in _functions() if not name.rpartition(".")[2].startswith("_")}
    parts = {part for name in _functions() for part in _named_in(name) if part != name}
    return frozenset(name for name in public if name not in parts or name.rpartition(".")[2] in _said_outside())


@cache
def _said_outside():
    """Every name that stands in a file which is no service: views, commands, jobs."""
    services = set(_files().values())
    said = set()
    for path in FILES:
        if path not in services and path.relative_to(ROOT).parts[0] != "demo" and path.name != "__init__.py":
            for node in ast.walk(tree(path)):
                said |= {getattr(node, "id", None), getattr(node, "attr", None)}
    return said


@cache
def _names(module):
    """What a file calls by which name: `{"audit": "marketplace.kit.audit"}`."""
    names = {}
    for node in ast.walk(tree(_files()[module])):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            names |= {one.asname or one.name: one.name for one in node.names}
    own = {node.name: f"{module}.{node.name}" for node in tree(_files()[module]).body if hasattr(node, "name")}
    return names | own


def _full(module, node):
    """Return the full name of what a name, or a dotted name, stands for."""
    if isinstance(node, ast.Name):
        return _settled(_names(module).get(node.id, node.id))
    if isinstance(node, ast.Attribute):
        return _settled(f"{_full(module, node.value)}.{node.attr}")
    return ""


@cache
def _settled(name):
    """Follow a name that a package hands on from one of its files."""
    module, _, last = name.rpartition(".")
    if name not in _functions() and module in _files() and last in _names(module):
        handed_on = _names(module)[last]
        return name if handed_on == name else _settled(handed_on)
    return name


@cache
def _named_in(name):
    """The functions that a function calls, or hands to something that will."""
    module = name.rpartition(".")[0]
    used = {_full(module, node) for node in ast.walk(_functions()[name]) if isinstance(node, ast.Name | ast.Attribute)}
    return used & _functions().keys()


@cache
def _reached(name):
    reached, following = {name}, [name]
    while following:
        new = _named_in(following.pop()) - reached
        reached |= new
        following += new
    return frozenset(reached)


@cache
def _records(name):
    module = name.rpartition(".")[0]
    return any(
        _full(module, node.func) == "marketplace.kit.audit.record"
        for node in ast.walk(_functions()[name])
        if isinstance(node, ast.Call)
    )


@cache
def _changes(name):
    """Which audited columns or rows a function changes itself."""
    module, function = name.rpartition(".")[0], _functions()[name]
    kinds = _kinds(module, function)
    found = set()
    small = _small_updates(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            found |= _changed_by_call(node, kinds) if node not in small else set()
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in [part for one in targets for part in (one.elts if isinstance(one, ast.Tuple) else [one])]:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    found |= _changed_column(kinds.get(target.value.id), target.attr)
    return frozenset(found)


def _changed_by_call(node, kinds):
    called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if called in _audited() and isinstance(node.func, ast.Name):
        return {called}
    if called in {"update", "delete", "insert"} and node.args and isinstance(node.args[0], ast.Name):
        what = node.args[0].id
        what = what if what in _audited() else kinds.get(what)
        return {f"{what}"} if what in _audited() else set()
    return set()


def _small_updates(function):
    """Every `update(Model)` that sets nothing but columns which need no audit."""
    small = set()
    for node in ast.walk(function):
        if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "values" and node.keywords):
            continue
        for inner in ast.walk(node.func):
            if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") == "update":
                model = _audited().get(getattr(inner.args[0], "id", ""))
                if model and {one.arg for one in node.keywords} <= set(kept_in(model.__table__).unaudited):
                    small.add(inner)
    return small


def _changed_column(kind, column):
    if kind not in _audited():
        return set()
    table = _audited()[kind].__table__
    return {f"{kind}.{column}"} if column in table.columns and column not in kept_in(table).unaudited else set()


def _kinds(module, function):
    """Which model stands behind each name of a function, as far as it can be read."""
    kinds = {}
    arguments = function.args
    for argument in (*arguments.args, *arguments.kwonlyargs):
        kinds[argument.arg] = _model_in(module, argument.annotation, {})
    # Twice: what is read below may be used above, in a loop.
    for _ in range(2):
        for node in ast.walk(function):
            read = getattr(node, "iter", None) or getattr(node, "annotation", None) or getattr(node, "value", None)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.For | ast.comprehension | ast.NamedExpr):
                for target in getattr(node, "targets", None) or [node.target]:
                    _learn(kinds, target, _model_in(module, read, kinds))
    return kinds


def _learn(kinds, target, kind):
    if kind and isinstance(target, ast.Name):
        kinds[target.id] = kind
    elif kind and isinstance(target, ast.Tuple):
        for one in target.elts:
            _learn(kinds, one, kind)


def _model_in(module, node, kinds):
    """Return the first model that an expression speaks of: `select(Pool)`, `session.get(Pool, ...)`, `_pool(...)`."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) and node.value in _models() else None
    if isinstance(node, ast.Name):
        return node.id if node.id in _models() else kinds.get(node.id)
    if isinstance(node, ast.Attribute):
        return None if kinds.get(getattr(node.value, "id", "")) else _model_in(module, node.value, {})
    parts = ast.iter_child_nodes(node) if node is not None else ()
    if isinstance(node, ast.Call):
        called = _functions().get(_full(module, node.func))
        if called is not None:
            return _model_in(_full(module, node.func).rpartition(".")[0], called.returns, {})
        parts = [node.func.value, *node.args] if isinstance(node.func, ast.Attribute) else node.args
    return next(filter(None, (_model_in(module, one, kinds) for one in parts)), None)
