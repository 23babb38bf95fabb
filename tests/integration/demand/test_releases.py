import csv
import hashlib
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE, Role
from marketplace.demand import queries, rules, services
from marketplace.demand.models import Release
from marketplace.demand.rules import NOT_SHOWN, Quarter
from marketplace.kit.audit import AuditEvent
from marketplace.pooling.rules import PoolStatus
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import accounts, demand, pooling

SPRING = Quarter(2026, 1)
DURING = datetime(2026, 2, 10, 12, tzinfo=UTC)
AFTER = datetime(2026, 4, 1, 9, tzinfo=UTC)
SWIMMING = "sport-and-leisure"


@pytest.fixture
def trafford(gazetteer):
    return gazetteer.council(demand.COUNCIL)


@pytest.fixture
def offer(session):
    return pooling.offer_for_groups(session)


@pytest.fixture
def build(session, trafford):
    """Return a function that builds a release and gives its rows by category."""

    def run(quarter=SPRING, now=AFTER):
        release_id = services.build_release(session, council=trafford, quarter=quarter, now=now)
        content = session.get_one(Release, release_id).content.decode()
        return {row["category_code"]: row for row in csv.DictReader(io.StringIO(content))}

    return run


def figures(row):
    return [row[c] for c in ("people", "arrangements", "pools_opened", "pools_met", "searches_with_no_result")]


def test_a_release_has_every_category_in_its_place_and_only_the_columns_promised(session, build):
    rows = build()
    assert list(rows)[:2] == ["personal-assistance", "companionship"]
    assert list(rows)[-1] == rules.ANY_CATEGORY
    assert list(rows[SWIMMING]) == list(rules.COLUMNS)
    assert all(figures(row) == [NOT_SHOWN] * 5 for row in rows.values())


@pytest.mark.parametrize(("people", "figure"), [(0, NOT_SHOWN), (9, NOT_SHOWN), (10, "10"), (12, "10"), (13, "15")])
def test_people_are_shown_from_ten_on_and_rounded(session, build, offer, people, figure):
    demand.asked_by(session, demand.crowd(session, people), offer=offer, asked_at=DURING)
    assert figures(build()[SWIMMING])[:2] == [figure, figure]


def test_a_person_counts_once_in_a_category_and_arrangements_each_time(session, build, offer):
    people = demand.crowd(session, 10)
    for _ in range(3):
        demand.asked_by(session, people, offer=offer, asked_at=DURING)
    assert figures(build()[SWIMMING])[:2] == ["10", "30"]


def test_what_nine_people_did_stays_hidden_however_often_they_did_it(session, build, offer):
    people = demand.crowd(session, 9)
    for _ in range(5):
        demand.asked_by(session, people, offer=offer, asked_at=DURING)
    assert figures(build()[SWIMMING])[:2] == [NOT_SHOWN, NOT_SHOWN]


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (ArrangementStatus.ASKED, True),
        (ArrangementStatus.ACCEPTED, True),
        (ArrangementStatus.CANCELLED, True),
        (ArrangementStatus.DECLINED, False),
        (ArrangementStatus.WITHDRAWN, False),
    ],
)
def test_arrangements_count_unless_declined_or_withdrawn(session, build, offer, status, counts):
    demand.asked_by(session, demand.crowd(session, 10), offer=offer, asked_at=DURING, status=status)
    assert figures(build()[SWIMMING])[:2] == (["10", "10"] if counts else [NOT_SHOWN, NOT_SHOWN])


@pytest.mark.parametrize(
    ("asked_at", "counts"),
    [
        (SPRING.starts_at - timedelta(seconds=1), False),
        (SPRING.starts_at, True),
        (SPRING.ends_at - timedelta(seconds=1), True),
        (SPRING.ends_at, False),
    ],
)
def test_an_arrangement_counts_in_the_quarter_in_which_it_was_asked_for(session, build, offer, asked_at, counts):
    demand.asked_by(session, demand.crowd(session, 10), offer=offer, asked_at=asked_at)
    assert (figures(build()[SWIMMING])[0] == "10") is counts


@pytest.mark.parametrize("council", [None, demand.ANOTHER_COUNCIL])
def test_people_of_no_council_or_another_are_not_counted(session, build, offer, council):
    demand.asked_by(session, demand.crowd(session, 10), offer=offer, asked_at=DURING, council=council)
    assert figures(build()[SWIMMING])[0] == NOT_SHOWN


def test_pools_and_searches_are_counted_by_category(session, build, offer):
    plain = {"offer": offer, "council": demand.COUNCIL, "opened_at": DURING, "closes_at": AFTER}
    for by in demand.crowd(session, 13):
        pooling.pool(session, opened_by=by, status=PoolStatus.CONFIRMED, closed_at=DURING, **plain)
    for by in demand.crowd(session, 5):
        pooling.pool(session, opened_by=by, **plain)
    demand.misses(session, 21, on=DURING.date())
    demand.misses(session, 11, on=DURING.date(), category=None)
    demand.misses(session, 50, on=DURING.date(), council=demand.ANOTHER_COUNCIL)
    demand.misses(session, 50, on=date(2026, 4, 1))
    rows = build()
    assert figures(rows[SWIMMING])[2:] == ["20", "15", "20"]
    assert figures(rows[rules.ANY_CATEGORY])[4] == "10"


