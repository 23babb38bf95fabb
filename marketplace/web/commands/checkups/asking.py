"""What is one checkup of the doctor?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from marketplace.web.rules.doctor import Finding


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing that is looked at. `if_it_fails` is how to mend it if it cannot even be looked at."""

    about: str
    look: Callable[[datetime], Finding]
    if_it_fails: str = "Read the log, and ask whoever looks after the site."
    asks_database: bool = False
    is_slow: bool = False
