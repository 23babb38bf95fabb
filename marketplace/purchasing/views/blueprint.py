"""The blueprints of arrangements, baskets and employing, and the address of an arrangement as letters give it."""

from flask import Blueprint

from marketplace.kit.addresses import page_address
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.hours import in_hours
from marketplace.purchasing.rules.nouns import DisputeId

bp = Blueprint("purchasing", __name__, url_prefix="/arrangements", template_folder="../templates")
basket = Blueprint("basket", __name__, url_prefix="/basket", template_folder="../templates")
personal_assistants = Blueprint(
    "personal_assistants", __name__, url_prefix="/employing-a-personal-assistant", template_folder="../templates"
)


# So templates say lengths of time as letters and errors do.
bp.add_app_template_filter(in_hours, "hours_said")


def arrangement_address(arrangement_id: ArrangementId) -> str:
    """Return the whole address of an arrangement's page, as letters give it."""
    return page_address("purchasing.show", {"arrangement_id": arrangement_id})


def dispute_address(dispute_id: DisputeId) -> str:
    """Return the whole address of a dispute's page, as letters give it."""
    return page_address("purchasing.dispute", {"dispute_id": dispute_id})
