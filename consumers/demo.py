"""
The whole system once, on one machine, with nothing installed but the package.

A broker of our own, all topics, the packaged examples and a simulated study on them,
the real consumer, a fresh database, a narrative for every case with an expedited duty, and E2B
messages that a played gateway first refuses in part and then accepts.
What was published and what was read must be the same number, or it is an error.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

from kafka import KafkaProducer

from consumers.demo_exchange import Exchange, exchange_messages
from consumers.documents import narrate, narrative_text
from consumers.embedded_broker import GROUP_SETTINGS, EmbeddedBroker
from consumers.examples import incoming_examples
from consumers.handlers import Record, Tally
from consumers.input_files import OutputFileError
from consumers.outbox import Outbox
from consumers.publish import publish
from consumers.settings import Settings, load_settings
from consumers.simulation import simulate_secure
from consumers.topics import create_missing_topics
from consumers.wiring import build_admin, build_loop, build_producer, build_store, migrate_store
from safety.alerts import EXPEDITED_DAYS
from safety.deadlines import Obligation
from safety.errors import InvariantError
from safety.knowledge import Knowledge, load_knowledge
from safety.store import SqlStore
from safety.store.parked import quarantine_list
from safety.store.queries import due, load_version, summary_counts
from safety.store.summary import Summary
from safety.versions import Version
from schemas.topics import INCOMING

DATABASE = "safety.db"
NARRATIVES = "narratives"
MESSAGES = "messages"
SUMMARY = "summary.json"

IDLE_SECONDS = 2.0  # nothing came for so long: the stream is read
PARTITIONS = 4

# Shows a step while its block runs: given its name and size, it gives what to call with the number
# of things done since the last call.
Advance = Callable[[int], None]
Display = Callable[[str, int | None], AbstractContextManager[Advance]]


@dataclass(frozen=True, slots=True)
class ExpeditedDuties:
    """The expedited duties to one authority that stand."""

    authority: str
    duties: int
    conservative: int  # held on a conservative clock for want of a fact
    cases: int
    first_due: date
    last_due: date


@dataclass(frozen=True, slots=True)
class Demo:
    """
    What the demo made.

    Attributes:
        topics: What became of the messages, by topic.
        narratives: The files written, one a case with an expedited duty.
        explained: The case version whose trace is worth reading first; None if no case has a duty.
        exchange: What was sent to the gateway and what it said, batch by batch.
    """

    database: Path
    seconds: float
    topics: dict[str, Tally]
    summary: Summary
    expedited: tuple[ExpeditedDuties, ...]
    narratives: tuple[Path, ...]
    explained: Version | None
    exchange: tuple[Exchange, ...]


def run_demo(folder: Path, *, seed: int, subjects: int, display: Display) -> Demo:
    """
    Run everything, and leave the results in a folder.

    Args:
        folder: Made if absent; what an earlier demo left in it is replaced.

        seed: Which simulated study.

        subjects: How many subjects it has.

        display: Shows the steps.

    Raises:
        EmbeddedBrokerError: The embedded broker is not installed or did not start.
        OutputFileError: The folder cannot be written.
        InvariantError: Something that was published was not read.
    """
    began = datetime.now(UTC)
    database = _clear(folder)
    with EmbeddedBroker() as broker:
        settings = load_settings(
            database_url=f"sqlite:///{database}",
            kafka_bootstrap=broker.bootstrap,
            kafka_security="PLAINTEXT",
            **GROUP_SETTINGS,
        )
        migrate_store(settings)
        knowledge = load_knowledge()
        store = build_store(settings)
        try:
            with display("publishing examples and a simulated study", None) as done:
                published = _publish(settings, seed, subjects, done)
            with display("consuming", published.total()) as done:
                _consume(settings, store, knowledge, done)
            topics = _tallies(store)
            _reconcile(published, topics)
            narratives = _write_narratives(store, knowledge, folder / NARRATIVES, display)
            with display("sending E2B messages to a played gateway", None) as done:
                exchange = exchange_messages(store, knowledge, folder / MESSAGES, done)
            _publish_rest(settings, store)
            return Demo(
                database=database,
                seconds=(datetime.now(UTC) - began).total_seconds(),
                topics=topics,
                summary=summary_counts(store),
                expedited=tuple(_expedited_by_authority(due(store))),
                narratives=narratives,
                explained=_choose_case(store),
                exchange=exchange,
            )
        finally:
            store.close()


def _clear(folder: Path) -> Path:
    """Remove what an earlier demo left, and nothing else; give the place of the database."""
    database = folder / DATABASE
    try:
        for name, kinds in ((NARRATIVES, ("*.txt",)), (MESSAGES, ("*.xml", "*.ack"))):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for old in chain.from_iterable(map((folder / name).glob, kinds)):
                old.unlink()
        for old in (folder / SUMMARY, *folder.glob(f"{DATABASE}*")):
            old.unlink(missing_ok=True)
    except OSError as error:
        raise OutputFileError(
            f"{folder} cannot be written ({error.strerror}); name another folder with --out"
        ) from None
    return database


def _publish(settings: Settings, seed: int, subjects: int, done: Advance) -> Counter[str]:
    admin = build_admin(settings)
    try:
        create_missing_topics(admin, partitions=PARTITIONS, replicas=1)
    finally:
        admin.close()
    study = (
        Record(each.topic, -1, 0, each.key, each.headers, each.value)
        for each in simulate_secure(seed, subjects)
    )
    producer: KafkaProducer = build_producer(settings)
    try:
        return publish(chain(incoming_examples(), study), producer, on_sent=done)
    finally:
        producer.close(timeout=10)


def _consume(settings: Settings, store: SqlStore, knowledge: Knowledge, done: Advance) -> None:
    store.keep_knowledge(knowledge.digest, knowledge.parts(), now=datetime.now(UTC))
    loop = build_loop(settings, store, knowledge)
    seen = 0

    def show(tally: Tally) -> None:
        nonlocal seen
        done(tally.records - seen)
        seen = tally.records

    loop.run([topic.name for topic in INCOMING], idle_seconds=IDLE_SECONDS, on_batch=show)


def _publish_rest(settings: Settings, store: SqlStore) -> None:
    """Publish what was decided since the consumer stopped."""
    outbox = Outbox(store, build_producer(settings))
    try:
        outbox.send_left_over()
    finally:
        outbox.close()


def _tallies(store: SqlStore) -> dict[str, Tally]:
    """What became of the messages, from what the store says: the truth, not our own count."""
    tallies: dict[str, Tally] = {}
    for progress in summary_counts(store).progress:
        tally = Tally(
            records=progress.records,
            accepted=progress.accepted,
            repeated=progress.repeated,
            quarantined=progress.quarantined,
        )
        tallies.setdefault(progress.topic, Tally()).add(tally)
    for parked in quarantine_list(store, state=None):
        reasons = tallies[parked.origin.topic].reasons
        reasons[parked.reason] = reasons.get(parked.reason, 0) + 1
    return tallies


def _reconcile(published: Counter[str], topics: dict[str, Tally]) -> None:
    for topic, count in published.items():
        read = topics[topic].records if topic in topics else 0
        if read != count:
            raise InvariantError(
                f"{count} records were published on {topic} but {read} were read; this must not be"
            )


def _write_narratives(
    store: SqlStore, knowledge: Knowledge, folder: Path, display: Display
) -> tuple[Path, ...]:
    cases = sorted({duty.case_id for duty in due(store) if _is_expedited(duty)})
    written: list[Path] = []
    with display("writing narratives", len(cases)) as done:
        for case_id in cases:
            version = load_version(store, case_id)
            if version is not None:
                path = folder / f"{_file_name(case_id)}.txt"
                text = narrative_text(narrate(store, version, knowledge))
                path.write_text(text, encoding="utf-8")
                written.append(path)
            done(1)
    return tuple(written)


def _file_name(case_id: str) -> str:
    """Give a file name for a case id; distinct ids of ours stay distinct."""
    return "".join(each if each.isalnum() or each in "-_." else "_" for each in case_id)


def _is_expedited(duty: Obligation) -> bool:
    return duty.days <= EXPEDITED_DAYS


def _expedited_by_authority(duties: Sequence[Obligation]) -> list[ExpeditedDuties]:
    expedited = [duty for duty in duties if _is_expedited(duty)]
    found = []
    for authority in sorted({duty.authority for duty in expedited}):
        theirs = [duty for duty in expedited if duty.authority == authority]
        found.append(
            ExpeditedDuties(
                authority=authority,
                duties=len(theirs),
                conservative=sum(not duty.decided for duty in theirs),
                cases=len({duty.case_id for duty in theirs}),
                first_due=min(duty.due for duty in theirs),
                last_due=max(duty.due for duty in theirs),
            )
        )
    return found


def _choose_case(store: SqlStore) -> Version | None:
    """
    Choose the case to explain.

    A study case with a reaction that is serious, related and unexpected; of those the one with
    decided duties to most authorities, then the one with fewest rules to read, then by id.
    """
    duties = due(store)
    best: tuple[tuple[int, int, int, str], Version] | None = None
    for case_id in sorted({duty.case_id for duty in duties}):
        version = load_version(store, case_id)
        if version is None:
            continue
        asked = {duty.authority for duty in duties if duty.case_id == case_id and duty.decided}
        rank = (
            -_is_striking(version),
            -len(asked),
            len(version.trace["rules"]),
            case_id,
        )
        if best is None or rank < best[0]:
            best = (rank, version)
    return None if best is None else best[1]


def _is_striking(version: Version) -> bool:
    return any(
        event["study"] is not None
        and event["serious"] is True
        and event["related"] is True
        and False in (event["expected_eu"], event["expected_us"], event["expected_cn"])
        for event in version.events
    )
