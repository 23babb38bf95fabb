"""Photographs that people send, made safe to show: checked by what is in them, written anew, and told nothing about."""

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.kit.errors import WrongAnswerError

KINDS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
"""More than any telephone takes: what claims to be larger is made to fill our memory."""

LEAST_SIDE = 200
LONGEST_SIDE = 1_600
LONGEST_SIDE_SMALL = 480
QUALITY = 82


class PictureError(WrongAnswerError):
    """A file that we cannot take as a photograph."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="photo")


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A photograph as we keep it: JPEG, upright, at most 1,600 pixels on its longer side, and a small one beside it.

    `width` and `height` are pixels of the large one. `digest` is the SHA-256 of its bytes.
    """

    large: bytes
    small: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """What the picture is known by: the same picture twice is one."""
        return hashlib.sha256(self.large).hexdigest()


def read_picture(sent: bytes) -> Picture:
    """
    Return a photograph made anew from what was sent.

    Only what can be seen is kept: where and when it was taken, by whom and with what, goes. What follows the picture
    in the file goes too.

    :raises PictureError: if it is too large, no picture, of another kind, too small, or broken.
    """
    if not sent:
        raise PictureError("That file is empty. Choose a photo.")
    if len(sent) > MOST_BYTES:
        raise PictureError("That photo is larger than 10 MB. Choose a smaller one.")
    try:
        with warnings.catch_warnings():
            # A picture that says it is enormous is a fault of the file, not of ours.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            seen = _seen(sent)
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError("We could not read that as a photo. Choose a JPEG, PNG or WebP file.") from error
    except Exception as error:  # Every kind of broken file breaks its reader in a way of its own.
        raise PictureError("That photo is damaged. Try saving it again, or choose another one.") from error
    large = _fitted(seen, LONGEST_SIDE)
    return Picture(
        large=_written(large),
        small=_written(_fitted(seen, LONGEST_SIDE_SMALL)),
        width=large.width,
        height=large.height,
    )


def _seen(sent: bytes) -> Image.Image:
    with Image.open(io.BytesIO(sent), formats=KINDS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise PictureError("That photo has more detail than we can take. Choose a smaller one.")
        if min(opened.size) < LEAST_SIDE:
            raise PictureError(f"That photo is too small. Choose one at least {LEAST_SIDE} pixels high and wide.")
        upright = ImageOps.exif_transpose(opened)
        if upright.mode in {"RGBA", "LA", "PA", "P"}:
            clear = upright.convert("RGBA")
            ground = Image.new("RGBA", clear.size, "white")
            return Image.alpha_composite(ground, clear).convert("RGB")
        return upright.convert("RGB")


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    fitted = picture.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    return fitted


def _written(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    # A new picture of the same pixels: nothing else of what was sent can come along.
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    bare.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
