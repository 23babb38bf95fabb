"""A plan and its briefs with a word planted in everything private. Whoever finds one on a page has found a leak."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from marketplace.accounts.rules import Role, Scope, token_hash
from marketplace.accounts.services import delegations
from marketplace.brokerage import models
from marketplace.brokerage.queries.contents import Around
from marketplace.brokerage.rules.nouns import (
    Circle,
    CostedBy,
    FileKind,
    HowOften,
    Part,
    PartOfDay,
    Payer,
    PieceKind,
    PieceStatus,
    RequestStatus,
    SignpostKind,
)
from marketplace.brokerage.services import versions
from marketplace.kit.days import day_of
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from tests.factories import accounts, pooling

COUNCIL = "E08000009"
OUTCOME = "care-act.relationships"
NO_WORDS = {
    # What is chosen from short lists, or only names a thing of the catalogue or of the gazetteer.
    ("brief", "category"),
    ("brief", "council"),
    ("help_request", "scopes"),
    ("independence", "payers"),
    ("library_piece", "category"),
    ("library_piece", "council"),
    ("library_piece", "media_type"),
    ("library_piece", "outcome_id"),
    ("library_piece", "suspected"),
    ("plan_file", "media_type"),
    ("plan_line", "outcome_id"),
    ("plan_reading", "outcome_id"),
    ("signpost", "council"),
    ("week_item", "drawing"),
    # Nothing can be read from a hash.
    ("plan_file", "digest"),
    ("plan_link", "token_hash"),
}
CALLED = frozenset({"provider", "other_provider"})
"""Those whom a brief is for."""
EVERYBODY = frozenset({"everybody"})
READERS = {
    # A brief says what is wanted to those it is for, and nothing of who wants it.
    **dict.fromkeys([("brief", column) for column in ("title", "about", "area_name", "times")], CALLED),
    **dict.fromkeys([("brief_need", "words"), ("brief_criterion", "words")], CALLED),
    **dict.fromkeys([("brief_question", "words"), ("brief_question", "answer")], CALLED),
    **dict.fromkeys([("independence", column) for column in ("who_pays", "also_sells", "ties")], EVERYBODY),
    **dict.fromkeys([("signpost", column) for column in ("name", "words", "phone", "email", "href")], EVERYBODY),
    # Whoever quotes knows their own quote, and what they are told about it.
    **dict.fromkeys([("quote", "times"), ("quote", "trial_words"), ("quote", "why_not_words")], frozenset({"own"})),
    **dict.fromkeys([("quote_answer", "words"), ("quote_meeting", "words")], frozenset({"own"})),
    ("quote_meeting", "answer"): frozenset({"own"}),
    # Moderators read what is sent for others to read.
    **dict.fromkeys(
        [("library_piece", column) for column in ("title", "summary", "words", "plan", "file_name", "contents")]
        + [("library_piece", "pseudonym")],
        frozenset({"moderator"}),
    ),
}
"""Who outside may read a column. Without an entry: nobody."""


def word(table, column):
    """The word that is planted in one column."""
    return f"zq{table}{column}zq".replace("_", "")


def columns():
    """Every column of brokerage that holds somebody's own words, or anything else that can be written."""
    kinds = (sa.String, sa.JSON, sa.LargeBinary)
    return [
        (mapper.local_table.name, column.name)
        for mapper in sorted(Model.registry.mappers, key=lambda one: one.local_table.name)
        if mapper.class_.__module__.startswith("marketplace.brokerage.")
        for column in mapper.local_table.columns
        if isinstance(column.type, kinds)
        and not isinstance(column.type, sa.Enum)
        and (mapper.local_table.name, column.name) not in NO_WORDS
    ]


@dataclass
class Crowd:
    """Ada, whose plan it is; a helper; one who was her helper; those who quote; and one whom she asked for help."""

    ada: object
    helper: object
    gone: object
    asked: object
    bodies: dict[str, object]
    speakers: dict[str, object]
    offers: dict[str, object]
    asked_body: object
    objects: dict[str, object] = field(default_factory=dict)


