from datetime import timedelta

import pytest

from marketplace.accounts.rules import ANYONE
from marketplace.purchasing import queries, services
from marketplace.purchasing.rules import Act, ArrangementStatus, Side
from tests.factories import accounts, purchasing


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session, lives_in="E08000009")


def page_of(session, it, viewer):
    return queries.arrangement_page(session, arrangement_id=it.id, viewer=viewer, today=purchasing.TODAY)


def test_each_side_sees_the_other_and_what_it_may_do(session, sides, count_queries):
    person, organisation, speaker = sides
    it = purchasing.arrangement(session, person=person, organisation_id=organisation.id)
    count_queries.clear()
    as_person = page_of(session, it, accounts.as_viewer(person))
    assert len(count_queries) == 2
    as_provider = page_of(session, it, accounts.as_viewer(speaker, organisation))
    assert (as_person.side, as_person.acts) == (Side.PERSON, (Act.WITHDRAW,))
    assert (as_provider.side, as_provider.acts) == (Side.PROVIDER, (Act.ACCEPT, Act.DECLINE))
    assert as_person.contacts == as_provider.contacts == ()


def test_addresses_are_shown_once_it_goes_ahead(session, sides, count_queries):
    person, organisation, speaker = sides
    it = purchasing.arrangement(
        session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED
    )
    count_queries.clear()
    assert [c.email for c in page_of(session, it, accounts.as_viewer(person)).contacts] == [speaker.email]
    assert len(count_queries) == 3
    as_provider = page_of(session, it, accounts.as_viewer(speaker, organisation))
    assert [c.email for c in as_provider.contacts] == [person.email]
    assert as_provider.may_issue_invoice


def test_to_anybody_else_there_is_nothing(session, sides, now):
    person, organisation, speaker = sides
    it = purchasing.arrangement(
        session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED
    )
    invoice_id = services.issue_invoice(session, arrangement_id=it.id, by=speaker.id, link=str, now=now)
    other, stranger = accounts.organisation(session)
    for viewer in (accounts.as_viewer(stranger, other), accounts.as_viewer(accounts.person(session)), ANYONE):
        assert page_of(session, it, viewer) is None
        assert queries.invoice_page(session, invoice_id=invoice_id, viewer=viewer) is None
        assert queries.my_arrangements(session, viewer=viewer).lines == ()
        assert queries.arrangements_for_my_organisations(session, viewer=viewer).lines == ()
    for viewer in (accounts.as_viewer(person), accounts.as_viewer(speaker, organisation)):
        assert queries.invoice_page(session, invoice_id=invoice_id, viewer=viewer).number == "0001"


def test_lists_put_what_waits_first_and_stop_at_their_end(session, sides, count_queries):
    person, organisation, speaker = sides
    about = purchasing.offer(session, organisation_id=organisation.id)
    for n in range(queries.PAGE_SIZE):
        purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, about=about, status=ArrangementStatus.DONE,
            asked_at=purchasing.ASKED_AT + timedelta(days=n),
        )  # fmt: skip
    waits = purchasing.arrangement(
        session, person=person, organisation_id=organisation.id, about=about,
        asked_at=purchasing.ASKED_AT - timedelta(days=9),
    )  # fmt: skip
    session.flush()
    count_queries.clear()
    first = queries.my_arrangements(session, viewer=accounts.as_viewer(person))
    assert len(count_queries) == 2
    assert (first.lines[0].id, first.slice.pages, len(first.lines)) == (waits.id, 2, queries.PAGE_SIZE)
    far = queries.my_arrangements(session, viewer=accounts.as_viewer(person), page=9999)
    assert (far.slice.number, len(far.lines)) == (2, 1)
    theirs = queries.arrangements_for_my_organisations(session, viewer=accounts.as_viewer(speaker, organisation))
    assert (theirs.lines[0].with_whom, first.lines[0].with_whom) == ("Ada", "Boring Help")


def test_lists_say_to_whom_a_change_is_put(session, sides):
    person, organisation, speaker = sides
    lists = (
        lambda: queries.my_arrangements(session, viewer=accounts.as_viewer(person)),
        lambda: queries.arrangements_for_my_organisations(session, viewer=accounts.as_viewer(speaker, organisation)),
    )
    both = [
        purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED,
            asked_at=purchasing.ASKED_AT - timedelta(days=n),
        )
        for n in range(2)
    ]  # fmt: skip
    newer, older = both
    assert [[(line.id, line.asks_for_change) for line in lines().lines] for lines in lists] == [
        [(newer.id, False), (older.id, False)]
    ] * 2
    purchasing.change(session, older, by=speaker)
    mine, theirs = ([(line.id, line.asks_for_change) for line in lines().lines] for lines in lists)
    assert mine == [(older.id, True), (newer.id, False)], "it waits for the person, and comes first"
    assert theirs == [(newer.id, False), (older.id, False)]


def test_only_its_person_may_review_an_arrangement(session, sides):
    person, organisation, speaker = sides
    it = purchasing.arrangement(session, person=person, organisation_id=organisation.id, status=ArrangementStatus.DONE)
    found = queries.arrangement_for_review(session, arrangement_id=it.id, person_id=person.id)
    assert (found.is_done, found.provider_name) == (True, "Boring Help")
    assert queries.arrangement_for_review(session, arrangement_id=it.id, person_id=speaker.id) is None
