"""Plans that are kept, shared, and looked at again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from marketplace.brokerage.models import PlanLink
from marketplace.brokerage.queries.contents import Around
from marketplace.brokerage.services.reviewing import set_review
from marketplace.brokerage.services.sharing import share_plan
from marketplace.brokerage.services.versions import keep_version
from marketplace.kit.days import day_of

AROUND = Around(outcomes=lambda ids: dict.fromkeys(ids, "Health"), pools=lambda _keys: {})
"""What packages above know, where no test asks about it."""


def kept(session, *, plan_id, by):
    """Keep a plan, share it by a link that shows it as it is, and choose a day to look at it again."""
    now = datetime.now(UTC)
    token = share_plan(
        session, plan_id=plan_id, by=by, called="Jo", days=30, shows_money=True, follows=True, around=AROUND, now=now
    )
    return {
        "version_id": keep_version(session, plan_id=plan_id, by=by, note="", around=AROUND, now=now).id,
        "link_id": session.scalars(select(PlanLink.id).where(PlanLink.plan_id == plan_id)).one(),
        "plan_token": token,
        "plan_review": set_review(session, plan_id=plan_id, due_on=day_of(now) + timedelta(days=40), by=by, now=now),
    }
