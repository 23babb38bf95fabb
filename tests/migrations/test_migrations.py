"""The database at head came up from nothing, migration by migration: that is how every test gets one."""

import pytest
from alembic import command
from alembic.config import Config

from tests.conftest import ROOT


@pytest.fixture
def alembic(new_database):
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = new_database()
    return config


def test_the_models_say_what_the_migrations_made(alembic):
    command.check(alembic)


def test_the_last_migration_can_be_taken_back_and_made_again(alembic):
    command.downgrade(alembic, "-1")
    command.upgrade(alembic, "head")
    command.check(alembic)
