"""What people record, looked at by what is in the file: is it sound that browsers play, and how long is it?"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.sounds_mp4 import mp4_seconds
from marketplace.kit.sounds_webm import webm_seconds

MOST_BYTES = 10 * 1024 * 1024
MOST_SECONDS = 5 * 60
_A_LITTLE_OVER = 5
"""Seconds that a recording may be longer: whoever stops at five minutes stops a little after."""


class SoundError(WrongAnswerError):
    """A file that we cannot take as a recording."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="sound")


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as it was sent: we cannot write it anew, so only those whom it is for may be given it."""

    content: bytes
    media_type: str
    seconds: int


def read_sound(sent: bytes) -> Sound:
    """
    Return a recording if it is one that we take: WAV, MP3, M4A, Ogg or WebM, up to five minutes.

    :raises SoundError: if it is empty, too large, too long, of another kind, or broken.
    """
    if not sent:
        raise SoundError("That recording is empty. Try again, or choose another file.")
    if len(sent) > MOST_BYTES:
        raise SoundError("That recording is larger than 10 MB. Make a shorter one.")
    kind = next((kind for kind in _KINDS if kind.begins(sent)), None)
    if kind is None:
        raise SoundError("We could not read that as a recording. Choose an MP3, M4A, WAV, Ogg or WebM file.")
    try:
        seconds = kind.seconds(sent)
    except (ValueError, IndexError, struct.error, RecursionError) as error:
        raise SoundError("That recording is damaged, or it is a film. Try again, or choose another file.") from error
    if seconds > MOST_SECONDS + _A_LITTLE_OVER:
        raise SoundError("That recording is longer than 5 minutes. Make a shorter one.")
    return Sound(sent, kind.media_type, max(1, round(seconds)))


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of recording: how its files begin, and how long one lasts."""

    media_type: str
    begins: Callable[[bytes], bool]
    seconds: Callable[[bytes], float]


def _wav_seconds(sent: bytes) -> float:
    bytes_a_second = data = 0
    at = 12
    while at + 8 <= len(sent):
        name, size = sent[at : at + 4], int.from_bytes(sent[at + 4 : at + 8], "little")
        if name == b"fmt ":
            bytes_a_second = int.from_bytes(sent[at + 16 : at + 20], "little")
        if name == b"data":
            data = min(size, len(sent) - at - 8)
        at += 8 + size + size % 2
    if not bytes_a_second or not data:
        raise ValueError("no sound in it")
    return data / bytes_a_second


# By version (MPEG 1, 2, 2.5), for layer 3: kilobits and hertz by the number in the header.
_RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_HERTZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_FEWEST_FRAMES = 3


def _mp3_start(sent: bytes) -> int:
    """Return where the frames begin: after what tells of title and artist."""
    if sent[:3] != b"ID3":
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(sent[6:10], (21, 14, 7, 0), strict=True))


def _mp3_frame(header: bytes) -> tuple[int, float] | None:
    """Return the length of a frame in bytes and in seconds, or None if there is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:  # noqa: PLR2004  (bytes of a header)
        return None
    version, rate, hertz = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    is_first = version == 3  # noqa: PLR2004
    if version not in _HERTZ or not 0 < rate < 15 or hertz == 3:  # noqa: PLR2004
        return None
    a_second = _HERTZ[version][hertz]
    kilobits = _RATES[0 if is_first else 1][rate]
    length = (144 if is_first else 72) * kilobits * 1000 // a_second + (header[2] >> 1 & 1)
    return length, (1152 if is_first else 576) / a_second


def _mp3_seconds(sent: bytes) -> float:
    at, frames, seconds = _mp3_start(sent), 0, 0.0
    while frame := _mp3_frame(sent[at : at + 4]):
        at, frames, seconds = at + frame[0], frames + 1, seconds + frame[1]
    if frames < _FEWEST_FRAMES:
        raise ValueError("no frames")
    return seconds


def _is_mp3(sent: bytes) -> bool:
    return sent[:3] == b"ID3" or _mp3_frame(sent[:4]) is not None


def _ogg_seconds(sent: bytes) -> float:
    at, last, a_second = 0, 0, 0
    while sent[at : at + 4] == b"OggS":
        (granule,) = struct.unpack_from("<q", sent, at + 6)
        segments = sent[26 + at]
        body = at + 27 + segments
        if at == 0:
            a_second = _ogg_rate(sent[body : body + 64])
        last = max(last, granule)
        at = body + sum(sent[at + 27 : body])
    if not last:
        raise ValueError("no sound in it")
    return last / a_second


def _ogg_rate(head: bytes) -> int:
    if head.startswith(b"OpusHead"):
        return 48_000
    if head.startswith(b"\x01vorbis") and (rate := int.from_bytes(head[12:16], "little")):
        return rate
    raise ValueError("neither Opus nor Vorbis")


_KINDS = (
    _Kind("audio/wav", lambda sent: sent[:4] == b"RIFF" and sent[8:12] == b"WAVE", _wav_seconds),
    _Kind("audio/ogg", lambda sent: sent[:4] == b"OggS", _ogg_seconds),
    _Kind("audio/mp4", lambda sent: sent[4:8] == b"ftyp", mp4_seconds),
    _Kind("audio/webm", lambda sent: sent[:4] == b"\x1a\x45\xdf\xa3", webm_seconds),
    _Kind("audio/mpeg", _is_mp3, _mp3_seconds),
)
