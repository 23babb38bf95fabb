from marketplace.payments.gateways.patience import RESTS, SLOW, SLOW_CALLS, Patience


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def slow_call(patience, clock):
    begun = patience.begin()
    clock.now += SLOW
    patience.end(begun, is_answered=False)


def test_so_many_wait_for_stripe_and_no_more():
    patience = Patience(at_once=2)
    first, _second = patience.begin(), patience.begin()
    assert patience.begin() is None
    patience.end(first, is_answered=True)
    assert patience.begin() is not None


def test_nobody_asks_for_a_while_when_it_was_slow_and_then_one_tries():
    clock = Clock()
    patience = Patience(at_once=4, clock=clock)
    for _ in range(SLOW_CALLS):
        slow_call(patience, clock)
    assert patience.begin() is None
    clock.now += RESTS
    tries = patience.begin()
    assert tries is not None
    assert patience.begin() is None
    patience.end(tries, is_answered=True)
    assert patience.begin() is not None


def test_who_is_refused_at_once_may_ask_again_at_once():
    patience = Patience(at_once=1, clock=Clock())
    for _ in range(SLOW_CALLS + 1):
        patience.end(patience.begin(), is_answered=False)
    assert patience.begin() is not None
