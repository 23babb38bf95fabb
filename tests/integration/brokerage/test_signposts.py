"""Free help: whose comes first, what a file may change, and what an operator may."""

from dataclasses import replace
from datetime import date

from marketplace.accounts.rules import Role
from marketplace.brokerage.gateways.signposts import read_signposts
from marketplace.brokerage.queries.signposts import free_help, free_help_at
from marketplace.brokerage.rules.nouns import SignpostKind
from marketplace.brokerage.services import signposts as services
from tests.factories import accounts as make
from tests.factories import library

TRAFFORD, MANCHESTER = "E08000009", "E08000003"


def names(helps):
    return [one.name for one in helps]


def test_the_councils_own_help_comes_first_and_anothers_never(session):
    library.signpost(session, name="England advises")
    library.signpost(session, name="Trafford advises", council=TRAFFORD)
    library.signpost(session, name="Manchester advises", council=MANCHESTER)
    library.signpost(session, name="England complains", kind=SignpostKind.COMPLAINTS)
    library.signpost(session, name="Gone", kind=SignpostKind.ADVOCACY, removed_at=library.WRITTEN)
    assert names(free_help_at(session, at="dispute", council=TRAFFORD)) == ["England complains", "Trafford advises"]
    assert names(free_help_at(session, at="dispute", council=None)) == ["England complains", "England advises"]
    every = free_help(session, council=TRAFFORD)[SignpostKind.ADVICE]
    assert names(every) == ["Trafford advises", "England advises"]


def test_a_file_changes_what_is_older_and_leaves_what_somebody_did_since(session, now):
    by = make.person(session, role=Role.OPERATOR).id
    written = read_signposts("england", councils=(), today=date(2027, 1, 1))
    assert services.bring_in_signposts(session, written=written, now=now).added == len(written)
    found = free_help(session, council=None)
    removed, sure = found[SignpostKind.CARERS][0], found[SignpostKind.COMPLAINTS][0]
    services.remove_signpost(session, signpost_id=removed.id, by=by, now=now)
    later = now.replace(year=2027)
    services.make_sure_of_signpost(session, signpost_id=sure.id, by=by, now=later)
    changed = [replace(it, words="New words.") for it in written]
    became = services.bring_in_signposts(session, written=changed, now=later)
    assert (became.added, became.changed, became.kept) == (0, len(written) - 2, 2)
    words = {one.name: one.words for of_kind in free_help(session, council=None).values() for one in of_kind}
    assert removed.name not in words
    assert words[sure.name] == sure.words


def test_free_help_is_shown_for_a_place_and_says_when_it_knows_none(client, session):
    library.signpost(session, name="Trafford advises", council=TRAFFORD, checked_on=date(2026, 4, 1))
    page = client.get("/help/free?council=M33+7ZF").text
    assert "Trafford advises" in page
    assert "Wednesday 1 April 2026" in page
    assert "Trafford advises" not in client.get("/help/free").text
    unknown = client.get("/help/free?council=Atlantis")
    assert unknown.status_code == 422
    assert 'value="Atlantis"' in unknown.text


def test_an_operator_adds_changes_and_removes_a_signpost(client, session, sign_in):
    sign_in(make.person(session, role=Role.OPERATOR).id)
    told = {"council": TRAFFORD, "kind": "advice", "name": "Ours", "words": "Kept words", "email": "", "href": ""}
    refused = client.fill_in("/operate/signposts/new", **told, phone="after six")
    assert refused.status_code == 422
    assert "Enter a number to ring" in refused.text
    assert "Kept words" in refused.text
    client.fill_in("/operate/signposts/new", **told, phone="0161 496 0000")
    twice = client.fill_in("/operate/signposts/new", **told, phone="0161 496 0000")
    assert "There is one by that name here already." in twice.text
    it = free_help(session, council=TRAFFORD)[SignpostKind.ADVICE][0]
    client.fill_in(f"/operate/signposts/{it.id}", **told | {"name": "Ours, still"}, phone="0161 496 0001")
    assert "Ours, still" in client.get(f"/operate/signposts?council={TRAFFORD}").text
    client.press("/operate/signposts", "Take it away Ours, still")
    assert free_help(session, council=TRAFFORD)[SignpostKind.ADVICE] == ()


def test_somebody_with_no_budget_is_shown_who_helps(client, session, sign_in):
    library.signpost(session, kind=SignpostKind.ASSESSMENT, name="Ask the council")
    sign_in(make.person(session).id)
    assert "Ask the council" in client.get("/budgets").text
    assert "Ask the council" in client.get("/plans/mine").text
