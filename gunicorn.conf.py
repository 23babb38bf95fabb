"""How gunicorn serves the site, from the same settings as the site itself."""

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
# Nobody steers a running server from outside: a change is a restart.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Say where the site is, once the first process has it loaded."""
    if worker.age != 1:
        return
    print(f"\n{_config.site_name} is at http://127.0.0.1:{_config.port}/")  # noqa: T201  (this is for a person)
    if _config.has_demo:
        print("People you can sign in as are listed on the sign-in page.")  # noqa: T201
    print("Stop with Ctrl-C.\n", flush=True)  # noqa: T201
