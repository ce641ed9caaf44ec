"""`safety dictionary`, with a made-up release in the file format of MedDRA."""

import shutil
from pathlib import Path

import pytest

from tests.support.meddra import RELEASES
from tests.unit.desk.cli.conftest import Call


@pytest.fixture
def loaded(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAFETY_DICTIONARY_DIR", str(tmp_path / "dictionaries"))
    assert call("dictionary", "load-meddra", RELEASES / "99.0").code == 0
    return tmp_path / "dictionaries"


class TestLoadMeddra:
    def test_tells_what_the_release_holds(
        self, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # counted by hand in tests/data/meddra/99.0
        monkeypatch.setenv("SAFETY_DICTIONARY_DIR", str(tmp_path))
        told = call("dictionary", "load-meddra", RELEASES / "99.0", "--json").json

        assert (told["version"], told["preferred_terms"]) == ("99.0", 9)
        assert (told["lowest_level_terms"], told["not_current"]) == (18, 1)

    def test_without_a_folder_to_keep_it_is_wrong_usage(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SAFETY_DICTIONARY_DIR", raising=False)
        called = call("dictionary", "load-meddra", RELEASES / "99.0")

        assert called.code == 2
        assert "SAFETY_DICTIONARY_DIR" in called.err

    def test_a_faulty_release_leaves_the_one_in_force(
        self, call: Call, loaded: Path, tmp_path: Path
    ) -> None:
        faulty = tmp_path / "faulty"
        shutil.copytree(RELEASES / "99.1", faulty)
        (faulty / "pt.asc").write_bytes(b"")
        called = call("dictionary", "load-meddra", faulty)

        assert called.code == 4
        assert "pt.asc" in called.err
        assert (loaded / "in-force").read_text().startswith("meddra-99.0-")

    def test_a_version_named_by_hand_is_kept(
        self, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAFETY_DICTIONARY_DIR", str(tmp_path / "kept"))
        source = tmp_path / "source"
        shutil.copytree(RELEASES / "99.0", source)
        (source / "meddra_release.asc").unlink()

        assert call("dictionary", "load-meddra", source, "--version", "98.1").code == 0
        assert call("dictionary", "code", "rash", "--json").json["dictionary"] == "MedDRA 98.1"


class TestCode:
    def test_the_release_in_force_is_coded_with(self, call: Call, loaded: Path) -> None:
        told = call("dictionary", "code", "腹泻", "--json").json

        assert loaded.is_dir()
        assert (told["term"], told["code"], told["dictionary"]) == (
            "Diarrhoea",
            "90000101",
            "MedDRA 99.0",
        )

    def test_without_a_release_the_open_dictionary_is(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SAFETY_DICTIONARY_DIR", raising=False)
        told = call("dictionary", "code", "hypotenson", "--json").json

        assert (told["term"], told["method"]) == ("Hypotension", "fuzzy")
        assert "Hypertension" in {other["term"] for other in told["runners_up"]}

    def test_parts_are_shown(self, call: Call) -> None:
        shown = call("dictionary", "code", "恶心呕吐").out

        assert "Nausea" in shown
        assert "Vomiting" in shown


class TestCheck:
    def test_label_terms_that_the_release_lacks_are_found(self, call: Call, loaded: Path) -> None:
        called = call("dictionary", "check", "--json")

        assert loaded.is_dir()
        assert called.code == 1
        assert "Alopecia" in called.json["label_terms_lacking"]
        assert "Diarrhea" not in called.json["label_terms_lacking"]

    def test_the_open_dictionary_has_them_all(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SAFETY_DICTIONARY_DIR", raising=False)

        assert call("dictionary", "check").code == 0


class TestImpact:
    def test_the_same_release_moves_nothing(self, call: Call, stored_examples: Path) -> None:
        release = RELEASES / "99.0"
        called = call(
            *("--database", f"sqlite:///{stored_examples}"),
            *("dictionary", "impact", release, release, "--json"),
        )

        assert called.json == []
