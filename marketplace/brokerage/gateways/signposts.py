"""How signposts are written in a file: YAML, read and checked row by row before anything changes."""

from collections.abc import Container
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from marketplace.brokerage.rules.nouns import SignpostKind
from marketplace.brokerage.rules.signposts import WrittenSignpost, problems_of
from marketplace.kit.errors import DomainError
from marketplace.kit.places import CouncilCode
from marketplace.kit.written_files import read_written_file

SHIPPED = Path(__file__).parents[1] / "signposts"


class WrongSignpostsError(DomainError):
    """A file of signposts that cannot be used. The message says everything that is wrong with it, and where."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    council: str | None = Field(None, pattern=r"^E\d{8}$")
    kind: SignpostKind
    name: str
    words: str
    phone: str = ""
    email: str = ""
    href: str = ""
    checked_on: date
    # Where whoever wrote the file found it: for those who check it again.
    source: str


def read_signposts(name: str, *, councils: Container[CouncilCode], today: date) -> tuple[WrittenSignpost, ...]:
    """
    Return the signposts in a file, or in one that comes with the site, by its bare name.

    :param councils: every council there is.
    :raises WrongSignpostsError: if it is not there, or some of it cannot be used.
    """
    shipped = {path.stem: path for path in SHIPPED.glob("*.yaml")}
    path = shipped.get(name, Path(name))
    found: list[str] = []
    written: list[WrittenSignpost] = []
    for number, said in enumerate(_rows(path, known=sorted(shipped)), start=1):
        it = _row(number, said, found)
        if it is None:
            continue
        found += [f"Signpost {number}, {it.name}: {one.sentence}" for one in problems_of(it, today=today)]
        if it.council is not None and it.council not in councils:
            found.append(f"Signpost {number}, {it.name}: there is no council with the code {it.council}.")
        if any((it.council, it.name) == (other.council, other.name) for other in written):
            found.append(f"Signpost {number}, {it.name}: it is in the file twice.")
        written.append(it)
    if found:
        raise WrongSignpostsError(f"{path.name} cannot be used, so nothing was changed.\n" + "\n".join(found))
    return tuple(written)


def _rows(path: Path, *, known: list[str]) -> list[Any]:
    said = read_written_file(path, what="file of signposts", shipped=known, refusal=WrongSignpostsError)
    if not isinstance(said, list) or not said:
        raise WrongSignpostsError(f"{path.name} has no signposts: each begins with “- kind: advice”.")
    return said


def _row(number: int, said: object, found: list[str]) -> WrittenSignpost | None:
    try:
        row = _Row.model_validate(said)
    except ValidationError as error:
        found += [f"Signpost {number}: {_sentence(detail)}" for detail in error.errors()]
        return None
    return WrittenSignpost(
        council=CouncilCode(row.council) if row.council else None,
        kind=row.kind,
        name=row.name,
        words=row.words,
        phone=row.phone,
        email=row.email,
        href=row.href,
        checked_on=row.checked_on,
    )


def _sentence(detail: ErrorDetails) -> str:
    where = " > ".join(str(part) for part in detail["loc"]) or "it"
    match detail["type"]:
        case "missing":
            return f"“{where}” is missing."
        case "extra_forbidden":
            return f"“{where}” is not a line of a signpost."
        case "string_pattern_mismatch":
            return f"“{where}” must be the nine characters of a council’s code, such as E08000009."
        case "enum":
            return f"“{where}” must be one of {', '.join(SignpostKind)}."
        case _:
            return f"“{where}”: {detail['msg'][:1].lower()}{detail['msg'][1:]}."
