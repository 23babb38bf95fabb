"""What pages are told, and in how many queries."""

import uuid
from datetime import timedelta

from marketplace.accounts.rules import ANYONE
from marketplace.catalogue import queries, services
from marketplace.catalogue.models import AlsoListed, Source
from marketplace.catalogue.rules import AccessFact, Setting
from marketplace.kit.money import Money
from tests.factories import catalogue as make
from tests.factories import moderation


def test_cards_come_in_the_order_asked_for_in_two_queries(session, now, count_queries):
    offers = [make.live(session, title=f"Offer {n}", access=frozenset({AccessFact.BSL}))[0] for n in range(3)]
    draft, _ = make.draft(session)
    wanted = [offers[2].id, draft.id, offers[0].id, offers[1].id]
    session.expire_all()
    count_queries.clear()
    cards = queries.cards_for(session, offer_ids=wanted, on=now.date())
    assert [card.title for card in cards] == ["Offer 2", "Offer 0", "Offer 1"]
    assert len(count_queries) == 2
    assert (cards[0].price.amount, cards[0].access, cards[0].district) == (Money(2000), (AccessFact.BSL,), "M33")
    assert queries.cards_for(session, offer_ids=[], on=now.date()) == ()


def test_an_offer_is_shown_to_whoever_may_see_it_in_two_queries(session, now, count_queries):
    offer, speaker = make.draft(session)
    _, other = make.provider(session)
    moderator, offer_id = moderation.moderator(session), offer.id
    seen = {
        name: queries.offer_page(session, offer_id=offer_id, viewer=viewer, on=now.date()) is not None
        for name, viewer in {"anyone": ANYONE, "other": other, "own": speaker, "moderator": moderator}.items()
    }
    assert seen == {"anyone": False, "other": False, "own": True, "moderator": True}
    session.expire_all()
    count_queries.clear()
    queries.offer_page(session, offer_id=offer_id, viewer=speaker, on=now.date())
    assert len(count_queries) == 2


def test_each_other_list_that_has_an_offer_is_named_once_with_when_it_last_had_it(session, now):
    offer, _ = make.live(session)
    for key, publisher in (("b", "Bury Council"), ("a", "Age Well")):
        session.add(
            Source(key=key, publisher=publisher, licence="OGL", licence_url="", url=f"https://{key}.example.org")
        )
    session.flush()
    seen = (("b", "1", now), ("a", "1", now), ("b", "2", now + timedelta(days=1)))
    for source, source_key, seen_at in seen:
        session.add(AlsoListed(offer_id=offer.id, source=source, source_key=source_key, seen_at=seen_at))
    session.flush()
    page = queries.offer_page(session, offer_id=offer.id, viewer=ANYONE, on=now.date())
    assert [(other.publisher, other.seen_at) for other in page.also_listed] == [
        ("Age Well", now),
        ("Bury Council", now + timedelta(days=1)),
    ]


def test_a_page_knows_whether_it_is_on_the_shortlist_of_whoever_looks(session, now):
    offer, _ = make.live(session)
    ada, sam = make.somebody(session), make.somebody(session)
    services.shortlist_offer(session, offer_id=offer.id, by=ada.person_id, now=now)
    pages = [queries.offer_page(session, offer_id=offer.id, viewer=who, on=now.date()) for who in (ada, sam, ANYONE)]
    assert [page.is_shortlisted for page in pages] == [True, False, False]


def test_nobody_learns_the_front_door_of_somebody_who_comes_to_you(session, now):
    offer, _ = make.live(session, setting=Setting.AT_HOME, place=None, travels_metres=5000)
    page = queries.offer_page(session, offer_id=offer.id, viewer=ANYONE, on=now.date())
    assert (page.postcode, page.address) == ("M33", "")


def test_a_price_that_is_to_come_is_announced(session, now):
    offer, speaker = make.live(session)
    later = make.asking(25, begins_on=now.date().replace(month=6))
    services.set_price(session, offer_id=offer.id, asking=later, by=speaker, now=now)
    page = queries.offer_page(session, offer_id=offer.id, viewer=ANYONE, on=now.date())
    assert (page.price.amount, page.next_price.amount) == (Money(2000), Money(2500))


def test_a_provider_without_anything_live_has_no_public_page(session, now):
    offer, speaker = make.draft(session)
    asked = {"provider_id": offer.provider_id, "on": now.date()}
    assert queries.provider_page(session, viewer=ANYONE, **asked) is None
    assert queries.provider_page(session, viewer=speaker, **asked).is_own
    assert queries.provider_page(session, provider_id=uuid.uuid4(), viewer=speaker, on=now.date()) is None


def test_a_provider_page_lists_what_is_live(session, now):
    offer, speaker = make.live(session)
    make.draft(session, of=session.get_one(type(make.provider(session)[0]), offer.provider_id), by=speaker)
    page = queries.provider_page(session, provider_id=offer.provider_id, viewer=ANYONE, on=now.date())
    assert [card.id for card in page.cards] == [offer.id]


def test_people_see_their_own_offers_and_no_others(session, now, count_queries):
    offer, speaker = make.draft(session)
    make.draft(session)
    session.expire_all()
    count_queries.clear()
    assert [line.id for line in queries.my_offers(session, viewer=speaker, on=now.date()).offers] == [offer.id]
    assert len(count_queries) <= 4
    assert [one.id for one in queries.my_providers(session, viewer=speaker)] == [offer.provider_id]
    assert queries.my_offers(session, viewer=ANYONE, on=now.date()).offers == ()


def test_categories_are_counted_in_one_query(session, count_queries):
    make.live(session)
    make.draft(session)
    count_queries.clear()
    shelves = queries.categories_with_counts(session)
    assert len(count_queries) == 1
    assert [shelf.slug for shelf in shelves][:2] == ["personal-assistance", "companionship"]
    assert {shelf.slug: shelf.offers for shelf in shelves if shelf.offers} == {"home-and-garden": 1}
    assert len(queries.categories(session)) == 19


def test_every_category_hangs_on_one_branch(session, count_queries):
    count_queries.clear()
    branches = queries.category_tree(session)
    assert len(count_queries) == 1
    hung = [shelf.slug for branch in branches for shelf in branch.shelves]
    assert sorted(hung) == sorted(shelf.slug for shelf in queries.categories(session))
    assert [branch.name for branch in branches][:1] == ["Help at home"]


def test_the_newest_are_not_crowded_out_by_published_lists(session, now):
    offer, _ = make.live(session)
    make.source(session)
    services.add_universal_service(session, service=make.universal_service(), now=now)
    assert [card.id for card in queries.newest(session, on=now.date())] == [offer.id]
