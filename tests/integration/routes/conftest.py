"""One of everything on the site, and a browser for every kind of visitor."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts_queries
from marketplace.accounts.models import Person
from marketplace.accounts.rules import ANYONE, Role, Viewer
from marketplace.brokerage.rules.nouns import PieceStatus
from marketplace.brokerage.services import lines, plans
from marketplace.budgets import services as budgets
from marketplace.budgets.rules import Holding, Stream
from marketplace.catalogue.models import Photo, Provider
from marketplace.catalogue.rules import Question
from marketplace.catalogue.rules.sharing import id_at_place
from marketplace.catalogue.rules.taxonomies import Taxonomy, term_id
from marketplace.catalogue.services import save_search, writing
from marketplace.demand.services import releasing, tokens
from marketplace.kit.money import Money
from marketplace.kit.quarters import Quarter
from marketplace.pooling.rules.nouns import Measure, MemberRole
from marketplace.pooling.services import measuring
from marketplace.purchasing import services as purchasing_services
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.services import criteria
from tests.factories import (
    accounts,
    baskets,
    briefs,
    catalogue,
    checks,
    choosing,
    fairness,
    finding,
    flags,
    helping,
    keeping,
    library,
    moderation,
    packs,
    payments,
    planning,
    pooling,
    proofs,
    purchasing,
    quality,
    quotes,
    ratings,
    settling,
    signals,
    space,
    together,
)
from tests.integration.routes.world import World

TRAFFORD, MANCHESTER = "E08000009", "E08000003"


@pytest.fixture(scope="module")
def standing(app, gazetteer):
    """A connection in whose transaction the world stands, for a whole module: building it takes the longest."""
    with app.extensions["engine"].connect().execution_options(writing=True) as connection:
        outer = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint", info={"writing": True}) as session:
            world = _world(session, gazetteer, datetime(2026, 5, 4, 12, tzinfo=UTC))
            session.commit()
        yield connection, world
        outer.rollback()


@pytest.fixture
def connection(app, standing):
    """The connection of the world. What a test does on it is rolled back."""
    connection, _world_there = standing
    maker = app.extensions["sessionmaker"]
    before, own = maker.kw.copy(), connection.begin_nested()
    maker.configure(bind=connection, join_transaction_mode="create_savepoint")
    yield connection
    maker.kw.clear()
    maker.kw.update(before)
    own.rollback()


@pytest.fixture
def world(standing):
    """One of everything, and one visitor of every kind."""
    return standing[1]


def _world(session, gazetteer, now):
    ada = accounts.person(session, name="Ada", lives_in=TRAFFORD)
    offer, speaker = catalogue.live(session)
    provider = session.get_one(Provider, offer.provider_id)
    organisation_id = provider.organisation_id
    asked, taken, done, reviewed = (
        purchasing.arrangement(session, person=ada, organisation_id=organisation_id, about=offer, status=status)
        for status in (
            ArrangementStatus.ASKED,
            ArrangementStatus.ACCEPTED,
            ArrangementStatus.DONE,
            ArrangementStatus.DONE,
        )
    )
    visit_id = purchasing.visit(session, taken, by=speaker.person_id).id
    purchasing.change(session, taken, by=ada)
    dispute_id = purchasing.dispute(session, done, by=ada).id
    invoice_id = purchasing_services.issue_invoice(
        session, arrangement_id=taken.id, by=speaker.person_id, link=str, now=now
    )
    budget_id = budgets.set_up_budget(
        session,
        by=ada.id,
        name="Mine",
        holding=Holding.OWN_MONEY,
        begins_on=date(2026, 4, 6),
        ends_on=date(2027, 4, 5),
        amounts={Stream.OWN_MONEY: Money(100)},
        now=now,
    )
    friend, consent_id = accounts.friend(session, of=ada)
    plan_id = plans.begin_plan(session, by=ada.id, now=now)
    line_id = lines.add_line(
        session, plan_id=plan_id, by=ada.id, outcome_id="care-act.health", wish="Swim", what_would_help="", now=now
    )
    report = moderation.report(session, subject_id=offer.id)
    review = ratings.review(session, offer=offer, stars=4, person=ada, arrangement=reviewed)
    point = ratings.point(session, of=review)
    addition = ratings.addition(session, to=review)
    ratings.change(session, about=point, by=session.get_one(Person, speaker.person_id))
    criterion_id = criteria.propose_criterion(
        session, words="They know my dog", why="", category=None, by=ada.id, link="/", now=now
    )
    group_offer = pooling.offer_for_groups(session)
    pool = _pool(session, group_offer, ada)
    universal = purchasing.offer(session, organisation_id=None, title="Sale Library")
    _other_organisation, other_speaker = accounts.organisation(session, name="Somebody Else")
    listing_id = writing.begin_change(session, offer_id=offer.id, by=speaker, now=now)
    people = {
        "ada": ada.id,
        "friend": friend.id,
        "stranger": accounts.person(session, name="Stranger").id,
        "provider": speaker.person_id,
        "other_provider": other_speaker.id,
        "moderator": accounts.person(session, role=Role.MODERATOR).id,
        "panel_member": accounts.person(session, role=Role.PANEL_MEMBER).id,
        "commissioner": accounts.person(session, role=Role.COMMISSIONER, council=TRAFFORD).id,
        "other_commissioner": accounts.person(session, role=Role.COMMISSIONER, council=MANCHESTER).id,
        "operator": accounts.person(session, role=Role.OPERATOR).id,
    }
    releasing.build_release(
        session,
        councils=[gazetteer.council(TRAFFORD), gazetteer.council(MANCHESTER)],
        quarter=Quarter(2026, 1),
        now=datetime(2026, 4, 2, tzinfo=UTC),
    )
    photo_id = catalogue.photo(session, offer=offer)
    suggestion_id = catalogue.wrong_fact(session, offer=offer)
    saved_search_id = save_search(session, name="Gardens", asked="q=garden", every="week", by=ada.id, now=now)
    checks.checked(session, provider, now=now)
    location = checks.location(session)
    check_id, peer = quality.published(session, provider=provider)
    checklist_id = quality.checklist(session, by=peer, organisation=quality.organisation_of(session, peer))
    draft_check_id = quality.begun(session, provider=provider, by=peer, checklist_id=checklist_id)
    people["checker"] = peer.person_id
    refused, appealed = (
        fairness.refused(
            session,
            ratings.review_of_done(session, offer=offer, organisation_id=organisation_id, stars=2, person=ada),
            by=session.get_one(Person, people["moderator"]),
        )
        for _ in range(2)
    )
    appeal_id = fairness.appealed(session, appealed).id
    objection_id = fairness.objected(session, review, by=speaker.person_id).id
    batch_id = proofs.made(session, offer=offer, by=speaker).batch_id
    invoiced = proofs.with_invoice(session, offer=group_offer, by=ada.id)
    spoken = proofs.said_aloud(session, offer=offer, organisation_id=organisation_id, person=ada)
    pack_id = packs.pack(session, person=ada)
    flag_id = flags.flag(session, offer=universal, now=datetime.now(UTC)).id
    signpost_id = library.signpost(session).id
    story_id = library.piece(session, author_id=ada.id, status=PieceStatus.WAITING).id
    example_id, letter_id = library.example_plan(session).id, library.document(session).id
    basket_line = baskets.line(session, person=ada, offer=group_offer)
    done.checkout_id = uuid.uuid4()
    invitation_id, invitation_token = accounts.invitation(session, by=people["operator"])
    session.commit()
    return World(
        visitors={"anyone": None, **people},
        objects={
            "act": "hold",
            "appeal_id": appeal_id,
            "addition_id": addition.id,
            "arrangement_id": taken.id,
            "asked": asked.id,
            "done": done.id,
            "basket_line": basket_line.id,
            "batch_id": batch_id,
            "browser_id": accounts.cookie_of(session, ada.id)["_user_id"].rpartition(":")[2],
            "passkey_id": accounts.passkey(session, person_id=ada.id).id,
            "budget_id": budget_id,
            "check_id": check_id,
            "checklist_id": checklist_id,
            "checkout_id": done.checkout_id,
            "council": TRAFFORD,
            "code": "2026-q2",
            "criterion_id": criterion_id,
            "delegation_id": consent_id,
            "dispute_id": dispute_id,
            "draft_check": draft_check_id,
            "filename": "manifest.json",
            "first": "2026-04-06",
            "flag_id": flag_id,
            "grant_id": 0,
            "group_offer": group_offer.id,
            "feed": "nothing",
            "invitation_id": invitation_id,
            "invitation_token": invitation_token,
            "invoice_id": invoice_id,
            "version": 2,
            **_paying(session, ada, speaker, invoice_id, organisation_id),
            "visit_id": visit_id,
            "signal_id": signals.posted(session).id,
            "signpost_id": signpost_id,
            "name": "find-1280.png",
            "slug": "prices",
            "piece_id": story_id,
            "example_id": example_id,
            "letter_id": letter_id,
            "organisation_id": organisation_id,
            "invoiced": invoiced.id,
            "person_id": ada.id,
            "plan_id": plan_id,
            **planning.told(session, plan_id=plan_id, by=ada.id),
            **helping.one_of_each(session, person=ada, helper=friend, organisation_id=organisation_id, plan_id=plan_id),
            **keeping.kept(session, plan_id=plan_id, by=ada.id),
            **quotes.called_and_quoted(session, person=ada, by=speaker, about=offer),
            **briefs.one_of_each(session, person=ada, by=speaker),
            "area": TRAFFORD,
            "form": "json",
            "table": "freshness",
            "token_id": _token(session, people["commissioner"], now),
            "kind": "insurance",
            "last": "2026-06-30",
            "line_id": line_id,
            "location_id": location.id,
            "listing_id": listing_id,
            "objection_id": objection_id,
            "offer_id": offer.id,
            "digest": session.get_one(Photo, photo_id).digest,
            "number": 1,
            "pack_id": pack_id,
            "photo_id": photo_id,
            "place_id": id_at_place(offer.id),
            "question": Question(offer.id, offer.confirmed_at, datetime.now(UTC)),
            "suggestion_id": suggestion_id,
            "point_id": point.id,
            "provider_id": provider.id,
            "quarter": Quarter(2026, 1).slug,
            "report_id": report.id,
            "rest": "nothing",
            "review_id": review.id,
            "saved_search_id": saved_search_id,
            "screening_id": refused.id,
            "spoken": spoken.id,
            "subject_id": offer.id,
            "subject_kind": "offer",
            "taxonomy_id": Taxonomy.CATEGORY.id,
            "term_id": term_id(Taxonomy.ACCESS, "bsl"),
            "token": "nothing",
            "universal_offer": universal.id,
            "what": "review",
            **pool,
            **_draft(session, ada, offer, speaker),
            **_together(session, ada, offer, speaker),
            "asked_about_price": settling.asked_about_price(
                session, ada, others=[accounts.person(session), accounts.person(session)], offer=group_offer
            ).id,
        },
    )


def _token(session, person_id, now):
    """Let Trafford's commissioner have a token for a program."""
    viewer = Viewer(person_id, roles=frozenset({Role.COMMISSIONER}), council=TRAFFORD)
    return tokens.make_token(session, viewer=viewer, name="Our tool", days=30, now=now).id


