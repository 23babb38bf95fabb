"""A pool with a word planted in everything that is private about it. Whoever finds one on a page has found a leak."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from marketplace.accounts.rules import Role
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.pooling.models import (
    Interest,
    Pool,
    PoolAcceptance,
    PoolAgreement,
    PoolAnswer,
    PoolBallotPaper,
    PoolCriterion,
    PoolCriterionVoice,
    PoolDocument,
    PoolMeasure,
    PoolMember,
    PoolMessage,
    PoolProposal,
    PoolReading,
    PoolStep,
    PoolStory,
    PoolStoryYes,
    PoolTier,
    PoolTurn,
    PoolTurnout,
    PoolVoice,
    SharedVisit,
    SharedVisitMember,
)
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import (
    EndReason,
    Measure,
    MemberRole,
    PledgePart,
    PoolOrigin,
    Presence,
    ProposalWay,
    SharedVisitStatus,
    Step,
    Voice,
)
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import accounts, choosing, pooling, purchasing, quotes

COUNCIL = "E08000009"
TABLES = ("pool", "pledge", "interest", "shared_visit")
TO_EVERYBODY = {
    # What a pool says of itself on its own page, and what only names a thing of the catalogue or of the gazetteer.
    ("pool", "title"),
    ("pool", "purpose"),
    ("pool", "place_name"),
    ("pool", "interest"),
    ("pool", "category"),
    ("pool", "council"),
    ("interest", "interest"),
    ("interest", "council"),
    # The kind of a file, from a short list.
    ("pool_document", "kind"),
    # A ballot's choices cannot hold more than its question does; both are planted in one word.
    ("pool_proposal", "options"),
}


def word(table, column):
    """The word that is planted in one column."""
    return f"zq{table}{column}zq".replace("_", "")


def private_columns():
    """Every column of pools that holds somebody's own words, or anything else that can be written."""
    kinds = (sa.String, sa.JSON, sa.LargeBinary)
    return [
        (table.name, column.name)
        for table in Model.metadata.sorted_tables
        if table.name.startswith(TABLES)
        for column in table.columns
        if isinstance(column.type, kinds)
        and not isinstance(column.type, sa.Enum)
        and (table.name, column.name) not in TO_EVERYBODY
    ]


@dataclass
class Planted:
    """A pool, who is in it, and who looks at it from outside."""

    pool_id: uuid.UUID
    members: dict[str, uuid.UUID]
    objects: dict[str, object] = field(default_factory=dict)


@dataclass
class Crowd:
    """The people of all the pools: three who buy, an outside helper, one who left again, and the provider."""

    ada: object
    ben: object
    cleo: object
    helper: object
    gone: object
    offer: object
    provider: object
    organisation: object
    ulo: object

    @property
    def inside(self):
        return {"ada": self.ada, "ben": self.ben, "cleo": self.cleo}


def crowd(session):
    """Add people whose names and addresses are planted too, and a provider with an offer for groups."""

    def somebody(name):
        return accounts.person(session, name=f"Zq{name}name", email=f"zq{name}mail@example.org", lives_in=COUNCIL)

    people = {name: somebody(name) for name in ("ada", "ben", "cleo", "helper", "gone")}
    body, speaker = accounts.organisation(session, name="Boring Help")
    ulo, _ = accounts.organisation(
        session, name="Zqhelperorganisation", role=Role.USER_LED_ORGANISATION, spoken_for_by=people["helper"]
    )
    offer = pooling.offer_for_groups(session, organisation_id=body.id)
    return Crowd(**people, offer=offer, provider=speaker, organisation=body, ulo=ulo)


def secrets(of):
    """Every planted word, and the names and addresses of everybody inside."""
    names = [
        text
        for person in (of.ada, of.ben, of.cleo, of.helper, of.gone)
        for text in (person.name.lower(), person.email.partition("@")[0].lower())
    ]
    return [word(*column) for column in private_columns()] + names + ["zqcalled", "zqmark"]


def plant(session, of, status, *, households=3, with_story=False, **differences):
    """Add a pool in some state, with a row in every table that pools have."""
    now = datetime.now(UTC)
    insiders = dict(list(of.inside.items())[:households])
    pool = _pool(session, of, status, now, differences)
    session.add(PoolTier(pool_id=pool.id, counted_from=3, unit_price=pooling.TOGETHER))
    planted = Planted(pool.id, {name: person.id for name, person in insiders.items()})
    for name, person in insiders.items():
        role = MemberRole.CHAMPION if name == "ada" else MemberRole.MEMBER
        _member(session, pool, person, name, role=role)
        _pledge(session, of, pool, person, now)
    _member(session, pool, of.helper, "helper", role=MemberRole.FACILITATOR, organisation_id=of.ulo.id)
    _member(session, pool, of.gone, "gone", left_at=now - timedelta(days=1))
    session.flush()
    planted.objects = {
        **_getting_ready(session, of, pool, insiders, now),
        **_room(session, pool, insiders, now),
        **_together(session, pool, insiders, now, with_story=with_story),
        **_quoted(session, of, pool),
    }
    session.flush()
    return planted


