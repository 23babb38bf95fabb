import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from markupsafe import escape
from sqlalchemy import func, select, text

from marketplace.accounts.models import Person
from marketplace.brokerage.models import (
    Award,
    Brief,
    BriefCall,
    HelpRequest,
    LibraryPiece,
    Plan,
    PlanFile,
    PlanLine,
    Quote,
)
from marketplace.brokerage.rules.nouns import BriefStatus, CostedBy, FileKind, PieceStatus, QuoteStatus, RequestStatus
from marketplace.budgets.models import Budget, FundingStream
from marketplace.catalogue.models import Offer, OfferPrice, Provider
from marketplace.catalogue.rules import OfferStatus, ProviderKind
from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demo import gateways, queries, services
from marketplace.kit.outbox import Message
from marketplace.kit.quarters import Quarter
from marketplace.payments.models import Payment, Refund
from marketplace.pooling.models import (
    Pledge,
    Pool,
    PoolAgreement,
    PoolAnswer,
    PoolReading,
    PoolStory,
    SharedVisit,
    SharedVisitMember,
)
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import Presence, SharedVisitStatus
from marketplace.purchasing.models import Arrangement, ArrangementTerms, DecisionPack, HoursEntry, Invoice, Visit
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import TermsStatus, VisitStatus
from marketplace.ratings.models import (
    Appeal,
    Change,
    Criterion,
    CriterionAnswer,
    Flag,
    InvoiceProof,
    LedgerLine,
    OutcomeAnswer,
    Point,
    PointVote,
    QualityCheck,
    Reply,
    Review,
)
from marketplace.ratings.rules.nouns import (
    Basis,
    CriterionStatus,
    PointKind,
    ProofState,
    ReviewStatus,
    Telling,
    Verdict,
)
from marketplace.search.models import IndexedDocument

# The town comes about by services that are tried on both databases, each by itself.
pytestmark = pytest.mark.once


def with_less_trade(town, *, times, reviews_of):
    """The town with a part of its trade and one review of some offers: quick to build, with something of everything."""
    categories = {
        slug: trend.model_copy(update={"first": trend.first / times}) for slug, trend in town.trade.categories.items()
    }
    return town.model_copy(
        update={
            "trade": town.trade.model_copy(update={"categories": categories}),
            "reviews": {offer: town.reviews[offer][:1] for offer in reviews_of},
            "nation": town.nation.model_copy(
                update={"at_home": 90, "neighbours": {}, "elsewhere": (0, 1), "searching": (0, 0), "providing": (0, 0)}
            ),
            "searches": tuple(one.model_copy(update={"times": (1, 1, 1, 1, 1)}) for one in town.searches),
        }
    )


def with_fewer_people_and_offers(town):
    """The town with a third of its people, and only the offers that something else in it is about."""
    named = {one.person for one in (*town.first_days.arrangements, *town.money.support)} | town.together.people
    named |= town.planning.people | town.asking.people
    needed = {one.offer for one in (*town.pools, *town.first_days.arrangements)}
    needed |= {one.offer for one in (*town.money.support, *town.money.weighed)} | town.together.offers
    asked = {provider for brief in town.asking.briefs for provider in brief.providers}
    needed |= town.planning.offers | {offer.key for offer in town.offers if offer.provider in asked}
    needed |= {offer.key for offer in {offer.category: offer for offer in reversed(town.offers)}.values()}
    needed |= {offer.key for offer in town.offers if offer.state is not OfferStatus.LIVE}
    return town.model_copy(
        update={
            "people": tuple(one for n, one in enumerate(town.people) if n % 3 == 0 or one.key in named),
            "offers": tuple(offer for offer in town.offers if offer.key in needed),
        }
    )


WHOLE = gateways.read_town()
SMALL = with_less_trade(WHOLE, times=5, reviews_of=sorted(WHOLE.reviews)[::2])
FEW = with_fewer_people_and_offers(WHOLE)
TINY = with_less_trade(FEW, times=20, reviews_of=[offer.key for offer in FEW.offers if offer.key in WHOLE.reviews])


