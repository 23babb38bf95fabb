"""What must a process not share with the one that began it?"""

from flask import Flask

from marketplace.kit import gazetteers


def let_go_of_all(app: object) -> None:
    """Open anew whatever was opened when the application was made, in a process that was forked off afterwards."""
    if not isinstance(app, Flask) or "engine" not in app.extensions:
        return  # What a bench compares with is served by the same settings.
    # Not closed: the other side of each still belongs to the process that opened it.
    app.extensions["engine"].dispose(close=False)
    gazetteers.init_app(app, app.config["PLACES_PATH"])
