"""The site as it runs for scanners: whole, but nobody is told to wait."""

from marketplace.app import create_app
from marketplace.config import load_config

app = create_app(load_config())
# A scanner asks thousands of times in a minute. That others may not is tested where limits are.
app.config["COUNTS_TRIES"] = False
