"""What an operator can ask of the whole site: what happens later, and whether the books are sound."""

from marketplace.web.commands.backups import commands as backup_commands
from marketplace.web.commands.backups import restore
from marketplace.web.commands.doctor import doctor
from marketplace.web.commands.jobs import commands as jobs_commands
from marketplace.web.commands.languages import commands as words_commands
from marketplace.web.commands.ledger import commands as ledger_commands

__all__ = ["backup_commands", "doctor", "jobs_commands", "ledger_commands", "restore", "words_commands"]
