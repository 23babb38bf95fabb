"""How pages are drawn in more than one language: English as ever, each other with templates of its own."""

from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, cast

from flask import get_flashed_messages
from jinja2 import Template, nodes

from marketplace.kit.drawing import PageEnvironment
from marketplace.kit.languages.choosing import language_now
from marketplace.kit.languages.language import Language
from marketplace.kit.languages.pages import in_language
from marketplace.kit.languages.wordings import SAYS

_OF_STRINGS = ("capitalize", "join", "lower", "replace", "string", "title", "trim", "truncate", "upper")
"""Filters that make a plain string of whatever they are given, so that it must be said first."""


class ManyLanguages(PageEnvironment):
    """
    Jinja for a site in more than one language.

    A page is drawn by the environment of its reader's language, which compiles templates of its own when they are
    first asked for. So English pages hold nothing that looks up, and others look up only what is known at run time.
    """

    language: Language | None = None
    _others: dict[str, "ManyLanguages"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._others = {}

    def speaking(self, language: Language) -> "ManyLanguages":
        """Return the environment that draws pages in a language."""
        if language.is_source:
            return self
        if language.code not in self._others:
            # Two threads may both make it: they make the same.
            self._others[language.code] = self._in(language)
        return self._others[language.code]

    def _in(self, language: Language) -> "ManyLanguages":
        # What was compiled is kept by the name of a template, which says nothing of its language.
        other = self.overlay(bytecode_cache=None)
        other.language = language
        other.filters = self.filters | filters_of(language, self.filters)
        other.globals = self.globals | _globals_of(language)
        return other

    def _load_template(self, name: str | Template, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002
        if self.language is None and isinstance(name, str):
            drawing = self.speaking(language_now())
            if drawing is not self:
                return drawing._load_template(name, {**globals, **drawing.globals} if globals else globals)  # noqa: SLF001
        return super()._load_template(cast("str", name), globals)

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002  (as Jinja calls it)
    ) -> str:
        if self.language is not None:
            source = in_language(source, lookup_in(self.language), self)
        return super()._generate(source, name, filename, defer_init)


def lookup_in(language: Language) -> Callable[[str, int], str | None]:
    """Return what looks a message up in a language."""
    return lambda message, line: language.messages.get(message)


def filters_of(language: Language, filters: MutableMapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return the filters that say things in a language."""
    return {
        SAYS: language.show,
        "day": language.day,
        "moment": language.moment,
        "month": language.month,
        "pounds": language.money,
        "thousands": language.number,
        "counted": language.counted,
        "distance": language.distance,
        **{name: _after_saying(filters[name], language) for name in _OF_STRINGS},
    }


def _after_saying(drawn: Callable[..., Any], language: Language) -> Callable[..., Any]:
    """Return a filter of strings that says first what it is given. Jinja reads off it what else it asks for."""

    def say(value: Any) -> Any:
        if isinstance(value, str):
            return language.show(value)
        if isinstance(value, Iterable) and not hasattr(value, "__html__") and not isinstance(value, dict):
            return [language.show(one) for one in value]
        return language.show(value)

    if hasattr(drawn, "jinja_pass_arg"):

        def passed(first: Any, value: Any, *args: Any, **options: Any) -> Any:
            return drawn(first, say(value), *args, **options)

        passed.jinja_pass_arg = drawn.jinja_pass_arg  # type: ignore[attr-defined]
        return passed
    return lambda value, *args, **options: drawn(say(value), *args, **options)


def _globals_of(language: Language) -> dict[str, Any]:
    def flashed() -> list[str]:
        return [language.say_ours(str(said)) for said in get_flashed_messages()]

    return {"get_flashed_messages": flashed, "language": language}
