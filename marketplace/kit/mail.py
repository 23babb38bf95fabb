"""The postmen: one writes letters to files for development, one speaks SMTP."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from marketplace.kit.letterhead import Letterhead
from marketplace.kit.outbox import Letter

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Postman(Protocol):
    """Whoever delivers letters."""

    def deliver(self, letter: Letter) -> None:
        """Deliver one letter, or raise OSError (smtplib's errors are OSErrors)."""

    def greet(self) -> str:
        """Make sure that letters could be delivered now; say where. It raises what `deliver` would."""


def _as_email(letter: Letter, head: Letterhead) -> EmailMessage:
    email = EmailMessage()
    email["From"] = head.sender
    email["To"] = letter.to
    email["Subject"] = letter.subject
    email["Message-ID"] = f"<{letter.id}@clubtogether>"
    if head.answers_to:
        email["Reply-To"] = head.answers_to
    # So that nobody's holiday notice answers a machine (RFC 3834).
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(head.plain(letter))
    email.add_alternative(head.page(letter), subtype="html")
    return email


def plain_words(email: EmailMessage) -> str:
    """Return what a letter says, without its look; empty when it says nothing plain."""
    body = email.get_body(("plain",))
    return str(body.get_content()) if body else ""


@dataclass(frozen=True, slots=True)
class FilePostman:
    """Writes each letter to a file, to be read at /dev/mail."""

    folder: Path
    head: Letterhead

    def deliver(self, letter: Letter) -> None:
        """Write the letter under its id: delivering it twice leaves one file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{letter.id}.eml").write_bytes(bytes(_as_email(letter, self.head)))

    def greet(self) -> str:
        """Make sure that the folder takes files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not os.access(self.folder, os.W_OK):
            raise PermissionError("The folder takes no files.")
        return f"Letters go to files in {self.folder}"


@dataclass(frozen=True, slots=True)
class SmtpPostman:
    """Sends each letter through an SMTP server."""

    host: str
    port: int
    head: Letterhead
    username: str = ""
    password: str = ""
    starttls: bool = True

    def deliver(self, letter: Letter) -> None:
        """Send the letter. Waits at most 20 seconds."""
        with self._signed_in() as server:
            server.send_message(_as_email(letter, self.head))

    def greet(self) -> str:
        """Sign in to the server as for a letter, and say good-bye."""
        with self._signed_in() as server:
            server.noop()
        return f"{self.host}:{self.port} takes letters"

    def _whom_to_trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.host in _THIS_MACHINE:
            # Nobody stands between, and hardly any mail server has papers for this name.
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    @contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        with smtplib.SMTP(self.host, self.port, timeout=20) as server:
            if self.starttls:
                server.starttls(context=self._whom_to_trust())
            if self.username:
                server.login(self.username, self.password)
            yield server
