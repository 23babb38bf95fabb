"""The nouns of demand."""

import enum
import uuid
from typing import NewType

ReleaseId = NewType("ReleaseId", uuid.UUID)
ReleaseFileId = NewType("ReleaseFileId", uuid.UUID)
TokenId = NewType("TokenId", uuid.UUID)
SignalId = NewType("SignalId", uuid.UUID)

METHOD = 3
"""By which method a release is made. Raise it when what is counted, shown or hidden changes."""


class FileKind(enum.StrEnum):
    """The forms in which the figures of an area are taken away."""

    CSV = "csv"
    CSVW = "csvw"
    SPREADSHEET = "spreadsheet"
    JSON = "json"
    REPORT = "report"


class SignalKind(enum.StrEnum):
    """What a council says back to its market."""

    # What it sees and would like to see more of.
    SIGNAL = "signal"
    # What it means to buy or pay for, and when.
    INTENTION = "intention"
    # "You told us, so together we did" [000, Working Together for Change].
    ANSWER = "answer"
