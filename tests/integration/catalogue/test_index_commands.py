import pytest

from tests.factories import catalogue


@pytest.fixture
def run(app, session):
    def command(*args):
        session.commit()
        return app.test_cli_runner().invoke(args=["search", *args])

    return command


def test_the_index_is_what_the_catalogue_says_and_can_be_made_again(session, run):
    catalogue.live(session)
    assert run("check").output == "The index is what the catalogue says.\n"
    assert "The index holds 1 offer." in run("rebuild").output
    assert run("check").exit_code == 0


def test_a_difference_is_named(session, run):
    offer, _speaker = catalogue.live(session)
    session.flush()
    offer.title = "Changed behind the index’s back"
    checked = run("check")
    assert checked.exit_code == 1
    assert f"outdated: {offer.id}" in checked.output
    run("rebuild")
    assert run("check").exit_code == 0
