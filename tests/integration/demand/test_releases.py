"""A release is built once, after its quarter has closed; its files are frozen, and its facts go."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import Capacity
from marketplace.demand import jobs
from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demand.queries import counting, released
from marketplace.demand.rules.shapes import ALL, tables
from marketplace.demand.services import releasing
from marketplace.kit import facts
from marketplace.kit.facts import Fact, FactKind, QuarterSecret
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, region_of_councils
from tests.factories import demand, purchasing
from tests.factories.accounts import organisation

QUARTER = demand.QUARTER
NORTH_WEST, LONDON = "E12000002", "E12000007"


def figures(session, area, quarter=QUARTER):
    return released.figures_of(session, areas=(area,), quarters=(quarter,))[area, quarter]


def test_one_file_for_each_area_with_its_own_figures_alone(session, gazetteer):
    for council in region_of_councils():
        people = 17 if council == demand.COUNCIL else 12
        demand.facts(session, FactKind.ASKED, people=people, council=council)
    release_id = demand.release(session, gazetteer)
    files = session.scalars(select(ReleaseFile).where(ReleaseFile.release_id == release_id)).all()
    assert len(files) == 1 + 9 + 2
    assert all(hashlib.sha256(file.content).hexdigest() == file.sha256 for file in files)
    row = ("support", "asked")
    assert figures(session, demand.COUNCIL).value(*row) == 15
    assert figures(session, demand.ANOTHER_COUNCIL).value(*row) == 10
    assert figures(session, ENGLAND).value(*row) == 152 * 12 + 17 - 1
    assert figures(session, ENGLAND).value("support", "agreed") is None
    assert figures(session, ENGLAND).area.name == "England"


def test_each_release_holds_fast_the_one_before(session, gazetteer):
    for quarter in (QUARTER, QUARTER.next):
        demand.release(session, gazetteer, quarter=quarter)
    first, second = session.scalars(select(Release).order_by(Release.year, Release.quarter))
    hashes = [
        session.scalars(select(ReleaseFile.sha256).where(ReleaseFile.release_id == one.id)).all()
        for one in (first, second)
    ]
    assert hashes[0] != hashes[1]
    files = session.scalars(select(ReleaseFile).where(ReleaseFile.release_id == second.id)).all()
    chained = first.sha256 + "".join(file.sha256 for file in sorted(files, key=lambda file: file.area))
    assert len(second.sha256) == len(first.sha256) == 64
    assert second.sha256 == hashlib.sha256(chained.encode()).hexdigest()


def test_a_quarter_is_never_released_twice_nor_before_it_is_over(session, gazetteer):
    councils = [gazetteer.council(demand.COUNCIL)]
    with pytest.raises(releasing.QuarterOpenError, match="not over"):
        releasing.build_release(session, councils=councils, quarter=QUARTER, now=QUARTER.ends_at - timedelta(seconds=1))
    demand.release(session, gazetteer)
    with pytest.raises(releasing.AlreadyReleasedError, match="do not change"):
        releasing.build_release(session, councils=councils, quarter=QUARTER, now=QUARTER.ends_at)


def test_the_facts_of_a_released_quarter_go_and_nobody_can_be_told_apart_again(session, gazetteer):
    for quarter in (QUARTER, QUARTER.next):
        facts.key_of(session, quarter=quarter, about="person:1")
        demand.facts(session, FactKind.ASKED, people=3, quarter=quarter)
    demand.release(session, gazetteer)
    left = facts.number_of(QUARTER.next)
    assert session.execute(select(Fact.quarter, func.count()).group_by(Fact.quarter)).all() == [(left, 3)]
    assert session.scalars(select(QuarterSecret.quarter)).all() == [left]
    assert Quarter(2026, 2) == QUARTER.next


def test_who_offers_support_and_how_fresh_that_is_is_noted_at_the_build(session, gazetteer):
    now = QUARTER.ends_at
    for many, capacity, days in ((11, Capacity.SPACE_NOW, 10), (10, Capacity.FULL, 100), (3, None, 400)):
        for _ in range(many):
            body, _speaker = organisation(session)
            offer = purchasing.offer(session, organisation_id=body.id)
            offer.capacity, offer.capacity_on = capacity, now.date() if capacity else None
            offer.confirmed_at = now - timedelta(days=days)
            session.get_one(Provider, offer.provider_id).council = demand.COUNCIL
            # A second offer, and a second look, count nobody twice.
            demand.offer_like(session, offer)
    session.flush()
    for _ in range(2):
        releasing.prepare(session, quarter=QUARTER, now=now)
    found = counting.true_figures(session, quarter=QUARTER, tables=tables(criteria=(), outcomes=()))
    in_trafford = {(name.measure, name.row): one.people for name, one in found.items() if name.area == demand.COUNCIL}
    category = offer.category
    assert in_trafford == {
        ("providers", category): 24,
        ("providers", ALL): 24,
        ("providers_space", category): 11,
        ("providers_space", ALL): 11,
        ("providers_full", category): 10,
        ("providers_full", ALL): 10,
        ("providers_not_said", category): 3,
        ("providers_not_said", ALL): 3,
        ("providers", "under_90_days"): 11,
        ("providers", "under_180_days"): 10,
        ("providers", "older"): 3,
    }


def killed(*_given, **_named):
    raise KeyboardInterrupt


@pytest.mark.parametrize(("at", "releases"), [("draft_release", 0), ("_forget", 1)])
def test_whenever_a_build_is_killed_the_next_one_finishes_it(app, session, monkeypatch, at, releases):
    demand.facts(session, FactKind.ASKED, people=12)
    session.commit()
    with app.app_context():
        with monkeypatch.context() as broken:
            broken.setattr(jobs, at, killed)
            with pytest.raises(KeyboardInterrupt):
                jobs.build_releases(QUARTER.ends_at)
        assert session.scalar(select(func.count()).select_from(Release)) == releases
        assert session.scalar(select(func.count()).select_from(Fact)) == 12
        session.commit()
        told = []
        assert jobs.build_releases(QUARTER.ends_at, lambda what, share: told.append(what)) == 1 - releases
        assert told[-1] == "2026-q1: Removing what was counted"
        assert session.scalar(select(func.count()).select_from(Fact)) == 0
    assert figures(session, demand.COUNCIL).value("support", "asked") == 10