@pytest.fixture(scope="module")
def town_app(new_app):
    """A small town, built once by the command. Tests here only look at it."""
    app = new_app(demo=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gateways, "read_town", lambda: SMALL)
        built = app.test_cli_runner().invoke(args=["demo", "build"])
    assert built.exit_code == 0, built.output
    assert "The demo town is built" in built.output
    return app


@pytest.fixture
def built(town_app):
    with town_app.app_context(), town_app.extensions["sessionmaker"]() as session:
        yield session


def count(session, model, *conditions):
    return session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_everything_that_is_written_has_come_about(built):
    town = SMALL
    made_up = Provider.kind != ProviderKind.UNIVERSAL_SERVICE
    assert count(built, Provider, made_up) == len(town.providers)
    assert count(built, Offer, Offer.source.is_(None)) == len(town.offers)
    assert count(built, Pool) == len(town.pools) + len(town.together.finding) + len(town.together.clubs)
    written = [review for reviews in town.reviews.values() for review in reviews]
    elsewhere = sum(len(one.reviews) for one in (*town.voices.cards, *town.voices.waves)) + len(town.voices.invoices)
    assert count(built, Review) == len(written) + elsewhere
    assert count(built, Reply) == sum(review.reply is not None for review in written)
    assert count(built, Budget) == len(town.money.budgets)
    assert count(built, DecisionPack) == len(town.money.packs)
    assert count(built, Invoice) > 10


def test_its_people_have_told_it_in_every_way(built):
    assert set(built.scalars(select(Review.told))) == set(Telling)
    assert set(built.scalars(select(Review.basis))) == set(Basis) - {Basis.SAID_USED}, "real places are rated by nobody"
    assert set(built.scalars(select(Review.status))) == set(ReviewStatus)
    assert set(built.scalars(select(InvoiceProof.state))) == set(ProofState)
    assert set(built.scalars(select(Point.kind))) == set(PointKind)
    assert count(built, PointVote) > 0
    assert set(built.scalars(select(Change.verdict))) >= {Verdict.YES}
    for model in (CriterionAnswer, OutcomeAnswer):
        assert count(built, model) > 20


def test_its_panel_and_its_peers_have_something_to_do(built):
    assert set(built.scalars(select(Appeal.outcome))) >= {None}
    assert set(built.scalars(select(Criterion.status))) == set(CriterionStatus) - {CriterionStatus.RETIRED}
    published = built.scalars(select(QualityCheck.published_at)).all()
    assert len(published) == 3
    assert published.count(None) == 1
    flag = built.scalars(select(Flag)).one()
    assert flag.decided_at is None
    assert count(built, Review, Review.is_set_aside) >= 5
    assert count(built, LedgerLine) == count(built, Review)


def test_its_ratings_are_kept_as_they_are_counted(town_app):
    checked = town_app.test_cli_runner().invoke(args=["ratings", "check"])
    assert checked.exit_code == 0, checked.output


def test_its_books_balance(town_app):
    checked = town_app.test_cli_runner().invoke(args=["ledger", "check"])
    assert (checked.exit_code, checked.output) == (0, "The books balance.\n")


