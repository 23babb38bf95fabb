"""Bringing in a published list of outcomes, again and again: what is new begins, and what has vanished ends."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kit.errors import DomainError
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Outcome, OutcomeMeaning, OutcomeScheme
from marketplace.ratings.rules.criteria import EVERYBODYS
from marketplace.ratings.rules.nouns import OutcomeId
from marketplace.ratings.rules.outcomes import WrittenOutcome, WrittenScheme, outcome_id


class SchemeRefusedError(DomainError):
    """The list does not fit what is here. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of a list's outcomes."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    same: int = 0


def bring_in_outcomes(session: Session, *, scheme: WrittenScheme, today: date) -> BroughtIn:
    """
    Make a list of outcomes what its file says. What the file no longer has ends today; its answers stay in reviews.

    :raises SchemeRefusedError: if the council has a list by another name, or a row means what is not there.
    """
    _refuse_second_list(session, scheme)
    _refuse_unknown_meanings(session, scheme)
    kept = session.get(OutcomeScheme, scheme.code, with_for_update=True)
    if kept is None:
        kept = OutcomeScheme(code=scheme.code, name=scheme.name, council=scheme.council, source=scheme.source)
        session.add(kept)
    kept.name, kept.council, kept.source = scheme.name, scheme.council, scheme.source
    session.flush()
    known = {one.id: one for one in session.scalars(select(Outcome).where(Outcome.scheme == scheme.code))}
    means = _means(session, list(known))
    # A list that is here already grows today; one that comes for the first time has held since it was published.
    since = today if known else min(scheme.since, today)
    became = [
        _bring_in(session, scheme, row, position=position, known=known, means=means, since=since)
        for position, row in enumerate(scheme.outcomes, start=1)
    ]
    named = {outcome_id(scheme.code, row.code) for row in scheme.outcomes}
    gone = [one for one in known.values() if one.id not in named and one.valid_to is None]
    for one in gone:
        one.valid_to = max(today, one.valid_from)
    session.flush()
    return BroughtIn(
        added=became.count("added"), changed=became.count("changed"), ended=len(gone), same=became.count("same")
    )


def _bring_in(
    session: Session,
    scheme: WrittenScheme,
    row: WrittenOutcome,
    *,
    position: int,
    known: dict[OutcomeId, Outcome],
    means: dict[OutcomeId, set[OutcomeId]],
    since: date,
) -> str:
    it = known.get(outcome_id(scheme.code, row.code))
    wanted = {outcome_id(EVERYBODYS, code) for code in row.means}
    if it is None:
        it = Outcome(
            id=outcome_id(scheme.code, row.code),
            scheme=scheme.code,
            name=row.name,
            position=position,
            valid_from=since,
            valid_to=None,
        )
        session.add(it)
        session.flush()
        _let_mean(session, it.id, wanted)
        return "added"
    stands = (it.name, it.position, it.valid_to, means.get(it.id, set()))
    if stands == (row.name, position, None, wanted):
        return "same"
    it.name, it.position, it.valid_to = row.name, position, None
    _let_mean(session, it.id, wanted)
    return "changed"


def _means(session: Session, outcomes: list[OutcomeId]) -> dict[OutcomeId, set[OutcomeId]]:
    means: dict[OutcomeId, set[OutcomeId]] = {}
    for one in session.scalars(select(OutcomeMeaning).where(OutcomeMeaning.outcome_id.in_(outcomes))):
        means.setdefault(one.outcome_id, set()).add(one.means)
    return means


def _let_mean(session: Session, it: OutcomeId, wanted: set[OutcomeId]) -> None:
    session.execute(delete(OutcomeMeaning).where(OutcomeMeaning.outcome_id == it))
    session.add_all(OutcomeMeaning(outcome_id=it, means=other) for other in sorted(wanted))
    session.flush()


def _refuse_second_list(session: Session, scheme: WrittenScheme) -> None:
    other = session.scalar(
        select(OutcomeScheme.code).where(OutcomeScheme.council == scheme.council, OutcomeScheme.code != scheme.code)
    )
    if scheme.council is not None and other is not None:
        raise SchemeRefusedError(
            worded(
                "{council} has a list already, called “{other}”. Call this one the same to take its place.",
                council=scheme.council,
                other=other,
            )
        )


def _refuse_unknown_meanings(session: Session, scheme: WrittenScheme) -> None:
    known = set(session.scalars(select(Outcome.id).where(Outcome.scheme == EVERYBODYS)))
    unknown = [
        worded("Outcome {number}: “{code}” is none of the Care Act’s nine.", number=number, code=code)
        for number, row in enumerate(scheme.outcomes, start=1)
        for code in row.means
        if outcome_id(EVERYBODYS, code) not in known
    ]
    if unknown:
        raise SchemeRefusedError("\n".join([*unknown, "Nothing was changed."]))
