"""What an operator can do about accounts from the command line."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.accounts import services
from marketplace.accounts.rules import TRUSTED_ROLES, Role
from marketplace.accounts.services import second_factor
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
