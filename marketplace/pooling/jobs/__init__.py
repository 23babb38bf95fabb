"""What happens to pools by itself."""

from marketplace.pooling.jobs.closing import close_lapsed_pools

__all__ = ["close_lapsed_pools"]
