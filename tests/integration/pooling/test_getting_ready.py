"""Getting ready, and the pages on which people find each other: they open, accept, refuse in words, stay closed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE
from marketplace.kit.errors import NotFoundError
from marketplace.pooling.models import Interest, Pool, PoolCriterion, PoolStep
from marketplace.pooling.queries import readiness as queries
from marketplace.pooling.rules.nouns import EndReason, MemberRole, PoolOrigin, PoolStatus, Step
from marketplace.pooling.services import readiness
from tests.factories import accounts, finding, pooling
from tests.integration.routes.world import token_of


@pytest.fixture
def sam(session):
    return accounts.person(session, name="Sam Secret")


@pytest.fixture
def bo(session):
    return accounts.person(session, name="Bo Secret")


@pytest.fixture
def draft(session, sam, bo):
    it = finding.draft(session, sam)
    finding.member(session, it, bo, called="Bo")
    session.commit()
    return it


def say(session, pool, by, now, *, seen=None, is_done=False, **said):
    readiness.say_step(
        session, pool_id=pool.id, step=Step.SUPPORT, by=by.id, said=said, is_done=is_done, seen=seen, now=now
    )


class TestSteps:
    def test_what_members_say_is_kept_and_shows_what_is_left(self, session, draft, sam, bo, now):
        say(session, draft, bo, now, kind="A minibus", needs=["hoist"], is_done=True)
        page = queries.readiness(session, pool_id=draft.id, viewer=accounts.as_viewer(sam))
        assert (page.done, page.next_step.step) == (1, Step.FIND_PEOPLE)
        step = queries.step_page(session, pool_id=draft.id, step=Step.SUPPORT, viewer=accounts.as_viewer(sam))
        assert (step.answers, step.said_by) == ({"kind": "A minibus", "needs": ["hoist"]}, "Bo")
        assert queries.readiness(session, pool_id=draft.id, viewer=ANYONE) is None
        assert queries.step_page(session, pool_id=draft.id, step=Step.SUPPORT, viewer=ANYONE) is None

    def test_nobody_writes_over_what_another_wrote_meanwhile(self, session, draft, sam, bo, now):
        say(session, draft, bo, now, kind="A minibus")
        with pytest.raises(readiness.ChangedMeanwhileError):
            say(session, draft, sam, now, kind="A train")
        say(session, draft, sam, now + timedelta(minutes=1), seen=now, kind="A train")
        assert session.get(PoolStep, (draft.id, Step.SUPPORT)).answers == {"kind": "A train"}
        with pytest.raises(readiness.StepAnswerError):
            say(session, draft, sam, now, seen=now + timedelta(minutes=1), kind="x" * 1001)

    def test_only_members_say_anything_and_only_until_it_is_over(self, session, draft, sam, now):
        with pytest.raises(NotFoundError):
            say(session, draft, accounts.person(session), now, kind="Mine")
        draft.status, draft.closed_at = PoolStatus.WITHDRAWN, now
        with pytest.raises(readiness.PoolOverError):
            say(session, draft, sam, now, kind="Too late")

    def test_what_matters_to_all_or_to_some_is_counted_without_names(self, session, draft, sam, bo, now):
        page = {"pool_id": draft.id, "step": Step.WHAT_MATTERS, "viewer": accounts.as_viewer(sam)}
        by_bo = {"pool_id": draft.id, "by": bo.id, "now": now}
        about = readiness.add_criterion(session, words="A changing place", **by_bo)
        assert queries.step_page(session, **page).criteria[0].matters == "to 1 of you"
        readiness.say_it_matters(session, pool_id=draft.id, criterion_id=about, by=sam.id, matters=True, now=now)
        (line,) = queries.step_page(session, **page).criteria
        assert (line.matters, line.matters_to_all, line.viewer_may_remove) == ("to all of you", True, True)
        readiness.say_it_matters(session, criterion_id=about, matters=False, **by_bo)
        readiness.say_it_matters(session, criterion_id=about, matters=False, **by_bo)
        assert queries.step_page(session, **page).criteria[0].matters == "to 1 of you"
        mine = readiness.add_criterion(session, pool_id=draft.id, by=sam.id, words="Tea", now=now)
        with pytest.raises(readiness.NotYoursError):
            readiness.remove_criterion(session, criterion_id=mine, **by_bo)
        readiness.remove_criterion(session, pool_id=draft.id, criterion_id=about, by=sam.id, now=now)
        with pytest.raises(readiness.CriterionNotFoundError):
            readiness.say_it_matters(session, criterion_id=about, matters=True, **by_bo)
        with pytest.raises(readiness.CriterionError):
            readiness.add_criterion(session, words=" ", **by_bo)

    def test_so_much_matters_that_nobody_would_read_more_and_helpers_have_no_voice(self, session, draft, sam, now):
        for number in range(30):
            finding.criterion(session, draft, sam, words=f"Thing {number}")
        with pytest.raises(readiness.TooManyCriteriaError):
            readiness.add_criterion(session, pool_id=draft.id, by=sam.id, words="One more", now=now)
        helper = accounts.person(session)
        finding.member(session, draft, helper, role=MemberRole.FACILITATOR)
        with pytest.raises(readiness.FacilitatorHasNoVoiceError):
            readiness.add_criterion(session, pool_id=draft.id, by=helper.id, words="Mine", now=now)


class TestPages:
    def test_somebody_says_what_they_like_and_nothing_typed_is_lost(self, client, session, sam, sign_in):
        session.commit()
        sign_in(sam.id)
        refused = client.fill_in("/pools/interests", moving=["swimming"], metres="8000", near="ZZ99 9ZZ")
        assert refused.status_code == 422
        assert "ZZ99 9ZZ" in refused.text
        assert client.fill_in("/pools/interests", moving=["swimming"], metres="8000", near="M33").status_code == 302
        assert session.scalars(select(Interest.interest)).all() == ["swimming"]

    def test_somebody_starts_a_wish_and_what_is_missing_is_said(self, client, session, sam, sign_in):
        session.commit()
        sign_in(sam.id)
        assert client.fill_in("/pools/begin", title="", near="M33").status_code == 422
        answers = {"title": "To the sea", "purpose": "A day out.", "near": "M33 7", "began_from": "wish"}
        answers["who_finds_it"] = "everybody"
        refused = client.fill_in("/pools/begin", **answers)
        assert (refused.status_code, "kind of support" in refused.text) == (422, True)
        begun = client.fill_in("/pools/begin", **answers, category="sport-and-leisure")
        assert begun.status_code == 302
        pool = session.scalars(select(Pool)).one()
        assert (pool.began_from, pool.place_name, pool.status) == (PoolOrigin.WISH, "M33", PoolStatus.DRAFT)
        assert client.get(begun.location).status_code == 200
        assert "To the sea" in client.get("/pools/mine").text

    def test_an_invitation_leads_somebody_signed_out_back_to_it(self, client, session, draft, sign_in):
        stranger = accounts.person(session, name="Stranger")
        session.commit()
        link = f"/pools/join/{draft.invite_key}"
        shown = client.get(link)
        assert shown.status_code == 200
        assert f"/accounts/sign-in?next={link}" in shown.text
        assert "Secret" not in shown.text
        sign_in(stranger.id)
        assert client.fill_in(link, called="x" * 41).status_code == 422
        assert client.fill_in(link, called="Newcomer").status_code == 302
        assert "Newcomer" in client.get(f"/pools/{draft.id}/people").text
        assert client.get(link).status_code == 302

    def test_a_card_is_a_pdf_and_a_stranger_gets_none(self, client, session, draft, sam, sign_in):
        sign_in(sam.id)
        card = client.get(f"/pools/{draft.id}/card.pdf")
        assert (card.status_code, card.mimetype, card.data[:5]) == (200, "application/pdf", b"%PDF-")
        sign_in(accounts.person(session).id)
        assert client.get(f"/pools/{draft.id}/card.pdf").status_code == 404

    def test_members_get_ready_page_by_page(self, client, session, draft, sam, bo, sign_in):
        sign_in(sam.id)
        where = f"/pools/{draft.id}/ready"
        assert "0 of 7 done" in client.get(where).text
        assert client.fill_in(f"{where}/support", kind="A minibus", is_done="y").status_code == 302
        assert "1 of 7 done" in client.get(where).text
        assert client.fill_in(f"/pools/{draft.id}/matters", words="").status_code == 422
        assert client.fill_in(f"/pools/{draft.id}/matters", words="A quiet room").status_code == 302
        assert session.scalars(select(PoolCriterion.words)).all() == ["A quiet room"]
        assert client.get(f"{where}/nonsense").status_code == 404

    def test_a_champion_ends_it_well(self, client, session, draft, sam, bo, sign_in):
        sign_in(bo.id)
        assert "Only a champion" in client.get(f"/pools/{draft.id}/end").text
        sign_in(sam.id)
        assert client.fill_in(f"/pools/{draft.id}/end").status_code == 422
        assert client.fill_in(f"/pools/{draft.id}/end", reason="too_few").status_code == 302
        session.expire_all()
        assert session.get_one(Pool, draft.id).end_reason is EndReason.TOO_FEW
        assert "Ended" in client.get(f"/pools/{draft.id}").text

    def test_a_provider_answers_a_wish_of_three_households(self, client, session, draft, sam, sign_in):
        body, speaker = accounts.organisation(session, name="Wheels")
        offer = pooling.offer_for_groups(session, organisation_id=body.id)
        session.commit()
        sign_in(speaker.id)
        assert draft.title not in client.get("/pools/wishes").text
        assert client.get(f"/pools/wishes/{draft.id}").status_code == 404
        finding.member(session, draft, accounts.person(session, name="Third Secret"))
        session.commit()
        assert draft.title in client.get("/pools/wishes?near=M33").text
        where, answer = f"/pools/wishes/{draft.id}", {"offer": str(offer.id), "words": "We can."}
        assert client.fill_in(where, **answer, whole_price="60").status_code == 422
        sent = client.fill_in(where, **answer, whole_price="60", unit="day", people_from="3")
        assert sent.status_code == 302
        assert "Secret" not in client.get("/pools/wishes").text
        assert client.get(f"/pools/{draft.id}/answers").status_code == 404
        sign_in(sam.id)
        assert "£20 for a day" in client.get(f"/pools/{draft.id}/answers").text

    def test_why_a_pool_closed_is_kept_and_a_draft_is_no_open_pool(self, client, session, draft, sam, sign_in):
        pool = pooling.pool_open_now(session, people=[sam])
        session.commit()
        sign_in(sam.id)
        closed = client.fill_in(f"/pools/{pool.id}/withdraw", reason="costs_too_much", words="Too dear.")
        assert closed.status_code == 302
        session.expire_all()
        assert (pool.end_reason, pool.end_words) == (EndReason.COSTS_TOO_MUCH, "Too dear.")
        token = {"csrf_token": token_of(client)}
        refused = client.post(f"/pools/{draft.id}/withdraw", data=token | {"submit": "y"})
        assert refused.status_code == 404
        assert client.post(f"/pools/{draft.id}/leave", data=token).status_code == 302
        assert "You are in this pool" not in client.get(f"/pools/{draft.id}").text
