"""How the register of the Care Quality Commission is written: one YAML file for each form it is published in."""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from marketplace.catalogue.gateways import letters, tables
from marketplace.catalogue.gateways.mappings import WrongMappingError
from marketplace.catalogue.gateways.rows import BrokenRow, Row, UnreadableFileError
from marketplace.catalogue.rules import CqcLocationId
from marketplace.catalogue.rules.cqc import location_number

SHIPPED = Path(__file__).parents[1] / "registers"
LONGEST_PREAMBLE = 40
"""Lines of a file that may come before the one that names its columns."""

_NONE = {"", "-", "n/a", "null", "none"}


class _RowRefusedError(Exception):
    pass


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""What a column is called, now and in other years."""


class Register(BaseModel):
    """Which column holds what. `service_columns` begins the names of columns that say Y for a service type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Names
    name: Names
    provider_name: Names
    postcode: Names
    service_types: Names | None = None
    service_columns: str | None = None
    rating: Names | None = None
    checked_on: Names
    days: tuple[str, ...]
    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @property
    def columns(self) -> tuple[Names, ...]:
        """Every column that the file must have."""
        named = (
            self.id,
            self.name,
            self.provider_name,
            self.postcode,
            self.checked_on,
            self.service_types,
            self.rating,
        )
        return tuple(names for names in named if names)


@dataclass(frozen=True, slots=True)
class Location:
    """One location, as one row of the register has it. `rating` is None where the file has no ratings."""

    line: int
    id: CqcLocationId
    name: str
    provider_name: str
    postcode: str
    service_types: str
    rating: str | None
    checked_on: date | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterReading:
    """The whole register as read, with sentences about how."""

    locations: tuple[Location | BrokenRow, ...]
    remarks: tuple[str, ...] = ()


def shipped_registers() -> tuple[str, ...]:
    """Return the names of the forms that we know."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def read_register(path: Path, *, named: str = "") -> RegisterReading:
    """
    Return every location of a file of the register. Which form it is in shows by its columns, if nobody says.

    :raises UnreadableFileError: if nothing of it can be used.
    :raises WrongMappingError: if there is no such form, or the file that describes it is wrong.
    """
    forms = {name: _form(SHIPPED / f"{name}.yaml") for name in shipped_registers()}
    if named:
        forms = {named: forms[named] if named in forms else _form(Path(named))}
    text = letters.text_of(letters.bytes_of(path), encoding="utf-8-sig", wanted="CSV")
    words = text.words.removeprefix("\ufeff")
    for form in forms.values():
        header_at, columns = _header(words, form)
        if columns is not None:
            return RegisterReading(tuple(_locations(words, form, header_at, columns)), text.remarks)
    first = next(iter(forms.values()))
    missing = ", ".join(f"“{names[0]}”" for names in first.columns)
    raise UnreadableFileError(
        f"None of the first {LONGEST_PREAMBLE} lines of {path.name} names the columns we know, such as {missing}. "
        f"We know these forms: {', '.join(forms)}."
    )


def _form(path: Path) -> Register:
    if not path.is_file():
        raise WrongMappingError(f"There is no form {path}. These come with the site: {', '.join(shipped_registers())}.")
    try:
        return Register.model_validate(yaml.safe_load(path.read_text(encoding="utf-8-sig")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongMappingError(f"{path.name} is not YAML, so it describes no form.") from error
    except ValidationError as error:
        wrong = ", ".join(f"“{'.'.join(str(part) for part in detail['loc'])}”" for detail in error.errors())
        raise WrongMappingError(f"{path.name} cannot be used. Look at {wrong}.") from error


def _header(words: str, form: Register) -> tuple[int, Mapping[Names, str] | None]:
    """Return how many lines come before the one that names the columns, and what each column is called in it."""
    for n, line in enumerate(islice(_lines(words), LONGEST_PREAMBLE)):
        named = {" ".join(cell.split()).casefold(): cell.strip() for cell in _cells(line)}
        found = {
            names: next((named[name.casefold()] for name in names if name.casefold() in named), None)
            for names in form.columns
        }
        if all(found.values()):
            return n, {names: name for names, name in found.items() if name}
    return 0, None


def _locations(
    words: str, form: Register, header_at: int, columns: Mapping[Names, str]
) -> Iterator[Location | BrokenRow]:
    lines = list(_lines(words))
    # What comes before the header becomes blank lines, so that every row keeps its number.
    body = "\n" * header_at + "".join(lines[header_at:])
    services = _service_columns(lines[header_at], form)
    wanted = [*columns.values(), *services]
    first: dict[CqcLocationId, int] = {}
    for row in tables.rows_of(body, columns=wanted, delimiter=form.delimiter):
        if isinstance(row, BrokenRow):
            yield row
            continue
        try:
            location = _location(row, form, columns, services)
        except _RowRefusedError as refusal:
            yield BrokenRow(row.line, str(refusal), name=row.cells[columns[form.name]][:60])
            continue
        if (known := first.setdefault(location.id, row.line)) == row.line:
            yield location
        else:
            reason = f"Line {known} is the same location, {location.id}."
            yield BrokenRow(row.line, reason, name=location.name)


def _lines(words: str) -> Iterator[str]:
    """Yield lines as tables are read, so that both count alike."""
    return iter(io.StringIO(words, newline=""))


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _service_columns(header: str, form: Register) -> tuple[str, ...]:
    if not form.service_columns:
        return ()
    return tuple(cell.strip() for cell in _cells(header) if cell.strip().startswith(form.service_columns))


def _location(row: Row, form: Register, columns: Mapping[Names, str], services: tuple[str, ...]) -> Location:
    def cell(names: Names | None) -> str:
        said = " ".join(row.cells[columns[names]].split()) if names else ""
        return "" if said.casefold() in _NONE else said

    number, name = location_number(cell(form.id)), cell(form.name)
    if number is None:
        raise _RowRefusedError(f"“{cell(form.id)[:40]}” is no number of a location.")
    if not name:
        raise _RowRefusedError("The location has no name.")
    if form.service_columns:
        kinds = [one.removeprefix(form.service_columns) for one in services if row.cells[one].strip().upper() == "Y"]
    else:
        kinds = [part.strip() for part in cell(form.service_types).split("|") if part.strip()]
    checked_on, remark = _day(cell(form.checked_on), form.days)
    return Location(
        line=row.line,
        id=number,
        name=name[:200],
        provider_name=cell(form.provider_name)[:200],
        postcode=cell(form.postcode),
        service_types=", ".join(kinds),
        rating=cell(form.rating)[:40] if form.rating else None,
        checked_on=checked_on,
        remarks=(remark,) if remark else (),
    )


def _day(said: str, forms: tuple[str, ...]) -> tuple[date | None, str]:
    if not said:
        return None, ""
    for form in forms:
        with suppress(ValueError):
            return datetime.strptime(said, form).date(), ""  # noqa: DTZ007  (a day has no time zone)
    return None, f"“{said[:30]}” is not a day we can read, so the day of the latest check is left out."
