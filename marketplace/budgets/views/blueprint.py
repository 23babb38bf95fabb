"""The blueprint of budgets."""

from flask import Blueprint

bp = Blueprint("budgets", __name__, url_prefix="/budgets", template_folder="../templates")
