"""What a piece is that comes with the site. Pure."""

from dataclasses import dataclass
from typing import Any

from marketplace.brokerage.rules.nouns import OutcomeId, PieceId, PieceKind
from marketplace.catalogue.rules import CategorySlug


@dataclass(frozen=True, slots=True)
class ShelfPiece:
    """An example plan or a model document, as it comes with the site. Its id stays the same from version to version."""

    id: PieceId
    kind: PieceKind
    title: str
    summary: str
    words: str
    plan: dict[str, Any] | None
    file_name: str
    media_type: str
    contents: bytes | None
    outcome_id: OutcomeId | None
    category: CategorySlug | None
