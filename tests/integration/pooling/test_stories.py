from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE, Role
from marketplace.kit.outbox import Message
from marketplace.moderation import services as moderation
from marketplace.moderation.rules import ReportReason, SubjectKind
from marketplace.pooling.models import PoolMember, PoolStory
from marketplace.pooling.queries.stories import own_story, stories, story_page, story_titles
from marketplace.pooling.rules.nouns import MemberRole
from marketplace.pooling.services import joining, telling
from marketplace.pooling.services.locking import PoolNotFoundError
from tests.factories import accounts, pooling, together

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
WORDS = "We met at the pool on Saturdays, and now none of us goes alone any more."


@pytest.fixture
def it(session):
    return together.running(session, people=3)


@pytest.fixture
def write(session, it):
    def write(by=0, now=NOW, **differences):
        plain = {"title": "We swim", "words": WORDS, "with_figures": True}
        telling.write_story(
            session, pool_id=it.pool.id, by=it.people[by].id, address=together.address, now=now, **plain | differences
        )
        return session.get_one(PoolStory, it.pool.id)

    return write


@pytest.fixture
def agree(session, it):
    def agree(n, read=NOW):
        return telling.agree_to_story(
            session, pool_id=it.pool.id, by=it.people[n].id, written_at=read, address=together.address, now=NOW
        )

    return agree


@pytest.fixture
def take_down(session, it):
    def take_down(person):
        telling.take_story_down(session, pool_id=it.pool.id, by=person.id, address=together.address, now=NOW)

    return take_down


@pytest.fixture
def shown(write, agree):
    story = write()
    agree(1)
    agree(2)
    return story


@pytest.fixture
def read(session, it):
    def read(viewer=ANYONE):
        return story_page(session, story_id=it.pool.id, viewer=viewer)

    return read


def subjects(session, person):
    return [one.subject for one in session.scalars(select(Message).where(Message.to == person.email))]


class TestShowing:
    def test_it_is_shown_once_every_member_has_agreed(self, session, it, write, agree, read):
        story = write()
        assert subjects(session, it.people[1]) == ["A story about your pool: Swimming on Saturdays"]
        assert (agree(1), agree(1), read()) == (False, False, None)
        assert agree(2)
        assert read().title == "We swim"
        assert [one.id for one in stories(session).stories] == [it.pool.id]
        assert "Your story is shown: We swim" in subjects(session, it.people[2])
        assert story.published_at == NOW

    def test_other_words_need_everybody_again(self, session, write, agree, shown, read):
        later = NOW + timedelta(hours=1)
        write(now=later, title="We swim and sing")
        assert read() is None
        with pytest.raises(telling.StoryChangedError):
            agree(1)
        assert not agree(1, read=later)
        assert agree(2, read=later)

    def test_a_facilitator_has_no_word_in_it_and_holds_nothing_up(self, session, it, write, agree):
        session.query(PoolMember).where(PoolMember.person_id == it.people[2].id).update(
            {"role": MemberRole.FACILITATOR}
        )
        write()
        with pytest.raises(telling.NotAskedError):
            agree(2)
        assert agree(1)

    def test_whoever_leaves_holds_nothing_up(self, session, it, write, agree):
        write()
        agree(1)
        joining.leave_membership(session, pool_id=it.pool.id, person_id=it.people[2].id, now=NOW)
        own = own_story(session, pool_id=it.pool.id, viewer=accounts.as_viewer(it.people[1]))
        assert (own.agreed, own.needed, own.is_published) == (2, 2, False)
        assert agree(1)

    def test_only_a_champion_writes_and_only_of_what_went_ahead(self, session, it, write):
        with pytest.raises(joining.NotChampionError):
            write(by=1)
        for field, wrong in (("title", {"title": ""}), ("words", {"words": "Good."})):
            with pytest.raises(telling.StoryUnclearError) as refusal:
                write(**wrong)
            assert refusal.value.field == field
        still_open = pooling.pool(session, people=[it.people[0]])
        joining.join_pool(
            session, pool_id=still_open.id, by=it.people[0].id, called="", now=NOW, role=MemberRole.CHAMPION
        )
        with pytest.raises(telling.NothingToTellError):
            telling.write_story(
                session, pool_id=still_open.id, by=it.people[0].id, title="x", words=WORDS, with_figures=False,
                address=together.address, now=NOW,
            )  # fmt: skip

    def test_others_neither_read_what_is_not_shown_nor_agree(self, session, it, write):
        write()
        stranger = accounts.person(session)
        assert own_story(session, pool_id=it.pool.id, viewer=accounts.as_viewer(stranger)) is None
        with pytest.raises(PoolNotFoundError):
            telling.agree_to_story(
                session, pool_id=it.pool.id, by=stranger.id, written_at=NOW, address=together.address, now=NOW
            )


