"""Photographs as cameras send them."""

import io

from PIL import Image

from marketplace.kit.pictures import read_picture


def sent(*, width=400, height=300, kind="JPEG", colour=(20, 120, 90), mode="RGB", **saved):
    """Return the bytes of a picture of one colour."""
    written = io.BytesIO()
    Image.new(mode, (width, height), colour).save(written, kind, **saved)
    return written.getvalue()


def picture(**differences):
    return read_picture(sent(**differences))
