"""
Is this installation fit to run, and if not, what is to be done?

Each check looks at one thing, says what it found, and, where that is not well, what to
do. Nothing is changed. What cannot be checked because something before it failed is not
called well.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from kafka.errors import KafkaError
from sqlalchemy import make_url

from consumers.dictionary_files import build_knowledge
from consumers.settings import Settings
from consumers.wiring import build_admin, build_schema_gate, build_store, build_targets
from reports.paper.typeface import drawable
from safety.errors import SafetyError
from safety.store import SqlStore
from safety.store.health import change_guards, clock_of, may_change_the_log, waiting
from schemas.topics import TOPICS

LEAST_FREE = 100 * 1024**2  # bytes
LITTLE_FREE = 1024**3
FONTS_HAVE = ("é", "β", "肝", "癌")
CLOCK_WARN_S, CLOCK_FAIL_S = 2.0, 60.0


class Health(StrEnum):
    """How one thing is."""

    WELL = "well"
    DOUBTFUL = "doubtful"  # it works; a person should look before long
    ILL = "ill"  # it does not work, or what it does cannot be relied on


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at; `advice` is empty where all is well."""

    what: str
    health: Health
    found: str
    advice: str = ""


def examine(settings: Settings) -> Iterator[Examined]:
    """
    Look at everything, one thing after the other.

    Args:
        settings: What to run with; that they could be read is the first thing that is well.
    """
    yield Examined("settings", Health.WELL, "read and in their bounds")
    yield _knowledge(settings)
    yield _fonts()
    yield _targets(settings)
    if settings.e2b_schema_dir is not None:
        yield _checked("ICH schema", lambda: build_schema_gate(settings), "compiles")
    yield _disk("disk, temporary files", Path(tempfile.gettempdir()))
    yield from _database(settings)
    yield from _broker(settings)


def _checked(what: str, look: Callable[[], object], well: str) -> Examined:
    """Look, and take an error of ours for what is wrong: its sentence says what to do."""
    try:
        look()
    except SafetyError as error:
        return _ill(what, error)
    return Examined(what, Health.WELL, well)


def _ill(what: str, error: SafetyError) -> Examined:
    found, _, advice = str(error).partition("; ")
    return Examined(what, Health.ILL, found, advice or "see the sentence before")


def _knowledge(settings: Settings) -> Examined:
    try:
        knowledge = build_knowledge(settings)
    except SafetyError as error:
        return _ill("knowledge", error)
    parts = len(knowledge.parts())
    return Examined(
        "knowledge",
        Health.WELL,
        f"{parts} files without a fault, dictionary {knowledge.dictionary.name}, digest"
        f" {knowledge.digest[:12]}",
    )


def _fonts() -> Examined:
    try:
        missing = [letter for letter in FONTS_HAVE if letter not in drawable()]
    except (ImportError, OSError):
        missing = list(FONTS_HAVE)
    if missing:
        return Examined(
            "fonts of documents",
            Health.ILL,
            f"no font has {' '.join(missing)}",
            "install the pinned packages again: make setup",
        )
    return Examined("fonts of documents", Health.WELL, "found, Greek and Chinese included")


def _targets(settings: Settings) -> Examined:
    """Which country our people work in is no guess of ours; that nobody said it is told."""
    what = "internal targets"
    try:
        build_targets(settings)
    except SafetyError as error:
        return _ill(what, error)
    if not settings.target_holidays:
        return Examined(
            what,
            Health.DOUBTFUL,
            "on working days, of which only weekends are known",
            "name the offices that report, SAFETY_TARGET_HOLIDAYS=CN,DE-BE, or none if weekends"
            " are enough; legal dates do not depend on it",
        )
    return Examined(what, Health.WELL, f"on working days of {', '.join(settings.target_holidays)}")


def _disk(what: str, folder: Path) -> Examined:
    free = shutil.disk_usage(folder).free
    found = f"{free / 1024**3:,.1f} GiB free"
    if free < LEAST_FREE:
        return Examined(what, Health.ILL, found, f"free space at {folder}: writing will fail soon")
    if free < LITTLE_FREE:
        return Examined(what, Health.DOUBTFUL, found, f"free space at {folder} before it runs out")
    return Examined(what, Health.WELL, found)


def _database(settings: Settings) -> Iterator[Examined]:
    try:
        store = build_store(settings)
    except SafetyError as error:
        yield _ill("database", error)
        return
    try:
        yield from _store(settings, store)
    except SafetyError as error:
        yield _ill("database", error)
    finally:
        store.close()


def _store(settings: Settings, store: SqlStore) -> Iterator[Examined]:
    yield Examined("database", Health.WELL, f"{store.place}, with the tables of this version")
    url = make_url(settings.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        yield _disk("disk, database", Path(str(url.database)).resolve().parent)
    missing = change_guards(store)
    if missing:
        yield Examined(
            "append-only tables",
            Health.ILL,
            f"without their triggers: {', '.join(missing)}",
            "find out who took them away, then: safety audit verify, and restore the tables"
            " from the last backup that has them",
        )
    else:
        yield Examined("append-only tables", Health.WELL, "every one refuses changes")
    if may_change_the_log(store):
        yield Examined(
            "rights in the database",
            Health.DOUBTFUL,
            "this role owns the log, or may change it",
            "run the software as a role of its own: safety migrate --grant-to ROLE",
        )
    yield _clock(store)
    parked, unpublished = waiting(store)
    yield Examined(
        "quarantine",
        Health.DOUBTFUL if parked else Health.WELL,
        f"{parked:,} messages wait for a person",
        "see: safety quarantine list" if parked else "",
    )
    yield Examined(
        "outbox",
        Health.DOUBTFUL if unpublished else Health.WELL,
        f"{unpublished:,} messages wait to be published",
        "is the broker there, and a consumer running?" if unpublished else "",
    )


def _clock(store: SqlStore) -> Examined:
    theirs = clock_of(store)
    if theirs is None:
        return Examined("clock", Health.WELL, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    found = f"{apart:.1f} seconds apart from the database's"
    if apart >= CLOCK_FAIL_S:
        return Examined("clock", Health.ILL, found, "set both by a time server (NTP)")
    if apart >= CLOCK_WARN_S:
        return Examined("clock", Health.DOUBTFUL, found, "set both by a time server (NTP)")
    return Examined("clock", Health.WELL, found)


def _broker(settings: Settings) -> Iterator[Examined]:
    try:
        admin = build_admin(settings)
    except SafetyError as error:
        yield _ill("broker", error)
        return
    try:
        there = set(admin.list_topics())
    except KafkaError as error:
        yield Examined(
            "broker",
            Health.ILL,
            f"{settings.kafka_bootstrap} does not list its topics ({type(error).__name__})",
            "check that this user may describe topics",
        )
        return
    finally:
        admin.close()
    yield Examined("broker", Health.WELL, f"answers at {settings.kafka_bootstrap}")
    missing = [topic.name for topic in TOPICS if topic.name not in there]
    if missing:
        yield Examined(
            "topics", Health.ILL, f"missing: {', '.join(missing)}", "safety topics create"
        )
    else:
        yield Examined("topics", Health.WELL, f"all {len(TOPICS)} are there")
