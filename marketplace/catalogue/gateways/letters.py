"""Which letters are these bytes? Refuses what is no text, in words."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from marketplace.catalogue.gateways.rows import UnreadableFileError

LARGEST = 100 * 1024 * 1024
"""Bytes of the largest file we read at once."""

_NOT_TEXT = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a spreadsheet, a document or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a document"),
)
# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 100_000
_MOSTLY = 0.4
_BINARY_SHARE = 0.02
_TEXT_CONTROLS = frozenset("\t\n\r\f\v")


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says, and sentences about how it was read."""

    words: str
    remarks: tuple[str, ...] = ()


def bytes_of(path: Path) -> bytes:
    """
    Return what is in a file.

    :raises UnreadableFileError: if it is not there, is no file, is empty, is too large or may not be read.
    """
    try:
        if not path.exists():
            raise UnreadableFileError(f"There is no file {path}. Check the name.")
        if not path.is_file():
            raise UnreadableFileError(f"{path} is not a file.")
        if path.stat().st_size > LARGEST:
            raise UnreadableFileError(
                f"{path.name} is larger than {LARGEST // 1024**2} MB. Split it into smaller files."
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            f"{path} cannot be opened: {(error.strerror or 'unknown reason').lower()}."
        ) from error
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFileError(f"{path.name} is empty.")
    return content


def text_of(content: bytes, *, encoding: str, wanted: str) -> Text:
    """
    Return bytes as text: in the encoding that the file itself marks, else in the one named, else as Windows wrote it.

    A file that says one thing and is another is read as what it is, and a remark says so.

    :raises UnreadableFileError: if it is no text.
    """
    for start, kind in _NOT_TEXT:
        if content.startswith(start):
            raise UnreadableFileError(f"This is {kind}, not {wanted}. Save or download it as {wanted}.")
    text = _marked(content) or _unmarked_utf_16(content) or _named(content, encoding)
    sample = text.words[:_SAMPLE]
    controls = sum(1 for letter in sample if letter < " " and letter not in _TEXT_CONTROLS)
    if controls > len(sample) * _BINARY_SHARE:
        raise UnreadableFileError(f"This is not text: it is full of bytes that no letter has. Save it as {wanted}.")
    start_words = text.words[:200].lstrip().lower()
    if start_words.startswith(("<!doctype html", "<html", "<?xml")):
        kind = "XML" if start_words.startswith("<?xml") else "a web page"
        raise UnreadableFileError(f"This is {kind}, not {wanted}. Download the file itself.")
    return text


def _marked(content: bytes) -> Text | None:
    for mark, name in _MARKS:
        if content.startswith(mark):
            try:
                words = content.decode(name)
            except UnicodeDecodeError as error:
                raise UnreadableFileError(
                    f"The file is marked as {name.upper()}, but byte {error.start:,} does not fit that. "
                    "It may be cut short. Download it again."
                ) from error
            return Text(words, (f"The file is in {name.upper()}, and was read so.",))
    return None


def _unmarked_utf_16(content: bytes) -> Text | None:
    """Read UTF-16 without its mark: in English text every other byte is zero."""
    sample = content[:_SAMPLE]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        others = sample[0::2] if name == "utf-16-le" else sample[1::2]
        if zeros.count(0) > len(sample) * _MOSTLY and others.count(0) == 0:
            try:
                return Text(content.decode(name), ("The file is in UTF-16, without saying so, and was read so.",))
            except UnicodeDecodeError:
                return None
    return None


def _named(content: bytes, encoding: str) -> Text:
    try:
        return Text(content.decode(encoding))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        known = "UTF-8" if encoding.startswith("utf-8") else encoding
        try:
            words, name = content.decode("cp1252"), "Windows-1252"
        except UnicodeDecodeError:
            words, name = content.decode("latin-1"), "Latin-1"
        remark = (
            f"Line {line} is not {known}, so the whole file was read as {name}. "
            "If letters look wrong, name its encoding in the mapping."
        )
        return Text(words, (remark,))
