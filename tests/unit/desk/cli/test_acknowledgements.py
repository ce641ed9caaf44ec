"""`safety ack`, `transmissions` and `simulate gateway`, one after the other as an office would."""

from pathlib import Path

import pytest

from tests.unit.desk.cli.conftest import EXAMPLES, Call

CASE = "DE-EXAMPLE-2025-000117"


@pytest.fixture
def sent(work: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """A store with two cases, of which EMA has been sent both in one batch."""
    monkeypatch.setenv("SAFETY_E2B_SENDER_ID", "OURS")
    monkeypatch.delenv("SAFETY_E2B_SCHEMA_DIR", raising=False)
    for name in ("spontaneous-germany.xml", "death.xml"):
        assert work("process", EXAMPLES / "icsr" / name).code == 0
    called = work("e2b", "--all", "--receiver", "ema-post", "--out", tmp_path / "out")
    assert called.code == 0, called.out
    assert "safety ack" in called.err
    return work


def gateway(call: Call, tmp_path: Path, manner: str) -> Path:
    called = call(
        "simulate", "gateway", tmp_path / "out", "--out", tmp_path / manner, "--answer", manner
    )
    assert called.code == 0, called.err
    [file] = (tmp_path / manner).iterdir()
    return file


class TestAck:
    def test_an_accepted_batch_leaves_nothing_waiting(self, sent: Call, tmp_path: Path) -> None:
        assert len(sent("transmissions", "--waiting", "--json").json) == 2

        called = sent("ack", gateway(sent, tmp_path, "accept"))

        assert called.code == 0
        assert "2 new, 0 repeated, 0 in quarantine" in called.out
        assert f"{CASE}: accepted (CA)" in called.out
        assert sent("transmissions", "--waiting", "--json").json == []

    def test_a_rejection_is_shown_with_its_words_and_ends_with_one(
        self, sent: Call, tmp_path: Path
    ) -> None:
        called = sent("ack", gateway(sent, tmp_path, "partial"), "--json")

        assert called.code == 1
        [taken] = called.json
        by_accepted = {one["answer"]["accepted"]: one for one in taken["messages"]}
        assert set(by_accepted) == {True, False}
        assert "C.1.1" in by_accepted[False]["answer"]["texts"][0]
        states = {step["state"] for step in sent("submission", "list", "--json").json}
        assert states <= {"acknowledged", "rejected"}

    def test_garbage_is_parked_and_pointed_out(self, sent: Call, tmp_path: Path) -> None:
        called = sent("ack", gateway(sent, tmp_path, "garbage"))

        assert called.code == 1
        assert "in quarantine: 1 truncated" in called.out
        assert "safety quarantine list" in called.err

    def test_a_file_that_is_not_there_is_named(self, sent: Call, tmp_path: Path) -> None:
        called = sent("ack", tmp_path / "absent.ack")

        assert called.code == 5
        assert "absent.ack" in called.err

    def test_an_acknowledgement_among_other_files_finds_its_topic(
        self, sent: Call, tmp_path: Path
    ) -> None:
        file = gateway(sent, tmp_path, "accept").rename(tmp_path / "answer.xml")

        called = sent("process", file, "--json")

        assert called.json["topics"]["pv.acknowledgements"]["accepted"] == 2


class TestTransmissions:
    def test_lists_what_was_sent_and_how_it_stands(self, sent: Call, tmp_path: Path) -> None:
        listed = sent("transmissions", "--case", CASE)

        assert CASE in listed.out
        assert "waiting" in listed.out
        sent("ack", gateway(sent, tmp_path, "reject"))
        assert "rejected (CR)" in sent("transmissions", "--case", CASE).out


class TestSimulateGateway:
    def test_what_is_no_batch_is_named(self, work: Call, tmp_path: Path) -> None:
        (tmp_path / "x.xml").write_text("no xml")

        called = work("simulate", "gateway", tmp_path / "x.xml", "--out", tmp_path / "o")

        assert called.code == 5