def test_its_pools_are_in_every_state(built):
    states = Counter(built.scalars(select(Pool.status)))
    # No card in the town is real, so none can fail, and no pool waits for one.
    assert set(states) == set(PoolStatus) - {PoolStatus.TIPPING, PoolStatus.REPAIRING, PoolStatus.RECONSENT}
    assert count(built, Pledge, Pledge.withdrawn_at.is_not(None)) > 0
    assert set(built.scalars(select(SharedVisit.status))) >= {SharedVisitStatus.PLANNED, SharedVisitStatus.HELD}
    assert set(built.scalars(select(SharedVisitMember.presence))) >= set(Presence)
    assert count(built, PoolAgreement, PoolAgreement.in_force_at.is_not(None)) == 1
    assert count(built, PoolStory, PoolStory.published_at.is_not(None)) == 1
    assert set(built.scalars(select(PoolReading.round))) == {0, 1}
    assert count(built, PoolAnswer) == 2
    from_pools = count(built, Arrangement, Arrangement.pool_key.is_not(None))
    members = built.scalar(
        select(func.count())
        .select_from(Pledge)
        .join(Pool, Pool.id == Pledge.pool_id)
        .where(Pool.confirmed_at.is_not(None), Pledge.withdrawn_at.is_(None))
    )
    assert from_pools == members


def test_its_people_plan_and_ask_for_quotes(built):
    planning = SMALL.planning
    assert count(built, Plan) == len(planning.plans)
    assert count(built, PlanFile, PlanFile.kind == FileKind.PICTURE) == len(planning.pictures)
    assert count(built, PlanLine, PlanLine.costed_by == CostedBy.POOL) == 1
    assert set(built.scalars(select(Brief.status))) == set(BriefStatus)
    assert set(built.scalars(select(Quote.status))) == {QuoteStatus.SENT, QuoteStatus.AWARDED, QuoteStatus.NOT_CHOSEN}
    [award] = built.scalars(select(Award))
    assert built.get_one(Arrangement, award.arrangement_id).status is ArrangementStatus.ACCEPTED
    assert set(built.scalars(select(HelpRequest.status))) == set(RequestStatus) - {RequestStatus.WITHDRAWN}
    declined = sum(len(brief.declines) for brief in SMALL.asking.briefs)
    assert count(built, BriefCall, BriefCall.declined_at.is_not(None)) == declined
    assert {PieceStatus.SHOWN, PieceStatus.WAITING} <= set(built.scalars(select(LibraryPiece.status)))


def test_its_offers_are_in_every_state_and_found_when_live(built):
    states = Counter(built.scalars(select(Offer.status)))
    assert set(states) == set(OfferStatus)
    assert count(built, IndexedDocument) == states[OfferStatus.LIVE]
    followed = select(OfferPrice.offer_id).where(OfferPrice.edition > 1).distinct()
    assert len(built.scalars(followed).all()) > 10


def test_its_money_is_spent_promised_left_and_carried_over(built):
    streams = built.scalars(select(FundingStream)).all()
    assert any(stream.spent.pence and stream.promised.pence and stream.left.pence for stream in streams)
    assert count(built, Budget, Budget.closed_at.is_not(None)) == 1
    assert len(set(built.scalars(select(Budget.holding)))) > 2
    assert count(built, Payment, Payment.recorded_at.is_not(None)) > 10
    assert count(built, Refund) == 1
    assert {VisitStatus.PLANNED, VisitStatus.CLAIMED, VisitStatus.CONFIRMED, VisitStatus.CANCELLED} <= set(
        built.scalars(select(Visit.status))
    )
    assert count(built, HoursEntry) > 2
    assert count(built, ArrangementTerms, ArrangementTerms.version > 1, ArrangementTerms.status == TermsStatus.PROPOSED)


def test_five_quarters_have_closed_with_something_in_each(built):
    asked = Counter(Quarter.of(moment) for moment in built.scalars(select(Arrangement.asked_at)))
    closed = [quarter for quarter in sorted(asked) if quarter < Quarter.of(datetime.now(UTC))]
    assert len(closed) == 5
    assert min(asked[quarter] for quarter in closed) > 30
    assert set(built.scalars(select(Arrangement.status))) == set(ArrangementStatus)
    released = Counter(Quarter(row.year, row.quarter) for row in built.scalars(select(Release)))
    assert sorted(released) == closed
    assert b"Trafford" in built.scalars(select(ReleaseFile).where(ReleaseFile.area == "E08000009")).first().content


