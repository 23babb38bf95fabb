"""Plans told in more ways than words."""

from datetime import UTC, datetime

from sqlalchemy import select

from marketplace.brokerage.gateways.files import read_file
from marketplace.brokerage.models import PlanClash
from marketplace.brokerage.rules.nouns import Part, PartOfDay
from marketplace.brokerage.services.files import add_file
from marketplace.brokerage.services.plans import write_part
from marketplace.brokerage.services.week import Shown, put_in_week
from tests.factories import pictures


def file(session, *, plan_id, by, now, sent=None, name="IMG_1.jpg", said="", part=Part.ABOUT_ME):
    """Put a file, a picture unless given, in a part of a plan."""
    read = read_file(sent or pictures.sent(), name=name)
    return add_file(session, plan_id=plan_id, part=part, file=read, said=said, by=by, now=now)


def told(session, *, plan_id, by):
    """Add a picture, something in the week, and words that were written at the same time as others."""
    now = datetime.now(UTC)
    (item_id,) = put_in_week(
        session, plan_id=plan_id, days=(1,), part_of_day=PartOfDay.MORNING, shown=Shown("Tea", "tea"), by=by, now=now
    )
    for words in ("I like tea.", "I like trains."):
        write_part(session, plan_id=plan_id, part=Part.WHO_HELPS, words=words, edition=0, by=by, now=now)
    return {
        "file_id": file(session, plan_id=plan_id, by=by, now=now),
        "item_id": item_id,
        "clash_id": session.scalars(select(PlanClash.id).where(PlanClash.plan_id == plan_id)).one(),
        "part": "about_me",
    }
