"""How gunicorn serves the shop: as many processes and threads as the site has."""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
workers = 2
threads = 8
worker_class = "gthread"
loglevel = "warning"
