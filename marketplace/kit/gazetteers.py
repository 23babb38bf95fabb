"""The one gazetteer of the current application. Without its file the rest of the site goes on."""

import logging
from pathlib import Path

from flask import Flask, current_app, g

from marketplace.kit.outages import BusyError
from marketplace.kit.places import Gazetteer, GazetteerMissingError

log = logging.getLogger(__name__)


class PlacesAwayError(BusyError):
    """There is no postcode file now."""

    title = "We cannot look up places now"


def init_app(app: Flask, path: Path) -> None:
    """Open the postcode file. If it is not there, it is looked for each time it is needed."""
    app.extensions["gazetteer"] = _opened(path)


def gazetteer() -> Gazetteer:
    """
    Return the gazetteer this application answers from.

    :raises PlacesAwayError: while there is no postcode file that can be read.
    """
    found: Gazetteer | None = current_app.extensions["gazetteer"]
    if found is None:
        found = current_app.extensions["gazetteer"] = _opened(current_app.config["PLACES_PATH"])
    if found is None:
        g.outage = PlacesAwayError(
            "It is our fault, not yours: what we look postcodes and councils up in is missing. Pages that need no "
            "place still open. Try again in a few minutes."
        )
        raise g.outage
    return found


def _opened(path: Path) -> Gazetteer | None:
    try:
        return Gazetteer(path)
    except GazetteerMissingError as missing:
        log.error("%s", missing)  # noqa: TRY400  (it says what to do; where it was raised tells nothing more)
        return None
