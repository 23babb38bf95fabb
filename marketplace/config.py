"""Typed settings, read from the environment once and checked at start. Documented in docs/configuration.md."""

import enum
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from marketplace.kit.letterhead import Way
from marketplace.kit.ways import is_number, ways_to_us

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
    secret_key_fallbacks: SecretStr = Field(
        SecretStr(""),
        description="Keys that SECRET_KEY took the place of, newest first, with a comma between them:"
        " what they signed stays good; see operating/keys.md",
    )
    port: int = Field(8000, ge=1, le=65535, description="Port that `script/server` listens on")
    web_workers: int = Field(1, ge=1, le=64, description="Web processes")
    web_threads: int = Field(8, ge=1, le=256, description="Threads in each web process")
    keep_pages_mb: int = Field(
        8, ge=0, le=4096, description="Megabytes of pages that each web process keeps to show them again; 0 keeps none"
    )
    site_name: str = Field("Clubtogether", min_length=1, description="The name in the header and in emails")
    site_url: str = Field(
        "http://127.0.0.1:8000", description="Address people reach the site at, used in emails; https in production"
    )
    languages: str = Field(
        "en-GB",
        description="Languages that pages can be read in, with a comma between them, the site’s own first;"
        " see translating.md",
    )
    translations_path: Path = Field(
        ROOT / "marketplace" / "translations", description="Folder of the catalogues of languages other than en-GB"
    )
    contact_email: str = Field("hello@example.org", description="Where people write to the operator")
    contact_phone: str = Field("", description="Number that people ring to ask a person; without it no phone is shown")
    contact_relay: bool = Field(
        default=True, description="Whether CONTACT_PHONE is shown with 18001 before it too, for Relay UK"
    )
    contact_text: str = Field("", description="Number that people send text messages to; without it none is shown")
    contact_hours: str = Field("", description="When somebody is there: `Monday to Friday, 9am to 5pm`")
    contact_answer_days: int = Field(
        5, ge=1, le=30, description="Within how many working days whoever writes is answered: pages promise it"
    )
    places_path: Path = Field(ROOT / "var" / "places.sqlite", description="The postcode file made at set-up")
    mail_route: Literal["file", "smtp"] = Field(
        "file", description="`file` writes letters to MAIL_FOLDER, `smtp` sends"
    )
    mail_folder: Path = Field(ROOT / "var" / "mail", description="Folder for letters when MAIL_ROUTE is `file`")
    mail_from: str = Field("Clubtogether <no-reply@example.org>", description="Sender of every email")
    smtp_host: str = Field("localhost", description="SMTP server")
    smtp_port: int = Field(587, ge=1, le=65535, description="SMTP port")
    smtp_username: str = Field("", description="SMTP user, if the server asks for one")
    smtp_password: SecretStr = Field(SecretStr(""), description="SMTP password")
    smtp_starttls: bool = Field(default=True, description="Whether to encrypt the SMTP connection")
    ratelimit_storage_uri: str = Field(
        "",
        description="Where rate limits are counted: `database://`, `memory://` for one process alone, or `redis://…`;"
        " without it in memory for one process on SQLite, otherwise in the database",
    )
    log_format: Literal["", "json", "plain"] = Field(
        "", description="How log lines are written: `json` for programs, `plain` for people; without it as fits ENV"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="What a monitor says to read /metrics (`Authorization: Bearer …`);"
        " without it the page is not there",
    )
    trusted_hosts: str = Field(
        "",
        description="Names that the site answers under besides that of SITE_URL, with a comma between them;"
        " `.example.org` means every name below it",
    )
    trusted_proxies: int = Field(0, ge=0, le=5, description="How many proxies in front set X-Forwarded-For and -Proto")
    demo: bool = Field(
        default=True,
        description="Whether the demo town may be built, and its people signed in as by one press; never in production",
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
        None, description="A YAML file that says whom to tell in each council’s area; see operating/everyday.md"
    )
    backup_folder: Path | None = Field(
        None, description="Where `flask backup` puts backups, and `flask doctor` looks how old the newest is"
    )
    backup_recipient: str = Field(
        "", description="An age public key (`age1…`): backups are encrypted for whoever holds the secret half"
    )
    erased_list: Path = Field(
        ROOT / "var" / "erased.txt",
        description="Remembers by number who left, outside the database, so that a restored backup forgets them again",
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        return url

    @field_validator("contact_phone", "contact_text")
    @classmethod
    def _can_be_rung(cls, number: str) -> str:
        if number and not is_number(number):
            raise ValueError("must be a telephone number: figures and spaces, with or without + before them")
        return number

    @property
    def ways_to_us(self) -> tuple[Way, ...]:
        """How people reach a person here."""
        return ways_to_us(
            email=self.contact_email, phone=self.contact_phone, text=self.contact_text, has_relay=self.contact_relay
        )

    @property
    def language_codes(self) -> tuple[str, ...]:
        """The languages that the site speaks, its own first. Without any it speaks the one it is written in."""
        return tuple(dict.fromkeys(code.strip() for code in self.languages.split(",") if code.strip())) or ("en-GB",)

    @property
    def former_keys(self) -> tuple[str, ...]:
        """The keys that the site had before, newest first."""
        return tuple(key.strip() for key in self.secret_key_fallbacks.get_secret_value().split(",") if key.strip())

    @property
    def writes_json(self) -> bool:
        """Whether log lines are for programs."""
        return self.log_format == "json" or (self.is_production and not self.log_format)

    @property
    def counts_tries_in(self) -> str:
        """Where rate limits are counted."""
        is_alone = self.web_workers == 1 and self.database_url.startswith("sqlite")
        return self.ratelimit_storage_uri or ("memory://" if is_alone else "database://")

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
        (
            any(len(key) < 32 or key == DEVELOPMENT_SECRET for key in config.former_keys),  # noqa: PLR2004
            "SECRET_KEY_FALLBACKS has a key shorter than 32 characters, or the one for development.",
        ),
        (not config.site_url.startswith("https://"), "SITE_URL does not start with https://."),
        (config.mail_route == "file", "MAIL_ROUTE is file: letters would never leave. Set it to smtp."),
        (config.mail_route == "smtp" and not config.smtp_starttls, "SMTP_STARTTLS is off: letters could be read."),
        (config.contact_email.endswith("@example.org"), "CONTACT_EMAIL is not set."),
        (
            config.web_workers > 1 and config.counts_tries_in.startswith("memory"),
            "RATELIMIT_STORAGE_URI is memory:// with several WEB_WORKERS: each would count alone.",
        ),
        (not config.stripe_api_base.startswith("https://"), "STRIPE_API_BASE does not start with https://."),
        (
            bool(config.stripe_secret_key.get_secret_value()) and not config.stripe_webhook_secret.get_secret_value(),
            "STRIPE_WEBHOOK_SECRET is not set, so forged webhooks could not be told apart.",
        ),
    ]
    return [sentence for is_wrong, sentence in checks if is_wrong]
