"""`migrate`, `digest` and `replay`."""

from pathlib import Path

from tests.support.tampering import falsify
from tests.unit.desk.cli.conftest import FOLLOW_UP, INITIAL, Call


class TestMigrate:
    def test_makes_the_folder_and_may_be_run_again(self, call: Call, tmp_path: Path) -> None:
        database = f"sqlite:///{tmp_path}/new/folder/safety.db"

        first = call("--database", database, "migrate")
        second = call("--database", database, "migrate")

        assert (first.code, second.code) == (0, 0)
        assert first.out == second.out


class TestDigest:
    def test_is_the_same_whatever_the_order_of_the_messages(
        self, call: Call, tmp_path: Path
    ) -> None:
        digests = []
        for name, files in (("a", (INITIAL, FOLLOW_UP)), ("b", (FOLLOW_UP, INITIAL))):
            database = f"sqlite:///{tmp_path}/{name}.db"
            call("--database", database, "migrate")
            call("--database", database, "process", *files)
            digests.append(call("--database", database, "digest", "--json").json)

        assert digests[0]["message_log"] == digests[1]["message_log"]
        assert digests[0]["message_log"]["rows"] == 2

    def test_shows_each_table_with_its_rows(self, ask: Call) -> None:
        lines = ask("digest").out.splitlines()

        assert any(line.split()[:2] == ["case_versions", "2"] for line in lines)


class TestReplayLog:
    def test_finds_nothing_in_what_this_software_decided(self, ask: Call) -> None:
        shown = ask("replay", "--check", "--json")

        assert shown.code == 0
        assert shown.json == {
            "cases": 1,
            "subjects": 0,
            "messages": 2,
            "versions": 2,
            "differences": [],
        }

    def test_a_difference_is_named_and_is_a_finding_only_if_asked(
        self, work: Call, tmp_path: Path
    ) -> None:
        work("process", INITIAL)
        falsify(tmp_path / "work.db", "UPDATE case_versions SET status = 'pending'")

        shown = work("replay", "--check")

        assert shown.code == 1
        assert "status" in shown.out
        assert work("replay").code == 0

    def test_two_processes_find_what_one_finds(self, work: Call, tmp_path: Path) -> None:
        work("process", INITIAL)
        alone = work("replay", "--json").json
        assert work("replay", "--check", "--processes", "2", "--json").json == alone

        falsify(tmp_path / "work.db", "UPDATE case_versions SET status = 'pending'")
        shown = work("replay", "--check", "--processes", "2", "--json")
        assert (shown.code, shown.json) == (1, work("replay", "--json").json)
        assert [each["what"] for each in shown.json["differences"]] == ["status"]
