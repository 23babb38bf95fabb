"""In which language somebody reads: as they chose, else as their browser asks, else as the site speaks."""

from collections.abc import Mapping, Sequence

from flask import Flask, Response, current_app, g, has_request_context, request

from marketplace.kit.languages.language import Language
from marketplace.kit.outbox import LANGUAGE
from marketplace.kit.reading import reading_now

_INSTALLED = "languages"


def init_app(app: Flask, languages: Sequence[Language]) -> None:
    """Let an application speak some languages. The first is its own."""
    app.extensions[_INSTALLED] = {language.code: language for language in languages}
    app.jinja_env.globals["language"] = languages[0]
    if not languages[0].is_source:
        app.extensions["sessionmaker"].configure(info={LANGUAGE: languages[0]})
    if len(languages) > 1:
        app.after_request(_say_which)


def installed() -> Mapping[str, Language]:
    """Return the languages that this site speaks, by their codes, its own first."""
    languages: Mapping[str, Language] = current_app.extensions[_INSTALLED]
    return languages


def own_language() -> Language:
    """Return the language that the site speaks to whomever it does not know."""
    return next(iter(installed().values()))


def language_now() -> Language:
    """Return the language of whoever asks for this page. Outside of a request: the site’s own."""
    languages = installed()
    if len(languages) == 1 or not has_request_context():
        return own_language()
    if "language" not in g:
        chosen = reading_now().language
        g.language = languages.get(chosen) or languages[_asked_for(list(languages))]
    found: Language = g.language
    return found


def _asked_for(codes: Sequence[str]) -> str:
    return request.accept_languages.best_match(codes) or codes[0]


def _say_which(response: Response) -> Response:
    """Name the language of a page, and by what it was chosen."""
    if response.mimetype == "text/html":
        response.content_language.add(language_now().code)
        response.vary.update({"Accept-Language", "Cookie"})
    return response
