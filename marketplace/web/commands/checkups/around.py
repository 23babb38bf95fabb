"""What the doctor looks at around the site: settings, packages, disk, clock, mail, cards, the way in, backups."""

import json
import tempfile
from datetime import datetime
from pathlib import Path

from flask import current_app

from marketplace.kit.db import db
from marketplace.payments.gateways.answers import StripeUnreachableError
from marketplace.web.commands.checkups.asking import Checkup
from marketplace.web.gateways import surroundings
from marketplace.web.rules.doctor import MEGA, Finding, State, ago, is_weak, state_of_backup, state_of_disk
from marketplace.web.services.backing_up import newest_in

ROOT = Path(__file__).parents[4]
_LETTERS_OF_BASE_32 = 40


def settings(_now: datetime) -> Finding:
    """Are the settings for a site that the public can reach?"""
    if not current_app.config["IS_PRODUCTION"]:
        return Finding(
            "settings", State.LOOK, "ENV is not production: nothing that is unsafe is refused, and codes may be shown.",
            "On a site that others can reach, set ENV=production.",
        )  # fmt: skip
    storage, workers = str(current_app.config["RATELIMIT_STORAGE_URI"]), int(current_app.config["WEB_WORKERS"])
    if storage.startswith("memory") and workers > 1:
        return Finding(
            "settings", State.WRONG, f"Each of {workers} web processes counts tries for itself.",
            "Set RATELIMIT_STORAGE_URI=database://.",
        )  # fmt: skip
    return Finding("settings", State.WELL, "They are for a site that the public can reach.")


def secret(_now: datetime) -> Finding:
    """Could somebody guess the key of the site, and are earlier ones still taken?"""
    mend = "Make another, and change it as docs/operating/keys.md says: python3 -c 'import secrets; "
    mend += "print(secrets.token_hex(32))'"
    former = current_app.config["SECRET_KEY_FALLBACKS"]
    if is_weak(str(current_app.config["SECRET_KEY"])) or any(is_weak(key) for key in former):
        state = State.WRONG if current_app.config["IS_PRODUCTION"] else State.LOOK
        return Finding("secret", state, "SECRET_KEY, or one before it, could be guessed.", mend)
    if former:
        return Finding(
            "secret", State.LOOK, f"{len(former)} earlier keys still open what they signed.",
            "Run flask accounts rotate-keys; a month after the change, empty SECRET_KEY_FALLBACKS.",
        )  # fmt: skip
    return Finding("secret", State.WELL, "Nobody guesses it, and no earlier key is taken.")


def packages(_now: datetime) -> Finding:
    """Are the packages those of this version?"""
    strange = surroundings.strange_packages(ROOT / "requirements" / "runtime.lock")
    if strange:
        return Finding("packages", State.WRONG, f"Not as locked: {', '.join(strange[:5])}.", "Run script/setup.")
    return Finding("packages", State.WELL, "They are those of the lock file.")


def look(_now: datetime) -> Finding:
    """Is everything there that pages are drawn with?"""
    folder = Path(str(current_app.static_folder))
    names = json.loads((folder / "manifest.json").read_text()) if (folder / "manifest.json").is_file() else {}
    missing = [name for name in names.values() if not (folder / name).is_file()]
    if not names or missing:
        return Finding("style sheets", State.WRONG, "They are not built, or only in part.", "Run script/setup.")
    return Finding("style sheets", State.WELL, f"All {len(names)} files are there.")


def postcodes(_now: datetime) -> Finding:
    """Does the postcode file answer?"""
    council = current_app.extensions["gazetteer"].council("E08000009").name
    return Finding("postcodes", State.WELL, f"The file answers: E08000009 is {council}.")


def disk(_now: datetime) -> Finding:
    """Is there room where the site writes?"""
    url = db.engine.url
    folders = {"temporary files": Path(tempfile.gettempdir()), "what was left out of the database": ROOT / "var"}
    if url.get_backend_name() == "sqlite":
        folders["the database"] = Path(url.database or "").absolute().parent
    if current_app.config["BACKUP_FOLDER"]:
        folders["backups"] = current_app.config["BACKUP_FOLDER"]
    free = {name: surroundings.free_bytes(folder) for name, folder in folders.items()}
    name, least = min(free.items(), key=lambda item: item[1])
    state = state_of_disk(least)
    elsewhere = "" if "the database" in folders else " (The database is on a server: look there too.)"
    mend = "" if state is State.WELL else "Make room: old backups and logs first. Without room nothing is saved."
    return Finding("disk", state, f"At least {least // MEGA:,} MB are free, for {name}.{elsewhere}", mend)


