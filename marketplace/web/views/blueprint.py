"""The blueprint that every page of web hangs on."""

from flask import Blueprint

bp = Blueprint("web", __name__, template_folder="../templates")
