"""The front page: each way in with something in it and without; what waits for whom; and nothing of anybody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from marketplace.accounts.rules import Role, Scope
from marketplace.brokerage.rules.nouns import BriefStatus, PieceStatus
from marketplace.demand.rules.nouns import SignalKind
from marketplace.pooling.rules import PoolStatus
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import VisitStatus
from marketplace.ratings.rules.nouns import ChangeState, ReviewStatus, Verdict
from marketplace.web.queries.waiting import waiting_for
from marketplace.web.rules.waiting import Waits
from tests.factories import accounts, briefs, helping, library, pooling, purchasing, ratings, signals, space, together
from tests.factories import catalogue as make

NOW = datetime.now(UTC)
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
BLOCKS = {"browse", "near-me", "pools", "stories", "changed", "for-you", "steps"}


def home(client):
    page = client.get("/")
    assert page.status_code == 200
    return BeautifulSoup(page.text, "html.parser")


def blocks(page):
    return {section["aria-labelledby"] for section in page.select("main section[aria-labelledby]")} & BLOCKS


def words(page, block):
    return " ".join(page.select_one(f"section[aria-labelledby={block}]").text.split())


def waits_on(page):
    return [item.text.split() for item in BeautifulSoup(page.text, "html.parser").select(".waits-list li")]


def test_an_empty_site_says_so_and_what_one_can_do(client):
    page = home(client)
    assert blocks(page) == {"browse", "pools", "steps"}
    assert "Nobody has listed anything yet" in words(page, "browse")
    actions = [link["href"] for link in page.select(".empty .button-group a")]
    assert actions == ["/providers/new", "/offers/need", "/help/free"]
    assert "None is forming now" in words(page, "pools")


def test_what_people_want_to_do_leads_to_what_helps_with_it_and_counts_it(client, session):
    make.live(session, title="Choir", category="arts-and-music")
    make.live(session, title="Weaving", category="arts-and-music")
    make.draft(session, title="Not yet", category="arts-and-music")
    session.commit()
    page = home(client)
    [tile] = page.select(".tile[href='/offers?aim=make']")
    assert "Make things and enjoy music , 2 offers" in " ".join(tile.text.split())
    assert len(page.select(".tiles--drawn .tile svg")) == 12
    results = client.get(tile["href"])
    assert "Choir" in results.text
    assert "Weaving" in results.text


def test_near_me_goes_to_the_nearest_and_remembers_nothing_unasked(client, session):
    make.live(session)
    session.commit()
    gone = client.post("/near", data={"near": "M33 7ZF"}, headers=FROM_HERE)
    assert (gone.status_code, gone.location) == (303, "/offers?near=M33+7ZF&sort=distance")
    assert "Set-Cookie" not in gone.headers
    assert home(client).select_one("#near-place")["value"] == ""


def test_near_me_is_remembered_for_those_who_say_so_until_they_say_otherwise(client, session):
    make.live(session)
    session.commit()
    client.post("/near", data={"near": " m33 7zf ", "remember": "yes"}, headers=FROM_HERE)
    page = home(client)
    assert page.select_one("#near-place")["value"] == "m33 7zf"
    assert page.select_one("#near")["value"] == "m33 7zf"
    client.post("/near", data={"near": "m33 7zf", "forget": "yes"}, headers=FROM_HERE)
    page = home(client)
    assert "We no longer know where you are." in page.text
    assert page.select_one("#near-place")["value"] == ""


def test_a_place_that_is_none_is_said_beside_the_box_and_not_remembered(client, session):
    make.live(session)
    session.commit()
    gone = client.post("/near", data={"near": "Atlantis", "remember": "yes"}, headers=FROM_HERE)
    page = client.get(gone.location)
    assert page.status_code == 422
    assert 'value="Atlantis"' in page.text
    assert home(client).select_one("#near-place")["value"] == ""


def test_nobody_else_can_say_where_a_visitor_is(client, session):
    make.live(session)
    session.commit()
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://example.org"}
    answer = client.post("/near", data={"near": "M33", "remember": "yes"}, headers=elsewhere)
    assert answer.status_code == 403
    assert home(client).select_one("#near-place")["value"] == ""


def test_pools_near_come_first_and_it_is_said_when_none_is(client, session, sign_in):
    here = pooling.offer_for_groups(session)
    pooling.pool_open_now(session, offer=here, title="Near", opened_at=NOW - timedelta(days=9))
    pooling.pool_open_now(
        session, offer=pooling.offer_for_groups(session, easting=530_000, northing=180_000), title="Far"
    )
    ada = accounts.person(session, lives_in="E08000009")
    bea = accounts.person(session, lives_in="E08000025")
    session.commit()
    assert [title.text for title in home(client).select("section[aria-labelledby=pools] h3")] == ["Far", "Near"]
    sign_in(ada.id)
    page = home(client)
    assert [title.text for title in page.select("section[aria-labelledby=pools] h3")] == ["Near", "Far"]
    assert "Pools forming near Trafford" in words(page, "pools")
    sign_in(bea.id)
    assert "None is forming near Birmingham yet." in words(home(client), "pools")


def test_only_stories_that_are_shown_are_told(client, session):
    library.piece(session, title="How I learned to swim")
    for status in (PieceStatus.WAITING, PieceStatus.HELD, PieceStatus.REFUSED, PieceStatus.TAKEN_DOWN):
        library.piece(session, title=f"Never {status}", status=status)
    library.example_plan(session, title="A plan is no story")
    it = together.running(session)
    together.story(session, it)
    session.commit()
    page = home(client)
    told = [title.text.strip() for title in page.select("section[aria-labelledby=stories] h3")]
    assert told == ["How I learned to swim", "We swim"]
    assert "Quiet Heron, in their own words" in words(page, "stories")
    assert all(
        client.get(link["href"]).status_code == 200 for link in page.select("section[aria-labelledby=stories] h3 a")
    )


@pytest.mark.parametrize("why", ["nobody has published it", "it is held", "its pool is held"])
def test_a_pools_story_is_told_by_all_or_not_at_all(client, session, why):
    it = together.running(session)
    story = together.story(session, it, is_shown=why != "nobody has published it")
    if why == "it is held":
        story.held_at = NOW
    if why == "its pool is held":
        it.pool.held_at = NOW
    session.commit()
    assert "stories" not in blocks(home(client))


@pytest.fixture
def changed(session):
    """Something that was asked for and done, a pool made certain, and a council's answer."""
    offer = pooling.offer_for_groups(session, title="Swimming")
    writer = accounts.person(session, name="Unmistakable Name")
    review = ratings.review(session, offer=offer, stars=3, person=writer)
    change = ratings.change(session, about=ratings.point(session, of=review), by=accounts.person(session))
    pool = together.running(session, started=NOW.date(), title="Saturday swimmers").pool
    answer = signals.posted(session, kind=SignalKind.ANSWER, title="Four lifts home", told="No bus at night.")
    signals.posted(session, title="No answer at all")
    session.commit()
    return review, change, pool, answer


