"""Councils post signals, intentions and answers: public at once, true in their figures, and taken back."""

import uuid

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role, Viewer
from marketplace.demand.models.signals import MarketSignal
from marketplace.demand.queries import signals as queries
from marketplace.demand.rules.nouns import SignalKind
from marketplace.demand.rules.signals import QuotedFigure
from marketplace.demand.services import signalling
from marketplace.demand.services.signalling import NewSignal
from tests.factories import accounts, demand, frozen, signals
from tests.factories.signals import NOW

SEARCHED = QuotedFigure(demand.QUARTER, "unmet", "searched", demand.CATEGORY)


@pytest.fixture
def released(session):
    """Show that about 15 people in Trafford searched in vain for one kind of support, and hide all else."""
    frozen.release(session, {demand.COUNCIL: {("unmet", "searched", demand.CATEGORY): 15}})


def test_an_answer_quotes_the_figure_as_it_was_released(session, released):
    by = signals.commissioner(session)
    first = signals.posted(session, by=by)
    answer = signals.posted(
        session, by=by, kind=SignalKind.ANSWER, figure=SEARCHED, answers_id=first.id, told="And so."
    )
    assert answer.you_told_us == (
        "People whose search found nothing, Sport and keeping active: about 15 (Trafford, January to March 2026).\n\n"
        "And so."
    )
    assert answer.quarter == 20261
    [shown] = queries.answers_to(session, signal_id=first.id)
    assert (shown.id, shown.answers_title) == (answer.id, "Lifts home")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"category": "nonsense"}, "category"),
        ({"figure": QuotedFigure(demand.QUARTER, "unmet", "searched", "peer-support")}, "figure"),
        ({"figure": QuotedFigure(demand.QUARTER.next, "unmet", "searched", demand.CATEGORY)}, "figure"),
        ({"kind": SignalKind.ANSWER, "told": "So.", "answers_id": uuid.UUID(int=1)}, "answers"),
    ],
)
def test_what_will_not_do_is_refused_beside_its_question(session, released, changed, field):
    with pytest.raises(signalling.SignalWrongError) as refused:
        signals.posted(session, **{"title": "Lifts", **changed})
    assert refused.value.field == field
    assert session.scalars(select(MarketSignal)).all() == []


def test_only_a_councils_commissioner_posts_for_it_and_takes_it_back(session):
    person = accounts.person(session)
    wanted = NewSignal(kind=SignalKind.SIGNAL, title="Lifts", words="We look for lifts.")
    for by in (Viewer(), accounts.as_viewer(person, role=Role.PERSON), accounts.as_viewer(person, role=Role.OPERATOR)):
        with pytest.raises(signalling.NotACommissionerError):
            signalling.post_signal(session, wanted=wanted, by=by, now=NOW)
    posted = signals.posted(session)
    with pytest.raises(signalling.SignalNotFoundError):
        signalling.take_signal_back(
            session, signal_id=posted.id, by=signals.commissioner(session, council=demand.ANOTHER_COUNCIL), now=NOW
        )
    moderator = accounts.as_viewer(accounts.person(session, role=Role.MODERATOR), role=Role.MODERATOR)
    signalling.take_signal_back(session, signal_id=posted.id, by=moderator, now=NOW)
    assert queries.newest_signals(session) == ()
    with pytest.raises(signalling.SignalNotFoundError):
        signalling.take_signal_back(session, signal_id=posted.id, by=moderator, now=NOW)


def test_a_commissioner_looks_first_and_then_posts_once(client, session, released, sign_in):
    by = signals.commissioner(session)
    sign_in(by.person_id)
    url = "/demand/signals/new/answer"
    said = {"title": "Lifts on four evenings", "words": "Three providers, four evenings.", "figure": SEARCHED.key}
    seen = client.fill_in(url, look="1", **said)
    assert seen.status_code == 200
    assert "about 15 (Trafford, January to March 2026)" in seen.text
    assert session.scalars(select(MarketSignal)).all() == []
    assert "peer-support" not in [line for line in seen.text.splitlines() if "unmet|searched" in line]
    for _ in range(2):
        assert client.fill_in(url, post="1", key=str(uuid.UUID(int=5)), **said).status_code == 302
    [row] = session.scalars(select(MarketSignal))
    assert (row.council, row.kind, row.posted_by) == (demand.COUNCIL, SignalKind.ANSWER, by.person_id)
    wrong = client.fill_in(url, post="1", title="Lifts", words="We did.")
    assert wrong.status_code == 422
    assert "Say what people told you" in wrong.text


def test_everybody_reads_it_until_it_is_taken_back(client, session, sign_in):
    by = signals.commissioner(session)
    lifts = signals.posted(session, by=by)
    signals.posted(session, by=signals.commissioner(session, council=demand.ANOTHER_COUNCIL), title="Elsewhere")
    session.commit()
    page = f"/signals/{lifts.id}"
    assert "Lifts home" in client.get("/signals?near=M33").text
    assert "Elsewhere" not in client.get("/signals?near=M33").text
    for url in ("/signals", f"/you-told-us/{demand.COUNCIL}", page):
        assert "Lifts home" in client.get(url).text
    assert "Lifts home" not in client.get("/signals?kind=answer").text
    assert client.get("/signals?near=nowhere").status_code == 422
    feed = client.get(f"/signals/new.atom?council={demand.COUNCIL}")
    assert feed.content_type.startswith("application/atom+xml")
    assert ("Lifts home" in feed.text, "Elsewhere" in feed.text) == (True, False)
    sign_in(by.person_id)
    assert client.fill_in(f"/demand/signals/{lifts.id}/take-back").status_code == 302
    gone = client.get(page)
    assert (gone.status_code, "Lifts home" in gone.text) == (410, False)
    assert "Lifts home" not in client.get("/signals").text
    assert client.get(f"/demand/signals/{lifts.id}/take-back").status_code == 404
