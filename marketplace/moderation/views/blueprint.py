"""The blueprint that every page of moderation hangs on."""

from flask import Blueprint

bp = Blueprint("moderation", __name__, url_prefix="/moderation", template_folder="../templates")
