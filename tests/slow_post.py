"""
A worker in a process of its own, whose post is so slow that it can be stopped in the middle of it.

For tests of stopping: `python -m tests.slow_post URL FOLDER ends`, or `stays` for one that never hands its letter over.
It says when it holds a letter. Nothing of the product knows of it.
"""

import sys
import threading
import time
from pathlib import Path

from marketplace.app import create_app
from marketplace.config import load_config
from marketplace.kit.letterhead import Letterhead
from marketplace.kit.mail import FilePostman
from marketplace.web.commands import working
from marketplace.web.jobs import Periodic, send_letters


class SlowPostman(FilePostman):
    """Goes once it is told that it is too late, and arrives a moment afterwards; or stays for ever."""

    worker = None
    stays = False

    def deliver(self, letter):
        """Hold a letter until the worker is told to stop."""
        print("holds a letter", flush=True)  # noqa: T201  (the test reads it)
        threading.Event().wait() if self.stays else self.worker.has_to_stop.wait()
        # Nobody who stops at once gets it there.
        time.sleep(0.5)
        super().deliver(letter)


class Told(working.Worker):
    """A worker that others can see being told to stop."""

    @property
    def has_to_stop(self):
        return self._stop


def work(url, folder, how):
    """Send letters until told to stop."""
    app = create_app(
        load_config(env="test", database_url=url, demo=False, secret_key="for tests only, and long enough")
    )
    SlowPostman.stays = how == "stays"
    app.extensions["postman"] = SlowPostman(
        Path(folder), Letterhead("us@example.org", "Clubtogether", "http://localhost")
    )
    SlowPostman.worker = Told(app, (Periodic("send-letters", 2, send_letters),))
    working._PATIENCE = 0.5 if SlowPostman.stays else working._PATIENCE  # noqa: SLF001
    SlowPostman.worker.work()


if __name__ == "__main__":
    work(*sys.argv[1:])
