"""The blueprint that every page of the catalogue hangs on: offers and providers."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__, template_folder="../templates")
