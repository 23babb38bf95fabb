"""An invoice as somebody sends it, looked at by what is in the file: a PDF, or a photograph written anew."""

from dataclasses import dataclass

from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.pictures import PictureError, read_picture

MOST_BYTES = 10 * 1024 * 1024
_PDF_BEGINS, _PDF_ENDS = b"%PDF-", b"%%EOF"
_END = 2048
"""Bytes at the end of a file in which a PDF says that it ends."""


class InvoiceError(WrongAnswerError):
    """A file that we cannot take as an invoice."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="invoice")


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as we keep it until somebody has looked. Nobody but a checker is given it."""

    content: bytes
    media_type: str


def read_invoice(sent: bytes) -> Invoice:
    """
    Return an invoice if it is a kind of file that we take: a PDF as it is, a picture without what it tells besides.

    :raises InvoiceError: if it is empty, too large, of another kind, or broken.
    """
    if not sent:
        raise InvoiceError("That file is empty. Choose your invoice.")
    if len(sent) > MOST_BYTES:
        raise InvoiceError("That file is larger than 10 MB. Choose a smaller one, or take a photo of it.")
    if sent.startswith(_PDF_BEGINS):
        if _PDF_ENDS not in sent[-_END:]:
            raise InvoiceError("That PDF is damaged. Try saving it again, or take a photo of it.")
        return Invoice(sent, "application/pdf")
    try:
        return Invoice(read_picture(sent).large, "image/jpeg")
    except PictureError as error:
        raise InvoiceError(f"{error} A PDF will do as well.") from error
