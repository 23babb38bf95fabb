"""The blueprint of pools, and the address of one as letters give it."""

from flask import Blueprint

from marketplace.kit.addresses import page_address
from marketplace.pooling.rules import PoolId

bp = Blueprint("pooling", __name__, url_prefix="/pools", template_folder="../templates")


def pool_address(pool_id: PoolId) -> str:
    """Return the whole address of a pool's page, as letters give it."""
    return page_address("pooling.show", {"pool_id": pool_id})


def space_address(pool_id: PoolId) -> str:
    """Return the whole address of the members' space of a pool, as letters give it."""
    return page_address("pooling.space", {"pool_id": pool_id})
