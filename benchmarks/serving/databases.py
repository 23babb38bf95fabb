"""What a database works for a site: the processor time of its own processes, where it is on this machine."""

from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.serving.servers import TICKS_A_SECOND, ticks


def worked(url: str) -> float | None:
    """Return how many seconds of a processor the connections to a database have used, or None if nobody knows."""
    if not url.startswith("postgresql"):
        return None  # SQLite works within the site's own processes.
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalars(
            text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        ).all()
    engine.dispose()
    processes = [it for it in found if Path(f"/proc/{it}/stat").is_file()]
    return sum(map(ticks, processes)) / TICKS_A_SECOND if processes else None
