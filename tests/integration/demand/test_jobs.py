"""Building releases on a real engine, nothing rolled back: twice, and in two places at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Role
from marketplace.demand.jobs import build_releases
from marketplace.demand.models import Release
from tests.factories import accounts, demand, pooling

AFTER = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def real_app(new_app):
    app = new_app()
    with Session(app.extensions["engine"]) as session:
        session.connection(execution_options={"writing": True})
        offer = pooling.offer_for_groups(session)
        people = demand.crowd(session, 12)
        demand.asked_by(session, people, offer=offer, asked_at=datetime(2025, 11, 3, 12, tzinfo=UTC))
        accounts.person(session, role=Role.COMMISSIONER, council=demand.ANOTHER_COUNCIL)
        session.commit()
    return app


def releases(app):
    with Session(app.extensions["engine"]) as session:
        rows = session.execute(select(Release.council, Release.year, Release.quarter, Release.sha256))
        return sorted(tuple(row) for row in rows)


def test_the_job_builds_what_is_due_once_whoever_runs_it(real_app):
    together = Barrier(2)

    def work(_n):
        together.wait()
        with real_app.app_context():
            return build_releases(AFTER)

    with ThreadPoolExecutor(2) as threads:
        built = list(threads.map(work, range(2)))
    first = releases(real_app)
    assert sum(built) == len(first) == 4
    with real_app.app_context():
        assert build_releases(AFTER) == 0
    assert releases(real_app) == first


def test_an_operator_builds_them_too(real_app):
    runner = real_app.test_cli_runner()
    assert "releases built." in runner.invoke(args=["demand", "build"]).output
    assert "0 releases built." in runner.invoke(args=["demand", "build"]).output
