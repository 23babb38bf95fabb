"""What people read while the database is away or keeps nothing more, and that the site comes back by itself."""

import contextlib
import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

SIGN_UP = {"name": "Ada", "password": "three kettles and a bus"}


@pytest.fixture
def browser(real_app):
    return real_app.test_client()


def join(browser, name):
    return browser.fill_in("/accounts/sign-up", email=f"{name}@example.org", **SIGN_UP)


@contextlib.contextmanager
def said_at_begin(engine, said):
    """Say something to the database at the beginning of each transaction. Connections that were told so are closed."""

    def begin(connection):
        connection.exec_driver_sql(said)

    sa.event.listen(engine, "begin", begin)
    yield
    sa.event.remove(engine, "begin", begin)
    engine.dispose()


@contextlib.contextmanager
def away(engine):
    """Let a database be out of reach. Connections to it that are open are broken, where there is a server."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        path = Path(engine.url.database)
        hidden = path.rename(path.with_suffix(".away"))
        path.mkdir()
        yield
        path.rmdir()
        hidden.rename(path)
        return
    name = engine.url.database
    server = sa.create_engine(make_url(os.environ["TEST_POSTGRESQL_URL"]), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        broken = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(broken, {"name": name})
        yield
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    server.dispose()


def test_a_database_that_only_reads_refuses_plainly_and_shows_pages(real_app, browser):
    engine = real_app.extensions["engine"]
    said = {"sqlite": "PRAGMA query_only=ON", "postgresql": "SET TRANSACTION READ ONLY"}[engine.dialect.name]
    with said_at_begin(engine, said):
        answer = join(browser, "ada")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "what you just sent was not kept" in answer.text
        # Nothing typed is lost.
        assert "ada@example.org" in answer.text
        assert browser.get("/offers?q=garden").status_code == 200
    assert join(browser, "ada").status_code == 200


@pytest.mark.once
def test_a_disk_that_is_full_refuses_plainly(real_app, browser):
    with said_at_begin(real_app.extensions["engine"], "PRAGMA max_page_count=1"):
        # There is a little room left in the pages that it has.
        answers = (join(browser, f"ada{n}") for n in range(60))
        refused = next(answer for answer in answers if answer.status_code != 200)
        assert refused.status_code == 503
        assert "not kept" in refused.text
    assert join(browser, "ben").status_code == 200


def test_a_database_that_is_away_leaves_what_needs_none_and_is_found_again(real_app, browser):
    assert browser.get("/offers?q=garden").status_code == 200
    with away(real_app.extensions["engine"]):
        answer = browser.get("/offers?q=piano")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "We cannot reach our records now" in answer.text
        assert browser.get("/how-it-works").status_code == 200
        ready = browser.get("/health/ready")
        assert (ready.status_code, ready.text) == (503, "The database does not answer.\n")
        assert browser.get("/health/live").status_code == 200
        assert browser.get("/no-such-page").status_code == 404
        assert browser.post("/accounts/sign-in", data={}).status_code in {422, 503}
    assert browser.get("/offers?q=piano").status_code == 200
    assert join(browser, "ada").status_code == 200


@pytest.mark.server
def test_a_connection_that_breaks_while_something_is_saved_leaves_nobody_sure(real_app, browser):
    engine = real_app.extensions["engine"]
    server = sa.create_engine(engine.url)

    def cut(connection):
        with server.connect() as other:
            other.execute(
                sa.text("SELECT pg_terminate_backend(:pid)"),
                {"pid": connection.connection.driver_connection.info.backend_pid},
            )

    sa.event.listen(engine, "commit", cut)
    answer = join(browser, "ada")
    sa.event.remove(engine, "commit", cut)
    server.dispose()
    assert answer.status_code == 503
    assert "look whether it is there before you send it again" in answer.text
    assert join(browser, "ada").status_code == 200


@pytest.mark.once
def test_a_postcode_file_that_is_missing_is_found_once_it_is_there(real_app, browser, tmp_path):
    path, real_app.extensions["gazetteer"] = real_app.config["PLACES_PATH"], None
    real_app.config["PLACES_PATH"] = tmp_path / "not-there.sqlite"
    answer = browser.get("/offers?near=M33+7ZF")
    assert answer.status_code == 503
    assert "We cannot look up places now" in answer.text
    assert browser.get("/offers?q=garden").status_code == 200
    real_app.config["PLACES_PATH"] = path
    assert browser.get("/offers?near=M33+7ZF").status_code == 200
