"""Putting another key of the site in the place of the one that hides what phones make their codes from."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person, RecoveryCode, SecondFactor
from marketplace.accounts.services.accounts import take_turns, write_to_person
from marketplace.kit import codes
from marketplace.kit.sentences import worded


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many phones were hidden with the new key, were so before, and are hidden with a key that nobody gave."""

    hidden: int
    before: int
    lost: int
    # How many people have codes on paper: the key that those were made with cannot be told.
    on_paper: int


def rotate_keys(session: Session, *, key: str, former: tuple[str, ...]) -> Rotated:
    """
    Hide every secret of a phone with the site's own key, so that the earlier keys may go. Safe to run twice.

    :param former: the keys that the site had before, newest first. What does not say with which key it was hidden is
        from before keys could be changed: from the oldest.
    """
    hidden = before = lost = 0
    for person_id in session.scalars(select(SecondFactor.person_id).order_by(SecondFactor.person_id)).all():
        take_turns(session, person_id=person_id)
        factor = session.get(SecondFactor, person_id, populate_existing=True)
        if factor is None or codes.is_hidden_with(factor.secret, key=key):
            before += factor is not None
            continue
        # Oldest last: a secret that says nothing of its key has one candidate for each.
        candidates = codes.secrets_from(factor.secret, keys=(key, *former))
        if not candidates:
            lost += 1
            continue
        factor.secret = codes.hide(candidates[-1], key=key)
        hidden += 1
    on_paper = session.scalars(
        select(func.count(distinct(RecoveryCode.person_id))).where(RecoveryCode.used_at.is_(None))
    ).one()
    return Rotated(hidden=hidden, before=before, lost=lost, on_paper=on_paper)


def ask_for_new_paper(session: Session, *, link: str, now: datetime) -> int:
    """Ask everybody who has recovery codes, by letter, to make new ones; return how many were asked."""
    people = session.scalars(
        select(Person.id)
        .where(Person.id.in_(select(RecoveryCode.person_id).where(RecoveryCode.used_at.is_(None))))
        .order_by(Person.id)
    ).all()
    for person_id in people:
        write_to_person(
            session,
            person_id=person_id,
            subject="Please make new recovery codes",
            body=worded(
                "We are changing the keys that keep this site safe. The recovery codes that you printed will soon "
                "stop working. Sign in, and make new ones here:\n{link}\n\nThe codes from your phone go on as "
                "they are.",
                link=link,
            ),
            now=now,
        )
    return len(people)
