"""Telling members what is new in a pool's own room: one letter a day at most, and none to whoever wants none."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.kit.said import count
from marketplace.kit.sentences import worded
from marketplace.pooling.models import Pool, PoolMember
from marketplace.pooling.queries.space import News, news_for
from marketplace.pooling.rules.nouns import MemberId, PoolId
from marketplace.pooling.rules.space import this_morning
from marketplace.pooling.services.joining import the_member
from marketplace.pooling.services.letters import PoolAddress


def tell_news(session: Session, *, member_id: MemberId, address: PoolAddress, now: datetime) -> bool:
    """
    Write to one member about what is new in their pool, and return whether we did. Safe to do twice.

    The letter gives numbers: no word of any message, no name, and of a ballot not even that somebody voted.
    """
    member = session.get(PoolMember, member_id, with_for_update=True, populate_existing=True)
    if member is None or member.left_at is not None or not member.wants_news:
        return False
    if member.told_at is not None and member.told_at >= this_morning(now):
        return False
    news = news_for(session, member_id=member_id, now=now)
    lines = _lines(news) if news else []
    if not lines:
        return False
    pool = session.get_one(Pool, member.pool_id)
    accounts.write_to_person(
        session,
        person_id=member.person_id,
        subject=worded("What is new in your pool: {title}", title=pool.title),
        body="\n".join(f"- {line}" for line in lines) + f"\n\nRead it here:\n{address(pool.id)}\n\n"
        "We write at most once a day about a pool. On that page you can say that you want no such letters.",
        now=now,
    )
    member.told_at = now
    session.flush()
    return True


def choose_news(session: Session, *, pool_id: PoolId, by: PersonId, wanted: bool) -> None:
    """
    Write to somebody about what is new in a pool of theirs, or do not.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    """
    the_member(session, pool_id=pool_id, person_id=by).wants_news = wanted
    session.flush()


def _lines(news: News) -> list[str]:
    waiting = news.waiting
    said = [
        (news.messages, count(news.messages, "new message", "new messages")),
        (news.documents, count(news.documents, "new document", "new documents")),
        (news.decided, count(news.decided, "question was closed", "questions were closed")),
        (
            waiting.questions,
            worded(
                "{questions_wait} for your answer",
                questions_wait=count(waiting.questions, "question waits", "questions wait"),
            ),
        ),
        (news.closing, worded("{closing} of them can be answered until the end of tomorrow", closing=news.closing)),
        (waiting.agreement, "The agreement waits for your yes"),
        (
            waiting.turns,
            worded("{turns} on the rota that nobody has taken", turns=count(waiting.turns, "turn", "turns")),
        ),
    ]
    return [line for number, line in said if number]