def _pool(session, offer, ada):
    """Let Ada begin a pool, and return it with one of everything in its own room."""
    pool = pooling.pool_open_now(session, offer=offer, people=[ada])
    space.member(session, pool, ada, role=MemberRole.CHAMPION)
    return {
        "pool_id": pool.id,
        "agreement_id": space.agreement(session, pool, ada).id,
        "document_id": space.document(session, pool, ada).id,
        "message_id": space.reported(session, space.message(session, pool, ada)).subject_id,
        "proposal_id": space.proposal(session, pool, ada, asked_at=datetime.now(UTC)).id,
        "turn_id": space.turn(session, pool, ada).id,
    }


def _paying(session, ada, speaker, invoice_id, organisation_id):
    """Let Ada have a card, and pay an invoice with it and by the bank."""
    payments.account(session, organisation_id=organisation_id, by=speaker.person_id)
    charge = payments.charge(session, invoice_id=invoice_id, person_id=ada.id, organisation_id=organisation_id)
    return {
        "card_id": payments.card(session, person_id=ada.id).id,
        "setup_id": payments.setup(session, person_id=ada.id).id,
        "charge_id": charge.id,
        "payment_id": payments.payment(session, invoice_id=invoice_id, by=speaker.person_id).id,
    }


def _draft(session, ada, offer, speaker):
    """Let Ada begin a wish that a provider has answered, with one other person in it."""
    draft = finding.draft(session, ada)
    other = finding.member(session, draft, accounts.person(session, name="Other Member"))
    brief, quote_id = choosing.of_pool(session, pool_id=draft.id, champion=ada, by=speaker, about=offer)
    return {
        "draft": draft.id,
        "pool_brief": brief.id,
        "pool_quote": quote_id,
        "key": draft.invite_key,
        "member_id": other.id,
        "what_matters": finding.criterion(session, draft, ada).id,
        "answer_id": finding.answer(session, draft, offer, by=speaker.person_id).id,
        "step_name": "support",
        "says": "to_me",
    }


