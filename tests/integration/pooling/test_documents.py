"""What a document is, is what is in it."""

import io
import zipfile

import pytest
from PIL import Image

from marketplace.kit.documents import MOST_BYTES, DocumentError, read_document

pytestmark = pytest.mark.once

ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def packed(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, contents in parts.items():
            archive.writestr(name.replace("__", "/"), contents)
    return made.getvalue()


def docx(**more):
    return packed(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<document/>"} | more)


def picture(kind):
    made = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(made, kind, comment=b"where I live")
    return made.getvalue()


@pytest.mark.parametrize(
    ("sent", "kind", "name"),
    [
        (b"%PDF-1.7 words %%EOF", "application/pdf", "letter.pdf"),
        (picture("PNG"), "image/jpeg", "letter.jpg"),
        (picture("JPEG"), "image/jpeg", "letter.jpg"),
        ("Bus at nine – £2".encode(), "text/plain", "letter.txt"),
        (packed(mimetype=ODT), ODT, "letter.odt"),
        (docx(), DOCX, "letter.docx"),
    ],
    ids=["pdf", "png", "jpeg", "text", "odt", "docx"],
)
def test_a_document_is_known_by_what_is_in_it(sent, kind, name):
    read = read_document(sent=sent, name="letter.exe")
    assert (read.kind, read.name) == (kind, name)
    assert b"where I live" not in read.contents


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 5 MB"),
        (b"%PDF-1.7 cut off", "PDF is damaged"),
        (b"MZ\x00\x01", "do not take files of that kind"),
        (b"\xff\xfe\x00", "do not take files of that kind"),
        (b"  \n ", "do not take files of that kind"),
        (b"\x89PNG\r\n\x1a\n broken", "damaged"),
        (b"PK\x03\x04 broken", "damaged"),
        (packed(hello="hello"), "do not take files of that kind"),
        (docx(word__vbaProject__bin="x").replace(b"vbaProject/bin", b"vbaProject.bin"), "programs"),
        (docx(**{f"part{number}": "" for number in range(2_001)}), "too large once it is unpacked"),
    ],
    ids=[
        "empty", "large", "half a pdf", "program", "no text", "blank", "picture", "archive", "other archive", "macros",
        "many parts",
    ],
)  # fmt: skip
def test_what_we_do_not_take_is_refused_in_words(sent, said):
    with pytest.raises(DocumentError, match=said):
        read_document(sent=sent, name="letter.pdf")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("..\\..\\C:\\letter.txt", "letter.txt"),
        ("../../etc/passwd", "passwd.txt"),
        ('a"b\r\nSet-Cookie: x.html', "a b Set-Cookie x.txt"),
        ("", "document.txt"),
        (".htaccess", "htaccess.txt"),
        ("Zeitplan für Élise.doc", "Zeitplan für Élise.txt"),
        ("x" * 300 + ".txt", "x" * 110 + ".txt"),
    ],
)
def test_a_name_is_a_name_and_nothing_else(name, kept):
    assert read_document(sent=b"Hello", name=name).name == kept
