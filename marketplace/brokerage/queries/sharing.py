"""Who reads a plan by a link, and what do they see? Links are for their person alone, what they open for the holder."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, undefer

from marketplace.accounts.rules import Viewer, token_hash
from marketplace.brokerage.models import Plan, PlanFile, PlanLink, PlanVersion
from marketplace.brokerage.queries.contents import Around, contents_where
from marketplace.brokerage.queries.files import FileKept
from marketplace.brokerage.rules import contents as kept
from marketplace.brokerage.rules.contents import Contents
from marketplace.brokerage.rules.lasting import link_last_day, link_works
from marketplace.brokerage.rules.nouns import FileId, LinkId, PlanId
from marketplace.kit.days import day_of


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link in the list of its person. `version` is the number of the one it shows; None: the plan as it is."""

    id: LinkId
    called: str
    version: int | None
    shows_money: bool
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_opened_at: datetime | None
    works: bool

    @property
    def last_day(self) -> date:
        """The last day on which it works."""
        return link_last_day(self.expires_at)


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """What somebody with a link sees: no name of any account, and money only if its person wanted that."""

    link_id: LinkId
    contents: Contents
    shows_money: bool
    # Of a version: when it was kept.
    as_of: datetime | None
    expires_at: datetime

    @property
    def last_day(self) -> date:
        """The last day on which it can be opened."""
        return link_last_day(self.expires_at)


def links_of(session: Session, *, plan_id: PlanId, viewer: Viewer, now: datetime) -> tuple[LinkLine, ...]:
    """Return the links to the viewer's own plan, the newest first. Whoever helps does not see them."""
    rows = session.execute(
        select(PlanLink, PlanVersion.number)
        .join(Plan, Plan.id == PlanLink.plan_id)
        .join(PlanVersion, PlanVersion.id == PlanLink.version_id, isouter=True)
        .where(Plan.id == plan_id, Plan.person_id == viewer.person_id)
        .order_by(PlanLink.made_at.desc(), PlanLink.id)
    )
    return tuple(
        LinkLine(
            id=link.id,
            called=link.called,
            version=number,
            shows_money=link.shows_money,
            made_at=link.made_at,
            expires_at=link.expires_at,
            revoked_at=link.revoked_at,
            last_opened_at=link.last_opened_at,
            works=link_works(expires_at=link.expires_at, revoked_at=link.revoked_at, now=now),
        )
        for link, number in rows
    )


def shared_plan(session: Session, *, token: str, around: Around, now: datetime) -> SharedPlan | None:
    """Return what a link shows at a moment, or None if it is none, has ended or was taken back."""
    link = session.scalars(select(PlanLink).where(_works(token, now))).one_or_none()
    if link is None:
        return None
    version = session.get_one(PlanVersion, link.version_id) if link.version_id else None
    if version is not None:
        contents = kept.read(version.contents)
    else:
        contents = contents_where(session, link.plan_id, Plan.id == link.plan_id, on=day_of(now), around=around)
    still_there = set(
        session.scalars(select(PlanFile.id).where(PlanFile.plan_id == link.plan_id, PlanFile.removed_at.is_(None)))
    )
    return SharedPlan(
        link_id=link.id,
        # What its person has removed since is gone from every version too.
        contents=replace(contents, files=tuple(file for file in contents.files if file.id in still_there)),
        shows_money=link.shows_money,
        as_of=version.made_at if version else None,
        expires_at=link.expires_at,
    )


def shared_file(session: Session, *, token: str, file_id: FileId, is_small: bool, now: datetime) -> FileKept | None:
    """Return a file of what a link shows at a moment: one that came after the version it shows is not of it."""
    file = session.scalars(
        select(PlanFile)
        .join(PlanLink, PlanLink.plan_id == PlanFile.plan_id)
        .where(_works(token, now), PlanFile.id == file_id, PlanFile.removed_at.is_(None))
        .options(undefer(PlanFile.small if is_small else PlanFile.contents))
    ).one_or_none()
    contents = None if file is None else file.small if is_small else file.contents
    if file is None or contents is None or not _is_shown(session, token, file_id, now=now):
        return None
    return FileKept(file.kind, file.name, "image/jpeg" if is_small else file.media_type, contents)


def _is_shown(session: Session, token: str, file_id: FileId, *, now: datetime) -> bool:
    version = session.scalars(
        select(PlanVersion.contents).join(PlanLink, PlanLink.version_id == PlanVersion.id).where(_works(token, now))
    ).one_or_none()
    return version is None or file_id in {it.id for it in kept.read(version).files}


def _works(token: str, now: datetime) -> ColumnElement[bool]:
    return (PlanLink.token_hash == token_hash(token)) & PlanLink.revoked_at.is_(None) & (PlanLink.expires_at > now)
