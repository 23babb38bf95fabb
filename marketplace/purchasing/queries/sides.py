"""Whose arrangement is it? The two sides of each, as conditions for other questions."""

from sqlalchemy import ColumnElement, and_, or_

from marketplace.accounts.rules import Viewer
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus


def provided_by(viewer: Viewer) -> ColumnElement[bool]:
    """Hold for what those provide for whom the viewer speaks. What waits for its pool is nobody's to provide yet."""
    waits = and_(Arrangement.waits_for_pool.is_(True), Arrangement.status == ArrangementStatus.ACCEPTED)
    return and_(Arrangement.organisation_id.in_(viewer.organisations), ~waits)


def is_between(viewer: Viewer) -> ColumnElement[bool]:
    """Hold for the arrangements of which the viewer is one side."""
    return or_(Arrangement.person_id == viewer.person_id, provided_by(viewer))
