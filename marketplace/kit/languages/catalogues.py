"""Catalogues: everything the site says, for translators to fill in."""

from collections.abc import Callable, Iterable
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from babel.plural import to_gettext
from flask import Flask

from marketplace.kit.languages.extracting import Found, in_changes, in_code, in_templates
from marketplace.kit.languages.language import OF_OTHERS, file_of

_PACKAGE = Path(__file__).parents[2]
_CHANGES = _PACKAGE.parent / "migrations" / "versions"
_WIDTH = 100
_OURS = ("govuk_frontend_wtf/", "govuk_frontend_jinja/")
"""Where templates are that others wrote. What we use of them is named below."""
_THEIRS = tuple(
    f"govuk_frontend_jinja/components/{name}/macro.html"
    for name in (
        "button",
        "character-count",
        "checkboxes",
        "date-input",
        "error-message",
        "password-input",
        "radios",
        "select",
    )
)


def gather(app: Flask) -> Catalog:
    """Return a catalogue of everything that an application says, none of it translated."""
    environment = app.jinja_env
    every = environment.list_templates(extensions=["html"])
    ours = [name for name in every if not name.startswith(_OURS)]
    theirs = [name for name in every if name in _THEIRS]
    of_others = [Found(word, "", "kit/forms.py", 1) for word in sorted(OF_OTHERS)]
    found = [*in_templates(environment, [*ours, *theirs]), *in_code(_PACKAGE), *in_changes(_CHANGES), *of_others]
    return catalogue_of(found, name=app.config["SITE_NAME"])


def catalogue_of(found: Iterable[Found], *, name: str) -> Catalog:
    """Return a catalogue of some messages, none of it translated."""
    catalog = Catalog(project=name, version="1", charset="utf-8", fuzzy=False)
    for one in found:
        catalog.add((one.message, one.many) if one.many else one.message, locations=[(one.file, one.line)])
    return catalog


def write(catalog: Catalog, file: Path) -> None:
    """Write a catalogue. What is the same is written the same, so that changes can be seen."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, catalog, width=_WIDTH, sort_by_file=True, include_lineno=False)


def brought_up_to_date(template: Catalog, code: str, folder: Path) -> Catalog:
    """Return the catalogue of a language with everything that is said now. What is no longer said moves to its end."""
    file = file_of(code, folder)
    locale = code.replace("-", "_")
    if file.is_file():
        with file.open("rb") as source:
            catalog = read_po(source, locale=locale)
    else:
        catalog = Catalog(locale, project=template.project, version=template.version, fuzzy=False)
        catalog.mime_headers = [("Plural-Forms", to_gettext(Locale.parse(locale).plural_form))]  # as CLDR has them
    # A message that has changed is a new one: whoever guesses what it means now would guess wrong.
    catalog.update(template, no_fuzzy_matching=True)
    return catalog


def filled_in(template: Catalog, code: str, said: Callable[[str], str]) -> Catalog:
    """Return a catalogue in which every message is what a function makes of it."""
    catalog = Catalog(code.replace("-", "_"), project=template.project, version=template.version, fuzzy=False)
    for message in template:
        if isinstance(message.id, str):
            if message.id:
                catalog.add(message.id, said(message.id), locations=message.locations)
        else:
            catalog.add(message.id, tuple(said(form) for form in message.id), locations=message.locations)
    return catalog
