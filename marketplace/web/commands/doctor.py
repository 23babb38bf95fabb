"""What is wrong with the site, and how is it mended? One line for each thing that is looked at."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from marketplace.kit.db import stop_reading
from marketplace.web.commands.checkups import around, inside
from marketplace.web.commands.checkups.asking import Checkup
from marketplace.web.rules.doctor import Finding, State, exit_code

CHECKUPS: tuple[Checkup, ...] = (*inside.FIRST, *around.CHECKUPS, *inside.CHECKUPS)
_SIGNS = {State.WELL: "ok   ", State.LOOK: "LOOK ", State.WRONG: "WRONG", State.LEFT_OUT: "-    "}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Say it for a program.")
@click.option("--quick", is_flag=True, help="Leave out what reads every row.")
@with_appcontext
def doctor(*, as_json: bool, quick: bool) -> None:
    """Look at everything the site needs, and say what is wrong and how to mend it. Ends with 1 if anything is."""
    findings = []
    for finding in look_at_everything(now=lambda: datetime.now(UTC), is_quick=quick):
        findings.append(finding)
        if not as_json:
            click.echo(f"{_SIGNS[finding.state]} {finding.about:<12} {finding.says}")
            if finding.mend:
                click.echo(f"      {'':<12} To mend it: {finding.mend}")
    if as_json:
        click.echo(json.dumps({"findings": [asdict(finding) for finding in findings]}, indent=1))
    else:
        wrong, look = (sum(finding.state is state for finding in findings) for state in (State.WRONG, State.LOOK))
        click.echo(f"\n{wrong} wrong, {look} to look at.")
    raise SystemExit(exit_code(findings))


def look_at_everything(*, now: Callable[[], datetime], is_quick: bool) -> Iterator[Finding]:
    """Yield what every checkup finds. One that fails itself is a finding, and the others go on."""
    reaches_database = True
    for checkup in CHECKUPS:
        if checkup.is_slow and is_quick:
            continue
        if checkup.asks_database and not reaches_database:
            yield Finding(checkup.about, State.LEFT_OUT, "The database could not be asked.")
            continue
        try:
            finding = checkup.look(now())
        except Exception as error:  # noqa: BLE001  (what cannot be looked at is what an operator wants to hear of)
            stop_reading()
            yield Finding(
                checkup.about,
                State.WRONG,
                f"This could not be looked at ({type(error).__name__}).",
                checkup.if_it_fails,
            )
            reaches_database = reaches_database and checkup.about != "database"
        else:
            yield finding