def texts():
    """Every planted text, and which of the visitors outside may read it."""
    found = []
    for table, column in columns():
        readers, base = READERS.get((table, column), frozenset()), word(table, column)
        if "own" in readers:
            found += [(f"{base}{name}", frozenset({name})) for name in CALLED]
        else:
            found.append((base, readers))
        if readers & CALLED:
            # Before it was opened, a brief is its writer's alone.
            found.append((f"{base}draft", frozenset()))
    people = ("ada", "helper", "gone", "asked")
    return found + [(f"zq{name}{what}", frozenset()) for name in people for what in ("name", "mail")]


def crowd(session, now):
    """Add people whose names and addresses are planted too, and two providers with an offer each."""

    def somebody(name):
        return accounts.person(session, name=f"Zq{name}name", email=f"zq{name}mail@example.org", lives_in=COUNCIL)

    people = {name: somebody(name) for name in ("ada", "helper", "gone", "asked")}
    bodies, speakers, offers = {}, {}, {}
    for name in ("provider", "other_provider"):
        bodies[name], speakers[name] = accounts.organisation(session, name=f"Boring {name}")
        offers[name] = pooling.offer_for_groups(session, organisation_id=bodies[name].id, council=COUNCIL)
    asked_body, _ = accounts.organisation(
        session, name="Boring planners", role=Role.USER_LED_ORGANISATION, spoken_for_by=people["asked"]
    )
    of = Crowd(**people, bodies=bodies, speakers=speakers, offers=offers, asked_body=asked_body)
    consent(session, of, of.helper, frozenset(Scope), now)
    over = consent(session, of, of.gone, frozenset(Scope), now)
    delegations.end_consent(session, delegation_id=over, by=of.ada.id, link="/", now=now)
    return of


def consent(session, of, to, scopes, now):
    """Let somebody do something for Ada for a month."""
    consent_id = delegations.give_consent(
        session,
        by=of.ada.id,
        email=to.email,
        scopes=scopes,
        ends_on=day_of(now) + timedelta(days=30),
        link="/",
        now=now,
        key=uuid.uuid4(),
    )
    delegations.accept_consent(session, delegation_id=consent_id, by=to.id, link="/", now=now)
    return consent_id


def plant_plan(session, of):
    """Add a plan with a row in every table that plans and those who help with them have."""
    now, ada = datetime.now(UTC), of.ada.id
    plan = models.Plan(id=uuid.uuid4(), person_id=ada, updated_at=now)
    session.add(plan)
    session.flush()
    wrote = {"written_by": ada, "written_at": now}
    for part in Part:
        session.add(models.PlanPart(plan_id=plan.id, part=part, words=word("plan_part", "words"), edition=1, **wrote))
    clash = models.PlanClash(
        id=uuid.uuid4(), plan_id=plan.id, part=Part.RISKS, words=word("plan_clash", "words"), **wrote
    )
    file = models.PlanFile(
        id=uuid.uuid4(),
        plan_id=plan.id,
        part=Part.ABOUT_ME,
        kind=FileKind.DOCUMENT,
        said=word("plan_file", "said"),
        name=word("plan_file", "name"),
        media_type="text/plain",
        size=20,
        digest="0" * 64,
        contents=word("plan_file", "contents").encode(),
        small=word("plan_file", "small").encode(),
        added_by=ada,
        added_at=now,
    )
    line = models.PlanLine(
        id=uuid.uuid4(),
        plan_id=plan.id,
        position=1,
        outcome_id=OUTCOME,
        wish=word("plan_line", "wish"),
        what_would_help=word("plan_line", "what_would_help"),
        costed_by=CostedBy.OWN_PRICE,
        own_price=Money(881_17),
        quantity=1,
        how_often=HowOften.ONCE,
        weeks=1,
        added_by=ada,
    )
    session.add_all([clash, file, line])
    session.flush()
    of.objects |= {"plan_id": plan.id, "clash_id": clash.id, "file_id": file.id, "line_id": line.id}
    _kept_and_looked_at_again(session, of, plan, now)
    _helped(session, of, plan, now)
    session.flush()


