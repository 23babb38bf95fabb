"""Every route, as every role, with its own objects and with somebody else's."""

from __future__ import annotations

import uuid

import pytest

from tests.integration.routes.world import VISITORS, World, row_counts, rules, token_of
from tests.pages import read, words

OWN = {
    # Whose object it is: to everybody else it is not there.
    "accounts.accept_consent": {"friend"},
    "accounts.end_browser": {"ada"},
    "accounts.end_consent": {"ada", "friend"},
    "accounts.remove_passkey": {"ada"},
    "basket.asked": {"ada"},
    "basket.change": {"ada"},
    "basket.pay_for": {"ada"},
    "basket.remove": {"ada"},
    "brokerage.add_line": {"ada", "friend"},
    "brokerage.answer_asked": {"provider"},
    "brokerage.begin_plan_for": {"ada", "friend"},
    "brokerage.change_line": {"ada", "friend"},
    "brokerage.our_quote": {"provider"},
    "brokerage.plan": {"ada", "friend"},
    "brokerage.quote": {"provider"},
    "brokerage.remove_line": {"ada", "friend"},
    "brokerage.change_in_week": {"ada", "friend"},
    "brokerage.plan_file": {"ada", "friend"},
    "brokerage.put_in_week": {"ada", "friend"},
    "brokerage.remove_plan_file": {"ada", "friend"},
    "brokerage.say_of_file": {"ada", "friend"},
    "brokerage.settle_clash": {"ada", "friend"},
    "brokerage.small_plan_file": {"ada", "friend"},
    "brokerage.take_out_of_week": {"ada", "friend"},
    "brokerage.tell": {"ada", "friend"},
    "brokerage.week": {"ada", "friend"},
    "brokerage.withdraw_quote": {"provider"},
    "brokerage.write_plan": {"ada", "friend"},
    "brokerage.change_story": {"ada"},
    "brokerage.decide_piece": {"moderator"},
    "brokerage.piece": {"ada", "moderator"},
    "brokerage.take_piece_down": {"ada"},
    "brokerage.accept_request": {"provider"},
    "brokerage.answer_request": {"provider"},
    "brokerage.compare_versions": {"ada", "friend"},
    "brokerage.cost_line": {"ada", "friend"},
    "brokerage.costs": {"ada", "friend"},
    "brokerage.find_for_line": {"ada", "friend"},
    "brokerage.go_back_to_version": {"ada", "friend"},
    "brokerage.hold_plan_review": {"ada", "friend"},
    "brokerage.plan_reviews": {"ada", "friend"},
    "brokerage.read_plan": {"ada", "friend"},
    "brokerage.read_plan_easily": {"ada", "friend"},
    "brokerage.say_how_life_is": {"ada", "friend"},
    "brokerage.take_plan_as_json": {"ada", "friend"},
    "brokerage.take_plan_as_pdf": {"ada", "friend"},
    "brokerage.take_plan_as_zip": {"ada", "friend"},
    "brokerage.take_plan_away": {"ada", "friend"},
    "brokerage.unset_plan_review": {"ada", "friend"},
    "brokerage.use_offer": {"ada", "friend"},
    "brokerage.use_pool": {"ada", "friend"},
    "brokerage.version": {"ada", "friend"},
    "brokerage.versions": {"ada", "friend"},
    "brokerage.plan_links": {"ada"},
    "brokerage.revoke_plan_link": {"ada"},
    "brokerage.agree": {"ada", "friend"},
    "brokerage.ask_provider": {"ada", "friend"},
    "brokerage.choose": {"ada"},
    "brokerage.choose_none": {"ada", "friend"},
    "brokerage.finish_scoring": {"ada", "friend"},
    "brokerage.go_on_without": {"ada", "friend"},
    "brokerage.how_it_was": {"ada", "friend"},
    "brokerage.make_pack_of_choice": set(),
    "brokerage.quote_seen": {"ada", "friend"},
    "brokerage.quotes": {"ada", "friend"},
    "brokerage.score": {"ada", "friend"},
    "brokerage.score_again": {"ada", "friend"},
    "brokerage.trail": {"ada", "friend"},
    "pooling.begin_brief": {"ada"},
    "pooling.briefs": {"ada"},
    "pooling.choose_no_quote": {"ada"},
    "pooling.choose_quote": {"ada"},
    "brokerage.circles": {"ada", "friend"},
    "brokerage.declare_independence": {"provider"},
    "brokerage.finish_task": {"ada", "friend"},
    "brokerage.remove_supporter": {"ada", "friend"},
    "brokerage.stop_helping": {"friend"},
    "brokerage.tasks": {"friend"},
    "brokerage.withdraw_request": {"ada"},
    "brokerage.answer_question": {"ada", "friend"},
    "brokerage.ask_about_brief": {"provider"},
    "brokerage.brief": {"ada", "friend"},
    "brokerage.brief_matters": {"ada", "friend"},
    "brokerage.brief_money": {"ada", "friend"},
    "brokerage.brief_needs": {"ada", "friend"},
    "brokerage.brief_what": {"ada", "friend"},
    "brokerage.brief_when": {"ada", "friend"},
    "brokerage.brief_where": {"ada", "friend"},
    "brokerage.call": {"provider"},
    "brokerage.check_brief": {"ada", "friend"},
    "brokerage.copy_brief": {"ada", "friend"},
    "brokerage.decide_brief": {"moderator"},
    "brokerage.decline_brief": {"provider"},
    "brokerage.think_again": {"provider"},
    "brokerage.withdraw_brief": {"ada", "friend"},
    "budgets.begin_next": {"ada"},
    "budgets.change": {"ada"},
    "budgets.choose_statement": {"ada", "friend"},
    "budgets.close": {"ada"},
    "budgets.history": {"ada", "friend"},
    "budgets.show": {"ada", "friend"},
    "budgets.statement": {"ada", "friend"},
    "budgets.statement_csv": {"ada", "friend"},
    "budgets.statement_pdf": {"ada", "friend"},
    "budgets.top_up": {"ada"},
    "catalogue.change_saved_search": {"ada"},
    "catalogue.confirm": {"provider"},
    "catalogue.describe_photo": {"provider"},
    "catalogue.checks": {"checker", "moderator", "provider"},
    "catalogue.declare_check": {"provider"},
    "catalogue.edit": {"provider"},
    "catalogue.edit_provider": {"provider"},
    "catalogue.forget_search": {"ada"},
    "catalogue.history": {"provider", "moderator"},
    "catalogue.photos": {"provider"},
    "catalogue.give_up": {"provider"},
    "catalogue.listing": {"provider"},
    "catalogue.preview": {"provider"},
    "catalogue.question": {"provider"},
    "catalogue.relist": {"provider"},
    "catalogue.remove_photo": {"provider"},
    "catalogue.say_capacity": {"provider"},
    "catalogue.submit": {"provider"},
    "catalogue.unlist": {"provider"},
    "catalogue.withdraw_check": {"checker", "moderator", "provider"},
    "demand.download": {"commissioner"},
    "demand.end_token": {"commissioner"},
    "demand.take_signal_back": {"commissioner"},
    "payments.ask_about_account": {"provider"},
    "payments.ask_about_charge": {"ada"},
    "payments.ask_about_setup": {"ada"},
    "payments.bank_details": {"provider"},
    "payments.begin_cards": {"provider"},
    "payments.charge": {"ada"},
    "payments.for_arrangement": {"ada", "provider"},
    "payments.pay_by_card": {"ada"},
    "payments.refund": {"provider"},
    "payments.remove_card": {"ada"},
    "payments.setup": {"ada"},
    "payments.show": {"ada", "provider"},
    "pooling.add_criterion": {"ada"},
    "pooling.answers": {"ada"},
    "pooling.ask_facilitator": {"ada"},
    "pooling.card": {"ada"},
    "pooling.champion": {"ada"},
    "pooling.criterion": {"ada"},
    "pooling.end_draft": {"ada"},
    "pooling.invite": {"ada"},
    "pooling.make_champion": {"ada"},
    "pooling.new_link": {"ada"},
    "pooling.people": {"ada"},
    "pooling.ready": {"ada"},
    "pooling.ready_step": {"ada"},
    "pooling.step_down": {"ada"},
    "pooling.step_out": {"ada"},
    "pooling.withdraw_answer": {"provider"},
    "pooling.accept_agreement": {"ada"},
    "pooling.add_turns": {"ada"},
    "pooling.agreement": {"ada"},
    "pooling.agreement_json": {"ada"},
    "pooling.agreement_pdf": {"ada"},
    "pooling.ask": {"ada"},
    "pooling.choose_news": {"ada"},
    "pooling.cross_out_turn": {"ada"},
    "pooling.document": {"ada"},
    "pooling.documents": {"ada"},
    "pooling.hand_back_turn": {"ada"},
    "pooling.proposal": {"ada"},
    "pooling.proposals": {"ada"},
    "pooling.propose_agreement": {"ada"},
    "pooling.remove_document": {"ada"},
    "pooling.rota": {"ada"},
    "pooling.space": {"ada"},
    "pooling.take_back_message": {"ada"},
    "pooling.take_turn": {"ada"},
    "pooling.voted": {"ada"},
    "pooling.withdraw_agreement": {"ada"},
    "pooling.decide_message": {"moderator"},
    "pooling.agree_to_story": {"ada"},
    "pooling.call_off_visit": {"provider"},
    "pooling.choose_measure": {"ada"},
    "pooling.hold_visit": {"provider"},
    "pooling.outcomes": {"ada"},
    "pooling.plan_visits": {"provider"},
    "pooling.remove_measure": {"ada"},
    "pooling.say_away": {"ada"},
    "pooling.say_reading": {"ada"},
    "pooling.shared_visit": {"ada", "provider"},
    "pooling.story_of": {"ada"},
    "pooling.take_back_reading": {"ada"},
    "pooling.take_story_down": {"ada"},
    "pooling.visits": {"ada", "provider"},
    "pooling.write_story": {"ada"},
    "pooling.dearer_price": {"ada"},
    "pooling.extend": {"ada"},
    "pooling.get_out": {"ada"},
    "pooling.go_ahead": {"ada"},
    "pooling.too_few": {"ada"},
    "pooling.try_again": {"ada"},
    "pooling.way_to_pay": {"ada"},
    "purchasing.accept": {"ada", "provider"},
    "purchasing.agree_to_terms": {"ada", "provider"},
    "purchasing.answer_dispute": {"ada", "moderator", "provider"},
    "purchasing.cancel": {"ada", "provider"},
    "purchasing.change_terms": {"ada", "provider"},
    "purchasing.decide_dispute": {"moderator"},
    "purchasing.decline_terms": {"ada", "provider"},
    "purchasing.dispute": {"ada", "moderator", "provider"},
    "purchasing.open_dispute": {"ada", "provider"},
    "purchasing.refer_dispute": {"ada", "provider"},
    "purchasing.settle_dispute": {"ada", "provider"},
    "purchasing.terms": {"ada", "provider"},
    "purchasing.withdraw_dispute": {"ada", "provider"},
    "purchasing.withdraw_terms": {"ada", "provider"},
    "purchasing.decline": {"ada", "provider"},
    "purchasing.invoice": {"ada", "provider"},
    "purchasing.issue_invoice": {"ada", "provider"},
    "purchasing.mark_done": {"ada", "provider"},
    "purchasing.pack": {"ada"},
    "purchasing.pack_json": {"ada"},
    "purchasing.pack_pdf": {"ada"},
    "purchasing.show": {"ada", "provider"},
    "purchasing.show_invoice": {"ada", "provider"},
    "purchasing.call_off_visit": {"ada", "provider"},
    "purchasing.claim_visit": {"provider"},
    "purchasing.confirm_visit": {"ada", "friend", "provider"},
    "purchasing.confirm_visits": {"ada", "provider"},
    "purchasing.credit_invoice": {"provider"},
    "purchasing.invoice_csv": {"ada", "provider"},
    "purchasing.invoice_pdf": {"ada", "provider"},
    "purchasing.invoice_xml": {"ada", "provider"},
    "purchasing.plan_visits": {"provider"},
    "purchasing.query_visit": {"ada", "friend"},
    "purchasing.visit_in_calendar": {"ada", "friend", "provider"},
    "purchasing.visits_of": {"ada", "provider"},
    "purchasing.write_down_visit": {"provider"},
    "purchasing.withdraw": {"ada", "provider"},
    "ratings.add": {"ada"},
    "ratings.appeal": {"ada", "panel_member"},
    "ratings.make_appeal": {"ada"},
    "ratings.objection": {"moderator", "provider"},
    "ratings.answer_quality_check": {"provider"},
    "ratings.change": {"ada"},
    "ratings.correct_quality_check": {"checker"},
    "ratings.follow_checklist": {"checker"},
    "ratings.give_up_listening": {"ada", "moderator"},
    "ratings.give_up_quality_check": {"checker"},
    "ratings.dashboard": {"provider"},
    "ratings.dashboard_figures": {"provider"},
    "ratings.dashboard_points": {"provider"},
    "ratings.did_it_change": {"ada"},
    "ratings.mark_change": {"provider"},
    "ratings.of_arrangement": {"ada"},
    "ratings.print_cards": {"provider"},
    "ratings.publish_quality_check": {"checker"},
    "ratings.retire_checklist": {"checker"},
    "ratings.revoke_cards": {"provider"},
    "ratings.said_of_arrangement": {"ada"},
    "ratings.say_of_arrangement": {"ada"},
    "ratings.sound": {"ada", "moderator"},
    "ratings.write_down": {"ada", "moderator"},
    "ratings.withdraw_quality_check": {"checker", "moderator"},
    "ratings.write_quality_check": {"checker"},
    "ratings.reply": {"provider"},
    "ratings.withdraw": {"ada"},
    "ratings.withdraw_addition": {"ada"},
}
# Anyone may read the review, so that it is there is no secret: only that one may not answer it.
FORBIDDEN = {"ratings.reply"}

