"""What providers can do with their offers, and what everybody can find meanwhile."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.catalogue import queries, services
from marketplace.catalogue.models import Offer, OfferPrice, Provider
from marketplace.catalogue.rules import AccessFact, OfferStatus, ProviderKind, Setting, Unit
from marketplace.catalogue.services import ActNotPossibleError, OfferNotFoundError, WrongDetailError
from marketplace.kit.audit import AuditEvent
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.kit.places import MILE, Place, Point, Precision
from marketplace.search import queries as search
from marketplace.search.rules import Question
from tests.factories import catalogue as make

TRAFFORD = Place("Trafford", Point(378_000, 392_000), "E08000009", Precision.COUNCIL)


def found(session, words="gardening"):
    return [hit.id for hit in search.find(session, Question(words=words)).hits]


def test_founding_a_provider_lets_its_founder_speak_for_it(session):
    body, speaker = make.provider(session)
    grant = session.scalars(select(RoleGrant).where(RoleGrant.organisation_id == body.organisation_id)).one()
    assert (grant.person_id, grant.role) == (speaker.person_id, Role.PROVIDER)
    assert (body.postcode, body.easting, body.council) == ("M33 7ZF", 378_700, "E08000009")


@pytest.mark.parametrize(
    ("differences", "field"),
    [
        ({"staff_fte": Decimal("5.1")}, "staff_fte"),
        ({"staff_fte": None}, "staff_fte"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"about": "x" * 2001}, "about"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"place": TRAFFORD}, "place"),
        ({"kind": ProviderKind.USER_LED_ORGANISATION, "board_share": 50}, "board_share"),
        ({"kind": ProviderKind.UNIVERSAL_SERVICE}, "kind"),
    ],
)
def test_what_is_not_such_a_provider_is_refused_and_leaves_nothing(session, differences, field):
    with pytest.raises(WrongDetailError) as refused:
        make.provider(session, **differences)
    assert refused.value.field == field
    assert session.scalars(select(Provider)).all() == []


def test_a_user_led_organisation_says_how_much_of_its_board_uses_support(session):
    body, _ = make.provider(session, kind=ProviderKind.USER_LED_ORGANISATION)
    assert (body.board_share, body.staff_fte) == (80, None)


def test_editing_a_provider_changes_what_its_offers_are_found_by(session, now):
    offer, speaker = make.live(session)
    details = make.provider_details(name="Marigold", website="www.example.org")
    services.edit_provider(
        session, provider_id=offer.provider_id, details=details, most_staff=make.MOST_STAFF, by=speaker, now=now
    )
    assert found(session, "marigold") == [offer.id]
    assert session.get_one(Provider, offer.provider_id).website == "https://www.example.org"


def test_nobody_edits_another_provider(session, now):
    body, _ = make.provider(session)
    _, other = make.provider(session)
    with pytest.raises(services.ProviderNotFoundError):
        services.edit_provider(
            session,
            provider_id=body.id,
            details=make.provider_details(),
            most_staff=make.MOST_STAFF,
            by=other,
            now=now,
        )


def test_a_draft_is_found_by_nobody(session):
    offer, _ = make.draft(session)
    assert offer.status is OfferStatus.DRAFT
    assert found(session) == []


@pytest.mark.parametrize(
    ("differences", "field"),
    [
        ({"title": ""}, "title"),
        ({"description": ""}, "description"),
        ({"category": "nonsense"}, "category"),
        ({"place": None}, "place"),
        ({"place": TRAFFORD}, "place"),
        ({"setting": Setting.AT_HOME, "travels_metres": None}, "travels_miles"),
        ({"setting": Setting.AT_HOME, "travels_metres": 0}, "travels_miles"),
        ({"setting": Setting.AT_HOME, "travels_metres": round(100 * MILE)}, "travels_miles"),
        ({"price": make.asking(0)}, "amount"),
        ({"price": make.asking(20, group_amount=Money(2000), group_from=3)}, "ladder"),
        ({"price": make.asking(20, begins_on=date(2026, 4, 30))}, "begins_on"),
    ],
)
def test_a_detail_that_will_not_do_is_named(session, differences, field):
    with pytest.raises(WrongDetailError) as refused:
        make.draft(session, **differences)
    assert refused.value.field == field


def test_somebody_who_comes_to_you_starts_from_where_they_are(session):
    offer, _ = make.draft(session, setting=Setting.AT_HOME, place=None, travels_metres=8_047)
    assert (offer.easting, offer.postcode, offer.address, offer.travels_metres) == (378_700, "M33 7ZF", "", 8_047)


def test_what_is_online_is_nowhere_and_everywhere(session):
    offer, _ = make.live(session, setting=Setting.ONLINE)
    assert (offer.easting, offer.postcode, offer.council) == (None, None, "E08000009")
    far_away = Question(words="gardening", near=Point(530_000, 180_000), within_metres=1000)
    assert [hit.id for hit in search.find(session, far_away).hits] == [offer.id]


def test_nobody_lists_for_another_provider(session):
    body, _ = make.provider(session)
    _, other = make.provider(session)
    with pytest.raises(services.ProviderNotFoundError):
        make.draft(session, of=body, by=other)


def test_an_offer_without_a_price_is_not_sent(session, now):
    offer, speaker = make.draft(session, is_free=True)
    offer.is_free = False
    with pytest.raises(WrongDetailError) as refused:
        services.submit_offer(session, offer_id=offer.id, by=speaker, now=now)
    assert refused.value.field == "amount"


def test_an_offer_is_sent_once(session, now):
    offer, speaker = make.submitted(session)
    with pytest.raises(ActNotPossibleError, match="sent to us already"):
        services.submit_offer(session, offer_id=offer.id, by=speaker, now=now)


@pytest.mark.parametrize("service", ["submit_offer", "unlist_offer", "relist_offer"])
def test_another_providers_offer_is_nobodys_business(session, now, service):
    offer, _ = make.live(session)
    _, other = make.provider(session)
    with pytest.raises(OfferNotFoundError):
        getattr(services, service)(session, offer_id=offer.id, by=other, now=now)


def test_taking_down_and_putting_back_changes_what_is_found_in_the_same_moment(session, now):
    offer, speaker = make.live(session)
    assert found(session) == [offer.id]
    services.unlist_offer(session, offer_id=offer.id, by=speaker, now=now)
    assert found(session) == []
    services.relist_offer(session, offer_id=offer.id, by=speaker, now=now)
    assert found(session) == [offer.id]


def test_a_refused_step_says_why(session, now):
    offer, speaker = make.draft(session)
    with pytest.raises(ActNotPossibleError, match="nothing to take down"):
        services.unlist_offer(session, offer_id=offer.id, by=speaker, now=now)
    with pytest.raises(ActNotPossibleError, match="straight back"):
        services.relist_offer(session, offer_id=offer.id, by=speaker, now=now)


def edit(session, offer, speaker, now, *, asking=None, **differences):
    return services.edit_offer(
        session, offer_id=offer.id, details=make.details(**differences), asking=asking, by=speaker, now=now
    )


def test_new_words_in_a_live_offer_are_not_shown_until_they_are_read(session, now):
    offer, speaker = make.live(session)
    assert edit(session, offer, speaker, now, title="Gardening and more") is OfferStatus.SUBMITTED
    assert found(session) == []


def test_access_and_place_of_a_live_offer_change_at_once(session, now):
    offer, speaker = make.live(session)
    facts = frozenset({AccessFact.STEP_FREE, AccessFact.HOIST})
    assert edit(session, offer, speaker, now, access=facts, address="New Hall, Sale") is OfferStatus.LIVE
    page = queries.offer_page(session, offer_id=offer.id, viewer=speaker, on=now.date())
    assert page.access == (AccessFact.STEP_FREE, AccessFact.HOIST)
    assert found(session, "new hall") == [offer.id]


def test_words_of_an_unlisted_offer_cannot_slip_back_unread(session, now):
    offer, speaker = make.live(session)
    services.unlist_offer(session, offer_id=offer.id, by=speaker, now=now)
    assert edit(session, offer, speaker, now, description="Something else.") is OfferStatus.DRAFT
    with pytest.raises(ActNotPossibleError):
        services.relist_offer(session, offer_id=offer.id, by=speaker, now=now)


def test_a_live_offer_does_not_lose_its_price(session, now):
    offer, speaker = make.live(session, is_free=True)
    with pytest.raises(WrongDetailError) as refused:
        edit(session, offer, speaker, now, is_free=False)
    assert refused.value.field == "amount"


def test_nobody_edits_another_providers_offer(session, now):
    offer, _ = make.live(session)
    _, other = make.provider(session)
    with pytest.raises(OfferNotFoundError):
        edit(session, offer, other, now)


def test_a_price_is_followed_never_edited(session, now):
    offer, speaker = make.live(session)
    first = session.scalars(select(OfferPrice).where(OfferPrice.offer_id == offer.id)).one()
    before = (first.amount, first.begins_on, first.edition)
    dearer = make.asking(22, begins_on=now.date() + timedelta(days=7), group_amount=Money(1800), group_from=4)
    services.set_price(session, offer_id=offer.id, asking=dearer, by=speaker, now=now)
    session.refresh(first)
    assert (first.amount, first.begins_on, first.edition) == before

    def pays(people, days):
        terms = queries.offer_terms(session, offer_id=offer.id, on=now.date() + timedelta(days=days), people=people)
        return terms.unit_price

    assert [pays(1, 6), pays(4, 6), pays(1, 7), pays(3, 7), pays(4, 7)] == [
        Money(2000), Money(2000), Money(2200), Money(2200), Money(1800),
    ]  # fmt: skip


def test_saying_the_same_price_again_changes_nothing(session, now):
    offer, speaker = make.live(session)
    same = make.asking(20, begins_on=now.date())
    services.set_price(session, offer_id=offer.id, asking=same, by=speaker, now=now)
    assert len(session.scalars(select(OfferPrice).where(OfferPrice.offer_id == offer.id)).all()) == 1


def test_a_free_offer_gets_no_price(session, now):
    offer, speaker = make.live(session, is_free=True)
    with pytest.raises(WrongDetailError, match="is free"):
        services.set_price(
            session, offer_id=offer.id, asking=make.asking(20, begins_on=now.date()), by=speaker, now=now
        )


def test_the_terms_of_an_offer_are_what_others_may_build_on(session, now):
    offer, speaker = make.live(session)
    terms = queries.offer_terms(session, offer_id=offer.id, on=now.date())
    assert terms.unit is Unit.HOUR
    assert (terms.kind, terms.status, terms.category) == ("micro_provider", "live", "home-and-garden")
    assert terms.organisation_id in speaker.organisations
    assert queries.offer_terms(session, offer_id=speaker.person_id, on=now.date()) is None


def test_every_step_is_written_down(session, now):
    offer, speaker = make.live(session)
    services.unlist_offer(session, offer_id=offer.id, by=speaker, now=now)
    did = session.scalars(
        select(AuditEvent.did).where(AuditEvent.to_kind == "offer", AuditEvent.to_id == offer.id)
    ).all()
    assert sorted(did) == ["approved", "listed", "submitted", "unlisted"]


def test_the_index_can_be_built_again_from_the_catalogue(session, now):
    offer, _ = make.live(session)
    make.draft(session)
    assert [document.id for document in services.documents(session, today=day_of(now))] == [offer.id]
    assert search.check(session, services.documents(session, today=day_of(now))).is_none
    assert session.scalars(select(Offer.id).order_by(Offer.id)).all()


def test_nothing_stands_on_a_broad_kind_of_support(session):
    with pytest.raises(WrongDetailError, match="Choose one of the categories"):
        make.draft(session, category="at-home")
