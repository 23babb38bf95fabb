"""What we write while a pool gets ready to go. Nobody learns who else is in it, or whose way to pay has failed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import count, day, moment
from marketplace.kit.sentences import worded
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules.pools import known
from marketplace.pooling.services.letters import PoolAddress
from marketplace.purchasing.rules import how_much
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy


def tell_of_way_to_pay(session: Session, *, pool: Pool, pledge: Pledge, address: PoolAddress, now: datetime) -> None:
    """Tell somebody that their way to pay is not ready. Not why: letters are read by others."""
    accounts.write_to_person(
        session,
        person_id=pledge.person_id,
        subject=worded("Your way to pay is not ready: {title}", title=pool.title),
        body=worded(
            "Enough people are in your pool. It goes ahead as soon as everybody’s way to pay is ready, and yours is "
            "not ready yet.\n\n"
            "What happens next: sign in and choose any card, or another way to pay, by {known}:"
            "\n{address}\n\n"
            "If it is not ready by then, the pool goes on without you and you pay nothing. Nobody in the pool is told "
            "whose it was.",
            known=moment(known(pool.repair_until)),
            address=address(pool.id),
        ),
        now=now,
    )


def tell_others_to_wait(
    session: Session, *, pool: Pool, people: Iterable[PersonId], not_ready: int, address: PoolAddress, now: datetime
) -> None:
    """Tell the others that a pool waits, for how many and until when."""
    _tell(
        session,
        people,
        subject=worded("Your pool is getting ready: {title}", title=pool.title),
        body=worded(
            "Enough people are in your pool. {ways} to pay "
            "{more} not ready yet, and can be put right until "
            "{known}.\n\n"
            "You need do nothing. If the pool does not go ahead, you pay nothing, and what a card has paid "
            "comes back by "
            "itself. You can see how far it has come here:\n{address}",
            ways=count(not_ready, "way", "ways"),
            more="is" if not_ready == 1 else "are",
            known=moment(known(pool.repair_until)),
            address=address(pool.id),
        ),
        now=now,
    )


def ask_about_price(session: Session, *, pool: Pool, pledge: Pledge, address: PoolAddress, now: datetime) -> None:
    """Ask somebody whether they say yes to a dearer price, which is never above the most they pledged."""
    price = known(pledge.asked_price)
    accounts.write_to_person(
        session,
        person_id=pledge.person_id,
        subject=worded("Your pool would cost more: {title}", title=pool.title),
        body=worded(
            "Fewer people are in your pool than before, so it would now cost you {price} {each}. "
            "That is not above the most you said you would pay, {most_price}. Nothing is charged for it unless you "
            "say yes.\n\n"
            "What happens next: say yes or no by {known}:\n{address}\n\n"
            "If you say no, or nothing, you are out and pay nothing, and what a card has paid comes back by itself.",
            price=price,
            each=known(pool.unit).each,
            most_price=pledge.most_price,
            known=moment(known(pool.reconsent_until)),
            address=address(pool.id),
        ),
        now=now,
    )


def tell_of_going_ahead(session: Session, *, pool: Pool, pledge: Pledge, address: PoolAddress, now: datetime) -> None:
    """Tell somebody that their pool goes ahead: what they get, what they pay, and when."""
    quantity, amount = known(pledge.quantity), known(pledge.amount)
    gets = how_much(quantity=quantity, unit=pool.unit, kind=pool.kind, weeks=pool.weeks)
    accounts.write_to_person(
        session,
        person_id=pledge.person_id,
        subject=worded("Your pool is going ahead: {title}", title=pool.title),
        body=worded(
            "Everybody’s way to pay is ready, so your pool is going ahead.\n\n"
            "You get {gets} from {known}. {pays} Nobody pays for anybody "
            "else: you have an arrangement of your own with the provider, who will be in touch.\n\n"
            "The pool: {address}",
            gets=gets,
            known=day(known(pool.starts_on)),
            pays=_pays(pool, pledge, amount),
            address=address(pool.id),
        ),
        now=now,
    )


def tell_provider_of_going_ahead(
    session: Session, *, pool: Pool, organisation_id: OrganisationId, people: int, address: PoolAddress, now: datetime
) -> None:
    """Tell those who speak for the provider that a pool on their offer goes ahead."""
    accounts.write_to_organisation(
        session,
        organisation_id=organisation_id,
        subject=worded(
            "{people} clubbed together: {title}", people=count(people, "person", "people"), title=pool.title
        ),
        body=worded(
            "{people} clubbed together on one of your offers, and everybody’s way to pay "
            "is ready. It begins on {known}, at {unit_price} {each}.\n\n"
            "What happens next: there is an arrangement for each of them under your arrangements. Please "
            "write to them to "
            "agree the details.\n\nThe pool: {address}",
            people=count(people, "person", "people"),
            known=day(known(pool.starts_on)),
            unit_price=pool.unit_price,
            each=known(pool.unit).each,
            address=address(pool.id),
        ),
        now=now,
    )


def tell_of_going_on_without(
    session: Session, *, pool: Pool, person_id: PersonId, why: str, repaid: Money, now: datetime
) -> None:
    """Tell somebody that their pool goes on without them, and why."""
    accounts.write_to_person(
        session,
        person_id=person_id,
        subject=worded("You are not in this pool any more: {title}", title=pool.title),
        body=worded(
            "{why} The pool goes on without you. {owes_nothing}\n\n"
            "What happens next: nothing to do. You can join or open another pool whenever you like.",
            why=why,
            owes_nothing=_owes_nothing(repaid),
        ),
        now=now,
    )


def tell_of_failing(
    session: Session, *, pool: Pool, repaid: dict[PersonId, Money], why: str, address: PoolAddress, now: datetime
) -> None:
    """Tell everybody that their pool does not go ahead after all, and what comes back."""
    for person_id, amount in repaid.items():
        accounts.write_to_person(
            session,
            person_id=person_id,
            subject=worded("Your pool has ended: {title}", title=pool.title),
            body=worded(
                "{why} It has ended. {owes_nothing}\n\n"
                "That is nobody’s fault, and a normal thing to happen. You can ask the provider for an "
                "arrangement of your "
                "own, or open another pool.\n\nThe pool: {address}",
                why=why,
                owes_nothing=_owes_nothing(amount),
                address=address(pool.id),
            ),
            now=now,
        )


def tell_of_longer_time(
    session: Session, *, pool: Pool, people: Iterable[PersonId], address: PoolAddress, now: datetime
) -> None:
    """Tell everybody that there is a week more to find people, and that their pledge stands."""
    last = moment(known(pool.closes_at))
    _tell(
        session,
        people,
        subject=worded("A week more to find people: {title}", title=pool.title),
        body=worded(
            "People can now join your pool until {last}, and it begins on {known}. It is the "
            "only time that this can be moved.\n\n"
            "You need do nothing: what you pledged stands. You can leave until then, and it costs nothing:\n"
            "{address}",
            last=last,
            known=day(known(pool.starts_on)),
            address=address(pool.id),
        ),
        now=now,
    )


def tell_of_too_few(
    session: Session, *, pool: Pool, people: Iterable[PersonId], left: int, address: PoolAddress, now: datetime
) -> None:
    """Tell those who are left that they are fewer than their pool needs, and what they can do."""
    _tell(
        session,
        people,
        subject=worded("Too few are left in your pool: {title}", title=pool.title),
        body=worded(
            "Somebody has left your pool. {people_are} left, and it was made for "
            "{minimum_people} or more. What you agreed with the provider still holds, and your price stays the same "
            "until you say otherwise.\n\n"
            "What happens next: talk about it, and choose together. You can find somebody else, share the "
            "cost anew, go on "
            "each with an arrangement of your own, or end the pool:\n{address}",
            people_are=count(left, "person is", "people are"),
            minimum_people=pool.minimum_people,
            address=address(pool.id),
        ),
        now=now,
    )


def _pays(pool: Pool, pledge: Pledge, amount: Money) -> str:
    if amount == ZERO:
        return "It is free."
    if pool.kind is ArrangementKind.WEEKLY:
        return worded(
            "You pay {amount} for each full week, after it took place and you have confirmed it.", amount=amount
        )
    if pledge.pay_by is PayBy.CARD:
        return worded("Your card has paid {amount}.", amount=amount)
    return worded("You pay {amount}: the invoice is with your arrangement, with how to pay and by when.", amount=amount)


def _owes_nothing(repaid: Money) -> str:
    if repaid > ZERO:
        return worded(
            "You pay nothing: the {repaid} that your card paid is on its way back to it, and takes 5 to 10 days.",
            repaid=repaid,
        )
    return "You pay nothing."


def _tell(session: Session, people: Iterable[PersonId], *, subject: str, body: str, now: datetime) -> None:
    for person_id in people:
        accounts.write_to_person(session, person_id=person_id, subject=subject, body=body, now=now)
