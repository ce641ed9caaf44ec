"""The one place where concrete things are built from settings: store, clients, loop."""

from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from consumers.bounds import WINDOW, QuarantineBound
from consumers.deliveries import Channel
from consumers.gate import Gate
from consumers.loop import ConsumerLoop, Limits
from consumers.mail import MailChannel
from consumers.outbox import Outbox
from consumers.schema_gate import SchemaGate, load_schema_gate
from consumers.settings import Settings, SettingsError
from consumers.source_gate import SourceGate
from consumers.telemetry import Telemetry
from consumers.webhook import WebhookChannel
from safety.deadlines.targets import Margin, Targets, load_calendars
from safety.errors import BrokerUnavailableError, KnowledgeError, SchemaError
from safety.knowledge import Knowledge
from safety.store import SqlStore, migrate, open_store
from safety.store.parked import recent_outcomes

MAX_RECORD_BYTES = 64 * 1024 * 1024  # larger than any contract allows, so that refusing is ours


def build_store(settings: Settings) -> SqlStore:
    """
    Open the store.

    Raises:
        SchemaError: Its tables are absent or of another version (`safety migrate`).
        StoreUnavailableError: It cannot be reached.
    """
    url = settings.database_url.get_secret_value()
    file = _sqlite_file(url)
    if file is not None and not file.exists():  # or opening it would make an empty one
        raise SchemaError(f"there is no database {file} yet; create it with: safety migrate")
    return open_store(url)


def migrate_store(settings: Settings) -> str:
    """Create the tables or bring them up to date; gives their version. Makes SQLite's folder."""
    url = settings.database_url.get_secret_value()
    file = _sqlite_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    return migrate(url)


def _sqlite_file(url: str) -> Path | None:
    if not url.startswith("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///").partition("?")[0])


def build_channels(settings: Settings) -> tuple[Channel, ...]:
    """
    Build the ways by which alerts are sent, those that are set.

    Raises:
        SettingsError: One is set in part only; names what is missing.
    """
    channels: list[Channel] = []
    if settings.mail_host is not None:
        if settings.mail_from is None or not settings.mail_to:
            raise SettingsError("SAFETY_MAIL_HOST is set: set SAFETY_MAIL_FROM and SAFETY_MAIL_TO")
        if settings.mail_username is not None and settings.mail_security == "none":
            raise SettingsError("SAFETY_MAIL_SECURITY is none: a password would be readable")
        password = settings.mail_password
        channels.append(
            MailChannel(
                host=settings.mail_host,
                port=settings.mail_port,
                security=settings.mail_security,
                sender=settings.mail_from,
                recipients=settings.mail_to,
                username=settings.mail_username,
                password=None if password is None else password.get_secret_value(),
            )
        )
    if settings.webhook_url is not None:
        if settings.webhook_secret is None:
            raise SettingsError("SAFETY_WEBHOOK_URL is set: set SAFETY_WEBHOOK_SECRET")
        secret = settings.webhook_secret.get_secret_value()
        channels.append(WebhookChannel(settings.webhook_url, secret))
    return tuple(channels)


NO_HOLIDAYS = ("none",)  # said on purpose; an empty setting may be an oversight


def build_targets(settings: Settings) -> Targets:
    """
    Build the internal targets; no place named, or none, gives working days without holidays.

    Raises:
        SettingsError: No public holidays are known for a place that is named.
    """
    places = () if settings.target_holidays == NO_HOLIDAYS else settings.target_holidays
    try:
        calendars = load_calendars(places)
    except KnowledgeError as error:
        raise SettingsError(f"a setting is wrong: SAFETY_TARGET_HOLIDAYS: {error}") from None
    return Targets(tuple(Margin(*each) for each in settings.target_margins), calendars)


