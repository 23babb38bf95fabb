"""
A pool that has closed gets ready to go: ways to pay are checked, cards are charged, what fails is put right.

Every step is a transaction of its own and is found again after a crash: `take_stock` looks at what is so and does what
follows, whoever calls it and however often. Stripe is asked between two of them, by `jobs.settling`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.queries import OfferTerms, offer_terms
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO, Money
from marketplace.payments.queries.cards import card_ready
from marketplace.payments.queries.for_pools import NOTHING_ASKED, standings
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules.nouns import EndReason, PledgePart, PoolId, PoolStatus
from marketplace.pooling.rules.pools import SETTLING, known, next_status
from marketplace.pooling.rules.tipping import REMIND_EVERY, WAIT_FOR_CARDS, Way, repair_ends, way_by_card
from marketplace.pooling.services import repricing
from marketplace.pooling.services import settling_letters as letters
from marketplace.pooling.services.confirming import ask_of_card, confirm_pool
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.pledging import NotInError
from marketplace.pooling.services.releasing import end_without_going_ahead, hold_everything, let_go
from marketplace.pooling.services.tipping import hopeful_pledges, solution_of
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy


class PoolMovedOnError(DomainError):
    """The pool does not stand where this could be done, or not any more."""


_WHY = {
    EndReason.PAYMENT_FAILED: "Not everybody’s way to pay could be made ready, and too few people are left.",
    EndReason.COSTS_TOO_MUCH: "It would have cost more, and too few people wanted that.",
    EndReason.TOO_FEW: "Somebody has left, and too few people are left.",
    EndReason.PROVIDER_GONE: "The provider does not offer this any more.",
}
_NOT_READY = "Your way to pay was not ready in time."
_SAID_NO = "It would have cost more, and you did not say yes to that."


@dataclass(frozen=True, slots=True)
class _Scene:
    """A pool that is locked, with all that is locked with it, and what is needed to take it further."""

    session: Session
    pool: Pool
    terms: OfferTerms
    address: PoolAddress
    now: datetime

    @property
    def included(self) -> list[Pledge]:
        """The pledges it is made of, the earliest first."""
        pledges = hopeful_pledges(self.session, pool=self.pool)
        return [pledge for pledge in pledges if pledge.part is PledgePart.INCLUDED]

    @property
    def charges_up_front(self) -> bool:
        """Whether cards are charged before it is certain. Weekly support is paid as it takes place."""
        return self.pool.kind is not ArrangementKind.WEEKLY


def take_stock(session: Session, *, pool_id: PoolId, address: PoolAddress, now: datetime) -> PoolStatus:
    """
    Take a pool that is getting ready as far as it can go now, and return where it stands. Safe at any time, twice.

    :raises PoolNotFoundError: if there is no such pool.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    if pool.status not in SETTLING:
        return pool.status
    scene = _scene(session, pool, address=address, now=now)
    if scene is None:
        return _fail(session, pool, why=EndReason.PROVIDER_GONE, address=address, now=now)
    _go_on(scene)
    return pool.status


