"""Files in which people tell their plan, looked at by what is in them. What a file calls itself is not believed."""

import hashlib
from dataclasses import dataclass

from marketplace.brokerage.rules.nouns import FileKind
from marketplace.kit.bare_sounds import bare_sound
from marketplace.kit.documents import UnknownKindError, file_name, read_document
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.films import MOST_BYTES, FilmError, begins_like_a_film, read_film
from marketplace.kit.pictures import read_picture
from marketplace.kit.sounds import SoundError, read_sound

__all__ = ["MOST_BYTES", "FileError", "ReadFile", "read_file"]

_ENDINGS = {
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/webm": "webm",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
    "video/webm": "webm",
}
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_STILL = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif"})
"""How photographs begin that some telephones make, and that most browsers cannot show."""


_WE_TAKE = (
    "We could not read that file. Choose a picture (JPEG, PNG or WebP) or a recording (MP3, M4A, WAV, Ogg or WebM). "
    "We also take a film (MP4 or WebM) and a document (PDF, DOCX, ODT or plain text)."
)


class FileError(WrongAnswerError):
    """A file that we cannot take."""

    field = "file"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as we keep it. `small` is a small one of a picture. `digest` is the SHA-256 of its contents."""

    kind: FileKind
    name: str
    media_type: str
    contents: bytes
    small: bytes | None = None

    @property
    def digest(self) -> str:
        """What the file is known by: the same one twice is one."""
        return hashlib.sha256(self.contents).hexdigest()


def read_file(sent: bytes, *, name: str) -> ReadFile:
    """
    Return a picture, a recording, a film or a document as we keep it.

    Pictures are written anew. Of recordings and films, what tells where, when and with what they were made goes.
    Documents stay as they are.

    :raises FileError: if it is empty, too large, of another kind, broken, or not what its beginning says.
    """
    try:
        return _read(sent, name)
    except WrongAnswerError as error:
        raise FileError(str(error)) from error


def _read(sent: bytes, name: str) -> ReadFile:
    if not sent:
        raise FileError("That file is empty. Choose another one.")
    if sent[4:8] == b"ftyp" and sent[8:12] in _STILL:
        raise FileError("That photo is of a kind that many browsers cannot show (HEIC). Save it as a JPEG first.")
    if sent.startswith(_PICTURES) or (sent[:4] == b"RIFF" and sent[8:12] == b"WEBP"):
        picture = read_picture(sent)
        return ReadFile(
            FileKind.PICTURE, file_name(name, ending="jpg"), "image/jpeg", picture.large, small=picture.small
        )
    if begins_like_a_film(sent):
        return _film_or_sound(sent, name)
    try:
        return _sound(sent, name)
    except SoundError:
        if sent[:4] in {b"RIFF", b"OggS"} or sent[:3] == b"ID3":
            raise
    try:
        document = read_document(sent=sent, name=name)
    except UnknownKindError as error:
        raise FileError(_WE_TAKE) from error
    return ReadFile(FileKind.DOCUMENT, document.name, document.kind, document.contents)


def _film_or_sound(sent: bytes, name: str) -> ReadFile:
    """Read what is packed as films are: a film if there are moving pictures in it, or else a recording."""
    try:
        film = read_film(sent)
    except FilmError as no_film:
        try:
            return _sound(sent, name)
        except SoundError:
            raise no_film from None
    return ReadFile(FileKind.FILM, file_name(name, ending=_ENDINGS[film.media_type]), film.media_type, film.contents)


def _sound(sent: bytes, name: str) -> ReadFile:
    sound = read_sound(sent)
    try:
        contents = bare_sound(sound.content, media_type=sound.media_type)
    except (ValueError, IndexError) as error:
        raise SoundError("That recording carries more than sound. Save it again without a picture or text.") from error
    return ReadFile(FileKind.SOUND, file_name(name, ending=_ENDINGS[sound.media_type]), sound.media_type, contents)
