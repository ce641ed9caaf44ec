"""
The operational checks, in their order: each builds on what those before it left in the store.

A check's first line of documentation is its title. It says what had to be found and what
was; it never stops at the first fault.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import orjson
from pypdf import PdfReader
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from consumers.backfill import process_records
from consumers.e2b import Sending, icsr_of, judge, own_sender
from consumers.examples import incoming_examples
from consumers.forms import fill_cioms
from consumers.handlers import Record, Tally
from consumers.log import configure_quiet_log, configure_service_log
from consumers.replay import Difference, replay
from consumers.settings import Settings
from reports.cioms import POLICIES, find_lost_text, render_pdf
from reports.e2b.profiles import load_profile
from reports.qualification import Check
from safety.errors import InvariantError
from safety.knowledge import Knowledge
from safety.store import SqlStore, tables
from safety.store.canonical import canonical_digests
from safety.store.queries import case_ids, due, load_version, versions_of
from safety.store.verify import verify_store
from safety.versions import Version
from schemas.messages.adverse_event import AdverseEventReport
from schemas.parse import Refused, parse_record
from schemas.topics import ICSR

DUE_DATES = "due-dates.toml"
MARK = "MARK-7f3a-姓名"  # stands where patient data stand; must appear in no log
FREE_TEXT = frozenset({"text", "narrative", "initials", "comment", "name"})
BAD = (b"", b"not JSON", b'{"specversion": "1.0"', b"\xff\xfe", b"[]")
CHANGES = ("UPDATE {} SET {} = {}", "DELETE FROM {}")


@dataclass
class Bench:
    """What the checks work on, and what they tell each other."""

    store: SqlStore
    knowledge: Knowledge
    settings: Settings
    folder: Path
    records: Sequence[Record] = field(default_factory=incoming_examples)

    def process(self, records: Sequence[Record]) -> Tally:
        """Take records into the scratch store."""
        total = Tally()
        for tally in process_records(records, self.store, self.knowledge).values():
            total.add(tally)
        return total

    def versions(self) -> list[Version]:
        """The latest version of each case."""
        found = (load_version(self.store, case_id) for case_id in case_ids(self.store))
        return [version for version in found if version is not None]


def no_message_is_lost(bench: Bench) -> Check:
    """Every message read is accepted, repeated or quarantined."""
    bad = [Record("pv.adverse-events", -1, n, None, {}, value) for n, value in enumerate(BAD)]
    told = bench.process([*bench.records, *bad])
    expected = f"{len(BAD)} quarantined, the {len(bench.records)} records of examples accepted"
    found = (
        f"{told.messages} messages: {told.accepted} accepted, {told.repeated} repeated,"
        f" {told.quarantined} quarantined"
    )
    passed = told.records == len(bench.records) + len(BAD) and (
        told.quarantined == len(BAD) and told.accepted + told.repeated >= len(bench.records)
    )
    return Check("", ("R9",), _title(no_message_is_lost), expected, found, passed=passed)


def nothing_counts_twice(bench: Bench) -> Check:
    """A message that comes again changes nothing."""
    before = canonical_digests(bench.store)
    told = bench.process(bench.records)
    changed = [
        name for name, each in canonical_digests(bench.store).items() if before[name] != each
    ]
    found = f"{told.repeated} repeated, {told.accepted} accepted; changed tables: {_list(changed)}"
    passed = told.accepted == 0 and told.repeated == told.messages > 0 and not changed
    return Check(
        "", ("R9",), _title(nothing_counts_twice), "no table changed", found, passed=passed
    )


def due_dates_are_right(bench: Bench) -> Check:
    """Due dates are those counted by hand from the provisions."""
    standing = {(d.case_id, d.recipient, d.duty.value, d.rule_id): d for d in due(bench.store)}
    duties = _due_dates()
    wrong = [
        f"{each['case']} {each['recipient']} {each['duty']}"
        for each in duties
        if (made := standing.get(tuple(each[name] for name in _NAMED))) is None
        or (made.day_zero, made.due) != (each["day_zero"], each["due"])
    ]
    found = f"{len(duties) - len(wrong)} as counted; otherwise: {_list(wrong)}"
    expected = f"{len(duties)} day zeros and due dates ({DUE_DATES})"
    title = _title(due_dates_are_right)
    return Check("", ("R8", "R10"), title, expected, found, passed=bool(duties) and not wrong)


_NAMED = ("case", "recipient", "duty", "rule")


def history_replays(bench: Bench) -> Check:
    """Every decision comes out the same, byte for byte, when it is made again."""
    differences: list[Difference] = []
    result = replay(bench.store, bench.knowledge, on_difference=differences.append)
    found = f"{result.versions} versions of {result.cases} cases, {len(differences)} differences"
    passed = result.versions > 0 and not differences
    return Check("", ("R8",), _title(history_replays), "no difference", found, passed=passed)


def decisions_name_their_knowledge(bench: Bench) -> Check:
    """Every decision names the knowledge it was made with."""
    other = [v.case_id for v in bench.versions() if v.knowledge != bench.knowledge.digest]
    found = f"{len(bench.versions())} cases, otherwise: {_list(other)}"
    expected = f"the digest {bench.knowledge.digest[:12]}..."
    title = _title(decisions_name_their_knowledge)
    return Check("", ("R11",), title, expected, found, passed=bool(bench.versions()) and not other)


def changes_lead_to_the_case(bench: Bench) -> Check:
    """The changes that the versions of a case record lead to the case as it stands."""
    astray = []
    cases = list(case_ids(bench.store))
    for case_id in cases:
        versions = versions_of(bench.store, case_id)
        told: dict[str, Any] = {}
        for version in versions:
            told |= {path: new for path, _, new in version.changes}
        stands = {
            f"{path}.{name}": value
            for path, facts in versions[-1].state.items()
            for name, (value, _) in facts.items()
        }
        if {path: value for path, value in told.items() if value is not None} != stands:
            astray.append(case_id)
    found = f"{len(cases)} cases, otherwise: {_list(astray)}"
    title = _title(changes_lead_to_the_case)
    passed = bool(cases) and not astray
    return Check("", ("R1", "R3"), title, "every case", found, passed=passed)


def the_record_refuses_change(bench: Bench) -> Check:
    """What is kept for ever can be neither changed nor deleted."""
    allowed = [
        table.name
        for table in tables.APPEND_ONLY
        for change in CHANGES
        if _has_rows(bench.store, table.name) and _is_allowed(bench.store, table, change)
    ]
    tried = sum(_has_rows(bench.store, table.name) for table in tables.APPEND_ONLY)
    found = f"{tried} tables with rows tried, changed: {_list(allowed)}"
    title = _title(the_record_refuses_change)
    return Check(
        "", ("R2",), title, "every attempt refused", found, passed=tried > 0 and not allowed
    )


def documents_hold_everything(bench: Bench) -> Check:
    """Every CIOMS form holds, read back from its PDF, every character of its boxes."""
    lost: list[str] = []
    versions = bench.versions()
    for version in versions:
        form = fill_cioms(
            bench.store,
            version,
            bench.knowledge,
            made_at=datetime.now(UTC),
            variant="extended",
            policy=POLICIES["authority"],
        )
        text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(render_pdf(form))).pages)
        if find_lost_text(form, text):
            lost.append(version.case_id)
    found = f"{len(versions)} forms, with text lost: {_list(lost)}"
    title = _title(documents_hold_everything)
    return Check("", ("R8",), title, "no text lost", found, passed=bool(versions) and not lost)


def only_sound_icsrs_leave(bench: Bench) -> Check:
    """An ICSR leaves if no rule rejects it, and is read back with every reaction of its case."""
    sending = Sending(load_profile("ich"), own_sender(bench.settings), datetime.now(UTC))
    written = rejected = 0
    astray: list[str] = []
    for version in bench.versions():
        if version.status == "nullified":
            continue  # its ICSR tells that it is void, and nothing else
        icsr = icsr_of(bench.store, version, bench.knowledge, sending)
        xml, judged = judge(icsr, sending, None)
        rejected += judged.is_rejected
        if not judged.is_rejected:
            written += 1
            if _told_in(xml) != len(version.events):
                astray.append(version.case_id)
    found = (
        f"{written} written, {rejected} held back by a rule; read back otherwise: {_list(astray)}"
    )
    title = _title(only_sound_icsrs_leave)
    passed = written + rejected > 0 and not astray
    return Check("", ("R8",), title, "none read back otherwise", found, passed=passed)


def logs_hold_no_patient(bench: Bench) -> Check:
    """Nothing of a message appears in the log, whatever becomes of it."""
    out = StringIO()
    configure_service_log("DEBUG", out)
    try:
        told = bench.process([each for record in bench.records for each in _marked(record)])
    finally:
        configure_quiet_log()
    passed = MARK not in out.getvalue() and told.accepted > 0 and told.quarantined > 0
    found = (
        f"{told.accepted} accepted, {told.quarantined} quarantined,"
        f" {len(out.getvalue().splitlines())} lines, the mark {out.getvalue().count(MARK)} times"
    )
    title = _title(logs_hold_no_patient)
    return Check("", ("R14",), title, "the mark of the messages 0 times", found, passed=passed)


def tampering_is_found(bench: Bench) -> Check:
    """A row changed behind the software is named by the audit."""
    before = [fault.key for fault in verify_store(bench.store)]
    row = _tamper(bench.store)
    after = [fault.key for fault in verify_store(bench.store)]
    found = f"{len(before)} faults before; after a change of {row}: {_list(after)}"
    passed = not before and any(row in key for key in after)
    title = _title(tampering_is_found)
    return Check("", ("R2",), title, "no fault before, that row after", found, passed=passed)


OPERATIONAL: tuple[Callable[[Bench], Check], ...] = (
    no_message_is_lost,
    nothing_counts_twice,
    due_dates_are_right,
    history_replays,
    decisions_name_their_knowledge,
    changes_lead_to_the_case,
    the_record_refuses_change,
    documents_hold_everything,
    only_sound_icsrs_leave,
    logs_hold_no_patient,
    tampering_is_found,  # the last: it spoils the store
)


def _title(check: Callable[[Bench], Check]) -> str:
    return (check.__doc__ or "").strip().splitlines()[0]


def _told_in(xml: bytes) -> int | None:
    """Count the reactions that our own reader finds in an ICSR; None if it refuses it."""
    (read,) = parse_record(ICSR.name, xml, key=None, headers={})
    if isinstance(read, Refused) or not isinstance(read.data, AdverseEventReport):
        return None
    return len(read.data.reactions or ())


def _list(names: Sequence[str]) -> str:
    return ", ".join(sorted(set(names))[:5]) if names else "none"


def _due_dates() -> Sequence[Mapping[str, Any]]:
    text = (files("consumers.qualification") / DUE_DATES).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["duty"]
    return found


def _has_rows(store: SqlStore, name: str) -> bool:
    with store.reading() as connection:
        asked = f"SELECT 1 FROM {name} LIMIT 1"  # noqa: S608 - a name of our own
        return connection.exec_driver_sql(asked).first() is not None


def _is_allowed(store: SqlStore, table: Table, change: str) -> bool:
    column = table.columns[0].name
    try:
        with store.writing() as connection:
            connection.exec_driver_sql(change.format(table.name, column, column))
    except (SQLAlchemyError, InvariantError):  # the database's word, or ours for it
        return False
    return True


def _tamper(store: SqlStore) -> str:
    """Take the guards away and change the digest of one message; names the message."""
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE message_log DISABLE TRIGGER ALL")
        else:
            for action in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER message_log_no_{action}")
        asked = "SELECT seq, message_id FROM message_log ORDER BY seq LIMIT 1"
        seq, message_id = connection.exec_driver_sql(asked).one()
        change = f"UPDATE message_log SET digest = 'x' WHERE seq = {int(seq)}"  # noqa: S608
        connection.exec_driver_sql(change)
        return str(message_id)


def _marked(record: Record) -> Iterator[Record]:
    """Give a JSON message with the mark in its free text, and one that breaks its contract too."""
    try:
        content = orjson.loads(record.value or b"")
    except orjson.JSONDecodeError:
        return
    told = {**content, "id": f"{content['id']}-marked", "data": _with_mark(content["data"])}
    yield replace(record, partition=-1, value=orjson.dumps(told))
    wrong = {**told, "id": f"{content['id']}-wrong", MARK: MARK}
    yield replace(record, partition=-1, value=orjson.dumps(wrong))


def _with_mark(content: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(content, dict):
        return {
            name: MARK if name in FREE_TEXT and isinstance(value, str) else _with_mark(value)
            for name, value in content.items()
        }
    return [_with_mark(each) for each in content] if isinstance(content, list) else content
