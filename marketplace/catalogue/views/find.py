"""Help me find: three plain questions. The answers are in the address, as the results page reads it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.catalogue.forms import looking
from marketplace.catalogue.forms.looking import RATED_BY, Group, Looking, Space
from marketplace.catalogue.rules import AccessFact, CheckKind, Setting, WayToPay
from marketplace.catalogue.rules.aims import Aim
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.results import shelves
from marketplace.search.rules import Cost

LIKED = 4
"""Stars that “liked by others” means, or more."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One answer that can be picked: what it puts in the address, and its words."""

    name: str
    value: str
    text: str
    is_on: bool
    drawing: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three questions: where its answers go, where one goes without any, and where one came from."""

    number: int
    action: str
    skip_href: str
    back_href: str
    hidden: Sequence[tuple[str, str]]
    left_out: Sequence[str]


@bp.get("/find")
@public
def find() -> ResponseReturnValue:
    asked = _asked()
    aims = [Pick("aim", aim, aim.words, aim in asked.aims, drawing=aim.drawing) for aim in Aim]
    step = _step(asked, 1, asked.but(aims=(), categories=()), back="web.home", onward="catalogue.find_how")
    return render_template("catalogue/find.html", step=step, aims=aims), _status(asked)


@bp.get("/find/how")
@public
def find_how() -> ResponseReturnValue:
    asked = _asked()
    without = asked.but(
        q="", setting=None, access=(), checks=(), space=None, group=None, rated=None, rated_by=RATED_BY[0]
    )
    step = _step(asked, 2, without, back="catalogue.find", onward="catalogue.find_where")
    settings = [
        Pick("setting", "", "It does not matter", asked.setting is None),
        *(Pick("setting", each, each.words, asked.setting is each) for each in Setting),
    ]
    access = [Pick("access", fact, fact.words, fact in asked.access) for fact in AccessFact]
    page = render_template(
        "catalogue/find_how.html", step=step, settings=settings, access=access, only=_only(asked), words=asked.q
    )
    return page, _status(asked)


@bp.get("/find/where")
@public
def find_where() -> ResponseReturnValue:
    asked = _asked()
    without = asked.but(near="", within=looking.USUAL_DISTANCE, cost=None, pay=())
    step = _step(asked, 3, without, back="catalogue.find_how", onward="catalogue.results")
    free = Pick("cost", Cost.FREE, "Show me only what is free", asked.cost is Cost.FREE)
    chosen = asked.pay[0] if asked.pay else None
    ways = [
        Pick("pay", "", "I am not sure, or it does not matter", chosen is None),
        *(Pick("pay", way, way.words, way is chosen) for way in WayToPay),
    ]
    return render_template("catalogue/find_where.html", step=step, near=asked.near, free=free, ways=ways), _status(
        asked
    )


def _asked() -> Looking:
    return replace(looking.read(request.args, categories=shelves().names), is_helped=True)


def _status(asked: Looking) -> int:
    return 422 if asked.left_out else 200


def _step(asked: Looking, number: int, without: Looking, *, back: str, onward: str) -> Step:
    """Return one question. What it asks is sent by its form, all that was answered elsewhere goes along unseen."""
    kept = without.address()
    hidden = [
        (name, str(value))
        for name, values in kept.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return Step(
        number=number,
        action=url_for(onward),
        skip_href=url_for(onward, **kept),
        back_href=url_for(back) if number == 1 else url_for(back, **asked.address()),
        hidden=hidden,
        left_out=asked.left_out,
    )


def _only(asked: Looking) -> list[Pick]:
    return [
        Pick("space", Space.NOW, "It has space now", asked.space is not None),
        Pick("group", Group.YES, "I can do it with others, and pay less each", asked.group is not None),
        Pick("check", CheckKind.DBS, "Somebody has seen their DBS certificate", CheckKind.DBS in asked.checks),
        Pick("rated", str(LIKED), f"People who used it gave it {LIKED} stars or more", asked.rated == LIKED),
    ]
