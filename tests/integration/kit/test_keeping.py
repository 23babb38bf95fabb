"""Everything somebody has here can be taken away, goes when they leave, and is declared beside the column it is in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.services import leaving
from marketplace.kit.belonging import Who, everything_of, files_of
from marketplace.kit.charting import draw_map
from marketplace.kit.erasing import delete_what_is_over
from marketplace.kit.keeping import SIX_YEARS, Leaving, kept_in, undeclared
from marketplace.kit.model import Model
from tests.conftest import ROOT
from tests.integration.kit.planted_everywhere import NOW, Planted, found_in

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def everywhere():
    """Two people with something in every column of every table."""
    engine = sa.create_engine("sqlite://")
    Model.metadata.create_all(engine)
    with Session(engine, info={"writing": True}) as session:
        session.execute(sa.text("PRAGMA ignore_check_constraints=ON"))
        planted = Planted(session)
        for owner in ("leaver", "stayer"):
            planted.plant(owner, done_by=owner)
        session.commit()
        yield planted
    engine.dispose()


@pytest.fixture
def planted(everywhere):
    """The same, as it was planted."""
    yield everywhere
    everywhere.session.rollback()


def test_every_column_of_every_table_says_whether_it_tells_of_people():
    problems = [problem for table in Model.metadata.sorted_tables for problem in undeclared(table)]
    assert problems == []
    drawn = (ROOT / "docs" / "data-map.md").read_text()
    assert drawn == draw_map(), "draw it anew: flask accounts data-map > docs/data-map.md"


def test_everything_somebody_has_is_theirs_to_take_and_nothing_of_others(planted):
    who = _who(planted, "leaver")
    taken = "\n".join(str(section) for section in everything_of(planted.session, who=who))
    taken += "\n".join(file.content.decode("latin-1") for file in files_of(planted.session, who=who))
    theirs = {mark for mark, (owner, *where) in planted.marks.items() if owner == "leaver" and _tells(*where)}
    assert {planted.marks[mark] for mark in theirs - found_in(taken, theirs)} == set()
    of_others = [mark for mark, (owner, *_) in planted.marks.items() if owner != "leaver"]
    assert {planted.marks[mark] for mark in found_in(taken, of_others)} == set()
    secrets = {mark for mark, (_, table, column) in planted.marks.items() if column in kept_in(_table(table)).secrets}
    assert found_in(taken, secrets) == set()


def test_when_somebody_leaves_only_what_must_stay_is_left_and_others_lose_nothing(planted):
    session = planted.session
    before = planted.left()
    leaving.erase_person(session, person_id=_who(planted, "leaver").person_id, now=NOW)
    gone = {planted.marks[mark] for mark in before - planted.left()}
    assert {owner for owner, *_ in gone} == {"leaver"}
    left = {planted.marks[mark] for mark in planted.left()}
    tells = {(t, c) for owner, t, c in left if owner == "leaver" and _tells(t, c)}
    assert tells == {
        (table.name, name)
        for table in Model.metadata.sorted_tables
        for kept in (kept_in(table),)
        for name in kept.tells & {column for _, named, column in planted.marks.values() if named == table.name}
        if kept.leaving is not Leaving.GOES and name not in kept.blanks and table.name != "person"
    }
    # Six years on, what only had to stay for the books goes too.
    session.expire_all()
    leaving.forget_what_remained(session, person_id=_who(planted, "leaver").person_id, now=NOW)
    left = {planted.marks[mark] for mark in planted.left()}
    assert not {(t, c) for owner, t, c in left if owner == "leaver" and c in kept_in(_table(t)).later}


def test_what_has_had_its_time_goes_and_not_before(planted):
    session = planted.session
    with_an_end = {table.name for table in Model.metadata.sorted_tables if kept_in(table).lasts}
    assert delete_what_is_over(session, now=NOW - timedelta(days=1)) == 0
    delete_what_is_over(session, now=NOW + timedelta(days=SIX_YEARS + 1))
    counts = {name: session.scalar(sa.select(sa.func.count()).select_from(_table(name))) for name in with_an_end}
    assert {"browser_session", "message", "kept_file", "audit_event"} <= with_an_end
    assert set(counts.values()) == {0}


def _who(planted, owner):
    person = planted.rows[owner, "person"]
    return Who(person["id"], person["email"])


def _table(name):
    return Model.metadata.tables[name]


def _tells(table, column):
    kept = kept_in(_table(table))
    return column in kept.tells and column not in kept.secrets
