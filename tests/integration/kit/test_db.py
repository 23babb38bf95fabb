import uuid

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Organisation
from marketplace.kit.db import db, transaction


def organisation(now, **differences):
    return Organisation(**{"id": uuid.uuid4(), "name": "Boring Help", "created_at": now} | differences)


def names():
    return db.session.scalars(select(Organisation.name)).all()


def test_what_happens_inside_is_kept(real_app, now):
    with real_app.app_context():
        with transaction() as session:
            session.add(organisation(now))
        assert names() == ["Boring Help"]


def test_a_transaction_that_fails_keeps_nothing(real_app, now):
    def write_then_fail():
        with transaction() as session:
            session.add(organisation(now))
            session.flush()
            raise ZeroDivisionError

    with real_app.app_context():
        with pytest.raises(ZeroDivisionError):
            write_then_fail()
        assert names() == []
        with transaction() as session:
            session.add(organisation(now, name="The next one"))
        assert names() == ["The next one"]


def test_transactions_do_not_nest(real_app):
    with (
        real_app.app_context(),
        transaction(),
        pytest.raises(RuntimeError, match="inside transaction"),
        transaction(),
    ):
        pass


def test_a_row_added_outside_fails_loudly(real_app, now):
    with real_app.app_context():
        db.session.add(organisation(now))
        with pytest.raises(RuntimeError, match="write outside transaction"):
            db.session.flush()


@pytest.mark.parametrize("statement", [delete(Organisation), insert(Organisation).values(name="Stray")])
def test_a_statement_that_writes_outside_fails_loudly(real_app, statement):
    with real_app.app_context(), pytest.raises(RuntimeError, match="write outside transaction"):
        db.session.execute(statement)


def test_what_was_read_before_is_read_again_under_the_lock(real_app, now):
    with real_app.app_context():
        assert names() == []
        with real_app.app_context(), transaction() as elsewhere:
            elsewhere.add(organisation(now))
        with transaction() as session:
            assert len(session.scalars(select(Organisation)).all()) == 1


def test_an_error_does_not_repeat_what_people_wrote(real_app, now):
    same = uuid.uuid4()

    def write_twice():
        with transaction() as session:
            session.add(organisation(now, id=same, name="First"))
            session.flush()
            session.execute(insert(Organisation).values(id=same, name="Something private", created_at=now))

    with real_app.app_context(), pytest.raises(IntegrityError) as failed:
        write_twice()
    assert "Something private" not in str(failed.value)