class TestTakingDown:
    def test_any_member_takes_it_down_and_nobody_learns_who(self, session, it, shown, take_down, read):
        take_down(it.people[2])
        assert read() is None
        subject = Message.subject.startswith("Your story is not shown any more")
        letter = session.scalars(select(Message).where(Message.to == it.people[0].email, subject)).one()
        assert it.people[2].name not in letter.body
        own = own_story(session, pool_id=it.pool.id, viewer=accounts.as_viewer(it.people[0]))
        assert (own.agreed, own.is_published) == (0, False)

    def test_so_does_whoever_had_agreed_and_left_and_nobody_else(self, session, it, shown, take_down, read):
        with pytest.raises(telling.StoryNotFoundError):
            take_down(accounts.person(session))
        joining.leave_membership(session, pool_id=it.pool.id, person_id=it.people[1].id, now=NOW)
        assert read(accounts.as_viewer(it.people[1])).may_take_down
        take_down(it.people[1])
        assert read() is None


class TestDeciding:
    def test_a_moderator_holds_a_story_and_lets_it_be_shown_again(self, session, it, shown, read):
        moderator = accounts.person(session, role=Role.MODERATOR)
        viewer = accounts.as_viewer(moderator, role=Role.MODERATOR)
        decided = {"pool_id": it.pool.id, "by": moderator.id, "reason": "A name.", "address": together.address}
        telling.hold_story(session, now=NOW, **decided)
        assert (read(), read(viewer).is_held) == (None, True)
        own = own_story(session, pool_id=it.pool.id, viewer=accounts.as_viewer(it.people[1]))
        assert own.hold_reason == "A name."
        with pytest.raises(telling.StoryHeldError):
            telling.hold_story(session, now=NOW, **decided)
        telling.release_story(session, now=NOW, **decided)
        assert read() is not None
        with pytest.raises(telling.StoryHeldError):
            telling.release_story(session, now=NOW, **decided)
        told = {"Your pool’s story is kept from view: We swim", "Your pool’s story is shown again: We swim"}
        assert told <= set(subjects(session, it.people[0]))

    def test_moderators_read_and_decide_only_what_is_shown_or_reported(self, session, it, write, read):
        write()
        moderator = accounts.person(session, role=Role.MODERATOR)
        viewer = accounts.as_viewer(moderator, role=Role.MODERATOR)
        decided = {"pool_id": it.pool.id, "by": moderator.id, "reason": "x", "address": together.address, "now": NOW}
        assert read(viewer) is None
        with pytest.raises(telling.StoryNotFoundError):
            telling.hold_story(session, **decided)
        moderation.report_something(
            session, subject_kind=SubjectKind.POOL_STORY, subject_id=it.pool.id, by=None,
            reason=ReportReason.PRIVATE, words="", now=NOW,
        )  # fmt: skip
        assert read(viewer).title == "We swim"
        assert story_titles(session, story_ids=[it.pool.id], viewer=viewer) == {it.pool.id: "We swim"}
        assert story_titles(session, story_ids=[it.pool.id], viewer=ANYONE) == {}
        with pytest.raises(telling.OwnStoryDecisionError):
            telling.hold_story(session, **decided | {"by": it.people[1].id})
