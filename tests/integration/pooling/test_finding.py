"""Finding people: interests, drafts, invitations, roles, wishes. What strangers, members and providers each see."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from marketplace.accounts.rules import ANYONE, Role
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import ProviderKind, Unit
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from marketplace.kit.places import Precision
from marketplace.pooling.models import Interest, Pool, PoolMember
from marketplace.pooling.queries import drafts, helping, interests, lists, membership, quiet, wishes
from marketplace.pooling.rules.nouns import EndReason, MemberRole, PoolOrigin, PoolStatus
from marketplace.pooling.rules.starting import NewDraft
from marketplace.pooling.services import interests as saying
from marketplace.pooling.services import joining, nudging, opening, parting, roles, starting, wishing
from tests.factories import accounts, pooling

AREA = "M33"


def address(pool_id):
    return f"https://example.org/pools/{pool_id}"


@pytest.fixture
def sam(session):
    return accounts.person(session, name="Sam Secret", lives_in="E08000009")


def people(session, number, name="Neighbour"):
    return [accounts.person(session, name=f"{name} {n}") for n in range(number)]


def likes(session, gazetteer, person, now, *, where=AREA, metres=8000, what=("swimming",)):
    return saying.say_interests(session, by=person.id, wanted=what, place=gazetteer.find(where), metres=metres, now=now)


def begin(session, gazetteer, by, now, **differences):
    plain = {
        "began_from": PoolOrigin.INTEREST,
        "title": "Swimming on Saturdays",
        "purpose": "We like the water.",
        "area": gazetteer.find(AREA),
        "is_listed": True,
        "called": "Sammy",
        "interest": "swimming",
        "category": None,
    }
    wanted = NewDraft(**plain | differences)
    return starting.begin_pool(session, by=by.id, wanted=wanted, address=address, now=now)


def join(session, pool_id, by, now, *, key=None, called=""):
    starting.join_draft(session, pool_id=pool_id, by=by.id, called=called, key=key, address=address, now=now)


def letters_to(session, person):
    return sorted(session.scalars(select(Message.subject).where(Message.to == person.email)))


class TestInterests:
    def test_nobody_hears_of_fewer_than_three_others_and_nobody_hears_who(self, session, gazetteer, sam, now):
        near = people(session, 3)
        likes(session, gazetteer, sam, now)
        for one in near[:2]:
            likes(session, gazetteer, one, now)
        viewer = accounts.as_viewer(sam)
        assert interests.my_interests(session, viewer=viewer).shared == ()
        assert interests.people_to_tell(session, now=now, limit=9) == []
        likes(session, gazetteer, near[2], now)
        assert [one.people for one in interests.my_interests(session, viewer=viewer).shared] == [3]
        assert saying.tell_of_others(session, person_id=sam.id, address="/pools/interests", now=now)
        body = session.scalars(select(Message.body).where(Message.to == sam.email)).one()
        assert "Swimming: 3 or more" in body
        assert "Neighbour" not in body
        # Once a month at most, and then only if somebody has come since.
        assert not saying.tell_of_others(session, person_id=sam.id, address="/", now=now + timedelta(days=29))
        assert not saying.tell_of_others(session, person_id=sam.id, address="/", now=now + timedelta(days=31))
        likes(session, gazetteer, accounts.person(session), now + timedelta(days=3))
        assert not saying.tell_of_others(session, person_id=sam.id, address="/", now=now + timedelta(days=29))
        assert saying.tell_of_others(session, person_id=sam.id, address="/", now=now + timedelta(days=31))

    def test_near_means_that_each_would_go_so_far(self, session, gazetteer, sam, now):
        likes(session, gazetteer, sam, now, metres=16_000)
        for one in people(session, 3):
            likes(session, gazetteer, one, now, where="WA14", metres=2000)
        assert interests.others_near(session, person_id=sam.id) == {}
        assert interests.my_interests(session, viewer=ANYONE).interests == ()

    def test_we_keep_a_square_kilometre_and_forget_it_with_the_last_tick(self, session, gazetteer, sam, now):
        assert likes(session, gazetteer, sam, now, what=("swimming", "coffee", "no such thing")) == 2
        row = session.scalars(select(Interest)).first()
        assert (row.easting % 1000, row.northing % 1000) == (500, 500)
        saying.say_interests(session, by=sam.id, wanted=["coffee"], place=None, metres=2000, now=now)
        assert session.scalars(select(Interest.metres)).all() == [2000]
        assert saying.say_interests(session, by=sam.id, wanted=[], place=None, metres=0, now=now) == 0
        assert session.scalar(select(func.count()).select_from(Interest)) == 0
        with pytest.raises(saying.PlaceNeededError):
            saying.say_interests(session, by=sam.id, wanted=["coffee"], place=None, metres=2000, now=now)
        with pytest.raises(saying.ReachError):
            likes(session, gazetteer, sam, now, metres=1)

    def test_those_who_like_it_hear_of_a_new_pool_once_a_month(self, session, gazetteer, sam, now):
        near, far = people(session, 2)
        likes(session, gazetteer, near, now)
        likes(session, gazetteer, far, now, where="CT16")
        begin(session, gazetteer, sam, now, is_listed=False)
        assert letters_to(session, near) == []
        begin(session, gazetteer, sam, now)
        begin(session, gazetteer, sam, now + timedelta(days=5))
        assert letters_to(session, near) == ["Somebody near you has started a pool: Swimming"]
        assert letters_to(session, far) == letters_to(session, sam) == []


class TestDrafts:
    def test_whoever_starts_a_pool_is_its_champion_and_strangers_see_numbers_from_three_on(
        self, session, gazetteer, sam, now
    ):
        pool_id = begin(session, gazetteer, sam, now)
        mine = membership.my_membership(session, pool_id=pool_id, viewer=accounts.as_viewer(sam))
        assert (mine.role, mine.called, mine.pool_status) == (MemberRole.CHAMPION, "Sammy", PoolStatus.DRAFT)
        assert drafts.draft_page(session, pool_id=pool_id, viewer=ANYONE).people == 0
        for one in people(session, 2):
            join(session, pool_id, one, now + timedelta(hours=1))
            join(session, pool_id, one, now + timedelta(hours=2))
        seen = drafts.draft_page(session, pool_id=pool_id, viewer=ANYONE)
        assert (seen.people, seen.membership, seen.invite_key) == (3, None, None)
        assert membership.fellows(session, pool_id=pool_id, viewer=ANYONE) == ()
        shown = membership.fellows(session, pool_id=pool_id, viewer=accounts.as_viewer(sam))
        assert [one.called for one in shown] == ["Sammy", "A member", "A member"]
        listed = lists.pools_near(session, place=gazetteer.find(AREA), now=now, interest="swimming").pools
        assert [(card.id, card.people) for card in listed] == [(pool_id, 3)]
        assert lists.pools_near(session, place=gazetteer.find("CT16"), now=now).pools == ()

    def test_an_area_is_no_finer_than_a_district(self, session, gazetteer, sam, now):
        area = starting.area_of(gazetteer, "M33 7")
        assert (area.name, area.precision) == ("M33", Precision.OUTWARD)
        with pytest.raises(ValueError, match="no finer"):
            begin(session, gazetteer, sam, now, area=gazetteer.find("M33 7"))

    @pytest.mark.parametrize(
        ("differences", "refusal"),
        [
            ({"title": " "}, starting.PoolTitleError),
            ({"purpose": ""}, starting.PoolPurposeError),
            ({"interest": "diabetes"}, starting.InterestError),
            ({"began_from": PoolOrigin.WISH}, starting.CategoryNeededError),
            ({"began_from": PoolOrigin.WISH, "category": "no-such"}, starting.CategoryNeededError),
            ({"called": "x" * 41}, joining.CalledError),
        ],
    )
    def test_what_will_not_do_is_refused_in_words(self, session, gazetteer, sam, now, differences, refusal):
        with pytest.raises(refusal, match=r"\.$"):
            begin(session, gazetteer, sam, now, **differences)

    def test_nobody_keeps_more_than_five_going(self, session, gazetteer, sam, now):
        for _ in range(5):
            begin(session, gazetteer, sam, now)
        with pytest.raises(starting.TooManyDraftsError):
            begin(session, gazetteer, sam, now)

    def test_one_that_is_not_listed_needs_its_link_and_a_new_link_ends_the_old(self, session, gazetteer, sam, now):
        pool_id = begin(session, gazetteer, sam, now, is_listed=False)
        stranger, friend = people(session, 2)
        assert drafts.draft_page(session, pool_id=pool_id, viewer=accounts.as_viewer(stranger)) is None
        assert lists.pools_near(session, place=None, now=now).pools == ()
        with pytest.raises(NotFoundError):
            join(session, pool_id, stranger, now)
        key = drafts.invite_key(session, pool_id=pool_id, viewer=accounts.as_viewer(sam))
        assert drafts.invite_key(session, pool_id=pool_id, viewer=accounts.as_viewer(stranger)) is None
        assert drafts.invitation(session, key=key, viewer=ANYONE).title == "Swimming on Saturdays"
        join(session, pool_id, friend, now, key=key, called="Freddie")
        with pytest.raises(NotAllowedError):
            roles.make_new_link(session, pool_id=pool_id, by=friend.id, now=now)
        roles.make_new_link(session, pool_id=pool_id, by=sam.id, now=now)
        assert drafts.invitation(session, key=key, viewer=ANYONE) is None
        with pytest.raises(NotFoundError):
            join(session, pool_id, stranger, now, key=key)

    def test_the_last_one_out_ends_it_and_a_champion_ends_it_for_all_with_a_reason(self, session, gazetteer, sam, now):
        (other,) = people(session, 1)
        pool_id = begin(session, gazetteer, sam, now)
        assert parting.step_out(session, pool_id=pool_id, by=sam.id, now=now) is PoolStatus.WITHDRAWN
        pool_id = begin(session, gazetteer, sam, now)
        join(session, pool_id, other, now)
        end = {"pool_id": pool_id, "words": "Saturdays are hard.", "address": address, "now": now}
        with pytest.raises(NotAllowedError):
            parting.end_draft(session, by=other.id, reason=EndReason.TOO_FEW, **end)
        with pytest.raises(parting.EndReasonError):
            parting.end_draft(session, by=sam.id, reason=EndReason.DONE, **end)
        parting.end_draft(session, by=sam.id, reason=EndReason.TOO_FEW, **end)
        pool = session.get_one(Pool, pool_id)
        assert (pool.status, pool.end_reason, pool.closed_at) == (PoolStatus.WITHDRAWN, EndReason.TOO_FEW, now)
        assert letters_to(session, other) == ["Your pool has ended: Swimming on Saturdays"]
        assert drafts.draft_page(session, pool_id=pool_id, viewer=accounts.as_viewer(other)).end_words
        assert drafts.draft_page(session, pool_id=pool_id, viewer=ANYONE).end_words == ""
        with pytest.raises(joining.NoMoreMembersError):
            join(session, pool_id, accounts.person(session), now)

    def test_whoever_has_promised_takes_that_back_first(self, session, sam, now):
        pool = pooling.pool(session, people=[sam])
        joining.join_pool(session, pool_id=pool.id, by=sam.id, called="", now=now)
        with pytest.raises(parting.StillPledgedError):
            parting.step_out(session, pool_id=pool.id, by=sam.id, now=now)
        session.execute(update(PoolMember).values(role=MemberRole.CHAMPION))
        session.expire_all()
        with pytest.raises(parting.NotADraftError):
            parting.end_draft(
                session, pool_id=pool.id, by=sam.id, reason=EndReason.OTHER, words="", address=address, now=now
            )

    def test_a_quiet_pool_is_asked_about_after_two_weeks_and_again_after_four(self, session, gazetteer, sam, now):
        pool_id = begin(session, gazetteer, sam, now)
        later = now + timedelta(days=14)
        assert quiet.quiet_pools(session, now=later - timedelta(seconds=1)) == []
        assert nudging.nudge(session, pool_id=pool_id, address=address, now=later)
        assert not nudging.nudge(session, pool_id=pool_id, address=address, now=later)
        assert quiet.quiet_pools(session, now=later + timedelta(days=27)) == []
        assert quiet.quiet_pools(session, now=later + timedelta(days=28)) == [pool_id]
        join(session, pool_id, accounts.person(session), later)
        assert quiet.quiet_pools(session, now=later + timedelta(days=13)) == []


class TestRoles:
    def test_champions_hand_over_and_where_there_is_none_any_member_may(self, session, gazetteer, sam, now):
        (other,) = people(session, 1)
        pool_id = begin(session, gazetteer, sam, now)
        join(session, pool_id, other, now + timedelta(hours=1))
        with pytest.raises(roles.ChampionThereError):
            roles.become_champion(session, pool_id=pool_id, by=other.id, now=now)
        roles.step_down(session, pool_id=pool_id, by=sam.id, now=now)
        roles.become_champion(session, pool_id=pool_id, by=other.id, now=now)
        assert membership.champions(session, pool_id=pool_id) == [other.id]
        member_id = membership.my_membership(session, pool_id=pool_id, viewer=accounts.as_viewer(sam)).member_id
        make = {"pool_id": pool_id, "member_id": member_id, "by": other.id, "address": address, "now": now}
        roles.make_champion(session, **make)
        with pytest.raises(roles.NotAChampionToBeError):
            roles.make_champion(session, **make)
        roles.say_called(session, pool_id=pool_id, by=other.id, called="Otter")
        page = helping.people_page(session, pool_id=pool_id, viewer=accounts.as_viewer(sam))
        assert [one.called for one in page.people] == ["Sammy", "Otter"]
        assert helping.people_page(session, pool_id=pool_id, viewer=ANYONE) is None

    def test_a_user_led_organisation_helps_if_it_was_asked_and_does_not_sell(self, session, gazetteer, sam, now):
        body, person = accounts.organisation(session, name="Us", role=Role.USER_LED_ORGANISATION)
        speaker = accounts.as_viewer(person, body, role=Role.USER_LED_ORGANISATION)
        session.add(
            Provider(
                id=uuid.uuid4(),
                organisation_id=body.id,
                name="Us",
                kind=ProviderKind.USER_LED_ORGANISATION,
                board_share=80,
                about="",
                easting=379_000,
                northing=391_000,
                created_at=now,
            )
        )
        pool_id = begin(session, gazetteer, sam, now)
        assert [one.name for one in helping.organisations_to_ask(session, pool_id=pool_id)] == ["Us"]
        ask = {"pool_id": pool_id, "address": lambda *asked: "https://example.org/help", "now": now}
        with pytest.raises(roles.FacilitatorError):
            roles.ask_for_help(session, organisation_id=uuid.uuid4(), by=sam.id, **ask)
        roles.ask_for_help(session, organisation_id=body.id, by=sam.id, **ask)
        key = session.get_one(Pool, pool_id).invite_key
        yes = {"pool_id": pool_id, "organisation_id": body.id, "called": "Helper", "now": now}
        with pytest.raises(NotFoundError):
            roles.help_pool(session, key=uuid.uuid4(), by=speaker, **yes)
        with pytest.raises(NotFoundError):
            roles.help_pool(session, key=key, by=accounts.as_viewer(sam), **yes)
        roles.help_pool(session, key=key, by=speaker, **yes)
        mine = membership.my_membership(session, pool_id=pool_id, viewer=speaker)
        assert mine.is_facilitator
        # A helper is no household, has no promise to make, and does not sell to those they help.
        assert drafts.draft_page(session, pool_id=pool_id, viewer=accounts.as_viewer(sam)).people == 1
        assert body.id in wishes.organisations_within(session, pool_id=pool_id)


class TestWishes:
    @pytest.fixture
    def provider(self, session):
        body, person = accounts.organisation(session, name="Wheels")
        speaker = accounts.as_viewer(person, body, role=Role.PROVIDER)
        return pooling.offer_for_groups(session, organisation_id=body.id), speaker

    @pytest.fixture
    def wish(self, session, gazetteer, sam, now):
        return begin(
            session, gazetteer, sam, now, began_from=PoolOrigin.WISH, interest=None, category="sport-and-leisure"
        )

    def answer(self, session, wish, by, now, **differences):
        plain = {
            "offer_id": None,
            "words": "We can.",
            "whole_price": Money(60_00),
            "unit": Unit.DAY,
            "people_from": 3,
            "most_people": 8,
        }
        wanted = wishing.NewAnswer(**plain | differences)
        return wishing.answer_wish(session, pool_id=wish, by=by, wanted=wanted, address=address, now=now)

    def test_providers_see_nothing_of_fewer_than_three_households_and_never_who(
        self, session, sam, wish, provider, now
    ):
        offer, speaker = provider
        two = people(session, 2, name="Householder")
        join(session, wish, two[0], now)
        assert wishes.wishes(session, viewer=speaker, place=None).wishes == ()
        assert wishes.wish(session, pool_id=wish, viewer=speaker) is None
        with pytest.raises(NotFoundError):
            self.answer(session, wish, speaker, now, offer_id=offer.id)
        told = select(func.count()).select_from(Message).where(Message.subject.like("People near%"))
        assert session.scalar(told) == 0
        join(session, wish, two[1], now)
        assert session.scalar(told) == 1
        (line,) = wishes.wishes(session, viewer=speaker, place=None).wishes
        assert (line.people, line.area) == (3, "M33")
        assert "Householder" not in repr(line)
        assert "Secret" not in repr(line)
        assert wishes.wishes(session, viewer=accounts.as_viewer(sam), place=None).wishes == ()
        parting.step_out(session, pool_id=wish, by=two[1].id, now=now)
        assert wishes.wishes(session, viewer=speaker, place=None).wishes == ()
        join(session, wish, two[1], now)
        assert session.scalar(told) == 1

    def test_members_see_answers_beside_each_other_and_what_each_would_pay(self, session, sam, wish, provider, now):
        offer, speaker = provider
        for one in people(session, 2):
            join(session, wish, one, now)
        answer_id = self.answer(session, wish, speaker, now, offer_id=offer.id)
        with pytest.raises(wishing.AnsweredAlreadyError):
            self.answer(session, wish, speaker, now, offer_id=offer.id)
        assert "A provider has answered: Swimming on Saturdays" in letters_to(session, sam)
        page = wishes.answers_to(session, pool_id=wish, viewer=accounts.as_viewer(sam), on=now.date())
        (line,) = page.answers
        assert line.each_pays(3) == Money(20_00)
        assert line.each_pays(7) == Money(8_58)
        assert line.each_pays(2) is None
        assert wishes.answers_to(session, pool_id=wish, viewer=speaker, on=now.date()) is None
        with pytest.raises(NotFoundError):
            wishing.withdraw_answer(session, answer_id=answer_id, by=accounts.as_viewer(sam), now=now)
        wishing.withdraw_answer(session, answer_id=answer_id, by=speaker, now=now)
        assert wishes.answers_to(session, pool_id=wish, viewer=accounts.as_viewer(sam), on=now.date()).answers == ()

    @pytest.mark.parametrize(
        ("differences", "refusal"),
        [
            ({"offer_id": uuid.UUID(int=1)}, wishing.OfferChoiceError),
            ({"words": " "}, wishing.AnswerWordsError),
            ({"whole_price": Money(0)}, wishing.WholePriceError),
            ({"unit": None}, wishing.AnswerUnitError),
            ({"people_from": 1}, wishing.FewestError),
            ({"most_people": 2}, wishing.MostError),
        ],
        ids=lambda given: getattr(given, "__name__", "answer"),
    )
    def test_an_answer_that_will_not_do_is_refused_in_words(self, session, wish, provider, now, differences, refusal):
        offer, speaker = provider
        for one in people(session, 2):
            join(session, wish, one, now)
        with pytest.raises(refusal, match=r"\.$"):
            self.answer(session, wish, speaker, now, **{"offer_id": offer.id} | differences)

    def test_whoever_is_in_a_pool_does_not_sell_to_it(self, session, sam, wish, provider, now):
        offer, speaker = provider
        joining.join_pool(session, pool_id=wish, by=speaker.person_id, called="", now=now)
        join(session, wish, accounts.person(session), now)
        with pytest.raises(DomainError, match="belong to this pool"):
            self.answer(session, wish, speaker, now, offer_id=offer.id)
        with pytest.raises(opening.SellerInsideError):
            opening.open_draft(
                session,
                pool_id=wish,
                offer_id=offer.id,
                by=sam.id,
                wanted=pooling.new_pool(),
                address=address,
                now=now,
            )

    def test_a_champion_asks_providers_later_too(self, session, gazetteer, sam, now, provider):
        _offer, speaker = provider
        pool_id = begin(session, gazetteer, sam, now)
        for one in people(session, 2):
            join(session, pool_id, one, now)
        ask = {"pool_id": pool_id, "by": sam.id, "now": now}
        with pytest.raises(wishing.NotACallError):
            wishing.ask_providers(session, category=None, **ask)
        wishing.ask_providers(session, category="sport-and-leisure", **ask)
        assert [one.id for one in wishes.wishes(session, viewer=speaker, place=None).wishes] == [pool_id]