def mail(_now: datetime) -> Finding:
    """Would a letter leave now?"""
    try:
        return Finding("mail", State.WELL, f"{current_app.extensions['postman'].greet()}.")
    except OSError as error:
        return Finding(
            "mail", State.WRONG, f"Letters cannot leave: {type(error).__name__}.",
            "Look at SMTP_HOST, SMTP_PORT, SMTP_USERNAME and SMTP_PASSWORD, and whether the mail server runs.",
        )  # fmt: skip


def cards(_now: datetime) -> Finding:
    """Does Stripe know our key?"""
    stripe = current_app.extensions["stripe"]
    if stripe is None:
        return Finding("cards", State.LEFT_OUT, "There is no Stripe key, so cards are not offered.")
    try:
        if not stripe.takes_key():
            return Finding("cards", State.WRONG, "Stripe does not know our key.", "Set STRIPE_SECRET_KEY anew.")
    except StripeUnreachableError:
        return Finding(
            "cards",
            State.WRONG,
            "Stripe does not answer.",
            "Look at https://status.stripe.com and at this machine’s way out.",
        )
    return Finding("cards", State.WELL, "Stripe answers, and knows our key.")


def way_in(_now: datetime) -> Finding:
    """Can visitors reach the site, and do we know who they are?"""
    address, proxies = str(current_app.config["SITE_URL"]), int(current_app.config["TRUSTED_PROXIES"])
    is_secure = address.startswith("https://")
    if is_secure and not proxies:
        return Finding(
            "way in", State.WRONG, "SITE_URL is https, so a web server stands in front, and TRUSTED_PROXIES is 0: "
            "all visitors look like one.",
            "Set TRUSTED_PROXIES to how many stand in front.",
        )  # fmt: skip
    headers = surroundings.headers_at(f"{address}/health/live")
    if isinstance(headers, str):
        state = State.WRONG if current_app.config["IS_PRODUCTION"] else State.LOOK
        return Finding(
            "way in", state, f"{address} does not open from here: {headers}.",
            "Is the site running? Do its name, the web server in front and its certificate lead to it?",
        )  # fmt: skip
    if is_secure and "strict-transport-security" not in headers:
        return Finding(
            "way in", State.WRONG, f"What opens at {address} is not this site as it is set here.",
            "Look where the web server in front leads.",
        )  # fmt: skip
    return Finding("way in", State.WELL, f"{address} opens, through {proxies} trusted web servers.")


def backups(now: datetime) -> Finding:
    """How old is the newest backup, and could somebody read it?"""
    folder, mend = current_app.config["BACKUP_FOLDER"], "Run flask backup each night: see docs/operating/backups.md."
    if folder is None:
        state = State.WRONG if current_app.config["IS_PRODUCTION"] else State.LOOK
        return Finding("backups", state, "Nobody has said where they are (BACKUP_FOLDER).", mend)
    made_at = newest_in(folder)
    state = state_of_backup(made_at, now=now)
    if made_at is None:
        return Finding("backups", state, f"There is none in {folder}.", mend)
    if state is State.WELL and not current_app.config["BACKUP_RECIPIENT"]:
        return Finding(
            "backups", State.LOOK, f"The newest was made {ago(made_at, now=now)}, and anybody who has it can read it.",
            "Set BACKUP_RECIPIENT to a public key whose secret half is not on this machine.",
        )  # fmt: skip
    return Finding(
        "backups", state, f"The newest was made {ago(made_at, now=now)}.", "" if state is State.WELL else mend
    )


CHECKUPS = (
    Checkup("settings", settings),
    Checkup("secret", secret),
    Checkup("packages", packages, "Run script/setup."),
    Checkup("style sheets", look, "Run script/setup."),
    Checkup("postcodes", postcodes, "Delete the file that PLACES_PATH names, and run script/setup."),
    Checkup("disk", disk),
    Checkup("mail", mail),
    Checkup("cards", cards),
    Checkup("way in", way_in),
    Checkup("backups", backups, "Let this account read and write BACKUP_FOLDER."),
)
