"""Real threads on a real engine: what many say of one offer at once is all counted, and ordered while they say it."""

from datetime import timedelta

from marketplace.ratings import services
from marketplace.ratings.queries import summaries_for
from marketplace.ratings.queries.checking import wrong_of
from marketplace.ratings.rules import Written
from marketplace.ratings.services import ordering
from tests.factories import accounts, purchasing
from tests.races import in_transactions

CROWD = 6


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


def test_many_who_rate_one_offer_at_once_all_count_while_it_is_put_in_order(real_app, arrange, now):
    def prepare(session):
        return [accounts.person(session).id for _ in range(CROWD)], purchasing.offer(session, organisation_id=None).id

    people, offer_id = arrange(prepare)

    def rate(person_id):
        return lambda session: services.declare_use_and_review(
            session, offer_id=offer_id, by=person_id, written=Written(stars=4, words="They listened."), link=link,
            now=now,
        )  # fmt: skip

    def mend(session):
        ordering.mend(session, offer_ids=[offer_id])
        ordering.work_out_means(session, now=now + timedelta(days=1))
        ordering.order_anew(session, offer_ids=[offer_id])

    in_transactions(real_app, [*map(rate, people), mend])
    arrange(lambda session: ordering.order_anew(session, offer_ids=[offer_id]))
    summary, wrong = arrange(
        lambda session: (
            summaries_for(session, offer_ids=[offer_id])[offer_id],
            wrong_of(session, offer_ids=[offer_id]),
        )
    )
    assert summary.spread == (0, 0, 0, CROWD, 0)
    assert wrong == {}
