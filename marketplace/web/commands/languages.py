"""The languages of the site, as whoever translates or operates it sees them."""

import io
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages.pofile import read_po
from flask import current_app
from flask.cli import AppGroup

from marketplace.kit.languages.catalogues import brought_up_to_date, filled_in, gather, write
from marketplace.kit.languages.checking import faults
from marketplace.kit.languages.language import SOURCE, file_of, is_known
from marketplace.kit.languages.made_up import CODE, made_up

commands = AppGroup("words", help="Put the site into other languages.")


def _folder() -> Path:
    return Path(current_app.config["TRANSLATIONS_PATH"])


@commands.command("extract")
def extract() -> None:
    """Write everything that the site says to messages.pot, for translators."""
    file = _folder() / "messages.pot"
    catalog = gather(current_app)
    write(catalog, file)
    click.echo(f"{len(catalog):,} messages are in {file}.")


@commands.command("update")
@click.argument("code")
def update(code: str) -> None:
    """Begin the catalogue of a language, or bring it up to date with what the site says now."""
    if code == SOURCE or not is_known(code):
        raise click.UsageError(f"{code} is no language to translate into. Use a code such as cy, ur or zh-Hant.")
    catalog = brought_up_to_date(gather(current_app), code, _folder())
    write(catalog, file_of(code, _folder()))
    click.echo(f"{file_of(code, _folder())}: {_done(catalog)}.")


@commands.command("check")
def check() -> None:
    """Say how much of each catalogue is done, and what is wrong in it; exit with 1 if anything is."""
    wrong = 0
    for file in sorted(_folder().glob("*/LC_MESSAGES/messages.po")):
        code = file.parts[-3]
        catalog = read_po(io.BytesIO(file.read_bytes()), locale=code.replace("-", "_"))
        click.echo(f"{code}: {_done(catalog)}.")
        for line in _wrong_in(catalog):
            wrong += 1
            click.echo(f"WRONG {code} {line}")
    if wrong:
        raise SystemExit(1)


@commands.command("made-up")
def write_made_up() -> None:
    """Write the catalogue of a made-up language, in which everything that would not be translated stays plain."""
    file = file_of(CODE, _folder())
    write(filled_in(gather(current_app), CODE, made_up), file)
    click.echo(f"{file} is written. Run the site with LANGUAGES={SOURCE},{CODE} to see it.")


def _done(catalog: Catalog) -> str:
    every = [message for message in catalog if message.id]
    done = sum(1 for message in every if message.string and any(message.string) and not message.fuzzy)
    return f"{done:,} of {len(every):,} messages are translated"


def _wrong_in(catalog: Catalog) -> Iterator[str]:
    for message in catalog:
        said = message.string or ""
        if not message.id or message.fuzzy or not all([said] if isinstance(said, str) else said):
            continue
        for fault in faults(message.id, said):
            yield f"“{message.id if isinstance(message.id, str) else message.id[-1]}”: {fault}"