# Each kind of page is opened on both databases by one of each kind; who is refused is asked of all, on one.
ONE_OF_EACH = ("anyone", "ada", "provider", "moderator", "commissioner", "operator")
MOST_QUESTIONS = 12
"""How many questions one page may ask the database."""

OPENERS = tuple(name if name in ONE_OF_EACH else pytest.param(name, marks=pytest.mark.once) for name in VISITORS)


@pytest.mark.parametrize("name", OPENERS)
def test_every_page_opens_for_those_it_should_and_for_nobody_else(app, world, visit, count_queries, name):
    client, viewer = visit(name)
    wrong = []
    for rule in rules(app, "GET"):
        url = world.url(app, rule)
        count_queries.clear()
        status = client.get(url, buffered=True).status_code
        if len(count_queries) > MOST_QUESTIONS:
            wrong.append(f"{url} asked the database {len(count_queries)} questions of {name}")
        access = app.view_functions[rule.endpoint].access
        if not access.allows(viewer):
            expected = {403} if viewer.is_signed_in else {302}
        elif rule.endpoint in OWN and name not in OWN[rule.endpoint]:
            expected = {403 if rule.endpoint in FORBIDDEN else 404}
        elif rule.endpoint in OWN:
            expected = {200, 302}
        else:
            # A refusal in words is an answer: of a link that is dead, an offer that is one's own, a missing token.
            expected = {200, 302, 401, 403, 404, 409} | ({503} if rule.endpoint == "web.ready" else set())
        if status not in expected:
            wrong.append(f"{name} got {status} from {url}, not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.once
@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_nothing_happens_without_a_token(app, world, visit, session, name):
    client, _viewer = visit(name)
    before = row_counts(session)
    for rule in rules(app, "POST"):
        url = world.url(app, rule)
        response = client.post(url)
        # 302: to signing in, or to the page that comes first.
        assert response.status_code in {302, 400, 403, 404, 409, 422}, f"{name} posted to {url}: {response.status}"
    assert row_counts(session) == before


@pytest.mark.parametrize("name", OPENERS)
def test_nobody_does_anything_to_what_is_somebody_elses(app, world, visit, session, name):
    client, viewer = visit(name)
    token = token_of(client)
    before = row_counts(session)
    wrong = []
    for rule in rules(app, "POST"):
        if rule.endpoint not in OWN or name in OWN[rule.endpoint]:
            continue
        url = world.url(app, rule)
        status = client.post(url, data={"csrf_token": token}).status_code
        allowed = app.view_functions[rule.endpoint].access.allows(viewer)
        not_there = 403 if rule.endpoint in FORBIDDEN else 404
        expected = not_there if allowed else 403 if viewer.is_signed_in else 302
        if status != expected:
            wrong.append(f"{name} got {status} from posting to {url}, not {expected}")
    assert not wrong, "\n".join(wrong)
    assert row_counts(session) == before


@pytest.mark.parametrize("name", OPENERS)
def test_what_is_not_there_is_not_found(app, world, visit, name):
    client, viewer = visit(name)
    nothing = World(
        world.visitors,
        {key: uuid.uuid4() if isinstance(value, uuid.UUID) else value for key, value in world.objects.items()},
    )
    for rule in rules(app, "GET"):
        if not any(isinstance(world.objects[argument], uuid.UUID) for argument in rule.arguments):
            continue
        if app.view_functions[rule.endpoint].access.allows(viewer):
            url = nothing.url(app, rule)
            status = client.get(url, buffered=True).status_code
            assert status == 404, f"{name} got {status} from {url}"


def test_every_endpoint_of_the_table_exists(app):
    assert set(OWN) <= set(app.view_functions)


def told_above(page):
    """What the top of a page says of who somebody is, and for whom they act."""
    return "".join(words(found) for found in read(page.text).xpath("//p[@class='strip__who']"))


@pytest.mark.once
@pytest.mark.parametrize(("name", "said"), [("friend", "You are acting for "), ("ada", "Signed in as ")])
def test_whoever_acts_for_somebody_is_told_so_on_every_page_about_them(app, world, visit, name, said):
    client, _viewer = visit(name)
    told = {}
    for rule in rules(app, "GET"):
        if OWN.get(rule.endpoint) == {"ada", "friend"}:
            page = client.get(world.url(app, rule), buffered=True)
            if page.status_code == 200 and page.mimetype == "text/html":
                told[rule.endpoint] = told_above(page)
    wrong = sorted(endpoint for endpoint, above in told.items() if not above.startswith(said))
    assert len(told) > 20
    assert not wrong, f"these pages do not say to {name} “{said}…”: {wrong}"
    assert told_above(client.get("/how-it-works")).startswith("Signed in as ")
