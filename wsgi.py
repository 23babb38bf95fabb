"""The server's way in."""

from marketplace.app import create_app
from marketplace.config import load_config

app = create_app(load_config())
