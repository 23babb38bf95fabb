"""What becomes of a photograph that somebody sends."""

import io
import struct
import zlib

import pytest
from PIL import Image

from marketplace.kit import pictures
from marketplace.kit.pictures import PictureError, read_picture
from tests.factories.pictures import sent


def opened(jpeg):
    return Image.open(io.BytesIO(jpeg))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_becomes_a_jpeg_large_and_small(kind):
    kept = read_picture(sent(kind=kind, width=900, height=600))
    assert (opened(kept.large).format, opened(kept.small).format) == ("JPEG", "JPEG")
    assert (kept.width, kept.height) == opened(kept.large).size == (900, 600)
    assert opened(kept.small).size == (480, 320)


def test_where_and_when_it_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x0110] = "A Telephone"
    exif[0x9003] = "2026:01:01 10:00:00"
    exif.get_ifd(0x8825)[2] = (53.0, 25.0, 30.0)
    kept = read_picture(sent(exif=exif, comment=b"Ada at home"))
    for jpeg in (kept.large, kept.small):
        assert not opened(jpeg).getexif()
        assert b"Telephone" not in jpeg
        assert b"Ada" not in jpeg


def test_what_follows_the_picture_in_the_file_is_gone():
    kept = read_picture(sent() + b"<script>alert(1)</script>")
    assert b"script" not in kept.large


def test_it_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera on its side
    kept = read_picture(sent(width=400, height=300, exif=exif))
    assert (kept.width, kept.height) == (300, 400)


def test_a_large_one_is_made_smaller():
    kept = read_picture(sent(width=3_200, height=1_600))
    assert (kept.width, kept.height) == (1_600, 800)


def test_what_is_see_through_stands_on_white():
    kept = read_picture(sent(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert min(opened(kept.large).getpixel((10, 10))) > 250


def test_the_same_picture_is_known_again():
    assert read_picture(sent()).digest == read_picture(sent()).digest


def claiming(width, height):
    """Return a PNG of a few bytes that says it is enormous."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind, held):
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "empty"),
        (b"hello, I am a letter", "JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "JPEG, PNG or WebP"),
        (sent()[:400], "damaged"),
        (sent(kind="GIF", mode="P", colour=1), "JPEG, PNG or WebP"),
        (sent(width=199), "too small"),
        (b"\xff\xd8\xff" + b"0" * pictures.MOST_BYTES, "larger than 10 MB"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(file, words):
    with pytest.raises(PictureError, match=words):
        read_picture(file)


@pytest.mark.parametrize("size", [(50_000, 50_000), (12_000, 8_000)])
def test_one_that_says_it_is_enormous_is_not_opened(size):
    with pytest.raises(PictureError, match=r"detail|damaged"):
        read_picture(claiming(*size))
