"""The postmen: one writes letters to files for development, one speaks SMTP."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from marketplace.kit.outbox import Letter


class Postman(Protocol):
    """Whoever delivers letters."""

    def deliver(self, letter: Letter) -> None:
        """Deliver one letter, or raise OSError (smtplib's errors are OSErrors)."""


def _as_email(letter: Letter, sender: str) -> EmailMessage:
    email = EmailMessage()
    email["From"] = sender
    email["To"] = letter.to
    email["Subject"] = letter.subject
    email["Message-ID"] = f"<{letter.id}@clubtogether>"
    email.set_content(letter.body)
    return email


@dataclass(frozen=True, slots=True)
class FilePostman:
    """Writes each letter to a file, to be read at /dev/mail."""

    folder: Path
    sender: str

    def deliver(self, letter: Letter) -> None:
        """Write the letter under its id: delivering it twice leaves one file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{letter.id}.eml").write_bytes(bytes(_as_email(letter, self.sender)))


@dataclass(frozen=True, slots=True)
class SmtpPostman:
    """Sends each letter through an SMTP server."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = ""
    starttls: bool = True

    def deliver(self, letter: Letter) -> None:
        """Send the letter. Waits at most 20 seconds."""
        with smtplib.SMTP(self.host, self.port, timeout=20) as server:
            if self.starttls:
                server.starttls()
            if self.username:
                server.login(self.username, self.password)
            server.send_message(_as_email(letter, self.sender))
