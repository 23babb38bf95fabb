"""The blueprint that every page of accounts hangs on."""

from flask import Blueprint

from marketplace.accounts.access import note_seen

bp = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="../templates")
bp.after_app_request(note_seen)
