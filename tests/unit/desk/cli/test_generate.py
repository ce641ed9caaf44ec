"""The generated pages of the manual."""

from pathlib import Path

import pytest

from desk.cli.generate import main, render_pages


class TestMain:
    def test_what_was_written_is_current(self, tmp_path: Path) -> None:
        assert main([], tmp_path) == 0
        assert main(["--check"], tmp_path) == 0

    def test_names_what_is_stale_and_what_is_missing(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main([], tmp_path)
        folder = tmp_path / "docs/reference/generated"
        (folder / "cli.md").write_text("old")
        (folder / "settings.md").unlink()

        assert main(["--check"], tmp_path) == 1

        assert capsys.readouterr().err.splitlines()[:2] == [
            "stale: docs/reference/generated/cli.md",
            "missing: docs/reference/generated/settings.md",
        ]

    def test_refuses_other_arguments(self, tmp_path: Path) -> None:
        assert main(["--verify"], tmp_path) == 2
        assert list(tmp_path.iterdir()) == []


class TestRenderPages:
    def test_no_cell_breaks_its_table(self) -> None:
        for text in render_pages().values():
            rows = [line for line in text.splitlines() if line.startswith("| ")]
            for row in rows:
                assert row.endswith(" |"), row
