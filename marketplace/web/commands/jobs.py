"""The job worker: runs everything of `jobs.PERIODIC` on its clock."""

import logging
from datetime import UTC, datetime

import click
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app
from flask.cli import AppGroup

from marketplace.web.jobs import PERIODIC, Periodic

log = logging.getLogger(__name__)
commands = AppGroup("jobs", help="Run what happens later.")


@commands.command("work")
def work() -> None:
    """Run every job on its clock until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    scheduler = BlockingScheduler(timezone=UTC)
    for job in PERIODIC:
        scheduler.add_job(
            _run_in, "interval", args=(app, job), seconds=job.every_seconds, max_instances=1, coalesce=True,
            next_run_time=datetime.now(UTC),
        )  # fmt: skip
    scheduler.start()


@commands.command("run")
@click.argument("name", type=click.Choice([job.name for job in PERIODIC]))
def run(name: str) -> None:
    """Run one job now, by its NAME."""
    job = next(job for job in PERIODIC if job.name == name)
    click.echo(f"{name}: {job.run(datetime.now(UTC))} done.")


def _run_in(app: Flask, job: Periodic) -> None:
    with app.app_context():
        try:
            job.run(datetime.now(UTC))
        except Exception:
            log.exception("job %s failed; it will run again", job.name)
