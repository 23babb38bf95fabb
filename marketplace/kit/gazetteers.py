"""The one gazetteer of the current application."""

from flask import current_app

from marketplace.kit.places import Gazetteer


def gazetteer() -> Gazetteer:
    """Return the gazetteer this application answers from."""
    found: Gazetteer = current_app.extensions["gazetteer"]
    return found
