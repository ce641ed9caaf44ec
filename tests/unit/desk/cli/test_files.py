"""`process`, `simulate` and `examples`."""

from pathlib import Path

import orjson

from tests.unit.desk.cli.conftest import EXAMPLES, FOLLOW_UP, INITIAL, Call, changed_copy, copied


class TestProcess:
    def test_counts_what_became_of_the_messages(self, work: Call, tmp_path: Path) -> None:
        broken = changed_copy(FOLLOW_UP, tmp_path / "broken.json", weather="fine")

        shown = work("process", INITIAL, FOLLOW_UP, INITIAL, broken, "--json")

        assert shown.code == 0
        assert shown.json["topics"] == {
            "pv.adverse-events": {
                "records": 3,
                "messages": 3,
                "accepted": 2,
                "repeated": 0,
                "quarantined": 1,
                "reasons": {"unknown_field": 1},
            }
        }

    def test_the_second_time_everything_is_repeated(self, work: Call) -> None:
        work("process", INITIAL)

        counted = work("process", INITIAL, "--json").json["topics"]["pv.adverse-events"]

        assert (counted["accepted"], counted["repeated"]) == (0, 1)

    def test_reads_the_files_of_a_folder_each_by_its_kind(self, work: Call, tmp_path: Path) -> None:
        icsr = next((EXAMPLES / "icsr").glob("*.xml"))
        folder = copied([INITIAL, icsr], tmp_path / "incoming")
        (folder / "notes.txt").write_text("not for us")

        shown = work("process", folder, "--json")

        assert shown.json["files"] == 2
        assert set(shown.json["topics"]) == {"pv.adverse-events", "pv.icsr"}

    def test_the_table_has_a_last_line_for_all_topics(self, work: Call) -> None:
        lines = work("process", INITIAL, FOLLOW_UP).out.splitlines()

        assert [line.split() for line in lines if line.startswith("all")] == [
            ["all", "2", "2", "2", "0", "0"]
        ]

    def test_a_file_that_does_not_exist_is_bad_input(self, work: Call, tmp_path: Path) -> None:
        shown = work("process", tmp_path / "none.jsonl")

        assert shown.code == 5
        assert "none.jsonl does not exist" in shown.err

    def test_what_a_refused_message_says_is_not_printed(self, work: Call, tmp_path: Path) -> None:
        secret = changed_copy(
            INITIAL, tmp_path / "secret.json", narrative="Zhang San", weather="0571-8888"
        )

        shown = [
            work("process", secret),
            work("quarantine", "list"),
            work("quarantine", "list", "--json"),
        ]

        printed = "".join(each.out + each.err for each in shown)
        assert "unknown_field" in printed
        assert "Zhang" not in printed
        assert "0571" not in printed


class TestSimulateStudy:
    def test_the_same_seed_writes_the_same_bytes(self, call: Call, tmp_path: Path) -> None:
        for name in ("one.jsonl", "two.jsonl"):
            shown = call(
                "simulate", "secure", "--seed", "7", "--subjects", "2", "--out", tmp_path / name
            )
            assert shown.code == 0

        one = (tmp_path / "one.jsonl").read_bytes()
        assert one == (tmp_path / "two.jsonl").read_bytes()
        assert {orjson.loads(line)["topic"] for line in one.splitlines()} <= {
            "pv.adverse-events",
            "pv.study-records",
        }

    def test_a_file_that_cannot_be_written_is_wrong_usage(self, call: Call, tmp_path: Path) -> None:
        shown = call("simulate", "secure", "--out", tmp_path / "no" / "folder.jsonl")

        assert shown.code == 2
        assert "folder.jsonl cannot be written" in shown.err


class TestExamples:
    def test_every_listed_file_is_there_with_its_topic(self, call: Call) -> None:
        found = call("examples", "--json").json

        assert all(Path(each["path"]).is_file() for each in found)
        assert {each["topic"] for each in found} >= {"pv.adverse-events", "pv.icsr"}
        assert {Path(each["path"]) for each in found} == {
            *EXAMPLES.glob("*.json"),
            *(EXAMPLES / "icsr").glob("*.xml"),
            *(EXAMPLES / "acknowledgement").glob("*.xml"),
        }
