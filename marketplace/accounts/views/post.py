"""The letters that this development site has written. Not there in production."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit.kept import keep_not
from marketplace.kit.mail import plain_words

MOST_SHOWN = 50
post = Blueprint("post", __name__, url_prefix="/dev", template_folder="../templates")


@post.get("/mail")
@public
def mail() -> ResponseReturnValue:
    folder: Path | None = current_app.config["MAIL_READABLE_AT"]
    if folder is None:
        abort(404)
    keep_not()
    newest = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[:MOST_SHOWN]
    letters = [_letter(path) for path in newest]
    return render_template("accounts/post.html", letters=letters)


def _letter(path: Path) -> dict[str, str]:
    email = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    return {"to": str(email["To"]), "subject": str(email["Subject"]), "body": plain_words(email)}