def leave_while_settling(
    session: Session, *, pool_id: PoolId, by: PersonId, address: PoolAddress, now: datetime
) -> Money:
    """
    Let somebody out of a pool that is not certain yet, at no cost, and return what a card had paid: that goes back.

    The pool is worked out again at once, in this transaction.

    :raises PoolNotFoundError: if there is no such pool.
    :raises PoolMovedOnError: if it is not getting ready, or not any more.
    :raises NotInError: if this person has no pledge in it.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    if pool.status not in SETTLING:
        raise PoolMovedOnError("This pool has moved on. Open its page again to see what you can do now.")
    pledge = next((one for one in hopeful_pledges(session, pool=pool) if one.person_id == by), None)
    if pledge is None:
        raise NotInError("You have not pledged to this pool, so there is nothing to take back.")
    scene = _scene(session, pool, address=address, now=now)
    repaid = let_go(session, pledge=pledge, by=by, now=now)
    if scene is not None:
        _go_on(scene)
    return repaid


def _scene(session: Session, pool: Pool, *, address: PoolAddress, now: datetime) -> _Scene | None:
    terms = offer_terms(session, offer_id=known(pool.offer_id), on=day_of(now))
    if terms is None or terms.organisation_id is None:
        return None
    hold_everything(session, pool=pool)
    return _Scene(session, pool, terms, address, now)


def _go_on(scene: _Scene) -> None:
    goes_on = _is_as_worked_out(scene) or _work_out_again(scene, why=EndReason.TOO_FEW)
    while goes_on and scene.pool.status in SETTLING:
        goes_on = _STEPS[scene.pool.status](scene)
    scene.session.flush()


def _is_as_worked_out(scene: _Scene) -> bool:
    """Test whether who is included still is what the pool comes to: somebody may have left since."""
    if scene.pool.status is PoolStatus.RECONSENT:
        return False
    solution = solution_of(scene.session, pool=scene.pool, pledges=hopeful_pledges(scene.session, pool=scene.pool))
    shares = {(share.pledge_key, share.quantity, share.amount) for share in solution.included} if solution else set()
    return shares == {(pledge.id, pledge.quantity, pledge.amount) for pledge in scene.included}


def ways_to_pay(
    session: Session, *, pledges: Iterable[Pledge], organisation_id: OrganisationId, charges_up_front: bool
) -> dict[Pledge, Way]:
    """Return how far each of these has come with their way to pay."""
    pledges = list(pledges)
    arranged = [pledge.arrangement_id for pledge in pledges if pledge.arrangement_id is not None]
    cards = standings(session, arrangement_ids=arranged) if charges_up_front else {}
    ways = {}
    for pledge in pledges:
        if pledge.pay_by is not PayBy.CARD or pledge.amount == ZERO:
            ways[pledge] = Way.READY
            continue
        card = cards.get(pledge.arrangement_id, NOTHING_ASKED) if pledge.arrangement_id else NOTHING_ASKED
        ways[pledge] = way_by_card(
            has_card=card_ready(session, person_id=pledge.person_id, organisation_id=organisation_id),
            # Before anything is asked of it there has to be a card.
            is_asked=card is NOTHING_ASKED or bool(card.to_charge),
            is_refused=bool(card.refused),
            is_charging=card.under_way > ZERO,
        )
        if card is NOTHING_ASKED and ways[pledge] is Way.BEING_CHARGED:
            ways[pledge] = Way.READY
    return ways


def _ways(scene: _Scene) -> dict[Pledge, Way]:
    return ways_to_pay(
        scene.session,
        pledges=scene.included,
        organisation_id=known(scene.terms.organisation_id),
        charges_up_front=scene.charges_up_front,
    )


def _tipping(scene: _Scene) -> bool:
    """Charge only when everybody's way to pay is ready; confirm when everything is paid that is to be paid first."""
    ways = _ways(scene)
    if Way.NOT_READY in ways.values():
        scene.pool.status = next_status(status=scene.pool.status, wanted=PoolStatus.REPAIRING)
        return True
    by_card = [pledge for pledge in ways if pledge.pay_by is PayBy.CARD] if scene.charges_up_front else []
    # Every one of them is asked, not only the first of whom something new is to be asked.
    asked = [
        ask_of_card(scene.session, pool=scene.pool, pledge=pledge, terms=scene.terms, now=scene.now)
        for pledge in by_card
    ]
    if any(asked):
        return True
    if Way.BEING_CHARGED in ways.values():
        return False
    confirm_pool(scene.session, pool=scene.pool, terms=scene.terms, address=scene.address, now=scene.now)
    return False


def _repairing(scene: _Scene) -> bool:
    """Wait for those whose way to pay is not ready, and write to them. Then go on without those who still are not."""
    pool, now, ways = scene.pool, scene.now, _ways(scene)
    failed = _put_down_failures(ways, now=now)
    if not failed:
        pool.repair_until, pool.status = None, next_status(status=pool.status, wanted=PoolStatus.TIPPING)
        return True
    is_new = pool.repair_until is None
    since = [known(pledge.failed_at) for pledge in failed]
    pool.repair_until = repair_ends(failed_at=since, closed_at=known(pool.closed_at))
    if now < pool.repair_until:
        _write_about_failures(scene, failed, to_others=ways if is_new else ())
        return False
    charging = [pledge for pledge, way in ways.items() if way is Way.BEING_CHARGED]
    if charging and now < pool.repair_until + WAIT_FOR_CARDS:
        return False
    _go_on_without(scene, [*failed, *charging], why=_NOT_READY)
    return _work_out_again(scene, why=EndReason.PAYMENT_FAILED)


