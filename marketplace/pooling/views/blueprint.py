"""The blueprint of pools, and the address of one as letters give it."""

from flask import Blueprint, current_app

from marketplace.pooling.rules import PoolId

bp = Blueprint("pooling", __name__, url_prefix="/pools", template_folder="../templates")


def pool_address(pool_id: PoolId) -> str:
    """Return the full address of a pool's page, from the setting: jobs have no request to take it from."""
    path = current_app.url_map.bind("").build("pooling.show", {"pool_id": pool_id})
    return str(current_app.config["SITE_URL"]).rstrip("/") + path
