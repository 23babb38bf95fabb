"""How gunicorn serves the site, from the same settings as the site itself."""

import logging
import os
import shutil
import sys
import tempfile
from typing import Any

from gunicorn.http import wsgi

from marketplace.config import InsecureSettingError, load_config
from marketplace.kit import logs
from marketplace.kit.forking import let_go_of_all

try:
    _config = load_config()
except InsecureSettingError as error:
    sys.exit(str(error))

if _config.metrics_token.get_secret_value():
    # Where the processes put their counts together. It must be known before anything counts.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="counts"))

bind = f"127.0.0.1:{_config.port}"
workers = _config.web_workers
threads = _config.web_threads
worker_class = "gthread"
# The site is loaded once, by the process that begins the others: one that dies has a successor at once.
preload_app = True
loglevel = "warning"
# No log of requests. Who asks for one by GUNICORN_CMD_ARGS gets no addresses of pages in it, nor of people: those hold
# what was searched for, and links that open accounts.
access_log_format = "%(t)s %(m)s %(s)s %(b)s bytes in %(M)s ms"
# Nobody steers a running server from outside: a change is a restart.
control_socket_disable = True


def _without_addresses(record: logging.LogRecord) -> bool:
    """Leave out of gunicorn's own lines what was asked for, and from where."""
    said = str(record.msg)
    if said.startswith("Error handling request"):
        record.msg, record.args = "A request failed", ()
    if said.startswith("Invalid request from"):
        record.msg, record.args = "A request that is no HTTP was refused", ()
    return True


class _NamelessAnswer(wsgi.Response):
    """An answer that does not tell with what it was made: only who looks for a way in asks."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


wsgi.Response = _NamelessAnswer
logging.getLogger("gunicorn.error").addFilter(_without_addresses)


def on_starting(server: Any) -> None:
    """Let gunicorn's own lines look like ours."""
    if _config.writes_json:
        for handler in server.log.error_log.handlers:
            handler.setFormatter(logs.lines_for_programs())


def child_exit(_server: Any, worker: Any) -> None:
    """Forget what a process that ended had open. What it has counted stays counted."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        # When it is loaded it decides how to count, so not before the folder is known.
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """Throw the counts away: a monitor knows that they begin anew with a restart."""
    shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)


def post_fork(_server: Any, worker: Any) -> None:
    """Let go of what was opened before this process began: connections are nobody's to share."""
    let_go_of_all(worker.app.wsgi())


def post_worker_init(worker: Any) -> None:
    """Say where the site is, once the first process has it loaded."""
    if worker.age != 1:
        return
    print(f"\n{_config.site_name} is at http://127.0.0.1:{_config.port}/")  # noqa: T201  (this is for a person)
    if _config.has_demo:
        print("People you can sign in as are listed on the sign-in page.")  # noqa: T201
    print("Stop with Ctrl-C.\n", flush=True)  # noqa: T201
