"""
What leaves is recorded, and what comes back finds it.

The cases are the packaged ICSRs, whose codes are placeholders; of them DE-EXAMPLE-2025-000117 has
one duty to EMA, and CN-EXAMPLE-16621-0001 two.
"""

import hashlib
import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree

from consumers import transmit as module
from consumers.backfill import process_records
from consumers.e2b import Sending, icsr_of
from consumers.handlers import Record, Tally
from consumers.input_files import OutputFileError, find_files, read_records
from consumers.redrive import choose_parked, redrive
from consumers.replay import replay
from consumers.simulation.gateway import Manner, answer
from consumers.transmit import Clerk, Dispatch, transmit_cases
from reports.e2b.model import Icsr, OwnSender
from reports.e2b.profiles import load_profile
from safety.errors import StoreUnavailableError
from safety.knowledge import Knowledge, load_knowledge
from safety.store import SqlStore, migrate, open_store
from safety.store.parked import quarantine_list
from safety.store.queries import case_ids, load_version
from safety.store.submissions import newest_submissions, open_duties
from safety.store.transmissions import sent_messages
from safety.store.verify import verify_store

ICSRS = Path(str(files("schemas"))) / "examples" / "icsr"
GERMAN = "DE-EXAMPLE-2025-000117"
CHINESE = "CN-EXAMPLE-16621-0001"
NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
OURS = OwnSender("OURS")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def store(tmp_path: Path, knowledge: Knowledge) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path}/sent.db"
    migrate(url)
    opened = open_store(url)
    process_records(read_records(find_files([ICSRS])), opened, knowledge)
    yield opened
    opened.close()


def sending(
    receiver: str = "ema-post", *, at: datetime = NOW, is_test: bool = False, sender: str = "OURS"
) -> Sending:
    return Sending(load_profile(receiver), OwnSender(sender), at, is_test=is_test)


def icsrs(store: SqlStore, knowledge: Knowledge, how: Sending, *cases: str) -> Iterator[Icsr]:
    for case_id in cases or case_ids(store):
        version = load_version(store, case_id)
        assert version is not None
        yield icsr_of(store, version, knowledge, how)


def send(
    store: SqlStore,
    knowledge: Knowledge,
    folder: Path,
    *cases: str,
    how: Sending | None = None,
    submitted: bool = False,
) -> Dispatch:
    chosen = how or sending()
    clerk = Clerk(store, knowledge, by="officer-3", submitted=submitted)
    return transmit_cases(icsrs(store, knowledge, chosen, *cases), chosen, folder, None, clerk)


def take(store: SqlStore, knowledge: Knowledge, *acknowledgements: bytes) -> Tally:
    records = [
        Record("pv.acknowledgements", -1, number, None, {}, content)
        for number, content in enumerate(acknowledgements)
    ]
    return process_records(records, store, knowledge)["pv.acknowledgements"]


def answered(dispatch: Dispatch, manner: Manner) -> bytes:
    assert dispatch.file is not None
    return answer(dispatch.file.read_bytes(), manner, now=NOW + timedelta(hours=1))


def open_at_ema(store: SqlStore, case_id: str) -> list[str | None]:
    return [
        duty.state
        for duty in open_duties(store, authority="EMA")
        if duty.obligation.case_id == case_id
    ]


