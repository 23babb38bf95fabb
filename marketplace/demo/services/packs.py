"""People write down what they chose between and why, as it stood that day."""

from datetime import datetime
from functools import partial
from random import Random
from uuid import uuid4

from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.money import WrittenPack
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of
from marketplace.purchasing.gateways.packs import draw_pack
from marketplace.purchasing.queries.packs import candidates, with_ratings
from marketplace.purchasing.rules.nouns import PackId
from marketplace.purchasing.rules.packs import hash_of, written
from marketplace.purchasing.services.packs import Choice, contents_of, keep_pack
from marketplace.ratings.queries.frozen import frozen_ratings


def expect_packs(draw: Random, street: Street) -> None:
    """Put on the agenda when each decision is written down."""
    for pack in street.town.money.packs:
        street.agenda.add(some_time(draw, street.calendar.days_ago(pack.days_ago)), partial(_make, street, pack))


def _make(street: Street, pack: WrittenPack, *, now: datetime) -> None:
    viewer = street.viewer(street.people[pack.person])
    offer_ids = [street.offers[one.offer] for one in pack.weighed]
    found = candidates(street.session, offer_ids=offer_ids, viewer=viewer, on=day_of(now))
    pack_id = PackId(uuid4())
    contents = contents_of(
        pack_id=pack_id,
        made_for=viewer.name,
        title=pack.title,
        reasons=pack.reasons,
        weighed=with_ratings(
            found,
            ratings=frozen_ratings(street.session, offer_ids=offer_ids),
            pages={offer_id: street.addresses.offer(offer_id) for offer_id in offer_ids},
        ),
        choices={street.offers[one.offer]: Choice(one.chosen, one.because) for one in pack.weighed},
        now=now,
    )
    pdf = draw_pack(contents, pack_hash=hash_of(written(contents)), check_page=street.addresses.check_pack())
    keep_pack(street.session, contents=contents, pack_id=pack_id, pdf=pdf, by=street.people[pack.person], now=now)
