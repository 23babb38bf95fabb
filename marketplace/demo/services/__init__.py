"""What can happen to the demo town: it is built, whole, once."""

from marketplace.demo.services.building import NotEmptyError, build_town
from marketplace.demo.services.street import Addresses, Tell

__all__ = ["Addresses", "NotEmptyError", "Tell", "build_town"]