class TestTransmitCases:
    def test_records_batch_numbers_version_and_digest_of_every_case(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path / "out")

        assert dispatch.file is not None
        digest = hashlib.sha256(dispatch.file.read_bytes()).hexdigest()
        found = sent_messages(store)
        assert len(found) == 7
        assert {(one.batch, one.digest, one.receiver, one.by) for one in found} == {
            (dispatch.batch, digest, "EVHUMAN", "officer-3")
        }
        [german] = [one for one in found if one.case_id == GERMAN]
        assert (german.number, german.told_version, german.answer) == (GERMAN, 1, None)
        assert [duty["recipient"] for duty in german.duties] == ["EVPM"]

    def test_the_message_in_the_file_has_the_recorded_number(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path, GERMAN)

        assert dispatch.file is not None
        root = etree.parse(dispatch.file).getroot()
        ids = [one.get("extension") for one in root.iter("{urn:hl7-org:v3}id")]
        assert {dispatch.batch, GERMAN} <= set(ids)

    def test_a_rejected_case_is_not_recorded_as_sent(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path, CHINESE, how=sending("fda-ind"))

        assert dispatch.file is None
        assert sent_messages(store) == []
        assert list(tmp_path.glob("*.part")) == []

    def test_what_was_only_written_leaves_the_duty_open(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        send(store, knowledge, tmp_path, GERMAN)

        assert open_at_ema(store, GERMAN) == [None]

    def test_what_counts_as_submitted_closes_it(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        send(store, knowledge, tmp_path, GERMAN, submitted=True)

        assert open_at_ema(store, GERMAN) == []

    @pytest.mark.parametrize("receiver", ["ich", "fda-postmarket", "ema-trial"])
    def test_a_message_to_another_is_no_report_for_the_duty(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path, receiver: str
    ) -> None:
        send(store, knowledge, tmp_path, GERMAN, how=sending(receiver), submitted=True)

        assert open_at_ema(store, GERMAN) == [None]

    def test_a_test_message_is_no_report_either(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        send(store, knowledge, tmp_path, GERMAN, how=sending(is_test=True), submitted=True)

        assert open_at_ema(store, GERMAN) == [None]

    def test_numbers_of_a_case_stay_even_if_we_are_called_otherwise_later(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        first = Path(str(files("schemas"))) / "examples" / "adverse-event.initial.json"
        process_records(read_records([first]), store, knowledge)
        case_id = "SECURE-EDC:16621-03-012-AE04"
        send(store, knowledge, tmp_path, case_id, how=sending("ich"))
        later = sending("ich", sender="RENAMED", at=NOW + timedelta(days=1))
        send(store, knowledge, tmp_path, case_id, how=later)

        numbers = {one.number for one in sent_messages(store, case_id=case_id)}
        assert numbers == {"CN-OURS-16621-03-012-AE04"}

    def test_nothing_leaves_that_cannot_be_recorded(
        self,
        store: SqlStore,
        knowledge: Knowledge,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def busy(*_: object, **__: object) -> None:
            raise StoreUnavailableError("another writer")

        monkeypatch.setattr(module, "process_records", busy)

        with pytest.raises(StoreUnavailableError):
            send(store, knowledge, tmp_path / "out", GERMAN)
        assert list((tmp_path / "out").iterdir()) == []

    def test_a_folder_that_cannot_be_written_is_named(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("no folder")

        with pytest.raises(OutputFileError, match="another folder"):
            send(store, knowledge, tmp_path / "file", GERMAN)

    def test_processes_side_by_side_lose_nothing_and_share_no_number(
        self, store: SqlStore, tmp_path: Path
    ) -> None:
        url = f"sqlite:///{tmp_path}/sent.db"
        spawning = multiprocessing.get_context("spawn")
        workers = [
            spawning.Process(target=_send_one, args=(url, str(tmp_path / "out"))) for _ in range(3)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=120)

        assert [worker.exitcode for worker in workers] == [0, 0, 0]
        found = sent_messages(store, case_id=GERMAN)
        assert len({one.batch for one in found}) == 3
        assert {f"{one.batch}.xml" for one in found} == {
            path.name for path in (tmp_path / "out").iterdir()
        }

    def test_the_log_replays_to_the_same_and_every_chain_holds(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path, submitted=True)
        take(store, knowledge, answered(dispatch, Manner.PARTIAL))
        differences: list[object] = []

        replay(store, knowledge, on_difference=differences.append)

        assert differences == []
        assert list(verify_store(store)) == []


def _send_one(url: str, folder: str) -> None:
    store = open_store(url)
    send(store, load_knowledge(), Path(folder), GERMAN)
    store.close()


class TestAcknowledgements:
    def test_an_accepted_batch_settles_its_duties(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path)

        tally = take(store, knowledge, answered(dispatch, Manner.ACCEPT))

        assert (tally.accepted, tally.quarantined) == (7, 0)
        assert open_at_ema(store, GERMAN) == []
        states = {step.state for step in newest_submissions(store).values()}
        assert states == {"acknowledged"}

    def test_a_refused_message_opens_its_duty_again_with_alert_and_words(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path, GERMAN, submitted=True)

        take(store, knowledge, answered(dispatch, Manner.REJECT))

        assert open_at_ema(store, GERMAN) == ["rejected"]
        [sent] = sent_messages(store, case_id=GERMAN)
        assert sent.answer is not None
        assert not sent.answer.accepted
        assert "Tag Id C.1.1" in sent.answer.errors[0]

    def test_a_batch_refused_without_a_word_on_its_messages_refuses_them_all(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path)

        assert take(store, knowledge, answered(dispatch, Manner.SILENT)).accepted == 7
        assert {one.answer.accepted for one in sent_messages(store) if one.answer} == {False}

    def test_partly_refused_is_partly_open(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path, GERMAN, CHINESE)

        take(store, knowledge, answered(dispatch, Manner.PARTIAL))

        assert open_at_ema(store, GERMAN) == []
        assert open_at_ema(store, CHINESE) == ["rejected", "rejected"]

    def test_a_repeated_acknowledgement_counts_once(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        content = answered(send(store, knowledge, tmp_path, GERMAN), Manner.ACCEPT)

        assert take(store, knowledge, content).accepted == 1
        again = take(store, knowledge, content)
        assert (again.accepted, again.repeated) == (0, 1)

    def test_of_a_batch_that_was_not_sent_from_here_is_parked(
        self, store: SqlStore, knowledge: Knowledge, shared_data: Path
    ) -> None:
        sample = (shared_data / "e2b" / "samples" / "R3ack-negative.ack").read_bytes()

        tally = take(store, knowledge, sample)

        assert tally.reasons == {"unknown_transmission": 1}

    def test_of_a_message_that_was_not_in_the_batch_is_parked_alone(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        dispatch = send(store, knowledge, tmp_path, GERMAN, CHINESE)
        content = answered(dispatch, Manner.ACCEPT).replace(
            f'extension="{GERMAN}"'.encode(), b'extension="DE-OTHER-1"'
        )

        tally = take(store, knowledge, content)

        # the Chinese case by its message, the German one by what is said of the whole batch
        assert (tally.accepted, tally.quarantined) == (2, 1)
        [parked] = quarantine_list(store, state=None)
        assert (parked.reason, parked.path) == ("unknown_transmission", "ACK.B.r.1")

    def test_one_that_was_parked_is_matched_when_the_transmission_is_known(
        self, store: SqlStore, knowledge: Knowledge, tmp_path: Path
    ) -> None:
        """The log of one store is taken into another after the acknowledgement came there."""
        dispatch = send(store, knowledge, tmp_path, GERMAN)
        content = answered(dispatch, Manner.ACCEPT)
        url = f"sqlite:///{tmp_path}/other.db"
        migrate(url)
        other = open_store(url)
        assert take(other, knowledge, content).quarantined == 1
        with store.transaction() as transaction:
            log = transaction.log_of([GERMAN])[GERMAN]
        records = [
            Record(each.origin.topic, -1, n, None, {}, each.payload) for n, each in enumerate(log)
        ]
        process_records(records, other, knowledge)

        (result,) = redrive(other, knowledge, choose_parked(other), note="sent from elsewhere")

        assert result.accepted
        assert open_at_ema(other, GERMAN) == []
        other.close()

    def test_garbage_is_parked(self, store: SqlStore, knowledge: Knowledge, tmp_path: Path) -> None:
        dispatch = send(store, knowledge, tmp_path, GERMAN)

        tally = take(store, knowledge, answered(dispatch, Manner.GARBAGE), b"<html/>", b"")

        assert tally.quarantined == 3
        assert open_at_ema(store, GERMAN) == [None]

    @pytest.mark.parametrize("manner", [m for m in Manner if m is not Manner.GARBAGE])
    def test_what_the_simulated_gateway_says_is_valid(
        self,
        store: SqlStore,
        knowledge: Knowledge,
        tmp_path: Path,
        shared_data: Path,
        manner: Manner,
    ) -> None:
        folder = shared_data / "e2b" / "xsd" / "multicacheschemas"
        schema = etree.XMLSchema(etree.parse(folder / "MCCI_IN200101UV01.xsd"))
        dispatch = send(store, knowledge, tmp_path, GERMAN, CHINESE)

        schema.assertValid(etree.fromstring(answered(dispatch, manner)))
