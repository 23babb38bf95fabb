"""How a statement and a return are written down: as tables for a spreadsheet, and as papers for a PDF."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask import Response

from marketplace.budgets.forms.words import HAPPENED, HELD_AS, SOURCES
from marketplace.budgets.gateways.papers import Paper, PaperTable
from marketplace.budgets.queries.history import HistoryLine, ReturnLine, Statement
from marketplace.budgets.rules import Reason
from marketplace.budgets.rules.statements import Balance, Quarter
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day, month, month_name
from marketplace.kit.sentences import one_word, worded

Rows = tuple[Sequence[str], list[Sequence[object]]]

BALANCES = {
    "opening": "At the start",
    "granted": one_word("Added"),
    "brought": "Carried over from before",
    "spent": one_word("Paid"),
    "refunded": "Paid back",
    "carried": "Carried over to the next period",
    "returned": "Returned to the funder",
    "closing": "At the end",
    "promised": "of that, promised",
    "left": "of that, left",
}
"""What a balance says, in the order in which it adds up."""
_RARE = ("brought", "refunded", "carried", "returned")


def happened(line: HistoryLine) -> str:
    """Return what happened, in a word or two."""
    if line.reason is Reason.CARRIED_OVER:
        return "Carried over from before" if line.to_unspent > ZERO else "Carried over to the next period"
    return HAPPENED[line.reason]


def what_for(line: HistoryLine) -> str:
    """Return what a movement was for, and what was said of it."""
    return " · ".join(part for part in (line.what, line.note) if part)


def statement_rows(said: Statement) -> Rows:
    """Return a statement's movements as a table: between the day before and the last day, each with what is unspent."""
    header = ("Day", "What happened", "Funding stream", "What for", "In", "Out", "Unspent after")
    rows: list[Sequence[object]] = [
        (said.begins_on, "At the start", "", "", "", "", said.balance.opening.pounds),
    ]
    rows += [
        (
            day_of(one.line.at),
            happened(one.line),
            SOURCES[one.line.kind],
            what_for(one.line),
            one.came.pounds if one.came else "",
            one.went.pounds if one.went else "",
            one.unspent.pounds,
        )
        for one in said.lines
    ]
    rows.append((said.ends_on, "At the end", "", "", "", "", said.balance.closing.pounds))
    return header, rows


def statement_paper(said: Statement, *, site_name: str, today: date) -> Paper:
    """Return a statement as a paper."""
    facts = [
        ("Whose", said.person_name),
        ("How it is held", HELD_AS[said.holding] + (f", {said.holder_name}" if said.holder_name else "")),
        *([("Reference", said.reference)] if said.reference else []),
        ("From", day(said.begins_on)),
        ("To", day(said.ends_on)),
    ]
    moved = PaperTable(
        caption="What came and went",
        columns=("Day", "What happened", "Funding stream", "What for", "In", "Out", "Unspent"),
        figures=(False, False, False, False, True, True, True),
        rows=[
            (
                _short(day_of(one.line.at)),
                happened(one.line),
                SOURCES[one.line.kind],
                what_for(one.line) or "–",
                str(one.came or "–"),
                str(one.went or "–"),
                str(one.unspent),
            )
            for one in said.lines
        ],
        widths=(14, 13, 14, 29, 13, 12, 14),
    )
    return Paper(
        title=worded("Statement: {name}", name=said.name),
        lead=worded(
            "{closing} was unspent at the end: {left} left and {promised} promised.",
            closing=said.balance.closing,
            left=said.balance.left,
            promised=said.balance.promised,
        ),
        facts=facts,
        tables=[_balances(said), *([moved] if said.lines else [])],
        foot=_foot(site_name, today),
    )


def _balances(said: Statement) -> PaperTable:
    columns = [(SOURCES[kind], balance) for kind, balance in said.streams]
    if len(columns) != 1:
        columns.append(("Together", said.balance))
    return PaperTable(
        caption="How it stood",
        columns=("What", *(name for name, _balance in columns)),
        figures=(False, *(True for _one in columns)),
        rows=[(words, *(str(_part(balance, part)) for _name, balance in columns)) for part, words in BALANCES.items()],
        widths=(20, *(12 for _one in columns)),
    )


def _part(balance: Balance, part: str) -> Money:
    amount: Money = getattr(balance, part)
    return amount


def balance_rows(columns: Sequence[Balance]) -> Iterator[tuple[str, list[Money]]]:
    """Return what each balance says, a row for each thing it says. What did not happen is left out."""
    for part, words in BALANCES.items():
        amounts = [_part(balance, part) for balance in columns]
        if part not in _RARE or any(amount != ZERO for amount in amounts):
            yield words, amounts


def return_rows(lines: Sequence[ReturnLine], quarter: Quarter) -> Rows:
    """Return a quarterly return as a table: a row for each account."""
    header = (
        "Quarter begins",
        "Quarter ends",
        "Person",
        "Reference",
        "Budget",
        "How it is held",
        "Who holds it",
        "Funding stream",
        *BALANCES.values(),
        "Most that may be carried over",
    )
    rows: list[Sequence[object]] = [
        (
            quarter.begins_on,
            quarter.ends_on,
            line.person_name,
            line.reference,
            line.name,
            HELD_AS[line.holding],
            line.holder_name,
            SOURCES[line.kind],
            *(_part(line.balance, part).pounds for part in BALANCES),
            line.carry_over_most.pounds if line.carry_over_most is not None else "no limit",
        )
        for line in lines
    ]
    return header, rows


def return_paper(lines: Sequence[ReturnLine], quarter: Quarter, *, site_name: str, today: date) -> Paper:
    """Return a quarterly return as a paper, on its side."""
    shown = ("opening", "granted", "brought", "spent", "refunded", "carried", "returned", "closing", "promised")
    table = PaperTable(
        caption="Each account",
        columns=("Account", "Funding stream", *(BALANCES[part].removesuffix(" to the next period") for part in shown)),
        figures=(False, False, *(True for _part in shown)),
        rows=[
            (account(line), SOURCES[line.kind], *(str(_part(line.balance, part)) for part in shown)) for line in lines
        ],
        widths=(20, 13, *(11 for _part in shown)),
    )
    total = sum((line.balance for line in lines), Balance())
    return Paper(
        title=worded("Quarterly return: {quarter_words}", quarter_words=quarter_words(quarter)),
        lead=worded(
            "{closing} was unspent at the end of the quarter, {promised} of it promised.",
            closing=total.closing,
            promised=total.promised,
        ),
        facts=[("From", day(quarter.begins_on)), ("To", day(quarter.ends_on)), ("Accounts", str(len(lines)))],
        tables=[table] if lines else [],
        foot=_foot(site_name, today),
        is_wide=True,
    )


def account(line: ReturnLine) -> str:
    """Return what one account of a return is called."""
    return ", ".join(part for part in (line.person_name, line.name, line.reference) if part)


def quarter_words(quarter: Quarter) -> str:
    """Return a quarter as people say it: `April to June 2026`."""
    return worded("{first} to {last}", first=month_name(quarter.begins_on), last=month(quarter.ends_on))


def _short(on: date) -> str:
    return f"{on.day} {on:%b %Y}"


def _foot(site_name: str, today: date) -> str:
    return worded(
        "Written by {site_name} on {today}, from what the person and those they buy from put there. It is no "
        "bank statement: it counts what was paid when it was written down as paid.",
        site_name=site_name,
        today=day(today),
    )


def kept(content: bytes | str, *, name: str, mimetype: str) -> Response:
    """Return a file to keep, which nobody else may store."""
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
