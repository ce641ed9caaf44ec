"""`safety audit`: what was changed behind our back, and seals to be kept elsewhere."""

from pathlib import Path

import orjson

from tests.support.tampering import falsify
from tests.unit.desk.cli.conftest import FOLLOW_UP, INITIAL, Call


class TestVerify:
    def test_finds_nothing_in_a_store_that_nobody_changed(self, ask: Call) -> None:
        shown = ask("audit", "verify")

        assert shown.code == 0
        assert "what was once stored" in shown.out

    def test_a_changed_row_is_named_and_is_a_finding(self, work: Call, tmp_path: Path) -> None:
        work("process", INITIAL)
        falsify(tmp_path / "work.db", "UPDATE obligations SET due = '2030-01-01'")

        shown = work("audit", "verify", "--json")

        assert shown.code == 1
        assert {found["table"] for found in shown.json} == {"obligations"}

    def test_a_log_cut_off_with_its_head_is_found_by_what_was_kept(
        self, work: Call, tmp_path: Path
    ) -> None:
        work("process", INITIAL)
        kept = tmp_path / "kept"
        kept.write_text(work("audit", "seals").out)
        work("process", FOLLOW_UP)
        assert work("audit", "verify", "--kept", kept).code == 0
        for table in ("message_log", "log_chains", "audit_trail", "trail_chains"):
            falsify(tmp_path / "work.db", f"DELETE FROM {table}")  # noqa: S608 - our names

        shown = work("audit", "verify", "--kept", kept)

        assert shown.code == 1
        assert "a seal of link 1 was kept" in " ".join(shown.out.split())

    def test_a_file_of_something_else_is_refused(self, work: Call, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.write_text("Dear sirs")

        shown = work("audit", "verify", "--kept", other)

        assert shown.code == 5
        assert "line 1 of the kept seals" in shown.err
        assert "Dear" not in shown.err


class TestSeals:
    def test_one_line_a_chain(self, ask: Call) -> None:
        lines = [orjson.loads(line) for line in ask("audit", "seals").out.splitlines()]

        # the example is two reports of one case, read from files
        assert [(line["of"], line["links"]) for line in lines] == [("log", 2), ("cases", 2)]
        assert lines[0]["chain"] == "pv.adverse-events/-1"
