import pytest

from marketplace.config import InsecureSettingError, load_config

SAFE = {
    "env": "production",
    "secret_key": "thirty-two random characters, and then some",
    "site_url": "https://example.com",
    "mail_route": "smtp",
    "contact_email": "hello@example.com",
}


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch):
    for name in ("ENV", "SECRET_KEY", "SITE_URL", "MAIL_ROUTE", "CONTACT_EMAIL", "DATABASE_URL", "DEMO"):
        monkeypatch.delenv(name, raising=False)


def test_without_any_setting_the_embedded_default_works():
    config = load_config()
    assert config.database_url.startswith("sqlite:///")
    assert config.has_demo


def test_a_safe_production_starts_and_has_no_demo():
    config = load_config(**SAFE)
    assert config.is_production
    assert not config.has_demo


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("secret_key", "short"),
        ("site_url", "http://example.com"),
        ("mail_route", "file"),
        ("smtp_starttls", False),
        ("contact_email", "hello@example.org"),
        ("stripe_api_base", "http://stripe.test"),
    ],
)
def test_production_refuses_what_is_not_safe_and_names_it(setting, value):
    with pytest.raises(InsecureSettingError, match=setting.upper()):
        load_config(**SAFE | {setting: value})
    load_config(**SAFE | {"env": "development", setting: value})


def test_several_processes_count_tries_together_unless_told_not_to_and_that_is_refused():
    assert load_config(**SAFE).counts_tries_in == "memory://"
    assert load_config(**SAFE, web_workers=2).counts_tries_in == "database://"
    assert load_config(**SAFE | {"database_url": "postgresql+psycopg://host/name"}).counts_tries_in == "database://"
    with pytest.raises(InsecureSettingError, match="WEB_WORKERS"):
        load_config(**SAFE, web_workers=2, ratelimit_storage_uri="memory://")


def test_production_refuses_to_make_up_a_secret():
    with pytest.raises(InsecureSettingError, match="SECRET_KEY is not set"):
        load_config(**{name: value for name, value in SAFE.items() if name != "secret_key"})


def test_everything_that_is_wrong_is_said_at_once(monkeypatch):
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("DATABASE_URL", "mysql://nowhere")
    with pytest.raises(InsecureSettingError, match=r"DATABASE_URL.*; PORT|PORT.*; DATABASE_URL"):
        load_config()
