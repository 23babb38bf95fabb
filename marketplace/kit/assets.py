"""Where the style sheet, the scripts and the typeface are, under names that change with their content."""

import json
import os
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, send_from_directory

YEAR = 365 * 24 * 3600
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class AssetsNotBuiltError(RuntimeError):
    """The site has no style sheet yet, or not this file."""


def init_app(app: Flask) -> None:
    """Give templates `static_url`, and serve built files squeezed and kept for a year."""
    app.jinja_env.globals["static_url"] = static_url
    app.view_functions["static"] = _send


def static_url(name: str) -> str:
    """
    Return the address of a built file, such as `main.css`.

    :raises AssetsNotBuiltError: when `script/assets` has not made it.
    """
    manifest = f"{current_app.static_folder}/manifest.json"
    try:
        # Asking when it changed costs two microseconds, and a rebuilt look is seen without a restart.
        built = _names(manifest, os.stat(manifest).st_mtime_ns)[name]  # noqa: PTH116 (a Path costs ten times as much)
    except FileNotFoundError:
        raise AssetsNotBuiltError("The look of the site is not built yet. Run `script/assets`.") from None
    except KeyError:
        raise AssetsNotBuiltError(f"`{name}` is not among the built files. Run `script/assets`.") from None
    return f"{current_app.static_url_path}/{built}"


def _folder() -> Path:
    return Path(str(current_app.static_folder))


@lru_cache(maxsize=4)
def _names(manifest: str, _changed: int) -> dict[str, str]:
    names: dict[str, str] = json.loads(Path(manifest).read_text())
    return names


def _send(filename: str) -> Response:
    folder = _folder()
    if Path(filename).suffix in {".br", ".gz", ".json"} or Path(filename).name.startswith("."):
        abort(404)
    for encoding, ending in ENCODINGS:
        if request.accept_encodings[encoding] and (folder / f"{filename}{ending}").is_file():
            response = send_from_directory(folder, f"{filename}{ending}", max_age=YEAR, mimetype=_kind(filename))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_from_directory(folder, filename, max_age=YEAR, mimetype=_kind(filename))
    response.headers.pop("Content-Disposition", None)  # it would name the squeezed file
    response.vary.add("Accept-Encoding")
    response.cache_control.immutable = True
    return response


def _kind(filename: str) -> str | None:
    # Said here, because what a machine believes about .js and .woff2 differs from one to the next.
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
    return kinds.get(Path(filename).suffix)