def test_every_review_is_by_somebody_who_got_it(built):
    rows = built.execute(
        select(Review.person_id, Review.offer_id, Review.written_at, Arrangement).join(
            Arrangement, Arrangement.id == Review.arrangement_id
        )
    ).all()
    assert len(rows) == count(built, Review, Review.basis == Basis.ARRANGEMENT)
    assert all(it.status is ArrangementStatus.DONE and it.done_at < written_at for _, _, written_at, it in rows)
    assert all((it.person_id, it.offer_id) == (person, offer) for person, offer, _, it in rows)
    assert len({(person, offer) for person, offer, _, _ in rows}) == len(rows)


def test_nothing_is_made_up_about_a_real_place(built):
    real = select(Offer.id).where(Offer.source.is_not(None))
    assert count(built, Offer, Offer.source.is_not(None)) > 100
    for model in (OfferPrice, Arrangement, Review, Pool):
        assert count(built, model, model.offer_id.in_(real)) == 0
    assert count(built, Provider, Provider.source.is_not(None), Provider.organisation_id.is_not(None)) == 0


def test_nothing_has_happened_that_is_still_to_come(built):
    now = datetime.now(UTC)
    for moment in (Arrangement.asked_at, Arrangement.done_at, Review.written_at, Pledge.pledged_at, Offer.updated_at):
        assert built.scalar(select(func.max(moment))) < now


def test_only_a_handful_of_letters_are_left(built):
    assert count(built, Message) < 20


def test_there_is_something_to_do_for_whom_one_can_sign_in_as(built):
    def arrangements(*conditions):
        return Counter(built.scalars(select(Arrangement.status).where(*conditions)))

    nadine = built.scalars(select(Person.id).where(Person.email == "nadine@example.org")).one()
    assert set(arrangements(Arrangement.person_id == nadine)) == {"asked", "accepted", "declined", "done"}
    reviewed = select(Review.arrangement_id).where(Review.arrangement_id.is_not(None))
    assert arrangements(Arrangement.person_id == nadine, Arrangement.id.not_in(reviewed))["done"] >= 1
    for name in ("Maggie’s Good Company", "Meadowbridge Peer Network"):
        provider = built.scalars(select(Provider.id).where(Provider.name == name)).one()
        assert arrangements(Arrangement.provider_id == provider)["asked"] >= 2
        answered = select(Reply.review_id)
        assert count(built, Review, Review.provider_id == provider, Review.id.not_in(answered)) > 0


@pytest.mark.parametrize("one", queries.sign_ins(), ids=lambda one: one.role)
def test_everybody_listed_can_sign_in(town_app, one):
    client = town_app.test_client()
    answer = client.fill_in("/accounts/sign-in", email=one.email, password=one.password)
    assert answer.status_code == 302
    if "/accounts/code" in answer.location:  # The demo has no phones, so the page shows what one would.
        shown = re.search(r"Use this code: (\d+)", client.get(answer.location).text).group(1)
        assert client.fill_in(answer.location, code=shown).status_code == 302
    assert client.get("/accounts/me").status_code == 200


def test_it_is_built_once(town_app):
    again = town_app.test_cli_runner().invoke(args=["demo", "build"])
    assert again.exit_code == 1
    assert "There are people or offers here already." in again.output
    if_empty = town_app.test_cli_runner().invoke(args=["demo", "build", "--if-empty"])
    assert if_empty.exit_code == 0
    assert "so no demo town is built" in if_empty.output


