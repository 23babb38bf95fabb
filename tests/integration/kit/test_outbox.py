import smtplib
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kit import outbox
from marketplace.kit.db import transaction
from marketplace.kit.outbox import Message
from marketplace.web.jobs import send_letters


@pytest.fixture
def post(real_app):
    """A postman who remembers what was given, and refuses those whose address says so."""

    class Postman:
        delivered = ()
        is_there = True

        def greet(self):
            if not self.is_there:
                raise ConnectionRefusedError

        def deliver(self, letter):
            self.greet()
            if letter.to.startswith("refused"):
                raise smtplib.SMTPRecipientsRefused({letter.to: (550, b"no such person")})
            if letter.to.startswith("strange"):
                raise ValueError("a header with a line break")
            self.delivered = (*self.delivered, (letter.to, letter.subject, letter.body))

    real_app.extensions["postman"] = Postman()
    return real_app.extensions["postman"]


def write(session, now, *, to="ada@example.org", subject="Hello"):
    outbox.send(session, to=to, subject=subject, body="It is done.", now=now)


def test_a_letter_leaves_once_and_is_forgotten(real_app, arrange, post, now):
    arrange(lambda session: write(session, now))
    with real_app.app_context():
        assert send_letters(now) == 1
        assert send_letters(now + timedelta(days=1)) == 0
    assert post.delivered == (("ada@example.org", "Hello", "It is done."),)
    [kept] = arrange(lambda session: session.scalars(select(Message)).all())
    assert (kept.to, kept.subject, kept.body) == ("", "", "")
    assert kept.sent_at


def test_one_that_cannot_leave_stays_and_keeps_no_other(real_app, arrange, post, now, caplog):
    def prepare(session):
        for to in ("refused@example.org", "strange@example.org", "ada@example.org"):
            write(session, now, to=to)

    arrange(prepare)
    with real_app.app_context():
        assert send_letters(now) == 1
    waiting = arrange(lambda session: session.scalars(select(Message.to).where(Message.sent_at.is_(None))).all())
    assert sorted(waiting) == ["refused@example.org", "strange@example.org"]
    assert "SMTPRecipientsRefused" in caplog.text
    assert "@example.org" not in caplog.text


def test_a_letter_is_tried_again_later_and_then_no_more(real_app, arrange, post, now):
    arrange(lambda session: write(session, now, to="refused@example.org"))
    with real_app.app_context():
        for hour in range(24):
            send_letters(now + timedelta(hours=hour))
    [kept] = arrange(lambda session: session.scalars(select(Message)).all())
    assert kept.attempts == outbox.MOST_ATTEMPTS
    assert kept.to


def test_a_mail_server_that_is_down_costs_no_letter_a_try(real_app, arrange, post, now):
    arrange(lambda session: [write(session, now, to=f"ada{n}@example.org") for n in range(3)])
    post.is_there = False
    with real_app.app_context():
        for minute in range(0, 24 * 60, 30):
            assert send_letters(now + timedelta(minutes=minute)) == 0
        post.is_there = True
        assert send_letters(now + timedelta(days=1)) == 3


def test_a_subject_is_one_line_that_fits(session, now):
    write(session, now, subject="A very\nlong " + "name " * 60)
    session.flush()
    [kept] = session.scalars(select(Message.subject)).all()
    assert kept.startswith("A very long name")
    assert len(kept) == outbox.LONGEST_SUBJECT


def test_nothing_leaves_if_the_transaction_fails(real_app, now):
    def fail():
        with transaction() as session:
            write(session, now)
            raise ZeroDivisionError

    with real_app.app_context():
        with pytest.raises(ZeroDivisionError):
            fail()
        assert send_letters(now) == 0
