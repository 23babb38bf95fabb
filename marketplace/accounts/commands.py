"""What an operator can do about accounts from the command line."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.accounts import services
from marketplace.accounts.rules import TRUSTED_ROLES, Role
from marketplace.accounts.services import rotating, second_factor
from marketplace.kit.addresses import page_address
from marketplace.kit.charting import draw_map
from marketplace.kit.db import transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer

commands = AppGroup("accounts", help="Give people roles.")


@commands.command("grant")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in TRUSTED_ROLES]))
@click.option("--council", help="For a commissioner: the council's name, such as Trafford.")
def grant(email: str, role: str, council: str | None) -> None:
    """Let the person with this EMAIL act in a ROLE."""
    try:
        code = gazetteer().find(council).council if council else None
        with transaction() as session:
            services.trust_with_role(
                session, email=email, role=Role(role), council=code, by=None, now=datetime.now(UTC)
            )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{email} is now here as {role}.")


@commands.command("forget-phone")
@click.argument("email")
def forget_phone(email: str) -> None:
    """Let the person with this EMAIL set up another phone for their codes."""
    try:
        with transaction() as session:
            second_factor.forget_phone_of(session, email=email, now=datetime.now(UTC))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The phone of {email} is forgotten.")


@commands.command("rotate-keys")
@click.option("--tell", is_flag=True, help="Also write to everybody who has recovery codes that they make new ones.")
def rotate_keys(*, tell: bool) -> None:
    """Hide the secrets of phones with SECRET_KEY, so that those in SECRET_KEY_FALLBACKS may go. Safe to run twice."""
    former = tuple(current_app.config["SECRET_KEY_FALLBACKS"])
    with transaction() as session:
        done = rotating.rotate_keys(session, key=str(current_app.config["SECRET_KEY"]), former=former)
    click.echo(f"{done.hidden} phones hidden with the new key; {done.before} were so before.")
    if done.on_paper and former:
        click.echo(
            f"{done.on_paper} people have recovery codes. Those made before the key changed stop working when the old "
            "key leaves SECRET_KEY_FALLBACKS; phones go on. --tell asks them by letter to make new ones."
        )
    if tell:
        with transaction() as session:
            told = rotating.ask_for_new_paper(session, link=page_address("accounts.phone"), now=datetime.now(UTC))
        click.echo(f"{told} people are asked by letter.")
    if done.lost:
        raise click.ClickException(
            f"{done.lost} phones are hidden with a key that is not given. Put it into SECRET_KEY_FALLBACKS and run "
            "this again, or forget those phones."
        )


@commands.command("data-map")
def map_what_is_kept() -> None:
    """Draw the map of what is kept of people, as docs/data-map.md has it."""
    click.echo(draw_map(), nl=False)
