"""Where pages about plans, helpers, briefs and quotes hang."""

from flask import Blueprint

bp = Blueprint("brokerage", __name__, template_folder="../templates")