def _put_down_failures(ways: Mapping[Pledge, Way], *, now: datetime) -> list[Pledge]:
    """Put down since when whose way to pay is not ready, and return theirs. What was put right is no failure."""
    failed = []
    for pledge, way in ways.items():
        if way is Way.READY:
            pledge.failed_at = pledge.remind_at = None
        elif way is Way.NOT_READY:
            failed.append(pledge)
            if pledge.failed_at is None:
                pledge.failed_at = pledge.remind_at = now
    return failed


def _write_about_failures(scene: _Scene, failed: list[Pledge], *, to_others: Iterable[Pledge]) -> None:
    pool, now = scene.pool, scene.now
    others = [pledge.person_id for pledge in to_others if pledge not in failed]
    letters.tell_others_to_wait(
        scene.session, pool=pool, people=others, not_ready=len(failed), address=scene.address, now=now
    )
    for pledge in _to_remind(failed, now=now):
        letters.tell_of_way_to_pay(scene.session, pool=pool, pledge=pledge, address=scene.address, now=now)


def _reconsent(scene: _Scene) -> bool:
    """Wait until everybody who is asked has said yes to the dearer price, or their time is over. A no is a way out."""
    silent = [pledge for pledge in scene.included if pledge.asked_price is not None and pledge.agreed_at is None]
    if silent and scene.now < known(scene.pool.reconsent_until):
        for pledge in _to_remind(silent, now=scene.now):
            letters.ask_about_price(scene.session, pool=scene.pool, pledge=pledge, address=scene.address, now=scene.now)
        return False
    _go_on_without(scene, silent, why=_SAID_NO)
    return _work_out_again(scene, why=EndReason.COSTS_TOO_MUCH)


_STEPS = {
    PoolStatus.TIPPING: _tipping,
    PoolStatus.REPAIRING: _repairing,
    PoolStatus.RECONSENT: _reconsent,
}


def _work_out_again(scene: _Scene, *, why: EndReason) -> bool:
    """
    Test the threshold and the step again, and return whether there is more to do at once.

    The same or a cheaper price holds at once; a dearer one is asked about; below the least everybody is released.
    """
    pool, session = scene.pool, scene.session
    solution = solution_of(session, pool=pool, pledges=hopeful_pledges(session, pool=pool))
    if solution is None:
        _fail(session, pool, why=why, address=scene.address, now=scene.now)
        return False
    if repricing.ask_about_dearer(session, pool=pool, solution=solution, now=scene.now):
        if pool.status is not PoolStatus.RECONSENT:
            pool.status = next_status(status=pool.status, wanted=PoolStatus.RECONSENT)
        return True
    repricing.take_on(session, pool=pool, solution=solution, now=scene.now)
    if pool.status is not PoolStatus.TIPPING:
        pool.status = next_status(status=pool.status, wanted=PoolStatus.TIPPING)
    return True


def _go_on_without(scene: _Scene, pledges: Iterable[Pledge], *, why: str) -> None:
    for pledge in pledges:
        repaid = let_go(scene.session, pledge=pledge, by=None, now=scene.now)
        letters.tell_of_going_on_without(
            scene.session, pool=scene.pool, person_id=pledge.person_id, why=why, repaid=repaid, now=scene.now
        )


def _to_remind(pledges: Iterable[Pledge], *, now: datetime) -> list[Pledge]:
    """Return who is written to now, and put down when they are again."""
    due = [pledge for pledge in pledges if pledge.remind_at is not None and pledge.remind_at <= now]
    for pledge in due:
        pledge.remind_at = now + REMIND_EVERY
    return due


def _fail(session: Session, pool: Pool, *, why: EndReason, address: PoolAddress, now: datetime) -> PoolStatus:
    repaid = end_without_going_ahead(session, pool=pool, status=PoolStatus.EXPIRED, reason=why, by=None, now=now)
    letters.tell_of_failing(session, pool=pool, repaid=repaid, why=_WHY[why], address=address, now=now)
    return pool.status
