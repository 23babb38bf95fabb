import json

import pytest
from werkzeug.exceptions import NotFound

from marketplace.kit.assets import AssetsNotBuiltError, static_url

pytestmark = pytest.mark.once


@pytest.fixture
def built(app, tmp_path, monkeypatch):
    """A folder of built files of our own."""
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    (tmp_path / "manifest.json").write_text(json.dumps({"main.css": "main.abc.css"}))
    (tmp_path / "main.abc.css").write_bytes(b"plain")
    (tmp_path / "main.abc.css.br").write_bytes(b"squeezed")
    return tmp_path


def test_a_name_becomes_an_address_that_changes_with_the_content(app, built):
    with app.app_context():
        assert static_url("main.css") == "/static/main.abc.css"


def test_a_rebuilt_look_is_seen_without_a_restart(app, built):
    with app.app_context():
        static_url("main.css")
        (built / "new").write_text(json.dumps({"main.css": "main.def.css"}))
        (built / "new").replace(built / "manifest.json")
        assert static_url("main.css") == "/static/main.def.css"


def test_a_file_that_was_not_built_says_what_to_do(app, built):
    with app.app_context(), pytest.raises(AssetsNotBuiltError, match=r"Run `script/assets`\."):
        static_url("other.css")


def test_a_look_that_was_not_built_says_what_to_do(app, built):
    (built / "manifest.json").unlink()
    with app.app_context(), pytest.raises(AssetsNotBuiltError, match=r"not built yet"):
        static_url("main.css")


def test_browsers_get_the_squeezed_file_and_keep_it_for_a_year(client, built):
    response = client.get("/static/main.abc.css", headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert response.data == b"squeezed"
    assert response.headers["Content-Encoding"] == "br"
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert "Accept-Encoding" in response.headers["Vary"]


def test_browsers_that_cannot_unsqueeze_get_the_plain_file(client, built):
    response = client.get("/static/main.abc.css", headers={"Accept-Encoding": "identity"}, buffered=True)
    assert response.data == b"plain"
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("name", ["manifest.json", ".made-from", "main.abc.css.br", "../src/main.scss"])
def test_nothing_else_of_the_folder_is_served(app, built, name):
    with app.test_request_context(), pytest.raises(NotFound):
        app.view_functions["static"](filename=name)
