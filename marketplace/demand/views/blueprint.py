"""Where the pages about demand hang. Each writes its whole path."""

from flask import Blueprint

bp = Blueprint("demand", __name__, template_folder="../templates")