def test_what_just_changed_is_told_and_never_who(client, changed):
    page = home(client)
    told = words(page, "changed")
    assert "Open on Saturdays." in told
    assert "We open on Saturdays from June." in told
    assert "Saturday swimmers" in told
    assert "4 people clubbed together. It goes ahead, at £8 an hour each" in told
    assert "Four lifts home" in told
    assert "No answer at all" not in told
    assert "Unmistakable Name" not in page.text
    assert "Member 0" not in page.text
    # Who listens hears how many there are, and where each ends.
    assert len(page.select("ul.changed > li")) == 3


@pytest.mark.parametrize(
    ("what", "name", "value", "words_gone"),
    [
        (0, "status", ReviewStatus.HELD, "Open on Saturdays."),
        (1, "state", ChangeState.PLANNED, "We open on Saturdays from June."),
        (1, "verdict", Verdict.NO, "We open on Saturdays from June."),
        (2, "held_at", NOW, "Saturday swimmers"),
        (2, "is_listed", False, "Saturday swimmers"),
        (2, "confirmed_at", NOW - timedelta(days=91), "Saturday swimmers"),
        (2, "status", PoolStatus.ENDED, "Saturday swimmers"),
    ],
)
def test_what_is_not_for_everybody_or_did_not_change_is_not_told(
    client, session, changed, what, name, value, words_gone
):
    also = {
        "status": {"counts": False} if what == 0 else {"ended_at": NOW},
        "verdict": {"verdict_at": NOW},
    }
    for each, new in ({name: value} | also.get(name, {})).items():
        setattr(changed[what], each, new)
    session.commit()
    assert words_gone not in words(home(client), "changed")


