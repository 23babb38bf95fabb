"""Every template can be put into another language: taken apart and put together again, it says what it said."""

import pytest

from marketplace.kit.languages.checking import faults
from marketplace.kit.languages.pages import in_language
from tests.drawn_in_mind import drawn_in_mind

pytestmark = pytest.mark.once

WAYS = 3
"""How many ways each template is drawn: its choices go differently in each."""


def test_every_template_says_the_same_when_it_is_put_together_again(app):
    environment = app.jinja_env
    differ, wrong = set(), []

    def same(message, line):
        if faults(message, message) or message != message.strip():
            wrong.append(message)
        return message

    for name in environment.list_templates(extensions=["html"]):
        if name.startswith("govuk_"):
            continue
        text, _, _ = environment.loader.get_source(environment, name)
        again, english = in_language(environment.parse(text), same, environment), environment.parse(text)
        if any(drawn_in_mind(again, lot) != drawn_in_mind(english, lot) for lot in range(WAYS)):
            differ.add(name)
    assert not differ
    assert not wrong
