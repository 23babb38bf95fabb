"""What stands in the library from the start: example plans and model documents, a YAML file each."""

import uuid
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from marketplace.brokerage.gateways.odt import MEDIA_TYPE, as_odt
from marketplace.brokerage.rules.documents import blocks_of
from marketplace.brokerage.rules.library import LONGEST_SUMMARY, LONGEST_TITLE
from marketplace.brokerage.rules.nouns import OutcomeId, Part, PartOfDay, PieceId, PieceKind
from marketplace.brokerage.rules.shelf import ShelfPiece
from marketplace.brokerage.rules.week import DRAWINGS
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.errors import DomainError

SHIPPED = Path(__file__).parents[1] / "shelf"
# A piece keeps its address when its words change.
_SPACE = uuid.UUID("5ce1f0b0-6b59-4b7e-9d8f-3f6f6a0d7c11")


class WrongShelfError(DomainError):
    """A piece of the library that cannot be used. The message says which, and what is wrong with it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _Line(_Strict):
    wish: str = Field(max_length=200)
    what_would_help: str
    outcome_id: str


class _Thing(_Strict):
    day: int = Field(ge=1, le=7)
    part_of_day: PartOfDay
    words: str = Field(max_length=80)
    drawing: Literal[*DRAWINGS]  # type: ignore[valid-type]  # mypy does not read what is in a mapping


class _Plan(_Strict):
    parts: dict[Part, str]
    lines: tuple[_Line, ...]
    week: tuple[_Thing, ...]


class _Piece(_Strict):
    kind: Literal[PieceKind.EXAMPLE_PLAN, PieceKind.MODEL_DOCUMENT]
    title: str = Field(max_length=LONGEST_TITLE)
    summary: str = Field(max_length=LONGEST_SUMMARY)
    outcome: str | None = None
    category: str | None = None
    words: str
    plan: _Plan | None = None


def read_shelf(folder: Path = SHIPPED) -> tuple[ShelfPiece, ...]:
    """
    Return the pieces in a folder, each a YAML file, in the order of their names.

    :raises WrongShelfError: if one of them cannot be used.
    """
    return tuple(_read(path) for path in sorted(folder.glob("*.yaml")))


def _read(path: Path) -> ShelfPiece:
    try:
        it = _Piece.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise WrongShelfError(f"{path.name} cannot be used: {error}.") from error
    is_document = it.kind is PieceKind.MODEL_DOCUMENT
    return ShelfPiece(
        id=PieceId(uuid.uuid5(_SPACE, path.stem)),
        kind=it.kind,
        title=it.title,
        summary=it.summary,
        words=it.words,
        plan=it.plan.model_dump(mode="json") if it.plan else None,
        file_name=f"{path.stem}.odt" if is_document else "",
        media_type=MEDIA_TYPE if is_document else "",
        contents=as_odt(it.title, blocks_of(it.words)) if is_document else None,
        outcome_id=OutcomeId(it.outcome) if it.outcome else None,
        category=CategorySlug(it.category) if it.category else None,
    )
