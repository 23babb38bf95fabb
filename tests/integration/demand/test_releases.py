"""A release is built once, after its quarter has closed; its files are frozen, and its facts go."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demand.queries import released
from marketplace.demand.services import releasing
from marketplace.kit import facts
from marketplace.kit.facts import Fact, FactKind, QuarterSecret
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND
from tests.factories import demand

QUARTER = demand.QUARTER
NORTH_WEST, LONDON = "E12000002", "E12000007"


def figures(session, area, quarter=QUARTER):
    return released.figures_of(session, areas=(area,), quarters=(quarter,))[area, quarter]


def test_one_file_for_each_area_with_its_own_figures_alone(session, gazetteer):
    demand.facts(session, FactKind.ASKED, people=17)
    demand.facts(session, FactKind.ASKED, people=9, council=demand.ANOTHER_COUNCIL)
    release_id = demand.release(session, gazetteer)
    files = session.scalars(select(ReleaseFile).where(ReleaseFile.release_id == release_id)).all()
    assert len(files) == 1 + 9 + 2
    assert all(hashlib.sha256(file.content).hexdigest() == file.sha256 for file in files)
    row = ("support", "asked", demand.CATEGORY)
    assert figures(session, demand.COUNCIL).value(*row) == 15
    assert figures(session, demand.ANOTHER_COUNCIL).value(*row) is None
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
