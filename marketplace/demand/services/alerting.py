"""An organisation asks to be told when something new is missing somewhere, and stops it with one press."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.demand.models.releases import Release
from marketplace.demand.models.signals import MarketAlert
from marketplace.demand.queries import alerts as queries
from marketplace.demand.queries import released, signals
from marketplace.demand.queries.alerts import DueAlert
from marketplace.demand.queries.signals import SignalCard
from marketplace.demand.rules.alerts import ANY, MOST_ALERTS, AlertKey
from marketplace.demand.rules.nouns import METHOD, SignalId
from marketplace.demand.rules.wanted import Wanted, news
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import Level, ladder_of
from marketplace.kit.sentences import worded


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What a letter needs to know of the world: councils' names, and where things are read and ended."""

    council: Callable[[CouncilCode], str]
    signal: Callable[[SignalId], str]
    stop: Callable[[AlertKey], str]
    wall: str


class AlertNotFoundError(NotFoundError):
    """There is no such organisation or alert, or it is not the viewer's."""


class AlertWrongError(WrongAnswerError):
    """Something about it will not do."""


class TooManyAlertsError(DomainError):
    """The organisation has as many as anybody reads."""


def ask_to_be_told(session: Session, *, key: AlertKey, by: Viewer, now: datetime) -> None:
    """
    Ask for a letter whenever something new is missing in a council. Asked twice, it is asked once.

    :raises AlertNotFoundError: if they do not speak for the organisation.
    :raises AlertWrongError: if there is no such kind of support.
    :raises TooManyAlertsError: if it has very many already.
    """
    if not by.speaks_for(key.organisation_id) or by.person_id is None:
        raise AlertNotFoundError("You do not speak for that organisation.")
    if key.category != ANY and key.category not in {shelf.slug for shelf in catalogue.categories(session)}:
        raise AlertWrongError("Choose a kind of support from the list.", field="category")
    # Two of the same organisation may ask at once: they take turns.
    accounts.take_turns(session, person_id=by.person_id)
    if session.get(MarketAlert, tuple(key)):
        return
    have = session.scalar(
        select(func.count()).select_from(MarketAlert).where(MarketAlert.organisation_id == key.organisation_id)
    )
    if (have or 0) >= MOST_ALERTS:
        raise TooManyAlertsError(
            worded("You have {most_alerts} of these already. Stop one before you add another.", most_alerts=MOST_ALERTS)
        )
    session.add(MarketAlert(**key._asdict(), asked_by=by.person_id, asked_at=now, told_at=now))
    session.flush()


def stop_telling(session: Session, *, key: AlertKey, by: Viewer | None) -> None:
    """
    End an alert. One that is ended already stays so.

    :param by: who presses, or None for whoever holds the letter: its signed address is proof enough.
    :raises AlertNotFoundError: if they do not speak for the organisation.
    """
    if by is not None and not by.speaks_for(key.organisation_id):
        raise AlertNotFoundError("There is no such alert.")
    row = session.get(MarketAlert, tuple(key))
    if row is not None:
        session.delete(row)
        session.flush()


def tell_what_is_wanted(
    session: Session, *, organisation_id: OrganisationId, words: LetterWords, now: datetime
) -> bool:
    """Write to an organisation what is new for its alerts, in one letter; return whether there was anything."""
    parts: list[str] = []
    for alert in queries.alerts_of(session, organisation_id=organisation_id):
        posted = signals.newest_signals(
            session,
            councils=(alert.key.council,),
            category=CategorySlug(alert.key.category) if alert.key.wanted else None,
            since=alert.told_at,
        )
        missing = _newly_missing(session, alert)
        if posted or missing:
            parts.append(_part(alert, posted, missing, words))
        row = session.get_one(MarketAlert, tuple(alert.key), with_for_update=True)
        row.told_at = now
    if parts:
        accounts.write_to_organisation(
            session,
            organisation_id=organisation_id,
            subject="Something new is wanted near you",
            body="\n\n".join([*parts, worded("All of it, with what else is wanted:\n{wall}", wall=words.wall)]),
            now=now,
        )
    session.flush()
    return bool(parts)


def _newly_missing(session: Session, alert: DueAlert) -> tuple[Wanted, ...]:
    quarters = [
        Quarter(year, number)
        for year, number in session.execute(
            select(Release.year, Release.quarter)
            .where(Release.method >= METHOD, Release.built_at > alert.told_at)
            .order_by(Release.year, Release.quarter)
        )
    ]
    if not quarters:
        return ()
    now, before = quarters[-1], quarters[0].previous
    # The council's own figures, and its region's where the council's are not shown.
    found: dict[str, Wanted] = {}
    for area in reversed(ladder_of(alert.key.council)[:-1]):
        figures = released.figures_of(session, areas=(area,), quarters=(now, before))
        if (area, now) in figures:
            lines = news(figures[area, now], figures.get((area, before)), category=alert.key.wanted)
            found |= {line.row.code: line for line in lines}
    return tuple(sorted(found.values(), key=lambda line: -line.most))


def _part(
    alert: DueAlert,
    posted: Sequence[SignalCard],
    missing: Sequence[Wanted],
    words: LetterWords,
) -> str:
    lines = [words.council(alert.key.council)]
    for signal in posted:
        lines += [worded("The council posted: {title}", title=signal.title), words.signal(signal.id)]
    for line in missing:
        people = ", ".join(worded("about {number} {did}", number=number, did=did) for number, did in line.said)
        where = worded(" (all of the {name})", name=line.area.name) if line.area.level is Level.REGION else ""
        lines.append(
            worded("{name}{where}: of the people there, {people}.", name=line.row.name, where=where, people=people)
        )
    return "\n".join([*lines, worded("To hear no more of this: {stop}", stop=words.stop(alert.key))])
