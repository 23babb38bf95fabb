"""What we store about what runs by itself."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.keeping import nobodys
from marketplace.kit.model import Model


class JobRun(Model):
    """How one job of the table ran last, and which worker is at it now."""

    __tablename__ = "job_run"
    kept = nobodys("When each job last ran")

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    # Which worker runs it, and until when nobody else begins: a worker that dies holds it no longer than that.
    taken_by: Mapped[str | None] = mapped_column(String(80))
    taken_until: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # How many things it did, the last time that it ran to its end.
    did: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    failed_at: Mapped[datetime | None]
    # The kind of the last failure, never its words: those may quote people.
    failed_with: Mapped[str | None] = mapped_column(String(80))