def _quoted(session, of, pool):
    """Let the pool have asked for quotes, and one provider have sent one."""
    by, about = quotes.provider(session)
    brief, quote_id = choosing.of_pool(session, pool_id=pool.id, champion=of.ada, by=by, about=about)
    return {"brief_id": brief.id, "quote_id": quote_id}


def _pool(session, of, status, now, differences):
    over = status not in {PoolStatus.DRAFT, PoolStatus.OPEN}
    going = status in {PoolStatus.CONFIRMED, PoolStatus.RUNNING, PoolStatus.ENDED}
    plain = {
        "opened_at": now - timedelta(days=20),
        "closes_at": now + timedelta(days=10),
        "starts_on": (now + timedelta(days=20)).date(),
        "closed_at": now - timedelta(days=2) if over else None,
        "confirmed_at": now - timedelta(days=1) if going else None,
        "ended_at": now - timedelta(hours=1) if status is PoolStatus.ENDED else None,
        "repair_until": now + timedelta(days=5) if status is PoolStatus.REPAIRING else None,
        "reconsent_until": now + timedelta(days=5) if status is PoolStatus.RECONSENT else None,
        "end_reason": EndReason.PAYMENT_FAILED if status is PoolStatus.EXPIRED else None,
        "end_words": word("pool", "end_words"),
        "title": "Swimming together",
        "purpose": "We like the water.",
        "interest": "swimming",
        "place_name": "Sale",
        "council": COUNCIL,
        "began_from": PoolOrigin.OFFER,
        "invite_key": uuid.uuid4(),
        "minimum_people": 3,
        "unit_price": pooling.TOGETHER,
        "price_alone": pooling.ALONE,
        "unit": "hour",
        "quantity": 6,
        "category": of.offer.category,
        "status": status,
        "offer_id": of.offer.id,
        "opened_by": of.ada.id,
    }
    if status is PoolStatus.DRAFT:
        nothing_yet = ("minimum_people", "unit_price", "price_alone", "unit", "quantity", "starts_on", "closes_at")
        plain |= dict.fromkeys((*nothing_yet, "offer_id", "category"))
        plain["began_from"] = PoolOrigin.WISH
    pool = Pool(id=uuid.uuid4(), **plain | differences)
    session.add(pool)
    session.flush()
    return pool


def _member(session, pool, person, name, **differences):
    session.add(
        PoolMember(
            id=uuid.uuid4(),
            pool_id=pool.id,
            person_id=person.id,
            called=f"{word('pool_member', 'called')} zqcalled{name}",
            joined_at=pool.opened_at,
            **differences,
        )
    )


def _pledge(session, of, pool, person, now):
    """Add what somebody has promised: for a pool that goes ahead, with the arrangement it led to."""
    if pool.status is PoolStatus.DRAFT:
        return
    it = pooling.pledge(session, pool, person)
    it.most_price, it.at_worst = Money(77_77), Money(466_62)
    if pool.status in {PoolStatus.CONFIRMED, PoolStatus.RUNNING, PoolStatus.ENDED}:
        made = purchasing.arrangement(
            session,
            person=person,
            organisation_id=of.organisation.id,
            about=of.offer,
            status=ArrangementStatus.ACCEPTED,
            pool_key=pool.id,
        )
        it.part, it.arrangement_id, it.quantity, it.amount = PledgePart.KEPT, made.id, 6, Money(66_00)
    elif pool.status in {PoolStatus.TIPPING, PoolStatus.REPAIRING, PoolStatus.RECONSENT}:
        it.part, it.quantity, it.amount = PledgePart.INCLUDED, 6, Money(66_00)
        it.failed_at, it.remind_at = now - timedelta(days=1), now + timedelta(days=1)
    elif pool.status in {PoolStatus.EXPIRED, PoolStatus.WITHDRAWN}:
        it.part = PledgePart.RELEASED


