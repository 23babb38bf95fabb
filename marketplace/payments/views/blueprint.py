"""The blueprints of payments, and of what Stripe sends."""

from flask import Blueprint

bp = Blueprint("payments", __name__, url_prefix="/payments", template_folder="../templates")
