import uuid

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.kit.errors import NotAllowedError, NotFoundError
from marketplace.kit.outbox import Message
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import LedgerLine
from marketplace.ratings.queries import appeals as queries
from marketplace.ratings.rules.nouns import AppealOutcome, ReviewStatus, Screened, ScreeningOutcome
from marketplace.ratings.services import appealing, holding, screening
from marketplace.ratings.services.screening import Subject
from tests.factories import accounts, fairness, purchasing, ratings

SHOW, KEEP = AppealOutcome.OVERTURNED, AppealOutcome.UPHELD


def link(some_id):
    return f"https://example.org/{some_id}"


def letters_to(session, person):
    return session.scalars(select(Message.subject).where(Message.to == person.email).order_by(Message.created_at)).all()


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(session, organisation_id=sides[1].id)


@pytest.fixture
def review(session, sides, offer):
    done = purchasing.arrangement(
        session, person=sides[0], organisation_id=sides[1].id, about=offer, status=ArrangementStatus.DONE
    )
    return ratings.review(session, offer=offer, stars=1, person=sides[0], arrangement=done)


@pytest.fixture
def moderator(session):
    return accounts.person(session, role=Role.MODERATOR)


@pytest.fixture
def refusal(session, review, moderator):
    return fairness.refused(session, review, by=moderator)


@pytest.fixture
def panel(session):
    return [accounts.person(session, role=Role.PANEL_MEMBER) for _ in range(4)]


@pytest.fixture
def appeal(session, sides, refusal, panel, now):
    def appealing_(by=sides[0], words="It names nobody."):
        return appealing.appeal(session, screening_id=refusal.id, by=by.id, words=words, link=link, now=now)

    return appealing_


@pytest.fixture
def vote(session, now):
    def voting(appeal_id, by, outcome, reason="I read it so."):
        return appealing.vote(
            session, appeal_id=appeal_id, by=by.id, outcome=outcome, reason=reason, link=link, now=now
        )  # fmt: skip

    return voting


def test_three_of_the_panel_decide_and_it_is_shown_after_all(session, sides, review, panel, appeal, vote, now):
    appeal_id = appeal()
    assert letters_to(session, panel[0]) == ["An appeal waits for the panel"]
    assert vote(appeal_id, panel[0], SHOW) is None
    assert vote(appeal_id, panel[1], KEEP) is None
    assert review.status is ReviewStatus.HELD
    assert vote(appeal_id, panel[2], SHOW) is SHOW
    assert (review.status, review.counts) == (ReviewStatus.SHOWN, True)
    line = session.get_one(LedgerLine, review.id)
    assert (line.appealed_at, line.appeal_outcome, line.refused_at, line.ground) == (now, SHOW, None, None)
    assert letters_to(session, sides[0]) == ["The panel has decided: it is shown"]
    with pytest.raises(appealing.AppealDecidedError):
        vote(appeal_id, panel[3], KEEP)


def test_it_stays_from_view_if_most_say_so_and_can_be_changed(session, sides, review, panel, appeal, vote, now):
    appeal_id = appeal()
    for member in panel[:3]:
        vote(appeal_id, member, KEEP)
    assert review.status is ReviewStatus.HELD
    assert session.get_one(LedgerLine, review.id).appeal_outcome is KEEP
    assert letters_to(session, sides[0]) == ["The panel has decided: it stays from view"]
    with pytest.raises(appealing.AlreadyAppealedError):
        appeal()
    screening.receive(session, review, link=link, now=now)
    assert review.status is ReviewStatus.UNREAD


def test_nobody_touches_what_the_panel_is_looking_at(session, review, moderator, appeal, now):
    appeal()
    it = Subject(Screened.REVIEW, review.id, review.id)
    with pytest.raises(screening.AppealOpenError):
        screening.receive(session, review, link=link, now=now)
    with pytest.raises(screening.AppealOpenError):
        holding.decide(
            session, it, outcome=ScreeningOutcome.SHOWN, ground=None, reason="", by=moderator.id, link=link, now=now
        )


def test_only_whoever_wrote_it_appeals_and_once(session, sides, appeal, moderator):
    for other in (sides[2], moderator):
        with pytest.raises(NotFoundError):
            appeal(by=other)
    for words in (" ", "x" * 2_001):
        with pytest.raises(appealing.AppealUnclearError):
            appeal(words=words)
    appeal()
    with pytest.raises(appealing.AlreadyAppealedError):
        appeal()


def test_there_is_nothing_to_appeal_once_it_is_shown(session, review, moderator, appeal, now):
    it = Subject(Screened.REVIEW, review.id, review.id)
    holding.decide(
        session, it, outcome=ScreeningOutcome.SHOWN, ground=None, reason="", by=moderator.id, link=link, now=now
    )
    with pytest.raises(appealing.AppealDecidedError):
        appeal()


