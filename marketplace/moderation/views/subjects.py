"""
What a report is about: its name, and where it is looked at and decided.

The packages asked here stand above this one on the map, so it may ask their queries but not know what they call their
ids. Hence the ignored types.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import url_for

from marketplace.accounts.access import viewer
from marketplace.brokerage.queries import briefs, library, reported_briefs
from marketplace.catalogue import queries as catalogue
from marketplace.kit.db import db
from marketplace.kit.sentences import worded
from marketplace.moderation.queries import ReportLine
from marketplace.moderation.rules import SubjectKind
from marketplace.pooling import queries as pooling
from marketplace.pooling.queries import messages, stories
from marketplace.ratings import queries as ratings


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that can be reported."""

    title: str
    href: str
    decide_href: str


def find(kind: SubjectKind, subject_id: UUID) -> Subject | None:
    """Return what is meant, if the viewer may see it. Each package says for itself who may."""
    finder = _FINDERS.get(kind)
    return finder(subject_id) if finder else None


def titles(reports: Iterable[ReportLine]) -> dict[UUID, str]:
    """Return what each reported thing is called, by its id: one query for each kind. What is gone has no name."""
    named: dict[UUID, str] = {}
    ids: dict[SubjectKind, list[UUID]] = {}
    for report in reports:
        ids.setdefault(report.subject_kind, []).append(report.subject_id)
    for kind, wanted in ids.items():
        if kind in _NAMERS:
            named |= _NAMERS[kind](wanted)
    return named


def _offer(subject_id: UUID) -> Subject | None:
    page = catalogue.offer_page(
        db.session,
        offer_id=subject_id,  # type: ignore[arg-type]
        viewer=viewer(),
        on=_now().date(),
    )
    if page is None:
        return None
    return Subject(
        title=page.title,
        href=url_for("catalogue.offer", offer_id=page.id),
        decide_href=url_for("catalogue.decide", offer_id=page.id),
    )


def _provider(subject_id: UUID) -> Subject | None:
    page = catalogue.provider_page(
        db.session,
        provider_id=subject_id,  # type: ignore[arg-type]
        viewer=viewer(),
        on=_now().date(),
    )
    if page is None:
        return None
    # A provider is shown through its offers, so the decision is about each of those.
    href = url_for("catalogue.provider", provider_id=page.provider.id)
    return Subject(title=page.provider.name, href=href, decide_href=href)


def _review(subject_id: UUID) -> Subject | None:
    page = ratings.review_page(db.session, review_id=subject_id, viewer=viewer())  # type: ignore[arg-type]
    if page is None:
        return None
    return Subject(
        title=_about_review(page.offer_title),
        href=url_for("ratings.show", review_id=page.id),
        decide_href=url_for("ratings.decide", kind="review", subject_id=page.id),
    )


def _pool(subject_id: UUID) -> Subject | None:
    page = pooling.pool_page(db.session, pool_id=subject_id, viewer=viewer(), now=_now())  # type: ignore[arg-type]
    if page is None:
        return None
    return Subject(
        title=page.title,
        href=url_for("pooling.show", pool_id=page.id),
        decide_href=url_for("pooling.decide", pool_id=page.id, act="hold"),
    )


def _pool_message(subject_id: UUID) -> Subject | None:
    """Return a message to those who can read it: a moderator the reported one, a member any of their own pool's."""
    if messages.reported_message(db.session, message_id=subject_id, viewer=viewer()):  # type: ignore[arg-type]
        decide_href = url_for("pooling.decide_message", message_id=subject_id, act="hold")
        return Subject(title="A message in a pool", href=decide_href, decide_href=decide_href)
    found = messages.message_subject(db.session, message_id=subject_id, viewer=viewer())  # type: ignore[arg-type]
    if found is None:
        return None
    pool_id, title = found
    href = url_for("pooling.space", pool_id=pool_id)
    return Subject(title=worded("A message in {title}", title=title), href=href, decide_href=href)


def _pool_story(subject_id: UUID) -> Subject | None:
    page = stories.story_page(db.session, story_id=subject_id, viewer=viewer())  # type: ignore[arg-type]
    if page is None:
        return None
    return Subject(
        title=page.title,
        href=url_for("pooling.story", story_id=page.id),
        decide_href=url_for("pooling.decide_story", story_id=page.id, act="hold"),
    )


def _library_piece(subject_id: UUID) -> Subject | None:
    page = library.piece_page(db.session, piece_id=subject_id, viewer=viewer())  # type: ignore[arg-type]
    if page is None:
        return None
    return Subject(
        title=page.title,
        href=url_for("brokerage.piece", piece_id=page.id),
        decide_href=url_for("brokerage.decide_piece", piece_id=page.id),
    )


def _brief(subject_id: UUID) -> Subject | None:
    """Return a brief to a provider it is for, and to a moderator once it was reported. Never whose it is."""
    called = briefs.called_brief(db.session, brief_id=subject_id, viewer=viewer(), now=_now())  # type: ignore[arg-type]
    if called is not None:
        href = url_for("brokerage.call", brief_id=subject_id)
        return Subject(title=called.wanted.title, href=href, decide_href=href)
    reported = reported_briefs.reported_brief(db.session, brief_id=subject_id, viewer=viewer())  # type: ignore[arg-type]
    if reported is None:
        return None
    href = url_for("brokerage.decide_brief", brief_id=subject_id, act="release" if reported.held_at else "hold")
    return Subject(title=reported.wanted.title, href=href, decide_href=href)


def _about_review(offer_title: str) -> str:
    return worded("A review of {offer_title}", offer_title=offer_title)


def _now() -> datetime:
    return datetime.now(UTC)


_FINDERS: dict[SubjectKind, Callable[[UUID], Subject | None]] = {
    SubjectKind.OFFER: _offer,
    SubjectKind.PROVIDER: _provider,
    SubjectKind.REVIEW: _review,
    SubjectKind.POOL: _pool,
    SubjectKind.POOL_MESSAGE: _pool_message,
    SubjectKind.POOL_STORY: _pool_story,
    SubjectKind.BRIEF: _brief,
    SubjectKind.LIBRARY_PIECE: _library_piece,
}
"""A reply is reported with the review it answers: they stand on one page."""

_NAMERS: dict[SubjectKind, Callable[[Sequence[UUID]], dict[UUID, str]]] = {
    SubjectKind.OFFER: lambda ids: catalogue.offer_titles(db.session, offer_ids=ids, viewer=viewer()),
    SubjectKind.PROVIDER: lambda ids: catalogue.provider_names(db.session, provider_ids=ids, viewer=viewer()),
    SubjectKind.REVIEW: lambda ids: {
        id_: _about_review(title)
        for id_, title in ratings.titles_reviewed(db.session, review_ids=ids, viewer=viewer()).items()
    },
    SubjectKind.POOL: lambda ids: pooling.pool_titles(db.session, pool_ids=ids, viewer=viewer()),
    SubjectKind.POOL_MESSAGE: lambda ids: messages.messages_named(db.session, message_ids=ids, viewer=viewer()),
    SubjectKind.POOL_STORY: lambda ids: stories.story_titles(db.session, story_ids=ids, viewer=viewer()),
    SubjectKind.BRIEF: lambda ids: reported_briefs.reported_brief_titles(db.session, brief_ids=ids, viewer=viewer()),
    SubjectKind.LIBRARY_PIECE: lambda ids: library.piece_titles(db.session, piece_ids=ids, viewer=viewer()),
}
