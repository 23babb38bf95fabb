"""Opens a published file by a mapping, whatever it is written in."""

from datetime import date
from pathlib import Path

from marketplace.catalogue.gateways import letters, referrals, tables
from marketplace.catalogue.gateways.mappings import FileFormat, Mapping
from marketplace.catalogue.gateways.rows import Reading, UnreadableFileError

__all__ = ["UnreadableFileError", "reading_of"]


def reading_of(path: Path, *, mapping: Mapping, today: date) -> Reading:
    """
    Return every row of a file, good and broken, and remarks on how it was read. Costs that ended before today are left.

    :raises UnreadableFileError: if nothing of it can be used.
    """
    content = letters.bytes_of(path)
    wanted = "CSV" if mapping.format is FileFormat.CSV else "JSON"
    text = letters.text_of(content, encoding=mapping.encoding, wanted=wanted)
    words = text.words.removeprefix("\ufeff")
    if mapping.format is FileFormat.OPEN_REFERRAL:
        rows = tuple(referrals.rows_of(words, today=today))
    elif words.lstrip()[:1] in {"{", "["}:
        raise UnreadableFileError(
            f"{path.name} looks like JSON, and the mapping says CSV. Use the mapping that belongs to it."
        )
    else:
        rows = tuple(tables.rows_of(words, columns=mapping.columns, delimiter=mapping.delimiter))
    return Reading(rows, text.remarks)
