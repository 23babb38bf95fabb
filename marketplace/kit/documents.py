"""A document as people send it, looked at by what is in the file. What it calls itself is not believed."""

import io
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.pictures import PictureError, read_picture
from marketplace.kit.text import tidy_line

MOST_BYTES = 5_000_000
_PDF_BEGINS, _PDF_ENDS = b"%PDF-", b"%%EOF"
_END = 2048
"""Bytes at the end of a file in which a PDF says that it ends."""

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_ZIP = b"PK\x03\x04"
_ODT = "application/vnd.oasis.opendocument.text"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST_PARTS, _MOST_UNPACKED = 2_000, 100_000_000
"""What is in one, and how large it says it is unpacked: more is made to fill somebody's memory."""

_LONGEST_NAME = 110
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "text/plain": "txt", _ODT: "odt", _DOCX: "docx"}
_WE_TAKE = "Choose a PDF, a picture (JPEG or PNG), a plain text, or a letter from Word or LibreOffice (DOCX or ODT)."


class DocumentError(WrongAnswerError):
    """A file that we cannot take."""

    field = "document"


class UnknownKindError(DocumentError):
    """A file of a kind that we do not know."""

    def __init__(self) -> None:
        super().__init__(f"We do not take files of that kind. {_WE_TAKE}")


@dataclass(frozen=True, slots=True)
class Document:
    """A document as we keep it, under a name that ends as its contents say."""

    name: str
    kind: str
    contents: bytes


def read_document(*, sent: bytes, name: str) -> Document:
    """
    Return a document if it is of a kind that we take. Pictures are written anew; the rest stays as it is.

    :raises DocumentError: if it is empty, too large, of another kind, broken, or carries programs.
    """
    if not sent:
        raise DocumentError("That file is empty. Choose another one.")
    if len(sent) > MOST_BYTES:
        raise DocumentError("That file is larger than 5 MB. Choose a smaller one.")
    kind, contents = _looked_at(sent)
    if len(contents) > MOST_BYTES:
        raise DocumentError("That picture has more detail than we can keep. Choose a smaller one.")
    return Document(name=file_name(name, ending=_ENDINGS[kind]), kind=kind, contents=contents)


def _looked_at(sent: bytes) -> tuple[str, bytes]:
    if sent.startswith(_PDF_BEGINS):
        if _PDF_ENDS not in sent[-_END:]:
            raise DocumentError("That PDF is damaged. Try saving it again.")
        return "application/pdf", sent
    if sent.startswith(_PICTURES):
        try:
            return "image/jpeg", read_picture(sent).large
        except PictureError as error:
            raise DocumentError("That picture is damaged, or too small to read. Choose another one.") from error
    if sent.startswith(_ZIP):
        return _packed_kind(sent), sent
    return "text/plain", _plain(sent)


def _plain(sent: bytes) -> bytes:
    try:
        words = sent.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnknownKindError from error
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t\f" for c in words) or not words.strip():
        raise UnknownKindError
    return words.encode()


def _packed_kind(sent: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(sent)) as packed:
            sizes = {part.filename: part.file_size for part in packed.infolist()}
            says_it_is = packed.read("mimetype") if sizes.get("mimetype", 0) == len(_ODT) else b""
    except Exception as error:  # Every kind of broken file breaks its reader in a way of its own.
        raise DocumentError("That file is damaged. Try saving it again.") from error
    if len(sizes) > _MOST_PARTS or sum(sizes.values()) > _MOST_UNPACKED:
        raise DocumentError("That file is too large once it is unpacked. Choose another one.")
    if any(_is_program(name) for name in sizes):
        raise DocumentError("That file carries programs (macros). Save it without them, or as a PDF.")
    if says_it_is == _ODT.encode():
        return _ODT
    if {"[Content_Types].xml", "word/document.xml"} <= set(sizes):
        return _DOCX
    raise UnknownKindError


def _is_program(name: str) -> bool:
    lowered = name.lower()
    return lowered.startswith(("basic/", "scripts/")) or lowered.endswith((".bin", ".exe", ".js", ".vbs", ".class"))


def file_name(name: str, *, ending: str) -> str:
    """Return a name under which a file may be shown and sent: what somebody called it, with the ending it needs."""
    said = tidy_line(name.replace("\\", "/")).rsplit("/", 1)[-1]
    stem = PurePosixPath(said).stem if "." in said else said
    # A name is shown and sent in a header: letters, figures and a few marks are all it takes.
    kept = "".join(c if c.isalnum() or c in " -_.,()’'&+" else " " for c in stem)
    return f"{tidy_line(kept)[:_LONGEST_NAME].strip(' .') or 'document'}.{ending}"
