"""What a council says back to its market: posted once, public at once, never changed, and taken back at any time."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.demand.models.signals import MarketSignal
from marketplace.demand.queries import released
from marketplace.demand.rules import signals as rules
from marketplace.demand.rules.nouns import SignalId, SignalKind
from marketplace.demand.rules.signals import QuotedFigure
from marketplace.kit import audit
from marketplace.kit.errors import NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.facts import number_of
from marketplace.kit.places import CouncilCode
from marketplace.kit.regions import AreaCode
from marketplace.kit.text import tidy, tidy_line


class SignalWrongError(WrongAnswerError):
    """Something in it will not do."""


class SignalNotFoundError(NotFoundError):
    """There is none, or it is taken back, or it is not the viewer's to take back."""


class NotACommissionerError(NotAllowedError):
    """Only a council's commissioner speaks for it."""


@dataclass(frozen=True, slots=True)
class NewSignal:
    """
    What is to be posted. `told`: in words, what people told; `figure`: a released figure that says so.

    An answer has one of the two at least, and may name what it answers.
    """

    kind: SignalKind
    title: str
    words: str
    category: CategorySlug | None = None
    told: str = ""
    figure: QuotedFigure | None = None
    answers_id: SignalId | None = None


def post_signal(
    session: Session, *, wanted: NewSignal, by: Viewer, now: datetime, key: uuid.UUID | None = None
) -> SignalId:
    """
    Post something for the viewer's own council. A form sent twice (the same `key`) posts once.

    :raises NotACommissionerError: if they are not a council's commissioner.
    :raises SignalWrongError: if something in it will not do, or the figure is not released.
    """
    council = _council_of(by)
    signal_id = SignalId(key or uuid.uuid4())
    if session.scalars(
        select(MarketSignal.id).where(MarketSignal.id == signal_id, MarketSignal.council == council)
    ).first():
        return signal_id
    title, words, told = read_back(session, wanted=wanted, council=council)
    session.add(
        MarketSignal(
            id=signal_id,
            council=council,
            kind=wanted.kind,
            category=_category(session, wanted.category),
            title=title,
            words=words,
            you_told_us=told,
            answers_id=_answered(session, wanted, council),
            quarter=number_of(wanted.figure.quarter) if wanted.figure else None,
            posted_by=by.person_id,
            posted_at=now,
        )
    )
    audit.record(session, by=by.person_id, did="posted", to_kind="market_signal", to_id=signal_id, now=now)
    session.flush()
    return signal_id


def read_back(session: Session, *, wanted: NewSignal, council: CouncilCode) -> tuple[str, str, str]:
    """
    Return title, words and what people told as they would be posted. The figure is read from the release.

    :raises SignalWrongError: if something will not do.
    """
    title, words = tidy_line(wanted.title), tidy(wanted.words)
    told = "\n\n".join(part for part in (_quoted(session, wanted.figure, council), tidy(wanted.told)) if part)
    problem = rules.signal_problem(kind=wanted.kind, title=title, words=words, told=told)
    if problem:
        field, sentence = problem
        raise SignalWrongError(sentence, field=field)
    return title, words, told


def take_signal_back(session: Session, *, signal_id: SignalId, by: Viewer, now: datetime) -> None:
    """
    Take back what was posted: a commissioner of that council, or a moderator. Its words stand nowhere any more.

    :raises SignalNotFoundError: if there is none that they may take back.
    """
    row = session.get(MarketSignal, signal_id, with_for_update=True)
    theirs = row is not None and by.may(Permission.READ_DEMAND) and by.council == row.council
    if row is None or row.withdrawn_at is not None or not (theirs or by.may(Permission.MODERATE)):
        raise SignalNotFoundError("There is nothing here that you can take back.")
    row.withdrawn_at, row.withdrawn_by = now, by.person_id
    audit.record(session, by=by.person_id, did="took back", to_kind="market_signal", to_id=row.id, now=now)
    session.flush()


def _council_of(by: Viewer) -> CouncilCode:
    if not by.may(Permission.READ_DEMAND) or by.council is None or by.person_id is None:
        raise NotACommissionerError("Only a council’s commissioner can post for it.")
    return by.council


def _quoted(session: Session, figure: QuotedFigure | None, council: CouncilCode) -> str:
    if figure is None:
        return ""
    area, quarter = AreaCode(council), figure.quarter
    of_area = released.figures_of(session, areas=(area,), quarters=(quarter,)).get((area, quarter))
    sentence = rules.quotation(of_area, figure) if of_area else None
    if sentence is None:
        raise SignalWrongError("That figure is not released for your council. Choose another.", field="figure")
    return sentence


def _category(session: Session, slug: CategorySlug | None) -> CategorySlug | None:
    if slug is not None and slug not in {shelf.slug for shelf in catalogue.categories(session)}:
        raise SignalWrongError("Choose a kind of support from the list.", field="category")
    return slug


def _answered(session: Session, wanted: NewSignal, council: CouncilCode) -> SignalId | None:
    if wanted.answers_id is None or wanted.kind is not SignalKind.ANSWER:
        return None
    found = session.scalars(
        select(MarketSignal.id).where(
            MarketSignal.id == wanted.answers_id,
            MarketSignal.council == council,
            MarketSignal.kind != SignalKind.ANSWER,
            MarketSignal.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise SignalWrongError("Choose something that your council posted and has not taken back.", field="answers")
    return found
