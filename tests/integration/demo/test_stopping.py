from sqlalchemy import func, select

from marketplace.catalogue.models import Provider
from marketplace.demo import commands, queries

SAFE = {
    "env": "production",
    "site_url": "https://example.net",
    "mail_route": "smtp",
    "contact_email": "us@example.net",
    "demo": True,
}


def test_it_is_never_built_in_production(new_app):
    refused = new_app(**SAFE).test_cli_runner().invoke(args=["demo", "build", "--if-empty"])
    assert refused.exit_code == 1
    assert "in production, where people are real" in refused.output


def test_it_is_not_built_when_demo_is_off(app):
    refused = app.test_cli_runner().invoke(args=["demo", "build"])
    assert refused.exit_code == 1
    assert "DEMO is off" in refused.output


def test_who_stops_it_half_way_keeps_nothing(new_app, monkeypatch):
    app = new_app(demo=True)

    def stop(self, what, share):
        if share > 0.03:
            raise KeyboardInterrupt

    monkeypatch.setattr(commands.Bar, "tell", stop)
    stopped = app.test_cli_runner().invoke(args=["demo", "build"])
    assert stopped.exit_code == commands.STOPPED
    assert "Nothing was kept" in stopped.output
    with app.app_context(), app.extensions["sessionmaker"]() as session:
        assert queries.is_empty(session)
        assert session.scalar(select(func.count()).select_from(Provider)) == 0