def build_loop(
    settings: Settings, store: SqlStore, knowledge: Knowledge, telling: Telemetry | None = None
) -> ConsumerLoop:
    """
    Build a consumer of the group with everything it needs.

    What was stored last counts for the bound of quarantine: a flood that stopped the consumer stops
    it again, however often it is started.
    """
    bound = QuarantineBound(run=settings.quarantine_run, ratio=settings.quarantine_ratio)
    bound.observe(recent_outcomes(store, limit=WINDOW))
    return ConsumerLoop(
        build_consumer(settings),
        store,
        Outbox(store, build_producer(settings), telling),
        knowledge,
        Limits(
            bound=bound,
            batch_records=settings.batch_records,
            retry_seconds=settings.retry_seconds,
            cases=settings.case_cache,
            gate=build_gate(settings),
        ),
        telling,
    )


def build_gate(settings: Settings) -> Gate | None:
    """Build what every message has to pass before it is handled; None if nothing is set."""
    schema = build_schema_gate(settings)
    return SourceGate(settings.sources, schema) if settings.sources else schema


def build_schema_gate(settings: Settings) -> SchemaGate | None:
    """Compile the ICH schema, if the user names a folder that has it."""
    folder = settings.e2b_schema_dir
    return None if folder is None else load_schema_gate(folder)


def build_consumer(settings: Settings) -> KafkaConsumer:
    """Build a consumer that starts at the beginning and never commits by itself."""
    try:
        return KafkaConsumer(
            group_id=settings.kafka_group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=settings.session_timeout_ms,
            heartbeat_interval_ms=settings.heartbeat_interval_ms,
            max_poll_records=settings.batch_records,
            max_partition_fetch_bytes=MAX_RECORD_BYTES,
            fetch_max_bytes=MAX_RECORD_BYTES,
            allow_auto_create_topics=False,
            **_connection(settings),
        )
    except KafkaError as error:
        raise _unreachable(settings, error) from error


def build_producer(settings: Settings) -> KafkaProducer:
    """Build a producer that waits for all replicas and writes each record once."""
    try:
        return KafkaProducer(
            acks="all",
            enable_idempotence=True,
            linger_ms=5,
            max_request_size=MAX_RECORD_BYTES,
            **_connection(settings),
        )
    except KafkaError as error:
        raise _unreachable(settings, error) from error


def build_admin(settings: Settings) -> KafkaAdminClient:
    """Build a client that lists and creates topics."""
    try:
        return KafkaAdminClient(**_connection(settings))
    except KafkaError as error:
        raise _unreachable(settings, error) from error


def _unreachable(settings: Settings, error: KafkaError) -> BrokerUnavailableError:
    """Name all that may be wrong: the client does not say which, it only gives up in the end."""
    checks = ["SAFETY_KAFKA_BOOTSTRAP", "that the broker runs", "SAFETY_KAFKA_SECURITY"]
    if settings.kafka_security.endswith("SSL"):
        checks.append("that SAFETY_KAFKA_CA_FILE is of who signed the broker's certificate")
    if settings.kafka_security.startswith("SASL"):
        checks.append(
            "SAFETY_KAFKA_USERNAME, SAFETY_KAFKA_PASSWORD and SAFETY_KAFKA_SASL_MECHANISM"
        )
    return BrokerUnavailableError(
        f"no Kafka broker lets us in at {settings.kafka_bootstrap} ({type(error).__name__}); check"
        f" {', '.join(checks)}"
    )


def _connection(settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_bootstrap.split(","),
        "client_id": "sorafenib-safety",
        "security_protocol": settings.kafka_security,
    }
    if settings.kafka_ca_file is not None:
        options["ssl_cafile"] = str(settings.kafka_ca_file)
    if settings.kafka_certificate_file is not None and settings.kafka_key_file is not None:
        options["ssl_certfile"] = str(settings.kafka_certificate_file)
        options["ssl_keyfile"] = str(settings.kafka_key_file)
    if settings.kafka_security.startswith("SASL") and settings.kafka_password is not None:
        options["sasl_mechanism"] = settings.kafka_sasl_mechanism
        options["sasl_plain_username"] = settings.kafka_username
        options["sasl_plain_password"] = settings.kafka_password.get_secret_value()
    return options
