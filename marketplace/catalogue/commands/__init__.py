"""What an operator can do about the catalogue: bring in published lists, and look after its index."""

from marketplace.catalogue.commands.importing import commands
from marketplace.catalogue.commands.indexing import search_commands
from marketplace.catalogue.commands.registering import read_in_register

__all__ = ["commands", "read_in_register", "search_commands"]
