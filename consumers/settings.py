"""
Every setting, read once from the environment into one frozen object.

The only module that reads the environment. Names are the field names in capitals
with the prefix SAFETY_; secrets may also be files named after the setting in
the folder SAFETY_SECRETS_DIR, as container platforms mount them.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from safety.errors import SafetyError


class SettingsError(SafetyError):
    """A setting is missing or wrong; the message names it."""


def _listed(told: object) -> object:
    """Read what is separated by commas, such as 7,3,1."""
    if not isinstance(told, str):
        return told
    return tuple(part.strip() for part in told.split(",") if part.strip())


def _pairs(told: object) -> object:
    """Read limits with working days, such as 7:1,15:3."""
    if not isinstance(told, str):
        return told
    return tuple(tuple(part.split(":")) for part in told.split(",") if part.strip())


_ADDRESS = r"^[^@\s,<>]+@[^@\s,<>]+$"
Addresses = Annotated[
    tuple[Annotated[str, Field(pattern=_ADDRESS)], ...], NoDecode, BeforeValidator(_listed)
]
WorkingDayMargins = Annotated[
    tuple[tuple[Annotated[int, Field(ge=0, le=365)], Annotated[int, Field(ge=0, le=60)]], ...],
    NoDecode,
    BeforeValidator(_pairs),
]
Days = Annotated[
    tuple[Annotated[int, Field(ge=0, le=365)], ...], NoDecode, BeforeValidator(_listed)
]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """What may be set from outside."""

    model_config = SettingsConfigDict(
        env_prefix="SAFETY_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    database_url: SecretStr = Field(
        SecretStr("sqlite:///var/safety.db"),
        description="Where everything is kept: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DB.",
    )
    kafka_bootstrap: str = Field(
        "localhost:9092", description="Kafka brokers to begin with, host:port separated by commas."
    )
    kafka_group: str = Field("safety", description="Consumer group of `safety consume`.")
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to talk to the brokers."
    )
    kafka_ca_file: Path | None = Field(None, description="Certificate authority of the brokers.")
    kafka_certificate_file: Path | None = Field(None, description="Client certificate, PEM.")
    kafka_key_file: Path | None = Field(None, description="Key of the client certificate, PEM.")
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism, where SASL is used."
    )
    kafka_username: str | None = Field(None, description="SASL user name.")
    kafka_password: SecretStr | None = Field(None, description="SASL password.")
    session_timeout_ms: int = Field(
        45_000, ge=1_000, description="Milliseconds without a heartbeat until a consumer is missed."
    )
    heartbeat_interval_ms: int = Field(
        3_000,
        ge=100,
        description="Milliseconds between heartbeats; at most a third of the session.",
    )
    batch_records: int = Field(500, ge=1, le=10_000, description="Records handled in one batch.")
    retry_seconds: float = Field(
        300.0, ge=0, description="Seconds a transient fault is retried before the consumer stops."
    )
    quarantine_run: int = Field(
        50, ge=1, description="Messages quarantined in a row that stop the consumer."
    )
    quarantine_ratio: float = Field(
        0.2, gt=0, le=1, description="Share of the last 1,000 messages in quarantine that stops it."
    )
    sources: Names = Field(
        (),
        description="Producers whose messages are taken, as their CloudEvents source or, for ICSRs,"
        " e2b:SENDER, separated by commas; others go to quarantine. Without it, all are taken.",
    )
    e2b_schema_dir: Path | None = Field(
        None, description="Folder with the ICH E2B(R3) XSD files (multicacheschemas/...)."
    )
    e2b_sender_id: str = Field(
        "SENDER",
        pattern=r"^\S{1,60}$",
        description="Our identifier as a sender of E2B(R3) messages (N.1.3), also in case numbers.",
    )
    e2b_sender_organisation: str | None = Field(
        None,
        description="Our organisation as a sender (C.3.2); else the sender that the case names.",
    )
    e2b_sender_country: str | None = Field(
        None, pattern="^[A-Z]{2}$", description="Our country as a sender (C.3.4.5)."
    )
    manufacturer: str = Field(
        "",
        max_length=1_000,
        description="Name and address of the manufacturer on forms; \\n between lines.",
    )
    dictionary_dir: Path | None = Field(
        None,
        description="Folder of licensed MedDRA releases (`safety dictionary load-meddra`); without"
        " it, or with none loaded, verbatims code to the open dictionary.",
    )
    important_events_file: Path | None = Field(
        None,
        description="List of important medical events that you are licensed to use: one preferred"
        " term a line, or a CSV table with a column for its name or code. A term on it that nobody"
        " calls serious raises a query.",
    )
    case_cache: int = Field(500, ge=0, description="Cases kept in memory between batches.")
    watch_seconds: float = Field(
        300.0, ge=1, description="Seconds between two looks of `safety watch` at the clocks."
    )
    watch_due_soon: Days = Field(
        (7, 3, 1), description="Days left at which an open duty raises an alert, such as 7,3,1."
    )
    watch_overdue: Days = Field(
        (1, 7), description="Days late at which an open duty raises an alert, such as 1,7."
    )
    watch_undecided: Days = Field(
        (5,), description="Days left at which a duty still undecided raises an alert, such as 5."
    )
    metrics_host: str = Field(
        "127.0.0.1", description="Address on which a service shows its metrics and its health."
    )
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65_535,
        description="Port for /metrics and /healthz of `safety consume` and `safety watch`; without"
        " it, none is opened.",
    )
    traces_endpoint: str | None = Field(
        None,
        pattern="^https?://",
        description="Where to send OpenTelemetry traces (OTLP over HTTP), such as"
        " http://localhost:4318/v1/traces; without it, none are made.",
    )
    desk_host: str = Field("127.0.0.1", description="Address that `safety desk` listens on.")
    desk_port: int = Field(8010, ge=0, le=65535, description="Port that `safety desk` listens on.")
    desk_hosts: Names = Field(
        ("localhost", "127.0.0.1"),
        description="Names under which the desk answers; a request to another one is refused.",
    )
    desk_secure: bool = Field(
        default=True,
        description="Cookies of the desk go over HTTPS only; false for a look on the loopback.",
    )
    desk_idle_minutes: int = Field(
        30, ge=1, le=24 * 60, description="Minutes after which an unused session of the desk ends."
    )
    desk_session_hours: int = Field(
        10, ge=1, le=72, description="Hours after which a session of the desk ends in any case."
    )
    new_password: SecretStr | None = Field(
        None, description="Password that `safety user` gives, where nobody can be asked for it."
    )
    mail_host: str | None = Field(
        None, description="Mail server that takes the alerts of the watch; without it, no mail."
    )
    mail_port: int = Field(587, ge=1, le=65_535, description="Its port.")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How to talk to it; none is for a server on this machine."
    )
    mail_username: str | None = Field(None, description="User name at the mail server.")
    mail_password: SecretStr | None = Field(None, description="Password at the mail server.")
    mail_from: str | None = Field(None, pattern=_ADDRESS, description="Sender of the mail.")
    mail_to: Addresses = Field((), description="Who gets the mail, addresses separated by commas.")
    webhook_url: str | None = Field(
        None,
        pattern=r"^(https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/])",
        description="Where to post each alert of the watch (https, or http on this machine).",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="Secret that signs what is posted, 16 characters or more; see the manual.",
    )
    target_margins: WorkingDayMargins = Field(
        ((0, 0), (7, 1), (15, 3)),
        description="Internal targets: for duties of so many days or more, so many working days"
        " before the legal date, such as 0:0,7:1,15:3.",
    )
    target_holidays: Names = Field(
        (),
        description="Places of the offices that report, whose public holidays are no working days:"
        " CN,DE-BE. Without it targets know weekends only, and `safety doctor` says so; none says"
        " that this is meant.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe level that is logged."
    )


def load_settings(**overrides: object) -> Settings:
    """
    Read the environment once.

    Raises:
        SettingsError: A setting is wrong; the message names it and the rule, not the value.
    """
    secrets = os.environ.get("SAFETY_SECRETS_DIR")
    try:
        return Settings(_secrets_dir=secrets, **overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(
            f"SAFETY_{str(fault['loc'][0]).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError(f"a setting is wrong: {faults}") from None
