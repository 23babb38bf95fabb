"""What must end before somebody's account can? Asked of every package that somebody may count on them in."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from marketplace.accounts.queries.leaving import StillOpen, only_speaker_for, roles_to_give_back
from marketplace.accounts.rules import Viewer
from marketplace.catalogue.queries.leaving import offers_left_alone
from marketplace.kit.keeping import Leaving, kept_in
from marketplace.kit.model import Model
from marketplace.payments.queries.leaving import money_on_its_way
from marketplace.pooling.queries.leaving import pools_that_count_on
from marketplace.purchasing.queries.leaving import agreed_and_going_on


def still_open(session: Session, *, viewer: Viewer) -> tuple[StillOpen, ...]:
    """Return everything in which others count on the viewer. Nothing: they may go."""
    alone = only_speaker_for(session, person_id=viewer.person_id)
    return (
        *roles_to_give_back(session, viewer=viewer),
        *agreed_and_going_on(session, viewer=viewer, alone=alone),
        *pools_that_count_on(session, viewer=viewer),
        *money_on_its_way(session, viewer=viewer),
        *offers_left_alone(session, alone=alone),
    )


def what_must_stay() -> Mapping[str, list[str]]:
    """Return what does not go when somebody leaves, without their name: by the reason why, as tables declare it."""
    stays: dict[str, list[str]] = {}
    for table in Model.metadata.sorted_tables:
        kept = kept_in(table)
        if kept.is_somebodys and kept.leaving is not Leaving.GOES:
            stays.setdefault(kept.because, []).append(kept.what)
    return {because: sorted(stays[because]) for because in sorted(stays)}
