"""A bare page to compare with: cards from plain Python data, by Flask and Jinja and nothing else."""

import json
import os
import random
from pathlib import Path

from flask import Flask, render_template

PAGE = """<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/main.css"></head>
<body>
<h1>{{ title }}</h1>
<ul>
{% for card in cards %}
<li>
<h2><a href="{{ card.href }}">{{ card.title }}</a></h2>
<p>{{ card.provider }} {{ card.kind }}</p>
<p>{{ card.words }}</p>
<p>{{ card.place }}, {{ card.distance }}</p>
<p>{{ card.stars }} from {{ card.people }} people</p>
<p>{{ card.price }} {{ card.unit }}</p>
</li>
{% endfor %}
</ul>
</body>
</html>
"""


def _cards(how_many: int, letters: int) -> list[dict[str, object]]:
    """Return cards, each with this many letters of words, so that the page is as long as it should be."""
    chance = random.Random(how_many)  # noqa: S311 - nobody's secret
    return [
        {
            "href": f"/offers/{n}",
            "title": f"Gardening, the {n}th",
            "provider": "Ashcombe Support",
            "kind": "Micro-provider",
            "words": ("We meet on Mondays & Thursdays at ten. " * (letters // 39 + 1))[:letters],
            "place": "M33",
            "distance": f"{chance.random() * 9:.1f} miles away",
            "stars": round(chance.uniform(1, 5), 1),
            "people": chance.randint(3, 40),
            "price": f"£{chance.randint(8, 40)}",
            "unit": "an hour",
        }
        for n in range(how_many)
    ]


def create_app() -> Flask:
    """Return an application with a page at each address that BARE_PAGES names, of so many cards and bytes."""
    app = Flask(__name__)
    template = app.jinja_env.from_string(PAGE)
    for address, (how_many, wanted) in json.loads(Path(os.environ["BARE_PAGES"]).read_text()).items():
        with app.test_request_context():
            empty = len(render_template(template, title="Bare", cards=_cards(how_many, 0)).encode())
        # Five bytes of words out of every 39 come from "&amp;".
        cards = _cards(how_many, max(0, wanted - empty) // how_many * 39 // 43)
        app.add_url_rule(address, address, lambda cards=cards: render_template(template, title="Bare", cards=cards))
    return app
