"""What a running server writes down: never who somebody is, what they look for, or a link that opens an account."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketplace.kit.db import open_engine
from tests.visitor import Visitor

PROJECT = Path(__file__).parents[3]
SECRETS = ("ada@example.org", "Ada Lovelace", "hairy-knees", "secret-token", "M33", "three words")


@pytest.fixture
def url():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def server(url, new_database, tmp_path):
    """A real server that writes down as much as it can, and the file it writes to."""
    database, lines = new_database(), tmp_path / "log"
    settings = {
        "ENV": "development",
        "DATABASE_URL": database,
        "PORT": url.rpartition(":")[2],
        "MAIL_FOLDER": str(tmp_path / "mail"),
        "DEMO": "false",
        "GUNICORN_CMD_ARGS": "--access-logfile - --log-level info",
    }
    with lines.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "wsgi:app"],
            cwd=PROJECT,
            env=os.environ | settings,
            stdout=out,
            stderr=out,
        )
    for _ in range(300):
        if "is at http" in lines.read_text():
            break
        time.sleep(0.1)
    yield database, lines
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def send_raw(url, request):
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as line:
        line.sendall(request)
        return line.recv(1000)


@pytest.mark.once
def test_a_server_logs_neither_people_nor_their_words(url, server):
    database, lines = server
    ada = {"name": "Ada Lovelace", "email": "ada@example.org", "password": "three words in a row"}
    visitor = Visitor(url)
    assert visitor.ask("/offers?q=hairy-knees&near=M33")[0] == 200
    assert visitor.fill_in("/accounts/sign-up", **ada)[0] == 200
    assert visitor.fill_in("/accounts/sign-in", **ada)[0] == 422
    assert visitor.fill_in("/accounts/reset/secret-token", **ada)[0] == 422
    assert visitor.ask("/reviews/hairy-knees")[0] == 404
    assert send_raw(url, b"GET /accounts/reset/secret-token two words HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert send_raw(url, b"GET /?q=hairy-knees HTTP/9\r\n\r\n").startswith(b"HTTP/1.1 400")
    # And now everything fails.
    engine = open_engine(database)
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        for table in ("person", "emailed_link", "category"):
            connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO gone_{table}"))
    engine.dispose()
    assert visitor.fill_in("/accounts/sign-up", **ada)[0] == 500
    assert visitor.fill_in("/accounts/confirm/secret-token")[0] == 500
    assert visitor.ask("/offers?q=hairy-knees&near=M33")[0] == 500
    written = lines.read_text()
    assert "GET 200" in written
    assert "accounts.confirm failed on POST" in written
    assert "refused" in written
    for secret in SECRETS:
        assert secret not in written, written
