"""Pictures of every page and state, by package and by visitor: an index to open, and sheets of many at once."""

from collections import defaultdict
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw

from looks.findings import Look
from looks.modes import NARROW, WIDE

_WAYS = (("light", WIDE), ("light", NARROW), ("easy", NARROW))
_ON_A_SHEET = 12
_COLUMNS = {WIDE: 4, NARROW: 12}
_THUMB = {WIDE: (420, 620), NARROW: (200, 690)}
_LINE = 30
_GROUND, _INK = "#e9e4da", "#1b2733"
_STYLE = """body{font:16px/1.4 sans-serif;margin:1rem;background:#fffaf2;color:#1b2733}
ul{display:flex;flex-wrap:wrap;gap:1rem;list-style:none;padding:0}
li{width:300px}img{width:100%;height:360px;object-fit:cover;object-position:top;border:1px solid #8a7f70}
p{margin:.2rem 0;overflow-wrap:anywhere}.wrong{color:#9b1c1c;font-weight:bold}"""


def picture_of(look: Look, mode: str, width: int) -> str:
    """Return the name of a picture's file."""
    return f"{look.target.key}-{mode}-{width}.jpg"


def hang(looks: list[Look], folder: Path) -> int:
    """Write the index and the sheets; return how many pictures hang there."""
    _write(folder / "index.html", "Every page, by package", _grouped(looks, by="package"))
    _write(folder / "visitors.html", "Every page, by visitor", _grouped(looks, by="visitor"))
    sheets = folder / "sheets"
    sheets.mkdir(exist_ok=True)
    for old in sheets.glob("*.jpg"):
        old.unlink()
    for mode, width in _WAYS:
        hung = [look for look in looks if (folder / "shots" / picture_of(look, mode, width)).is_file()]
        size = _ON_A_SHEET if width == WIDE else 2 * _ON_A_SHEET
        for number, start in enumerate(range(0, len(hung), size), 1):
            _sheet(hung[start : start + size], folder, mode, width).save(
                sheets / f"{mode}-{width}-{number:03}.jpg", quality=70
            )
    return len(list((folder / "shots").glob("*.jpg")))


def _grouped(looks: list[Look], *, by: str) -> dict[str, list[Look]]:
    found: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        found[getattr(look.target, by)].append(look)
    return dict(sorted(found.items()))


def _words(look: Look) -> str:
    state = "" if look.target.sends is None else ", sent empty"
    return f"{look.target.endpoint} ({look.target.visitor}{state})"


def _write(path: Path, title: str, groups: dict[str, list[Look]]) -> None:
    parts = [f"<!doctype html><html lang=en-GB><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"]
    parts.append(f"<h1>{title}</h1><p><a href=index.html>By package</a> <a href=visitors.html>By visitor</a></p>")
    for name, looks in groups.items():
        parts.append(f"<h2>{escape(name)} ({len(looks)})</h2><ul>")
        for look in looks:
            shown = f"shots/{picture_of(look, 'light', WIDE)}"
            ways = " ".join(
                f"<a href='shots/{picture_of(look, mode, width)}'>{mode} {width}</a>" for mode, width in _WAYS
            )
            wrong = f"<p class=wrong>{len(look.findings)} found</p>" if look.findings else ""
            parts.append(
                f"<li><a href='{shown}'><img loading=lazy src='{shown}' alt=''></a><p>{escape(_words(look))}</p>"
                f"<p>{escape(look.target.path)}</p><p>{ways}</p>{wrong}</li>"
            )
        parts.append("</ul>")
    path.write_text("".join(parts))


def _sheet(looks: list[Look], folder: Path, mode: str, width: int) -> Image.Image:
    across, down = _THUMB[width]
    columns = _COLUMNS[width]
    rows = -(-len(looks) // columns)
    sheet = Image.new("RGB", (columns * (across + 8), rows * (down + _LINE + 8)), _GROUND)
    pen = ImageDraw.Draw(sheet)
    for number, look in enumerate(looks):
        left, top = number % columns * (across + 8), number // columns * (down + _LINE + 8)
        with Image.open(folder / "shots" / picture_of(look, mode, width)) as whole:
            part = whole.crop((0, 0, whole.width, min(whole.height, down * whole.width // across)))
            part.thumbnail((across, down))
            sheet.paste(part, (left, top + _LINE))
        pen.text((left + 2, top + 2), look.target.endpoint[-across // 7 :], fill=_INK)
        pen.text((left + 2, top + 15), look.target.visitor[: across // 7], fill=_INK)
    return sheet
