"""How a list of outcomes is written: one YAML file each, read and checked row by row before anything changes."""

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from marketplace.kit.errors import DomainError
from marketplace.kit.places import CouncilCode
from marketplace.kit.written_files import read_written_file
from marketplace.ratings.rules.nouns import SchemeCode
from marketplace.ratings.rules.outcomes import WrittenOutcome, WrittenScheme, problems_of

SHIPPED = Path(__file__).parents[1] / "schemes"


class WrongSchemeError(DomainError):
    """A list of outcomes that cannot be used. The message says everything that is wrong with it, and where."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _Row(_Strict):
    code: str
    name: str
    means: tuple[str, ...] = ()


class _Head(_Strict):
    scheme: str
    name: str = Field(max_length=120)
    council: str | None = Field(None, pattern=r"^E\d{8}$")
    source: str = Field(max_length=300)
    since: date


def read_scheme(name: str) -> WrittenScheme:
    """
    Return the list in a file, or one that comes with the site, by its bare name.

    :raises WrongSchemeError: if it is not there, or some of it cannot be used.
    """
    shipped = {path.stem: path for path in SHIPPED.glob("*.yaml")}
    path = shipped.get(name, Path(name))
    said = _said(path, known=sorted(shipped))
    rows = said.pop("outcomes", None)
    found: list[str] = []
    head = _head(said, found)
    outcomes = [row for row in (_row(number, one, found) for number, one in enumerate(_listed(rows), start=1)) if row]
    if head is not None and not found:
        scheme = WrittenScheme(
            code=SchemeCode(head.scheme),
            name=head.name,
            council=CouncilCode(head.council) if head.council else None,
            source=head.source,
            since=head.since,
            outcomes=tuple(WrittenOutcome(row.code, row.name, row.means) for row in outcomes),
        )
        found += problems_of(scheme)
        if not found:
            return scheme
    raise WrongSchemeError(f"{path.name} cannot be used, so nothing was changed.\n" + "\n".join(found))


def _said(path: Path, *, known: list[str]) -> dict[str, Any]:
    said = read_written_file(path, what="list of outcomes", shipped=known, refusal=WrongSchemeError)
    if not isinstance(said, dict):
        raise WrongSchemeError(f"{path.name} is no list of outcomes: it needs lines such as “scheme: lewisham”.")
    return said


def _listed(rows: object) -> list[object]:
    return rows if isinstance(rows, list) else []


def _head(said: dict[str, Any], found: list[str]) -> _Head | None:
    try:
        return _Head.model_validate(said)
    except ValidationError as error:
        found += [_sentence(detail) for detail in error.errors()]
        return None


def _row(number: int, said: object, found: list[str]) -> _Row | None:
    try:
        return _Row.model_validate(said)
    except ValidationError as error:
        found += [f"Outcome {number}: {_sentence(detail)}" for detail in error.errors()]
        return None


def _sentence(detail: ErrorDetails) -> str:
    where = " > ".join(str(part) for part in detail["loc"]) or "it"
    match detail["type"]:
        case "missing":
            return f"“{where}” is missing."
        case "extra_forbidden":
            return f"“{where}” is not a line of a list of outcomes."
        case "string_pattern_mismatch":
            return f"“{where}” must be the nine characters of a council’s code, such as E09000023."
        case _:
            return f"“{where}”: {detail['msg'][:1].lower()}{detail['msg'][1:]}."
