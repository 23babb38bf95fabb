"""The site as it is looked at: whole, but nobody is told to wait, and each error page has an address of its own."""

from flask import abort
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.app import create_app
from marketplace.config import load_config

app = create_app(load_config())
app.config["COUNTS_TRIES"] = False


@app.get("/looks/error/<int:code>")
@public
def looks_error(code: int) -> ResponseReturnValue:
    """Answer as the site does when something goes wrong."""
    if code == 500:
        raise RuntimeError("This is what was asked for.")
    abort(code)
