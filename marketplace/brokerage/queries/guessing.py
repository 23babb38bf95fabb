"""Could somebody guess whose brief it is? What the words are held against is asked here; the rest is a rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Delegation, Person
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.brokerage.models import Brief, BriefNeed, Plan, Supporter
from marketplace.brokerage.queries.briefs import BriefSeen, brief_seen
from marketplace.brokerage.rules import briefs as rules
from marketplace.brokerage.rules import reading
from marketplace.brokerage.rules.guess_kinds import Guess
from marketplace.brokerage.rules.guessing import Known, guesses, words_to_look_up
from marketplace.brokerage.rules.nouns import BriefId
from marketplace.catalogue.models import Provider

_MOST_LOOKED_UP = 60


@dataclass(frozen=True, slots=True)
class BriefCheck:
    """A brief before it opens: what is missing, by what somebody could guess, and whether it is easy to read."""

    brief: BriefSeen
    missing: tuple[rules.Missing, ...]
    guesses: tuple[Guess, ...]
    hint: str | None

    @property
    def must_go(self) -> tuple[Guess, ...]:
        """What cannot stay."""
        return tuple(guess for guess in self.guesses if not guess.may_keep)

    @property
    def may_stay(self) -> tuple[Guess, ...]:
        """What the writer may keep all the same."""
        return tuple(guess for guess in self.guesses if guess.may_keep)


def brief_check(session: Session, *, brief_id: BriefId, viewer: Viewer, on: date) -> BriefCheck | None:
    """Return what there is to look over in a brief before it opens, to those who may write it."""
    brief = brief_seen(session, brief_id=brief_id, viewer=viewer, on=on)
    if brief is None or not brief.may_write:
        return None
    wanted = brief.wanted
    texts = [wanted.title, wanted.about, *(need.words for need in wanted.needs), wanted.times]
    return BriefCheck(
        brief=brief,
        missing=rules.missing(
            title=wanted.title,
            about=wanted.about,
            has_category=wanted.category is not None,
            has_area=wanted.area_kind is not None,
            needs=len(wanted.needs),
            weights=[one.weight for one in wanted.criteria],
            times=wanted.times,
        ),
        guesses=guesses_in(session, person_id=brief.person_id, area=wanted.area_name, texts=texts),
        hint=reading.hint(f"{wanted.about}\n" + "\n".join(need.words for need in wanted.needs)),
    )


def guesses_in_answer(session: Session, *, brief: BriefSeen, answer: str) -> tuple[Guess, ...]:
    """Return by what somebody could guess whose brief it is from an answer to a question about it."""
    return guesses_in(session, person_id=brief.person_id, area=brief.wanted.area_name, texts=[answer])


def guesses_about(session: Session, brief: Brief) -> tuple[Guess, ...]:
    """Return by what somebody could guess whose brief it is. For the service that opens it."""
    needs = session.scalars(
        select(BriefNeed.words).where(BriefNeed.brief_id == brief.id).order_by(BriefNeed.position)
    ).all()
    texts = [brief.title, brief.about, *needs, brief.times]
    return guesses_in(session, person_id=brief.person_id, area=brief.area_name, texts=texts)


def guesses_in(session: Session, *, person_id: PersonId, area: str, texts: Sequence[str]) -> tuple[Guess, ...]:
    """Return by what somebody could guess who a person is from some texts of theirs. It says nothing else of them."""
    known = Known(area=area, names=_names_near(session, person_id), providers=_providers(session, texts))
    return guesses(texts, known=known)


def _names_near(session: Session, person_id: PersonId) -> tuple[str, ...]:
    """Return the names of a person, of those they let help them, and of those in their plan."""
    receivers = select(Delegation.receiver_id).where(Delegation.giver_id == person_id)
    accounts = session.scalars(
        select(Person.name).where(or_(Person.id == person_id, Person.id.in_(receivers))).order_by(Person.id)
    ).all()
    called = session.scalars(
        select(Supporter.called).join(Plan, Plan.id == Supporter.plan_id).where(Plan.person_id == person_id)
    ).all()
    # “my sister Jo” is called Jo.
    supporters = (" ".join(word for word in said.split() if word[0].isupper()) for said in called)
    return (*accounts, *supporters)


def _providers(session: Session, texts: Sequence[str]) -> dict[str, OrganisationId]:
    asked = [words.lower() for words in words_to_look_up(texts)][:_MOST_LOOKED_UP]
    if not asked:
        return {}
    rows = session.execute(
        select(Provider.name, Provider.organisation_id)
        .where(Provider.organisation_id.is_not(None), or_(*(_begins(words) for words in asked)))
        .order_by(Provider.name, Provider.id)
    )
    return {row.name: row.organisation_id for row in rows}


def _begins(words: str) -> ColumnElement[bool]:
    return func.lower(Provider.name).startswith(words, autoescape=True)
