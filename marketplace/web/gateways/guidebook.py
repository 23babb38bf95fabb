"""The guides, as they stand in docs/guides: read once, and turned into pages."""

import re
from functools import cache
from pathlib import Path

from PIL import Image

from marketplace.kit.markdown import Shot, Written, written
from marketplace.web.rules.guidebook import SLUGS

FOLDER = Path(__file__).parents[3] / "docs" / "guides"
PICTURES = FOLDER / "pictures"


@cache
def read_guide(slug: str, *, at: str) -> Written:
    """
    Read one guide.

    :param at: where guides are on the site: `/guides`.
    """
    return written(
        (FOLDER / f"{slug}.md").read_text(),
        link=lambda target: _page(target, at),
        shot=lambda source: _shot(source, at),
    )


def _page(target: str, at: str) -> str | None:
    slug, _, place = target.partition("#")
    slug = slug.removesuffix(".md")
    return f"{at}/{slug}{'#' if place else ''}{place}" if slug in SLUGS else None


def _shot(source: str, at: str) -> Shot:
    name = re.sub(r"^pictures/(.+)-1280\.png$", r"\1", source)
    with Image.open(PICTURES / f"{name}-1280.png") as wide:
        width, height = wide.size
    return Shot(f"{at}/pictures/{name}-320.png", f"{at}/pictures/{name}-1280.png", width, height)