def test_nothing_changed_is_no_block(client, session):
    make.live(session)
    session.commit()
    assert not {"changed", "stories", "for-you"} & blocks(home(client))


def test_what_waits_for_a_person_comes_first_and_is_theirs_alone(client, session, sign_in):
    ada, organisation, speaker = purchasing.two_sides(session)
    other = accounts.person(session, name="Bea")
    session.commit()
    sign_in(ada.id)
    assert "Nothing waits for you now." in words(home(client), "for-you")
    it = purchasing.arrangement(session, person=ada, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED)
    purchasing.visit(session, it, by=speaker.id)
    purchasing.visit(
        session, it, by=speaker.id, held_on=NOW.date() + timedelta(days=2), status=VisitStatus.PLANNED,
        claimed_by=None, claimed_at=None,
    )  # fmt: skip
    purchasing.change(session, it, by=speaker)
    session.commit()
    page = home(client)
    told = words(page, "for-you")
    assert "1 visit waits for your yes" in told
    assert "1 visit comes up in the next 7 days" in told
    assert "1 change to what you agreed" in told
    assert str(page).index("for-you") < str(page).index('action="/offers"')
    assert all(
        client.get(link["href"]).status_code == 200 for link in page.select("section[aria-labelledby=for-you] a")
    )
    assert waits_on(client.get("/accounts/me")) == waits_on(client.get("/")), "it is where one comes to by signing in"
    sign_in(other.id)
    assert "Nothing waits for you now." in words(home(client), "for-you")
    assert waits_on(client.get("/accounts/me")) == []


def test_what_waits_for_a_provider(session):
    ada, organisation, speaker = purchasing.two_sides(session)
    it = purchasing.arrangement(session, person=ada, organisation_id=organisation.id)
    bea, accepted = accounts.person(session, name="Bea"), ArrangementStatus.ACCEPTED
    going = purchasing.arrangement(session, person=bea, organisation_id=organisation.id, status=accepted)
    purchasing.visit(session, going, by=speaker.id, status=VisitStatus.QUERIED, query="That was half an hour.")
    viewer = accounts.as_viewer(speaker, organisation, role=Role.PROVIDER)
    waits = waiting_for(session, viewer=viewer, now=it.asked_at)
    assert {Waits.ASKED: 1, Waits.QUERIES: 1}.items() <= waits.items()
    elsewhere, boss = accounts.organisation(session, name="Elsewhere")
    assert waiting_for(session, viewer=accounts.as_viewer(boss, elsewhere, role=Role.PROVIDER), now=it.asked_at) == {}