def _kept_and_looked_at_again(session, of, plan, now):
    made = {"made_by": of.ada.id, "made_at": now}
    token = "of-a-link-that-was-revoked"
    item = models.WeekItem(
        id=uuid.uuid4(),
        plan_id=plan.id,
        day=1,
        part_of_day=PartOfDay.MORNING,
        position=1,
        words=word("week_item", "words"),
    )
    review = models.PlanReview(
        id=uuid.uuid4(),
        plan_id=plan.id,
        due_on=day_of(now),
        held_on=day_of(now),
        worked=word("plan_review", "worked"),
        not_worked=word("plan_review", "not_worked"),
        next=word("plan_review", "next"),
        set_by=of.ada.id,
        written_by=of.ada.id,
    )
    session.add_all([item, review])
    session.flush()
    version = _kept(session, of, plan, now)
    link = models.PlanLink(
        id=uuid.uuid4(),
        plan_id=plan.id,
        token_hash=token_hash(token),
        called=word("plan_link", "called"),
        version_id=version.id,
        shows_money=True,
        expires_at=now + timedelta(days=30),
        revoked_at=now,
        **made,
    )
    session.add(link)
    session.add(
        models.PlanReading(plan_id=plan.id, outcome_id=OUTCOME, read_on=day_of(now), score=7, said_by=of.ada.id)
    )
    of.objects |= {
        "version_id": version.id,
        "item_id": item.id,
        "review_id": review.id,
        "link_id": link.id,
        "token": token,
    }


def _kept(session, of, plan, now):
    """Keep the plan as it is, with a word in it that stands in what was kept only."""
    nothing = Around(outcomes=lambda _ids: {}, pools=lambda _keys: {})
    note = word("plan_version", "note")
    versions.keep_version(session, plan_id=plan.id, by=of.ada.id, note=note, around=nothing, now=now)
    version = session.scalars(sa.select(models.PlanVersion)).one()
    version.contents = version.contents.replace(word("plan_part", "words"), word("plan_version", "contents"))
    return version


def _helped(session, of, plan, now):
    supporter = models.Supporter(
        id=uuid.uuid4(),
        plan_id=plan.id,
        circle=Circle.FAMILY,
        called=word("supporter", "called"),
        how=word("supporter", "how"),
        added_by=of.ada.id,
    )
    request = models.HelpRequest(
        id=uuid.uuid4(),
        person_id=of.ada.id,
        organisation_id=of.asked_body.id,
        words=word("help_request", "words"),
        scopes=["see_plan"],
        ends_on=day_of(now) + timedelta(days=30),
        status=RequestStatus.DECLINED,
        asked_at=now,
        answered_at=now,
        answered_by=of.asked.id,
        answer=word("help_request", "answer"),
    )
    tasks = [
        models.HelpTask(
            id=uuid.uuid4(),
            person_id=of.ada.id,
            helper_id=helper.id,
            words=word("help_task", "words"),
            due_on=day_of(now),
            made_by=of.ada.id,
            made_at=now,
        )
        for helper in (of.helper, of.gone)
    ]
    session.add_all([supporter, request, *tasks])
    of.objects |= {"supporter_id": supporter.id, "request_id": request.id, "task_id": tasks[0].id}


def plant_what_is_public(session, of):
    """Add what helpers declare, where free help is, and a story that a moderator has not read yet."""
    now = datetime.now(UTC)
    piece = models.LibraryPiece(
        id=uuid.uuid4(),
        kind=PieceKind.STORY,
        **{
            column: word("library_piece", column)
            for column in ("title", "summary", "words", "pseudonym", "file_name", "reason")
        },
        plan={"parts": {"about_me": word("library_piece", "plan")}, "lines": [], "week": []},
        media_type="text/plain",
        contents=word("library_piece", "contents").encode(),
        author_id=of.ada.id,
        status=PieceStatus.WAITING,
        suspected=[],
        sent_at=now,
        due_at=now + timedelta(days=2),
    )
    signpost = models.Signpost(
        id=uuid.uuid4(),
        council=COUNCIL,
        kind=SignpostKind.ADVICE,
        position=1,
        name=word("signpost", "name"),
        words=word("signpost", "words"),
        phone=word("signpost", "phone"),
        email=f"{word('signpost', 'email')}@example.org",
        href=f"https://{word('signpost', 'href')}.example.org/",
        checked_on=day_of(now),
        written_at=now,
    )
    session.add_all([piece, signpost])
    session.add(
        models.Independence(
            id=uuid.uuid4(),
            organisation_id=of.asked_body.id,
            payers=[Payer.GRANTS.value],
            **{column: word("independence", column) for column in ("who_pays", "also_sells", "ties")},
            declared_by=of.asked.id,
            declared_at=now,
        )
    )
    session.flush()
    of.objects |= {"piece_id": piece.id, "signpost_id": signpost.id}
