"""Whom do we read outside? Files that others publish, and the mappings that say how each is written."""

from marketplace.catalogue.gateways.mappings import (
    CategoryBy,
    FreeWhen,
    Mapping,
    Nearness,
    Origin,
    WrongMappingError,
    read_mapping,
    shipped_mappings,
    standard_mapping,
)
from marketplace.catalogue.gateways.reading import UnreadableFileError, reading_of
from marketplace.catalogue.gateways.reasons import ReadyReason, ready_reasons
from marketplace.catalogue.gateways.rows import BrokenRow, Reading, Row

__all__ = [
    "BrokenRow",
    "CategoryBy",
    "FreeWhen",
    "Mapping",
    "Nearness",
    "Origin",
    "Reading",
    "ReadyReason",
    "Row",
    "UnreadableFileError",
    "WrongMappingError",
    "read_mapping",
    "reading_of",
    "ready_reasons",
    "shipped_mappings",
    "standard_mapping",
]
