"""Whatever arrives as an answer to any question about an offer: an answer in words, and nothing kept of a refusal."""

from __future__ import annotations

import pytest

from marketplace.catalogue.gateways.questions import listing_questions
from tests import pages
from tests.factories import catalogue as make
from tests.integration.routes.hostile import ANYTHING, post

SHARES = 4
"""Each question is sent one of so many parts of all there is, in turn: enough to find what breaks a kind of answer."""


@pytest.mark.parametrize("number", range(len(listing_questions().all)), ids=lambda n: listing_questions().all[n].key)
def test_nothing_that_is_sent_breaks_a_question(session, sign_in, kept_changes, number):
    question = listing_questions().all[number]
    _provider, speaker = make.provider(session)
    session.commit()
    client = sign_in(speaker.person_id)
    here = client.fill_in("/listings/new").headers["Location"].removesuffix("/title")
    client.fill_in(f"{here}/price", amount="14.50", unit="hour")
    url = f"{here}/{question.key}"
    (main,) = pages.read(client.get(url).text).iter("main")
    token = main.xpath(".//input[@name='csrf_token']/@value")[0]
    names = set(main.xpath(".//form//@name")) - {"csrf_token", "submit", "later"}
    for word in ANYTHING[number % SHARES :: SHARES]:
        kept_changes.clear()
        sent = post(client, url, token, [(name, word) for name in names])
        assert sent.status_code in {302, 422}, word
        assert sent.status_code == 302 or not kept_changes, word
    assert client.get(here).status_code == 200
    assert client.get(url).status_code == 200
