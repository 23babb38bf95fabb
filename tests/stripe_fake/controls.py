"""What may be done to the pretended Stripe from outside its process? Each is a posted JSON of named values."""


def clock(fake, *, advance=0):
    fake.advance(advance)
    return {"now": fake.world.now()}


def faults(fake, *, kind, path=".*", method="POST", times=1):
    fake.fail(kind, path, method=method, times=times)
    return {}


def let_go(fake):
    fake.let_go()
    return {}


def webhooks(fake, *, url=None, is_prompt=None, delay=None):
    for name, value in {"url": url, "is_prompt": is_prompt, "delay": delay}.items():
        if value is not None:
            setattr(fake.webhooks, name, value)
    return {"url": fake.webhooks.url, "waiting": len(fake.webhooks.waiting)}


def deliver(fake, **how):
    return {"statuses": fake.webhooks.deliver(**how), "waiting": len(fake.webhooks.waiting)}


def accounts(fake, *, account_id, charges_enabled):
    (fake.finish_onboarding if charges_enabled else fake.stop_account)(account_id)
    return {}


def settle(fake, *, known_as, is_paid):
    fake.settle(known_as, is_paid=is_paid)
    return {}


def use_card(fake, *, session_id, card="pm_card_visa", is_person=True):
    return {"said": fake.use_card(session_id, card, is_person=is_person)}


CONTROLS = {
    ("GET", "books"): lambda fake: fake.books(),
    ("GET", "requests"): lambda fake: fake.requests,
    ("GET", "events"): lambda fake: fake.events,
    ("POST", "clock"): clock,
    ("POST", "faults"): faults,
    ("POST", "let_go"): let_go,
    ("POST", "webhooks"): webhooks,
    ("POST", "deliver"): deliver,
    ("POST", "accounts"): accounts,
    ("POST", "settle"): settle,
    ("POST", "use_card"): use_card,
}
