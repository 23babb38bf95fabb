"""Rate limits are off in other tests; here they are on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from marketplace.kit.days import day_of
from marketplace.kit.limits import limiter
from tests.factories import purchasing
from tests.factories.accounts import browser_of
from tests.integration.purchasing.test_views import answers, send_shown_form

pytestmark = pytest.mark.once


@pytest.fixture
def limited(new_app):
    yield new_app(env="development")
    limiter.reset()


def test_correcting_a_form_is_never_too_often_but_writing_to_many_providers_is(limited):
    with Session(limited.extensions["engine"], expire_on_commit=False) as session:
        session.connection(execution_options={"writing": True})
        person, organisation, _ = purchasing.two_sides(session)
        offers = [purchasing.offer(session, organisation_id=organisation.id) for _ in range(6)]
        session.commit()
    client = browser_of(limited, person.id)
    filled = answers(day_of(datetime.now(UTC)))
    for _ in range(8):
        wrong = client.fill_in(f"/arrangements/ask/{offers[0].id}", what="The hedge.")
        assert wrong.status_code == 422
    said = []
    for offer in offers:
        shown = client.fill_in(f"/arrangements/ask/{offer.id}", **filled)
        said.append(send_shown_form(client, shown).status_code if shown.status_code == 200 else shown.status_code)
    assert said == [302] * 5 + [429]
