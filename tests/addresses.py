"""Compiles the site's addresses once, not for every application: tests make hundreds, at a quarter of a second each."""

import functools

from werkzeug.routing import Rule


def compile_once():
    """Let equal rules share what builds their addresses. It depends on their parts and on nothing else."""
    compiling = Rule._compile_builder  # noqa: SLF001
    if hasattr(compiling, "__wrapped__"):
        return
    kept = {}

    @functools.wraps(compiling)
    def compile_builder(rule, append_unknown=True):
        parts = (tuple(rule._trace), repr(rule.defaults), append_unknown)  # noqa: SLF001
        if parts not in kept:
            kept[parts] = compiling(rule, append_unknown)
        return kept[parts]

    Rule._compile_builder = compile_builder  # noqa: SLF001
