"""What others bought and what worked: from the latest release, for everybody to read."""

from sqlalchemy.orm import Session

from marketplace.demand.queries import released
from marketplace.demand.rules.others import Others, others
from marketplace.kit.places import CouncilCode
from marketplace.kit.regions import ENGLAND, ladder_of


def what_others_bought(session: Session, *, council: CouncilCode | None) -> Others | None:
    """Return what others bought in a council or, without one, in England; None while nothing has been released."""
    quarters = released.released_quarters(session)[:1]
    ladder = ladder_of(council) if council else (ENGLAND,)
    found = released.figures_of(session, areas=ladder, quarters=quarters)
    figures = [found[area, quarter] for quarter in quarters for area in ladder if (area, quarter) in found]
    return others(figures) if figures else None
