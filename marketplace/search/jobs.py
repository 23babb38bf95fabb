"""What happens to the index by itself."""

from datetime import datetime

from marketplace.kit.db import transaction
from marketplace.search import services


def count_words(_now: datetime) -> int:
    """Count the words again, so that how telling each is stays true. Once a day is enough."""
    with transaction() as session:
        services.count_words(session)
    return 1