VISIBLE = """
SELECT email, name, council, created_at FROM person;
SELECT name, kind, postcode, easting, created_at FROM provider;
SELECT o.title, o.status, o.created_at, o.updated_at, p.amount, p.people_from, p.begins_on
    FROM offer o LEFT JOIN price p ON p.offer_id = o.id;
SELECT e.email, a.title, a.what, a.quantity, a.total, a.starts_on, a.status, a.decline_reason,
    a.asked_at, a.answered_at, a.done_at, a.ended_at, i.number
    FROM arrangement a JOIN person e ON e.id = a.person_id LEFT JOIN invoice i ON i.arrangement_id = a.id;
SELECT e.email, r.stars, r.words, r.written_at, y.words, y.written_at
    FROM review r JOIN person e ON e.id = r.person_id LEFT JOIN reply y ON y.review_id = r.id;
SELECT p.title, p.status, p.opened_at, p.closed_at, e.email, l.pledged_at, l.withdrawn_at
    FROM pool p JOIN pledge l ON l.pool_id = p.id JOIN person e ON e.id = l.person_id;
SELECT p.title, e.email, m.called, m.role, m.joined_at, m.left_at
    FROM pool p JOIN pool_member m ON m.pool_id = p.id JOIN person e ON e.id = m.person_id;
SELECT e.email, w.words, w.said_at FROM pool_message w JOIN person e ON e.id = w.person_id;
SELECT e.email, i.interest, i.easting, i.since FROM interest i JOIN person e ON e.id = i.person_id;
SELECT year, quarter, shown, hidden FROM release;
SELECT e.email, b.name, s.kind, s.granted, s.left, s.promised, s.spent
    FROM funding_stream s JOIN budget b ON b.id = s.budget_id JOIN person e ON e.id = b.person_id;
SELECT held_on, minutes, amount, travel, status FROM visit;
SELECT i.amount, i.issued_at, p.amount, p.paid_on FROM invoice i LEFT JOIN payment p ON p.invoice_id = i.id;
SELECT title, made_at FROM decision_pack;
SELECT subject, created_at FROM message
"""


def seen(session):
    """Everything in the town that anybody could see, in an order of its own."""
    return [sorted(map(str, session.execute(text(statement)))) for statement in VISIBLE.split(";")]


@pytest.mark.once
def test_on_one_day_it_always_comes_out_the_same(session, gazetteer):
    address = "https://example.org/{}".format

    def built_at(now):
        outer = session.begin_nested()
        services.build_town(
            session,
            town=TINY,
            lists=(),
            gazetteer=gazetteer,
            addresses=services.Addresses(
                offer=address,
                arrangement=address,
                review=address,
                pool=address,
                appeal=address,
                objection=address,
                flag=address,
                quality_check=address,
                criteria=lambda: "https://example.org",
                invoice=address,
                consent=lambda: "https://example.org",
                check_pack=lambda: "https://example.org",
                dispute=address,
                disputes=lambda: "https://example.org",
                bank_details=lambda: "https://example.org",
                help_request=address,
                brief=address,
                calls=lambda: "https://example.org",
                quote=address,
                library_piece=address,
            ),
            most_staff=Decimal(5),
            now=now,
            tell=lambda what, share: None,
        )
        session.flush()
        facts = seen(session)
        outer.rollback()
        session.expunge_all()
        return facts

    morning = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
    first, second = built_at(morning), built_at(morning + timedelta(hours=14))
    assert sum(map(len, first)) > 500
    assert first == second


@pytest.mark.parametrize("somebody", queries.sign_ins(), ids=lambda one: one.key)
def test_one_press_lets_a_visitor_be_somebody_and_all_there_is_to_try_opens(town_app, somebody):
    client = town_app.test_client()
    assert "Be somebody else" in client.get(f"/demo/{somebody.key}").text
    assert client.press("/demo", f"Be {somebody.first_name}").headers["Location"] == f"/demo/{somebody.key}"
    tour = client.get(f"/demo/{somebody.key}").text
    assert 4 <= len(somebody.things) <= 6
    for thing in somebody.things:
        assert escape(thing.path) in tour
        answer = client.get(thing.path, follow_redirects=True)
        assert (answer.status_code, answer.request.path.startswith("/accounts/sign-in")) == (200, False), thing.path
