"""What a recording tells besides its sound, taken out. Telephones name recordings after the place they were made in."""

import struct

from marketplace.kit.bare_mp4 import bare_mp4
from marketplace.kit.bare_webm import bare_webm

_ID3_HEAD, _ID3_LAST = 10, 128
_OGG_HEAD = 27
_WHOLE = 255


def bare_sound(sent: bytes, *, media_type: str) -> bytes:
    """
    Return a recording that has been read (see `sounds`) without titles, names, places, dates and pictures.

    :raises ValueError: if what it tells cannot be taken out of it.
    """
    if media_type == "audio/mp4":
        return bare_mp4(sent)[0]
    if media_type == "audio/webm":
        return bare_webm(sent)[0]
    if media_type == "audio/wav":
        return _bare_wav(sent)
    if media_type == "audio/ogg":
        return _bare_ogg(sent)
    return _bare_mp3(sent)


def _bare_wav(sent: bytes) -> bytes:
    kept, at = b"", 12
    while at + 8 <= len(sent):
        name, size = sent[at : at + 4], int.from_bytes(sent[at + 4 : at + 8], "little")
        body = sent[at + 8 : at + 8 + size]
        if name in {b"fmt ", b"data"}:
            kept += name + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
        at += 8 + size + size % 2
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WAVE" + kept


def _bare_mp3(sent: bytes) -> bytes:
    start = 0
    if sent[:3] == b"ID3":
        start = _ID3_HEAD + sum((byte & 0x7F) << shift for byte, shift in zip(sent[6:10], (21, 14, 7, 0), strict=True))
    stop = len(sent) - _ID3_LAST if sent[-_ID3_LAST:][:3] == b"TAG" else len(sent)
    return sent[start:stop]


def _bare_ogg(sent: bytes) -> bytes:
    """Empty the comments, which are on the second page, and work out anew the sum that the page carries."""
    sound = bytearray(sent)
    at = _page_ends(sound, 0)
    stop = _page_ends(sound, at)
    lengths = sound[at + _OGG_HEAD : at + _OGG_HEAD + sound[at + 26]]
    whole = next((number for number, length in enumerate(lengths) if length < _WHOLE), None)
    body = at + _OGG_HEAD + len(lengths)
    begins = next((mark for mark in (b"OpusTags", b"\x03vorbis") if sound[body:].startswith(mark)), None)
    if whole is None or begins is None:
        raise ValueError("more in its comments than words")
    ends = body + sum(lengths[: whole + 1])
    # No maker, no comments, and the bit that Vorbis ends them with.
    said = begins + struct.pack("<II", 0, 0) + b"\x01"
    sound[body:ends] = said[: ends - body] + bytes(max(0, ends - body - len(said)))
    sound[at + 22 : at + 26] = bytes(4)
    sound[at + 22 : at + 26] = _sum(sound[at:stop]).to_bytes(4, "little")
    return bytes(sound)


def _page_ends(sound: bytearray, at: int) -> int:
    if sound[at : at + 4] != b"OggS":
        raise ValueError("no page")
    segments = sound[at + 26]
    return at + _OGG_HEAD + segments + sum(sound[at + _OGG_HEAD : at + _OGG_HEAD + segments])


def _sum(page: bytearray) -> int:
    """Return the check of a page of Ogg: a CRC of 32 bits, polynomial 04C11DB7, not reflected."""
    total = 0
    for byte in page:
        total = (total << 8 & 0xFFFFFFFF) ^ _TABLE[total >> 24 ^ byte]
    return total


def _row(number: int) -> int:
    total = number << 24
    for _ in range(8):
        total = (total << 1 ^ 0x04C11DB7 if total & 0x80000000 else total << 1) & 0xFFFFFFFF
    return total


_TABLE = tuple(_row(number) for number in range(256))
