"""What an operator can ask of the jobs: run them all, run one, say how they went."""

from datetime import UTC, datetime, timedelta

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from marketplace.kit.db import db, transaction
from marketplace.web.commands.working import Worker
from marketplace.web.jobs import PERIODIC
from marketplace.web.queries import turns as asking
from marketplace.web.rules.turns import Run, next_turn
from marketplace.web.services import turns

commands = AppGroup("jobs", help="Run what happens later, and say how it went.")

_MINUTES = 7200


@commands.command("work")
def work() -> None:
    """Run every job on its clock until stopped. Several workers, on one machine or many, share the turns."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    Worker(app, PERIODIC).work()


@commands.command("run")
@click.argument("name", type=click.Choice([job.name for job in PERIODIC]))
def run(name: str) -> None:
    """Run one job now, by its NAME, unless a worker is at it this moment."""
    job = next(job for job in PERIODIC if job.name == name)
    by, now = f"by hand, {datetime.now(UTC):%H:%M:%S}", datetime.now(UTC)
    every = timedelta(seconds=job.every_seconds)
    with transaction() as session:
        taken = turns.take_turn(session, name=name, by=by, every=every, now=now, even_if_not_due=True)
    if not taken:
        raise click.ClickException(f"A worker is at {name} this moment. Try again in a minute.")
    try:
        did = job.run(now)
    except Exception as error:
        with transaction() as session:
            turns.fail_turn(session, name=name, by=by, kind=type(error).__name__, now=datetime.now(UTC))
        raise
    with transaction() as session:
        turns.end_turn(session, name=name, by=by, did=did, now=datetime.now(UTC))
    click.echo(f"{name}: {did} done.")


@commands.command("list")
def list_jobs() -> None:
    """Say of every job how often it runs, how it went last, and when it runs next. The times are UTC."""
    now, runs = datetime.now(UTC), asking.runs(db.session)
    click.echo(f"{'job':<24} {'every':>6}  {'ran last':<16} {'did':>6}  {'next':<16}  how it stands")
    for job in PERIODIC:
        run = runs.get(job.name, Run(job.name))
        turn = next_turn(run, every=timedelta(seconds=job.every_seconds))
        click.echo(
            f"{job.name:<24} {_often(job.every_seconds):>6}  {_moment(run.ended_at):<16} {run.did:>6}  "
            f"{_moment(turn) if turn and turn > now else 'now':<16}  {_standing(run, now)}"
        )


def _standing(run: Run, now: datetime) -> str:
    if run.is_held(now):
        return f"runs since {_moment(run.began_at)}, in {run.taken_by}"
    if run.began_at is None:
        return "never ran"
    if not run.has_failed:
        return "well"
    if run.failed_at and run.failed_at >= run.began_at:
        return f"failed at {_moment(run.failed_at)}: {run.failed_with}"
    return "its worker died"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "-"


def _often(seconds: int) -> str:
    if seconds < 120:  # noqa: PLR2004
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < _MINUTES else f"{seconds // 3600} h"
