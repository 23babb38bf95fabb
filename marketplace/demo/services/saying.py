"""What the town's council says back to its market, who wants to hear of it, and what it took away."""

from datetime import datetime, timedelta
from functools import partial

from marketplace.accounts.rules import Role, Viewer
from marketplace.catalogue.rules import CategorySlug
from marketplace.demand.queries import released
from marketplace.demand.queries import signals as posted
from marketplace.demand.rules.alerts import AlertKey
from marketplace.demand.rules.files import Publisher
from marketplace.demand.rules.nouns import FileKind
from marketplace.demand.rules.signals import QuotedFigure, quoted_words
from marketplace.demand.services import alerting, downloading, signalling
from marketplace.demand.services.signalling import NewSignal
from marketplace.demo.rules.nation import WrittenAlert, WrittenSignal
from marketplace.demo.services.street import Street
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, AreaCode

_PUBLISHER = Publisher("Clubtogether", "https://example.org", "hello@example.org")
"""Says nothing here: what is taken away was made with the release."""
_READ_AFTER = timedelta(days=6, hours=10)
"""How long after a quarter its figures are downloaded."""
_TAKEN_BACK_AFTER = timedelta(days=20)
_ASKED_AFTER = timedelta(days=3, hours=14)


def expect_signals(street: Street) -> None:
    """Put on the agenda what the council posts and downloads, and what providers want to hear."""
    nation, quarters = street.town.nation, street.calendar.quarters
    for one in nation.signals:
        street.agenda.add(quarters[one.after].ends_at + timedelta(days=one.days, hours=11), partial(_post, street, one))
    for alert in nation.alerts:
        street.agenda.add(quarters[0].ends_at + _ASKED_AFTER, partial(_ask, street, alert))
    if nation.kinds:
        for quarter in quarters:
            street.agenda.add(quarter.ends_at + _READ_AFTER, partial(_download, street, quarter))


def _post(street: Street, one: WrittenSignal, *, now: datetime) -> None:
    by = _commissioner(street)
    own = posted.own_signals(street.session, viewer=by)
    signal_id = signalling.post_signal(
        street.session,
        wanted=NewSignal(
            kind=one.kind,
            title=one.title,
            words=one.words,
            category=CategorySlug(one.category) if one.category else None,
            told=one.told,
            figure=_figure(street, by, one),
            answers_id=next((card.id for card in own if card.title == one.answers), None),
        ),
        by=by,
        now=now,
    )
    if one.is_taken_back:
        take_back = partial(signalling.take_signal_back, street.session, signal_id=signal_id, by=by)
        street.agenda.add(now + _TAKEN_BACK_AFTER, take_back)


def _figure(street: Street, by: Viewer, one: WrittenSignal) -> QuotedFigure | None:
    """Return the figure to quote, if it is released by now and shown."""
    [quarter, *_] = released.released_quarters(street.session) or (None,)
    if not (one.quotes and one.category and by.council and quarter):
        return None
    area = AreaCode(by.council)
    wanted = QuotedFigure(quarter, "unmet", one.quotes, one.category)
    figures = released.figures_of(street.session, areas=(area,), quarters=(quarter,)).get((area, quarter))
    return wanted if figures and quoted_words(figures, wanted) else None


def _ask(street: Street, alert: WrittenAlert, *, now: datetime) -> None:
    by = _commissioner(street)
    asking = street.viewer(street.speakers[alert.provider])
    organisation_id = next(iter(asking.organisations), None)
    if organisation_id is None or by.council is None:
        return
    alerting.ask_to_be_told(
        street.session, key=AlertKey(organisation_id, by.council, alert.category), by=asking, now=now
    )


def _download(street: Street, quarter: Quarter, *, now: datetime) -> None:
    """Take the figures of the council and of England away, as somebody does who keeps an eye on them."""
    by = _commissioner(street)
    for area in (AreaCode(by.council or ""), ENGLAND):
        file = downloading.ready_file(
            street.session,
            viewer=by,
            area=area,
            quarter=quarter,
            kind=FileKind.CSV,
            publisher=_PUBLISHER,
        )
        downloading.take_away(street.session, viewer=by, file=file, now=now)


def _commissioner(street: Street) -> Viewer:
    [one] = [one for one in street.town.sign_ins if one.role is Role.COMMISSIONER]
    return Viewer(
        person_id=street.people[one.key],
        name=one.name,
        roles=frozenset({Role.COMMISSIONER}),
        council=one.council,
    )