def test_whoever_has_to_do_with_it_does_not_judge_it(session, sides, review, moderator, appeal, vote):
    appeal_id = appeal()
    for somebody in (moderator, sides[0], sides[2]):
        with pytest.raises(NotAllowedError):
            vote(appeal_id, somebody, SHOW)


def test_each_votes_once_and_says_why(session, panel, appeal, vote):
    appeal_id = appeal()
    with pytest.raises(appealing.AppealUnclearError):
        vote(appeal_id, panel[0], SHOW, reason=" ")
    vote(appeal_id, panel[0], SHOW)
    with pytest.raises(appealing.AlreadyVotedError):
        vote(appeal_id, panel[0], KEEP)
    with pytest.raises(NotFoundError):
        vote(uuid.uuid4(), panel[0], SHOW)


def test_a_provider_appeals_for_its_reply(session, sides, offer, moderator, panel, vote, now):
    review = ratings.review(session, offer=offer, stars=2)
    reply = ratings.reply(session, to=review, by=sides[2], status=ReviewStatus.HELD)
    refusal = fairness.screening(
        session, review, subject_kind=Screened.REPLY, subject_id=reply.id, outcome=ScreeningOutcome.REFUSED,
        ground="unlawful", reason="It threatens.", decided_at=now, decided_by=moderator.id,
    )  # fmt: skip
    appeal_id = appealing.appeal(session, screening_id=refusal.id, by=sides[2].id, words="No.", link=link, now=now)
    for member in panel[:3]:
        vote(appeal_id, member, SHOW)
    assert reply.status is ReviewStatus.SHOWN
    assert session.get_one(LedgerLine, review.id).appealed_at is None


class TestReading:
    def test_the_writer_reads_why_and_whether_they_can_appeal(self, session, sides, review, refusal, appeal):
        writer = accounts.as_viewer(sides[0])
        [kept] = queries.kept_back(session, review_id=review.id, viewer=writer)
        assert (kept.is_refused, kept.reason, kept.may_appeal) == (True, "It names a child.", True)
        appeal_id = appeal()
        [kept] = queries.kept_back(session, review_id=review.id, viewer=writer)
        assert (kept.appeal_id, kept.may_appeal) == (appeal_id, False)

    def test_nobody_else_reads_it(self, session, sides, review, refusal, moderator):
        provider = accounts.as_viewer(sides[2], sides[1], role=Role.PROVIDER)
        for viewer in (provider, accounts.as_viewer(moderator, role=Role.MODERATOR)):
            assert queries.kept_back(session, review_id=review.id, viewer=viewer) == ()
            assert queries.refusal_to_appeal(session, screening_id=refusal.id, viewer=viewer) is None

    def test_what_is_reported_and_still_shown_is_no_news_to_its_writer(self, session, sides, review):
        fairness.screening(session, review, suspected=())
        assert queries.kept_back(session, review_id=review.id, viewer=accounts.as_viewer(sides[0])) == ()

    def test_the_panel_sees_votes_only_once_all_are_cast(self, session, sides, panel, appeal, vote):
        appeal_id = appeal()
        viewers = [accounts.as_viewer(one, role=Role.PANEL_MEMBER) for one in panel]
        vote(appeal_id, panel[0], SHOW)
        page = queries.appeal_page(session, appeal_id=appeal_id, viewer=viewers[1])
        assert (page.votes_cast, page.votes, page.may_vote) == (1, (), True)
        [line] = queries.open_appeals(session, viewer=viewers[0]).appeals
        assert (line.votes, line.has_voted) == (1, True)
        vote(appeal_id, panel[1], KEEP)
        vote(appeal_id, panel[2], KEEP)
        page = queries.appeal_page(session, appeal_id=appeal_id, viewer=accounts.as_viewer(sides[0]))
        assert (page.outcome, len(page.votes), page.is_mine, page.may_vote) == (KEEP, 3, True, False)
        assert queries.open_appeals(session, viewer=viewers[0]).appeals == ()

    def test_those_who_have_to_do_with_it_do_not_see_it_on_the_panel(self, session, sides, appeal, moderator):
        appeal_id = appeal()
        in_it = [
            accounts.as_viewer(moderator, role=Role.PANEL_MEMBER),
            accounts.as_viewer(sides[2], sides[1], role=Role.PANEL_MEMBER),
        ]
        for viewer in in_it:
            assert queries.open_appeals(session, viewer=viewer).appeals == ()
            assert queries.appeal_page(session, appeal_id=appeal_id, viewer=viewer) is None
        assert queries.open_appeals(session, viewer=accounts.as_viewer(moderator)).appeals == ()