@pytest.fixture
def visit(app, world, session, sign_in):
    """Return a function that gives one visitor's browser, and who they are to us."""

    def somebody(name):
        client = app.test_client()
        person_id = world.visitors[name]
        if person_id is None:
            return client, ANYONE
        sign_in(person_id, into=client)
        stamp = accounts_queries.session_stamp(session, person_id=person_id)
        return client, accounts_queries.viewer_with_id(session, person_id=person_id, stamp=stamp)

    return somebody


@pytest.fixture
def kept_changes(connection):
    """Every statement that changed something, since the list was last cleared, and was not taken back."""
    kept = []

    def record(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            kept.append(statement)

    def forget(*_event):
        kept.clear()

    sa.event.listen(connection, "before_cursor_execute", record)
    sa.event.listen(connection, "rollback_savepoint", forget)
    yield kept
    sa.event.remove(connection, "before_cursor_execute", record)
    sa.event.remove(connection, "rollback_savepoint", forget)


def _together(session, ada, offer, speaker):
    """Let Ada have weekly support with two others, and return what there is of it."""
    now = datetime.now(UTC)
    it = together.running(
        session, people=3, led_by=ada, about=offer, speaker=session.get_one(Person, speaker.person_id),
        started=now.date() + timedelta(days=7),
    )  # fmt: skip
    planned = together.plan(session, it, now=now, first_on=it.pool.starts_on)[0]
    measure_id = measuring.choose_measure(
        session, pool_id=it.pool.id, by=ada.id, measure=Measure.SELF_CARE, words="", now=now
    )
    story_id = together.story(session, it).pool_id
    return {
        "together": it.pool.id, "shared_visit_id": planned.id, "word": "away", "measure_id": measure_id,
        "story_id": story_id,
    }  # fmt: skip
