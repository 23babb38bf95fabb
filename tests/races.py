"""Who gets there first, when many do something at the same moment? Real threads, and nothing rolled back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from marketplace.kit.db import transaction
from marketplace.kit.errors import DomainError


def all_at_once(app, doings):
    """Run every function in its own thread and application context, and return what each did, or its refusal."""
    together = Barrier(len(doings))

    def run(doing):
        together.wait()
        with app.app_context():
            try:
                return doing()
            except DomainError as refusal:
                return refusal

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(run, doings))


def in_transactions(app, doings):
    """Do as `all_at_once` does, and hand each function the session of a transaction of its own."""

    def edged(doing):
        def run():
            with transaction() as session:
                return doing(session)

        return run

    return all_at_once(app, [edged(doing) for doing in doings])
