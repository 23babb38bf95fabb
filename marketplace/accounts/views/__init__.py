"""Pages about accounts: signing up and in, one's own account, and (in development) the post."""

from marketplace.accounts.views import consent, inviting, own_account, roles, second_factor, signing_in, statistics
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.post import post

__all__ = ["bp", "consent", "inviting", "own_account", "post", "roles", "second_factor", "signing_in", "statistics"]
