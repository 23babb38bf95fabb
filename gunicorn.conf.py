"""How gunicorn serves the site, from the same settings as the site itself."""

import logging
import sys
from typing import Any

from marketplace.config import InsecureSettingError, load_config

try:
    _config = load_config()
except InsecureSettingError as error:
    sys.exit(str(error))

bind = f"127.0.0.1:{_config.port}"
workers = _config.web_workers
threads = _config.web_threads
worker_class = "gthread"
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


logging.getLogger("gunicorn.error").addFilter(_without_addresses)


def post_worker_init(worker: Any) -> None:
    """Say where the site is, once the first process has it loaded."""
    if worker.age != 1:
        return
    print(f"\n{_config.site_name} is at http://127.0.0.1:{_config.port}/")  # noqa: T201  (this is for a person)
    if _config.has_demo:
        print("People you can sign in as are listed on the sign-in page.")  # noqa: T201
    print("Stop with Ctrl-C.\n", flush=True)  # noqa: T201
