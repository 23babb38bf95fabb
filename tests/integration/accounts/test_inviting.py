"""Commissioners are named people, whom an operator invites for one council each."""

import re

import pytest
from sqlalchemy import select

from marketplace.accounts import services
from marketplace.accounts.models import Invitation, RoleGrant
from marketplace.accounts.rules import Role
from marketplace.accounts.services import inviting
from marketplace.kit.outbox import Message
from tests.factories import accounts as make

TRAFFORD = "E08000009"


@pytest.fixture
def operator(client, session, sign_in):
    return sign_in(make.person(session, role=Role.OPERATOR, name="Ona").id)


def invite(client, **typed):
    return client.fill_in(
        "/accounts/invitations", **{"name": "Catrin", "email": "Catrin@example.org", "council": "Trafford"} | typed
    )


def link_sent(session):
    letter = session.scalars(select(Message).where(Message.subject.startswith("Read what"))).one()
    assert letter.to == "catrin@example.org"
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", letter.body).group(1)


def test_somebody_invited_opens_an_account_and_sets_up_a_phone_before_any_figure(app, session, operator):
    assert invite(operator).status_code == 302
    assert "Catrin" in operator.get("/accounts/invitations").text
    link = link_sent(session)
    assert link.rsplit("/", 1)[1] not in str(session.scalars(select(Invitation.token_hash)).all()), (
        "only a hash is kept"
    )
    catrin = app.test_client()
    assert "Read what people in Trafford look for" in catrin.get(link).text
    weak = catrin.fill_in(link, name="Catrin Doyle", password="short")
    assert weak.status_code == 422
    assert "at least 10 characters" in weak.text
    arrived = catrin.fill_in(link, name="Catrin Doyle", password="kettle garden bus")
    assert arrived.headers["Location"] == "/accounts/code?next=/demand"
    assert "/accounts/phone/set-up" in catrin.get(arrived.headers["Location"]).headers["Location"]
    grant = session.scalars(select(RoleGrant).where(RoleGrant.role == Role.COMMISSIONER)).one()
    assert grant.council == TRAFFORD
    assert app.test_client().get(link).status_code == 404, "it works once"


def test_an_account_that_was_there_accepts_for_itself(app, session, client, operator, sign_in):
    invite(operator)
    link = link_sent(session)
    theirs = make.person(session, email="catrin@example.org")
    session.commit()
    stranger = app.test_client()
    assert "Sign in with it" in stranger.get(link).text
    sign_in(make.person(session).id, into=stranger)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', stranger.get("/accounts/me").text).group(1)
    assert stranger.post(link, data={"csrf_token": token}).status_code == 200
    assert session.scalars(select(RoleGrant).where(RoleGrant.role == Role.COMMISSIONER)).all() == []
    catrin = sign_in(theirs.id, into=app.test_client())
    assert catrin.press(link, "Accept").headers["Location"] == "/accounts/code?next=/demand"
    assert session.scalars(select(RoleGrant.person_id).where(RoleGrant.role == Role.COMMISSIONER)).one() == theirs.id


def test_an_invitation_ends_by_another_by_being_taken_back_and_by_age(app, session, operator):
    invite(operator)
    first = link_sent(session)
    session.execute(Message.__table__.delete())
    session.commit()
    invite(operator, council="Manchester")
    assert app.test_client().get(first).status_code == 404
    second = link_sent(session)
    assert app.test_client().get(second).status_code == 200
    assert operator.press("/accounts/invitations", "Take back the invitation to Catrin").status_code == 302
    assert app.test_client().get(second).status_code == 404
    for row in session.scalars(select(Invitation)):
        row.withdrawn_at, row.expires_at = None, row.invited_at
    session.commit()
    assert app.test_client().get(second).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "vera@example.org"}, "A commissioner needs an account of their own."),
        ({"email": "carl@example.org"}, "commissioner already"),
        ({"council": "Narnia"}, "Narnia"),
    ],
)
def test_who_cannot_be_invited_is_said_beside_the_question(session, operator, typed, sentence):
    make.person(session, email="vera@example.org", role=Role.MODERATOR)
    make.person(session, email="carl@example.org", role=Role.COMMISSIONER, council=TRAFFORD)
    session.commit()
    page = invite(operator, **typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert session.scalars(select(Invitation)).all() == []


def test_a_role_that_ends_closes_the_figures_at_once(session, client, sign_in, now):
    catrin = make.person(session, role=Role.COMMISSIONER, council=TRAFFORD)
    ona = make.person(session, role=Role.OPERATOR)
    sign_in(catrin.id)
    assert client.get("/demand").status_code == 200
    grant_id = session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == catrin.id)).one()
    services.take_role_away(session, grant_id=grant_id, by=ona.id, now=now)
    session.commit()
    assert client.get("/demand").status_code in {302, 403}
    assert session.scalars(select(Message.subject)).one() == "You no longer read figures about your council"


def test_whoever_comes_to_sell_meanwhile_cannot_accept(session, operator, now):
    invite(operator)
    _, speaker = make.organisation(session, spoken_for_by=make.person(session, email="catrin@example.org"))
    token = link_sent(session).rsplit("/", 1)[1]
    with pytest.raises(inviting.MayNotBeInvitedError):
        inviting.accept_as(
            session, token=token, person_id=speaker.id, now=session.scalars(select(Invitation.invited_at)).one()
        )
