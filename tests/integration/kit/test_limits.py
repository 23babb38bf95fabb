"""Tries are counted for the application that answers, whatever others run in the same process."""

import pytest

from marketplace.kit.limits import limiter

pytestmark = pytest.mark.once


def tries(app, count):
    client = app.test_client()
    return [client.fill_in("/suggest-a-place", name="", place="Sale", words="Cards.").status_code for _ in range(count)]


def test_only_the_application_that_counts_refuses_what_comes_too_often(app, client, new_app):
    counting = new_app(env="development")
    try:
        assert tries(counting, 6) == [422] * 5 + [429]
        assert tries(app, 6) == [422] * 6
    finally:
        limiter.reset()
