from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from marketplace.kit.outbox import Message
from marketplace.pooling.jobs.finding import nudge_quiet_pools, tell_of_shared_interests
from marketplace.pooling.services import interests
from tests.factories import accounts, finding


def test_letters_about_interests_and_quiet_pools_are_written_once(app, session, gazetteer):
    now = datetime.now(UTC)
    people = [accounts.person(session, name=f"Secret {number}") for number in range(4)]
    for person in people:
        interests.say_interests(
            session, by=person.id, wanted=["singing"], place=gazetteer.find("M33"), metres=8000, now=now
        )
    finding.draft(session, people[0], opened_at=now - timedelta(days=15))
    session.commit()
    with app.app_context():
        assert [job(now) for job in (tell_of_shared_interests, nudge_quiet_pools)] == [4, 1]
        assert [job(now) for job in (tell_of_shared_interests, nudge_quiet_pools)] == [0, 0]
    letters = session.execute(select(Message.to, Message.body)).all()
    assert len(letters) == 5
    for person in people:
        assert not [to for to, body in letters if to != person.email and person.name in body]