def test_ten_pools_that_one_person_opened_stay_hidden(session, build, offer):
    sam = accounts.person(session)
    for _ in range(12):
        pooling.pool(session, offer=offer, opened_by=sam, council=demand.COUNCIL, opened_at=DURING, closes_at=AFTER)
    assert figures(build()[SWIMMING])[2] == NOT_SHOWN


def test_a_release_is_frozen_and_never_built_again(session, build, offer, trafford):
    demand.asked_by(session, demand.crowd(session, 10), offer=offer, asked_at=DURING)
    build()
    before = session.scalars(select(Release)).one()
    content, sha256 = before.content, before.sha256
    assert sha256 == hashlib.sha256(content).hexdigest()
    demand.asked_by(session, demand.crowd(session, 30), offer=offer, asked_at=DURING)
    with pytest.raises(services.AlreadyReleasedError):
        services.build_release(session, council=trafford, quarter=SPRING, now=AFTER)
    after = session.scalars(select(Release)).one()
    assert (after.content, after.sha256) == (content, sha256)


@pytest.mark.parametrize("now", [DURING, SPRING.ends_at - timedelta(seconds=1)])
def test_a_quarter_that_is_not_over_has_no_release(session, trafford, now):
    with pytest.raises(services.QuarterOpenError):
        services.build_release(session, council=trafford, quarter=SPRING, now=now)
    assert session.scalars(select(Release.id)).all() == []


def test_a_release_holds_nothing_that_names_anybody(session, build, offer):
    people = demand.crowd(session, 15)
    demand.asked_by(session, people, offer=offer, asked_at=DURING, what="Ask for Sam at number 9.")
    build()
    content = session.scalars(select(Release.content)).one().decode()
    for secret in ["Sam", offer.title, *(p.email for p in people), *(str(p.id) for p in people)]:
        assert secret not in content


def test_what_is_missing_is_every_closed_quarter_of_every_council_with_facts_or_a_commissioner(session, offer, build):
    demand.asked_by(session, demand.crowd(session, 1), offer=offer, asked_at=DURING - timedelta(days=90))
    accounts.person(session, role=Role.COMMISSIONER, council=demand.ANOTHER_COUNCIL)
    build()
    autumn = Quarter(2025, 4)
    assert queries.unreleased(session, today=AFTER.date()) == (
        (demand.COUNCIL, autumn),
        (demand.ANOTHER_COUNCIL, autumn),
        (demand.ANOTHER_COUNCIL, SPRING),
    )


def test_before_anything_has_happened_nothing_is_missing(session):
    accounts.person(session, role=Role.COMMISSIONER, council=demand.COUNCIL)
    assert queries.unreleased(session, today=AFTER.date()) == ()


def commissioner(session, council=demand.COUNCIL):
    somebody = accounts.person(session, role=Role.COMMISSIONER, council=council)
    return accounts.as_viewer(somebody, role=Role.COMMISSIONER, council=council)


def test_a_download_is_the_frozen_bytes_and_is_written_down(session, build):
    build()
    reader = commissioner(session)
    found = services.download_release(session, viewer=reader, council=demand.COUNCIL, quarter=SPRING, now=AFTER)
    release = session.scalars(select(Release)).one()
    assert (found.content, found.sha256) == (release.content, release.sha256)
    event = session.scalars(select(AuditEvent).where(AuditEvent.did == "downloaded")).one()
    assert (event.by_person_id, event.to_id) == (reader.person_id, release.id)


@pytest.mark.parametrize("kind", ["another council's", "a moderator", "nobody", "a person who lives there"])
def test_nobody_else_downloads_it_and_it_looks_as_if_there_were_none(session, build, kind):
    build()
    viewer = {
        "another council's": commissioner(session, demand.ANOTHER_COUNCIL),
        "a moderator": accounts.as_viewer(accounts.person(session), role=Role.MODERATOR),
        "nobody": ANYONE,
        "a person who lives there": accounts.as_viewer(accounts.person(session), council=demand.COUNCIL),
    }[kind]
    with pytest.raises(services.ReleaseNotFoundError) as refused:
        services.download_release(session, viewer=viewer, council=demand.COUNCIL, quarter=SPRING, now=AFTER)
    with pytest.raises(services.ReleaseNotFoundError) as unknown:
        services.download_release(session, viewer=viewer, council="E06000001", quarter=SPRING, now=AFTER)
    assert str(refused.value) == str(unknown.value)
    assert queries.released_quarters(session, viewer=viewer) == ()


def test_the_page_is_two_queries_and_shows_the_frozen_figures(session, build, offer, count_queries):
    demand.asked_by(session, demand.crowd(session, 17), offer=offer, asked_at=DURING)
    build()
    reader = commissioner(session)
    session.commit()
    count_queries.clear()
    page = queries.release_page(session, viewer=reader, quarter=None)
    assert len(count_queries) == 2
    assert (page.quarter, page.quarters, page.shown) == (SPRING, (SPRING,), 2)
    assert {row.people for row in page.rows} == {"15", NOT_SHOWN}
