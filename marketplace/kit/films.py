"""Films that people make, looked at by what is in the file, and told nothing about."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from marketplace.kit.bare_mp4 import bare_mp4
from marketplace.kit.bare_webm import bare_webm
from marketplace.kit.errors import WrongAnswerError

MOST_BYTES = 30_000_000


class FilmError(WrongAnswerError):
    """A file that we cannot take as a film."""

    field = "film"


@dataclass(frozen=True, slots=True)
class Film:
    """A film of pictures and sound alone. The pictures themselves stay as they were sent."""

    contents: bytes
    media_type: str


def begins_like_a_film(sent: bytes) -> bool:
    """Test whether a file is packed as films are. Recordings of sound may be packed so too."""
    return any(is_packed(sent) for is_packed, *_ in _KINDS)


def read_film(sent: bytes) -> Film:
    """
    Return a film if it is one that we take: MP4 (as telephones make them) or WebM, up to 30 MB.

    Where and when it was made, with what, and under what name, goes.

    :raises FilmError: if it is empty, too large, of another kind, broken, or holds no moving pictures.
    """
    if not sent:
        raise FilmError("That film is empty. Choose another one.")
    if len(sent) > MOST_BYTES:
        raise FilmError("That film is larger than 30 MB. Make a shorter one, or send it smaller.")
    for is_packed, media_type, bare in _KINDS:
        if is_packed(sent):
            return _read(sent, media_type, bare)
    raise FilmError("We could not read that as a film. Choose an MP4 or WebM file.")


def _read(sent: bytes, media_type: str, bare: Callable[[bytes], tuple[bytes, frozenset[bytes]]]) -> Film:
    try:
        contents, kinds = bare(sent)
    except (ValueError, IndexError, struct.error) as error:
        raise FilmError("That film is damaged, or holds more than pictures and sound. Try another one.") from error
    if b"vide" not in kinds:
        raise FilmError("There are no moving pictures in that file.")
    return Film(contents, media_type)


_KINDS: tuple[tuple[Callable[[bytes], bool], str, Callable[[bytes], tuple[bytes, frozenset[bytes]]]], ...] = (
    (lambda sent: sent[4:8] == b"ftyp", "video/mp4", bare_mp4),
    (lambda sent: sent[:4] == b"\x1a\x45\xdf\xa3", "video/webm", bare_webm),
)
