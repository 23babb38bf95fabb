"""What an operator can ask of the whole site: what happens later, and whether the books are sound."""

from marketplace.web.commands.jobs import commands as jobs_commands
from marketplace.web.commands.ledger import commands as ledger_commands

__all__ = ["jobs_commands", "ledger_commands"]
