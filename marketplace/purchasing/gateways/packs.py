"""Decision packs as a PDF to print and hand over: PDF/UA, in our own typeface, with the hash on its first page."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from marketplace.kit.papers import drawn, typeset
from marketplace.kit.said import moment
from marketplace.purchasing.rules.packs import (
    Contents,
    FrozenOffer,
    mark_of,
    printed_hash,
    rating_in_short,
    rows_told,
)

_TEMPLATE = Path(__file__).parent / "pack.typ"


def draw_pack(contents: Contents, *, pack_hash: str, check_page: str) -> bytes:
    """Return a decision pack as a PDF that screen readers can read (PDF/UA-1). `check_page` is a whole address."""
    said = {
        "title": drawn(contents.title),
        "for": drawn(contents.made_for),
        "made": moment(datetime.fromisoformat(contents.made_at)),
        "hash": printed_hash(pack_hash),
        "mark": mark_of(pack_hash),
        "check": check_page.split("://", 1)[-1],
        "reasons": _paragraphs(contents.reasons),
        "chosen": [_said(offer) for offer in contents.chosen],
        "others": [_said(offer) for offer in contents.others],
        "quotes": [{name: drawn(words) for name, words in asdict(quote).items()} for quote in contents.quotes],
    }
    return typeset(_TEMPLATE, said)


def _said(offer: FrozenOffer) -> dict[str, object]:
    return {
        "title": drawn(offer.title),
        "provider": f"{drawn(offer.provider)}, {drawn(offer.kind).lower()}",
        "price": drawn(offer.prices[0]),
        "rating": rating_in_short(offer.rating),
        "because": _paragraphs(offer.because),
        "rows": [[label, [said for line in lines if (said := drawn(line))]] for label, lines in rows_told(offer)],
    }


def _paragraphs(words: str) -> list[str]:
    return [said for line in words.splitlines() if (said := drawn(line))]
