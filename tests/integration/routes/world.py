"""The world that tests of all routes share: who visits, what there is, and which address leads to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for

from marketplace.catalogue.views import letters
from marketplace.kit.model import Model

VISITORS = (
    "anyone",
    "ada",
    "friend",
    "stranger",
    "provider",
    "other_provider",
    "moderator",
    "checker",
    "panel_member",
    "commissioner",
    "other_commissioner",
    "operator",
)


LOOKED_AT = (
    "agree", "ask_provider", "choose", "choose_none", "finish_scoring", "go_on_without", "how_it_was",
    "make_pack_of_choice", "quote_seen", "quotes", "score", "score_again", "trail",
)  # fmt: skip
"""Pages about the quotes on a brief that has closed."""


WRITTEN = ("brief_matters", "brief_money", "brief_needs", "brief_what", "brief_when", "brief_where", "check_brief")
"""Pages on which a brief is written before it opens."""


@dataclass
class World:
    """One of everything, and one visitor of every kind."""

    visitors: dict[str, object]
    objects: dict[str, object]

    def url(self, app, rule):
        given = {name: self.objects[name] for name in rule.arguments} | (rule.defaults or {})
        # One word stands for different things in different places.
        given |= {
            "basket.change": {"line_id": self.objects["basket_line"]},
            "basket.pay_for": {"line_id": self.objects["basket_line"]},
            "basket.remove": {"line_id": self.objects["basket_line"]},
            "purchasing.accept": {"arrangement_id": self.objects["asked"]},
            "purchasing.decline": {"arrangement_id": self.objects["asked"]},
            "brokerage.begin_from_example": {"piece_id": self.objects["example_id"]},
            "brokerage.piece_file": {"piece_id": self.objects["letter_id"]},
            "brokerage.piece_text": {"piece_id": self.objects["letter_id"]},
            "brokerage.hold_plan_review": {"review_id": self.objects["plan_review"]},
            "brokerage.unset_plan_review": {"review_id": self.objects["plan_review"]},
            "brokerage.shared_plan": {"token": self.objects["plan_token"]},
            "brokerage.shared_plan_easy": {"token": self.objects["plan_token"]},
            "brokerage.shared_plan_file": {"token": self.objects["plan_token"]},
            "ratings.decide": {"kind": "review", "subject_id": self.objects["review_id"]},
            "ratings.of_arrangement": {"arrangement_id": self.objects["done"]},
            "ratings.of_offer": {"offer_id": self.objects["universal_offer"]},
            "ratings.say_of_arrangement": {"arrangement_id": self.objects["done"]},
            "ratings.said_of_arrangement": {"arrangement_id": self.objects["done"]},
            "ratings.say_of_offer": {"offer_id": self.objects["universal_offer"]},
            "ratings.said_of_offer": {"offer_id": self.objects["universal_offer"]},
            "ratings.accept_invoice": {"review_id": self.objects["invoiced"]},
            "ratings.invoice_file": {"review_id": self.objects["invoiced"]},
            "ratings.look_at_invoice": {"review_id": self.objects["invoiced"]},
            "ratings.give_up_listening": {"review_id": self.objects["spoken"]},
            "ratings.sound": {"review_id": self.objects["spoken"]},
            "ratings.write_down": {"review_id": self.objects["spoken"]},
            "catalogue.question": {"question": "description"},
            "web.easy_guide": {"slug": "find"},
            **{f"brokerage.{name}": {"brief_id": self.objects["looked_at"]} for name in LOOKED_AT},
            **{f"brokerage.{name}": {"brief_id": self.objects["draft_brief"]} for name in WRITTEN},
            "brokerage.answer_question": {"brief_id": self.objects["asked_about"]},
            "brokerage.decide_brief": {"brief_id": self.objects["asked_about"]},
            "pooling.briefs": {"pool_id": self.objects["draft"]},
            "pooling.begin_brief": {"pool_id": self.objects["draft"]},
            "pooling.choose_no_quote": {"pool_id": self.objects["draft"], "brief_id": self.objects["pool_brief"]},
            "pooling.choose_quote": {
                "pool_id": self.objects["draft"],
                "brief_id": self.objects["pool_brief"],
                "quote_id": self.objects["pool_quote"],
            },
            "pooling.open": {"offer_id": self.objects["group_offer"]},
            "pooling.add_criterion": {"pool_id": self.objects["draft"]},
            "pooling.answers": {"pool_id": self.objects["draft"]},
            "pooling.ask_facilitator": {"pool_id": self.objects["draft"]},
            "pooling.end_draft": {"pool_id": self.objects["draft"]},
            "pooling.invite": {"pool_id": self.objects["draft"]},
            "pooling.card": {"pool_id": self.objects["draft"]},
            "pooling.join": {"pool_id": self.objects["draft"]},
            "pooling.make_champion": {"pool_id": self.objects["draft"]},
            "pooling.new_link": {"pool_id": self.objects["draft"]},
            "pooling.people": {"pool_id": self.objects["draft"]},
            "pooling.champion": {"pool_id": self.objects["draft"]},
            "pooling.ready": {"pool_id": self.objects["draft"]},
            "pooling.ready_step": {"pool_id": self.objects["draft"]},
            "pooling.step_down": {"pool_id": self.objects["draft"]},
            "pooling.step_out": {"pool_id": self.objects["draft"]},
            "pooling.criterion": {
                "pool_id": self.objects["draft"],
                "criterion_id": self.objects["what_matters"],
            },
            "pooling.agree_to_story": {"pool_id": self.objects["together"]},
            "pooling.outcomes": {"pool_id": self.objects["together"]},
            "pooling.choose_measure": {"pool_id": self.objects["together"]},
            "pooling.pay_for_pledge": {"least": 6, "most": 6, "pence": 1100},
            "pooling.plan_visits": {"pool_id": self.objects["together"]},
            "pooling.story_of": {"pool_id": self.objects["together"]},
            "pooling.visits": {"pool_id": self.objects["together"]},
            "pooling.write_story": {"pool_id": self.objects["together"]},
            "pooling.dearer_price": {"pool_id": self.objects["asked_about_price"]},
            "pooling.get_out": {"pool_id": self.objects["asked_about_price"]},
            "pooling.too_few": {"pool_id": self.objects["together"]},
            "pooling.try_again": {"pool_id": self.objects["asked_about_price"]},
            "pooling.way_to_pay": {"pool_id": self.objects["asked_about_price"]},
            "accounts.accept_invitation": {"token": self.objects["invitation_token"]},
            "accounts.new_password": {"token": "nothing"},
            "demand.post_signal": {"kind": "signal"},
            "ratings.give_up_quality_check": {"check_id": self.objects["draft_check"]},
            "ratings.publish_quality_check": {"check_id": self.objects["draft_check"]},
            "ratings.write_quality_check": {"check_id": self.objects["draft_check"]},
        }.get(rule.endpoint, {})
        with app.test_request_context():
            if rule.endpoint == "catalogue.answer":
                given["token"] = letters.token_of(self.objects["question"])
            return url_for(rule.endpoint, **given)


# Looked for as text: reading a whole page for it takes most of the time of some tests.
TOKEN = re.compile(r'<input[^>]*name="csrf_token"[^>]*value="(?P<token>[^"]+)"')


def rules(app, method):
    found = [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"]
    return sorted(found, key=lambda rule: rule.rule)


def row_counts(session):
    session.rollback()
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Model.metadata.sorted_tables
    }


def token_of(client, page=None):
    """Return a token that posts by this browser are let in with, from a page it has open or from a new one."""
    return TOKEN.search((page or client.get("/accounts/sign-in")).text)["token"]
