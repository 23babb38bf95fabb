"""Briefs, quotes that are chosen and providers that decline are counted for councils, and point to nobody."""

import csv
import io
import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from marketplace.brokerage.models import Award, Brief, BriefCall, Quote
from marketplace.brokerage.rules.nouns import AreaKind, BriefStatus, NoBid, QuoteStatus, TrialOffer
from marketplace.catalogue.rules import Unit
from marketplace.demand import queries, services
from marketplace.demand.models import Release
from marketplace.demand.rules import NOT_SHOWN, Quarter
from marketplace.kit.money import Money
from marketplace.purchasing.rules.nouns import ArrangementKind
from tests.factories import accounts, demand, pooling

SPRING, AFTER = Quarter(2026, 1), datetime(2026, 4, 1, 9, tzinfo=UTC)
DURING = datetime(2026, 2, 10, 12, tzinfo=UTC)
SWIMMING = "sport-and-leisure"


def brief(session, person, *, of, **differences):
    """Add a brief that was chosen from, and the quote that was chosen: £17.50 an hour, of one provider."""
    plain = {
        "council": demand.COUNCIL,
        "category": SWIMMING,
        "opened_at": DURING,
        "questions_until": DURING,
        "answers_by": DURING,
        "closes_at": DURING,
        "ended_at": DURING,
        "status": BriefStatus.AWARDED,
    }
    it = Brief(
        id=uuid.uuid4(), person_id=person.id, written_by=person.id, people=1, title="Swim", about="", times="",
        area_kind=AreaKind.COUNCIL, area_name="Trafford", kind=ArrangementKind.ONE_OFF, quantity=1, unit=Unit.HOUR,
        weeks=1, shows_budget=False, days_open=7, kept_despite=[], edition=1, began_at=DURING, updated_at=DURING,
        why_ended="", **plain | differences,
    )  # fmt: skip
    session.add(it)
    session.flush()
    organisation_id, offer_id, price = of
    quote = Quote(
        id=uuid.uuid4(), brief_id=it.id, organisation_id=organisation_id, offer_id=offer_id, quoted_by=person.id,
        unit=Unit.HOUR, unit_price=price, admin=Money(0), overhead=Money(0), travel=Money(0), quantity=1, weeks=1,
        total=price, can_start_on=date(2026, 5, 1), times="", trial=TrialOffer.NONE, trial_words="",
        status=QuoteStatus.AWARDED, began_at=DURING, sent_at=DURING, changed_at=DURING, shown_at=1, why_not_words="",
    )  # fmt: skip
    session.add(quote)
    session.flush()
    session.add(Award(brief_id=it.id, quote_id=quote.id, because="", by=person.id, at=DURING))
    return it


@pytest.fixture
def providers(session):
    """Three that are chosen, at different prices, and one that declines."""
    found = []
    for pence in (16_00, 17_40, 23_00, 0):
        body, _ = accounts.organisation(session)
        found.append((body.id, pooling.offer_for_groups(session, organisation_id=body.id).id, Money(pence)))
    return found


def decline(session, it, *, by, why=NoBid.TIMES):
    session.add(BriefCall(brief_id=it.id, organisation_id=by[0], called_at=DURING, declined_at=DURING, why_not=why))


@pytest.mark.parametrize(("people", "figures"), [(12, ["10", "10", "17.50", "10"]), (9, [NOT_SHOWN] * 4)])
def test_briefs_count_once_enough_people_stand_behind_them(session, gazetteer, providers, people, figures):
    crowd = demand.crowd(session, people)
    # The same few people ask twice, and elsewhere: neither adds a person here.
    for number, person in enumerate([*crowd, *crowd[: 12 - people]]):
        decline(session, brief(session, person, of=providers[number % 3]), by=providers[3])
    brief(session, crowd[0], of=providers[0], council="E08000003")
    brief(session, crowd[0], of=providers[0], opened_at=AFTER)
    session.flush()
    session.execute(update(Award).where(Award.brief_id.in_(_later(session))).values(at=AFTER))
    council = gazetteer.council(demand.COUNCIL)
    release_id = services.build_release(session, council=council, quarter=SPRING, now=AFTER)
    content = session.get_one(Release, release_id).content.decode()
    row = {it["category_code"]: it for it in csv.DictReader(io.StringIO(content))}[SWIMMING]
    columns = ("briefs_opened", "quotes_chosen", "price_of_an_hour", "no_quote_times")
    assert [row[column] for column in columns] == figures
    assert row["no_quote_no_space"] == NOT_SHOWN


def _later(session):
    return [it.id for it in session.query(Brief).where(Brief.opened_at == AFTER)]


def test_a_release_from_before_briefs_were_counted_reads_as_it_was(client, session, gazetteer, sign_in):
    council = gazetteer.council(demand.COUNCIL)
    release = session.get_one(Release, services.build_release(session, council=council, quarter=SPRING, now=AFTER))
    rows = [line.split(",")[:12] for line in release.content.decode().splitlines()]
    release.content = "\r\n".join(",".join(row) for row in rows).encode()
    reader = accounts.person(session, role="commissioner", council=demand.COUNCIL)
    sign_in(reader.id)
    viewer = accounts.as_viewer(reader, role="commissioner", council=demand.COUNCIL)
    page = queries.release_page(session, viewer=viewer, quarter=None)
    assert not page.counts_briefs
    assert "Asking for quotes" not in client.get("/demand").text
