"""Typed settings, read from the environment once and checked at start. Documented in docs/configuration.md."""

import enum
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parents[1]
DEVELOPMENT_SECRET = "for development only: production refuses this"  # noqa: S105  (that is what it says)


class Environment(enum.StrEnum):
    """Where the site runs. Only `production` faces the public."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class InsecureSettingError(ValueError):
    """A setting that would put people at risk, or one that cannot be read. The message names it."""


class Config(BaseSettings):
    """Every setting of the site. Without any, the embedded default works."""

    model_config = SettingsConfigDict(env_prefix="", case_sensitive=False, extra="ignore", frozen=True)

    env: Environment = Field(Environment.DEVELOPMENT, description="`development`, `test` or `production`")
    database_url: str = Field(
        f"sqlite:///{ROOT / 'var' / 'clubtogether.sqlite'}",
        description="Where the data is: `sqlite:///path` or `postgresql+psycopg://user:password@host/name`",
    )
    secret_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET),
        description="Signs cookies, and makes the secrets of phones for codes;"
        " at least 32 random characters in production",
    )
    port: int = Field(8000, ge=1, le=65535, description="Port that `script/server` listens on")
    web_workers: int = Field(1, ge=1, le=64, description="Web processes")
    web_threads: int = Field(8, ge=1, le=256, description="Threads in each web process")
    site_name: str = Field("Clubtogether", min_length=1, description="The name in the header and in e-mails")
    site_url: str = Field(
        "http://127.0.0.1:8000", description="Address people reach the site at, used in e-mails; https in production"
    )
    contact_email: str = Field("hello@example.org", description="Where people write to the operator")
    places_path: Path = Field(ROOT / "var" / "places.sqlite", description="The postcode file made at set-up")
    mail_route: Literal["file", "smtp"] = Field(
        "file", description="`file` writes letters to MAIL_FOLDER, `smtp` sends"
    )
    mail_folder: Path = Field(ROOT / "var" / "mail", description="Folder for letters when MAIL_ROUTE is `file`")
    mail_from: str = Field("Clubtogether <no-reply@example.org>", description="Sender of every e-mail")
    smtp_host: str = Field("localhost", description="SMTP server")
    smtp_port: int = Field(587, ge=1, le=65535, description="SMTP port")
    smtp_username: str = Field("", description="SMTP user, if the server asks for one")
    smtp_password: SecretStr = Field(SecretStr(""), description="SMTP password")
    smtp_starttls: bool = Field(default=True, description="Whether to encrypt the SMTP connection")
    ratelimit_storage_uri: str = Field(
        "memory://", description="Where rate limits are counted: `memory://` for one process, `redis://…` for several"
    )
    trusted_proxies: int = Field(0, ge=0, le=5, description="How many proxies in front set X-Forwarded-For and -Proto")
    demo: bool = Field(
        default=True, description="Whether the demo town may be built and its sign-ins shown; never in production"
    )
    stripe_secret_key: SecretStr = Field(SecretStr(""), description="Stripe key; without it cards are not offered")
    stripe_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Checks that webhooks come from Stripe; several have a comma between them"
    )
    stripe_api_base: str = Field("https://api.stripe.com", description="Stripe's address, or a test server's")
    fee_pence_per_pound: Decimal = Field(
        Decimal(0),
        ge=0,
        le=10,
        decimal_places=2,
        description="What of each pound paid by card comes to this site, in pence",
    )
    micro_provider_most_staff: float = Field(
        5.0, gt=0, le=100, description="Full-time-equivalent staff a micro-provider may have [001]"
    )
    safeguarding_contacts: Path | None = Field(
        None, description="A YAML file that says whom to tell in each council’s area; see operating.md"
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        return url

    @property
    def is_production(self) -> bool:
        """Whether the public can reach this site."""
        return self.env is Environment.PRODUCTION

    @property
    def has_demo(self) -> bool:
        """Whether the demo town and its sign-ins may be shown."""
        return self.demo and not self.is_production


def load_config(**changes: Any) -> Config:
    """
    Read the settings from the environment; `changes` win over it (tests use them).

    :raises InsecureSettingError: naming every setting that cannot be read or is not safe in production.
    """
    try:
        config = Config(**changes)
    except ValidationError as error:
        wrong = "; ".join(f"{str(e['loc'][0]).upper()} {e['msg']}" for e in error.errors())
        raise InsecureSettingError(f"These settings cannot be read: {wrong}.") from error
    insecure = list(_insecure(config)) if config.is_production else []
    if insecure:
        raise InsecureSettingError("ENV=production refuses to start. " + " ".join(insecure))
    return config


def _insecure(config: Config) -> list[str]:
    secret = config.secret_key.get_secret_value()
    checks = [
        (secret == DEVELOPMENT_SECRET, "SECRET_KEY is not set."),
        (secret != DEVELOPMENT_SECRET and len(secret) < 32, "SECRET_KEY is shorter than 32 characters."),  # noqa: PLR2004
        (not config.site_url.startswith("https://"), "SITE_URL does not start with https://."),
        (config.mail_route == "file", "MAIL_ROUTE is file: letters would never leave. Set it to smtp."),
        (config.mail_route == "smtp" and not config.smtp_starttls, "SMTP_STARTTLS is off: letters could be read."),
        (config.contact_email.endswith("@example.org"), "CONTACT_EMAIL is not set."),
        (
            config.web_workers > 1 and config.ratelimit_storage_uri.startswith("memory"),
            "RATELIMIT_STORAGE_URI is memory:// with several WEB_WORKERS: each would count alone.",
        ),
        (not config.stripe_api_base.startswith("https://"), "STRIPE_API_BASE does not start with https://."),
        (
            bool(config.stripe_secret_key.get_secret_value()) and not config.stripe_webhook_secret.get_secret_value(),
            "STRIPE_WEBHOOK_SECRET is not set, so forged webhooks could not be told apart.",
        ),
    ]
    return [sentence for is_wrong, sentence in checks if is_wrong]