def test_what_waits_in_a_brief_waits_for_whoever_helps_too(session):
    ada = accounts.person(session)
    friend, _consent = accounts.friend(session, of=ada, scopes={Scope.ASK_FOR_QUOTES}, now=NOW)
    stranger, _consent = accounts.friend(session, of=ada, scopes={Scope.SEE_PLAN}, now=NOW)
    organisation, speaker = accounts.organisation(session)

    def waits(person):
        return waiting_for(session, viewer=accounts.as_viewer(person), now=NOW)

    brief = briefs.open_brief(session, person=ada, now=NOW - timedelta(days=1), starts_on=None)
    assert waits(ada) == waits(friend) == {}
    question = briefs.question(session, brief, by=speaker, of=organisation, now=NOW)
    assert (waits(ada), waits(friend), waits(stranger)) == ({Waits.QUESTIONS: 1}, {Waits.HELPED: 1}, {})
    question.answer, question.answered_by, question.answered_at = "Yes.", friend.id, NOW
    session.flush()
    assert waits(ada) == waits(friend) == {}
    brief.status = BriefStatus.CLOSED
    session.flush()
    assert (waits(ada), waits(friend), waits(stranger)) == ({Waits.QUOTES: 1}, {Waits.HELPED: 1}, {})


def test_a_question_in_a_pool_waits_until_it_is_answered_or_over(session):
    people = [accounts.person(session) for _ in range(3)]
    pool = space.draft(session, people=people)
    asked = space.proposal(session, pool, people[0])
    viewer = accounts.as_viewer(people[1])
    assert waiting_for(session, viewer=viewer, now=asked.asked_at) == {Waits.DECISIONS: 1}
    assert waiting_for(session, viewer=viewer, now=asked.closes_at) == {}
    stranger = accounts.as_viewer(accounts.person(session))
    assert waiting_for(session, viewer=stranger, now=asked.asked_at) == {}


def test_what_waits_for_those_who_work_here(session):
    make.submitted(session)
    moderator = accounts.as_viewer(accounts.person(session, role=Role.MODERATOR), role=Role.MODERATOR)
    assert waiting_for(session, viewer=moderator, now=NOW)[Waits.NEW_OFFERS] == 1
    assert Waits.NEW_OFFERS not in waiting_for(session, viewer=accounts.as_viewer(accounts.person(session)), now=NOW)


def test_an_organisation_hears_that_somebody_asks_it_for_help(session):
    organisation, speaker = accounts.organisation(session)
    helping.request(session, person=accounts.person(session), organisation=organisation, ends_on=NOW.date())
    viewer = accounts.as_viewer(speaker, organisation, role=Role.PROVIDER)
    assert waiting_for(session, viewer=viewer, now=NOW) == {Waits.HELP_ASKED: 1}
    assert waiting_for(session, viewer=accounts.as_viewer(accounts.person(session)), now=NOW) == {}


def test_a_moderator_is_told_of_every_list_and_never_of_their_own_words(session, client, sign_in):
    ada, organisation, *_ = purchasing.two_sides(session)
    it = purchasing.arrangement(session, person=ada, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED)
    purchasing.dispute(session, it, by=ada)
    moderator = accounts.person(session, role=Role.MODERATOR)
    for author in (ada, moderator):
        library.piece(session, status=PieceStatus.WAITING, author_id=author.id, due_at=NOW)
    session.commit()
    told = waiting_for(session, viewer=accounts.as_viewer(moderator, role=Role.MODERATOR), now=NOW)
    assert told == {Waits.DISPUTES: 1, Waits.STORIES: 1}
    assert waiting_for(session, viewer=accounts.as_viewer(accounts.person(session)), now=NOW) == {}
    sign_in(moderator.id)
    lists = BeautifulSoup(client.get("/moderation").text, "html.parser").select(
        "nav[aria-label='What else is waiting'] a"
    )
    words = [link.get_text() for link in lists]
    assert {"Disputes to decide: 1", "Stories to read: 1", "Reviews to read: 0", "Invoices to look at: 0"} <= set(words)


@pytest.mark.usefixtures("changed")
def test_a_full_page_asks_few_questions_of_anybody(client, session, sign_in, count_queries):
    make.live(session)
    library.piece(session)
    pooling.pool_open_now(session)
    ada = accounts.person(session, lives_in="E08000009")
    session.commit()
    count_queries.clear()
    home(client)
    assert len(count_queries) <= 12
    sign_in(ada.id)
    count_queries.clear()
    home(client)
    assert len(count_queries) <= 12