def _getting_ready(session, of, pool, insiders, now):
    said = {"said_by": of.ada.id, "said_at": now}
    for step in Step:
        session.add(PoolStep(pool_id=pool.id, step=step, answers={"words": word("pool_step", "answers")}, **said))
    criterion = PoolCriterion(id=uuid.uuid4(), pool_id=pool.id, words=word("pool_criterion", "words"), **said)
    session.add(criterion)
    session.flush()
    for person in insiders.values():
        session.add(PoolCriterionVoice(criterion_id=criterion.id, person_id=person.id, at=now))
        session.merge(
            Interest(
                person_id=person.id,
                interest="swimming",
                easting=378_500,
                northing=392_500,
                metres=8_000,
                council=COUNCIL,
                since=now,
            )
        )
    answer = PoolAnswer(
        id=uuid.uuid4(),
        pool_id=pool.id,
        offer_id=of.offer.id,
        organisation_id=of.organisation.id,
        words=word("pool_answer", "words"),
        answered_by=of.provider.id,
        answered_at=now,
    )
    session.add(answer)
    return {"criterion_id": criterion.id, "answer_id": answer.id}


def _room(session, pool, insiders, now):
    ada, ben = list(insiders.values())[:2]
    message = PoolMessage(
        id=uuid.uuid4(), pool_id=pool.id, person_id=ben.id, words=word("pool_message", "words"), said_at=now
    )
    document = PoolDocument(
        id=uuid.uuid4(),
        pool_id=pool.id,
        person_id=ben.id,
        name=word("pool_document", "name"),
        kind="text/plain",
        size=20,
        contents=word("pool_document", "contents").encode(),
        added_at=now,
    )
    turn = PoolTurn(
        id=uuid.uuid4(),
        pool_id=pool.id,
        held_on=(now + timedelta(days=3)).date(),
        what=word("pool_turn", "what"),
        person_id=ben.id,
        made_by=ada.id,
        made_at=now,
    )
    consent, ballot = (_proposal(pool, ada, way, now) for way in ProposalWay)
    agreement = PoolAgreement(
        id=uuid.uuid4(),
        pool_id=pool.id,
        version=1,
        answers={"absence_words": word("pool_agreement", "answers")},
        proposed_by=ada.id,
        proposed_at=now,
    )
    session.add_all([message, document, turn, consent, ballot, agreement])
    session.flush()
    session.add_all(
        [
            PoolVoice(
                proposal_id=consent.id,
                person_id=ben.id,
                voice=Voice.OBJECT,
                words=word("pool_voice", "words"),
                at=now,
            ),
            PoolTurnout(proposal_id=ballot.id, person_id=ben.id),
            PoolBallotPaper(proposal_id=ballot.id, option=1, mark=f"zqmark{uuid.uuid4().hex[:10]}"),
            PoolAcceptance(agreement_id=agreement.id, person_id=ben.id, accepted_at=now),
        ]
    )
    return {
        "message_id": message.id,
        "document_id": document.id,
        "turn_id": turn.id,
        "proposal_id": ballot.id,
        "agreement_id": agreement.id,
        "consent": consent.id,
        "version": 1,
    }


def _proposal(pool, by, way, now):
    return PoolProposal(
        id=uuid.uuid4(),
        pool_id=pool.id,
        way=way,
        question=word("pool_proposal", "question"),
        options=[] if way is ProposalWay.CONSENT else ["zqpoolproposalquestionzq yes", "zqpoolproposalquestionzq no"],
        quorum=3,
        electorate=3,
        asked_by=by.id,
        asked_at=now - timedelta(days=8),
        closes_at=now - timedelta(hours=3),
        closed_at=now - timedelta(hours=3),
        outcome=word("pool_proposal", "outcome"),
    )


def _together(session, pool, insiders, now, *, with_story):
    ada, ben = list(insiders.values())[:2]
    measure = PoolMeasure(
        id=uuid.uuid4(), pool_id=pool.id, measure=Measure.OWN, words=word("pool_measure", "words"), chosen_at=now
    )
    visit = SharedVisit(
        id=uuid.uuid4(),
        pool_id=pool.id,
        held_on=(now + timedelta(days=30)).date(),
        minutes=60,
        status=SharedVisitStatus.PLANNED,
        planned_by=ada.id,
        planned_at=now,
    )
    story = PoolStory(
        pool_id=pool.id,
        title=word("pool_story", "title"),
        words=word("pool_story", "words"),
        with_figures=False,
        written_by=ada.id,
        written_at=now,
    )
    session.add_all([measure, visit, story] if with_story else [measure, visit])
    session.flush()
    session.add(PoolReading(measure_id=measure.id, person_id=ben.id, round=0, value=7, said_on=now.date()))
    for person in insiders.values():
        away = {"away_said_at": now, "presence": Presence.AWAY_TOLD} if person is ben else {}
        session.add(SharedVisitMember(shared_visit_id=visit.id, person_id=person.id, **away))
    if with_story:
        session.add(PoolStoryYes(pool_id=pool.id, person_id=ada.id, at=now))
    return {"measure_id": measure.id, "shared_visit_id": visit.id, "visit_id": visit.id}
