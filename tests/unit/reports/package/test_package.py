"""A package is the same bytes every time, and says of each file what it is."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import orjson
import pytest

from reports.package import Package, build_package, render_zip, validate_zip

NAMES = ["cioms.pdf", "icsr.xml", "manifest.json", "narrative.txt", "trace.json", "validation.json"]
# sha256 of nothing and of "abc": FIPS 180-2, appendix B.1, and the NIST test vectors
OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def package(**changes: Any) -> Package:
    told: dict[str, Any] = {
        "authority": "EMA",
        "profile": "ema-post",
        "batch": "B1",
        "number": "CN-OURS-1",
        "made_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "knowledge": "k",
        "icsr": b"abc",
        "form": b"%PDF-",
        "narrative": "患者",
        "trace": {"rules": []},
        "validation": [],
        "schema_asked": False,
    }
    return build_package("CASE:1", 3, **(told | changes))


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(content))


def rewritten(content: bytes, **changes: bytes | None) -> bytes:
    """Write a zip again with files changed, added, or left out."""
    files: dict[str, bytes | None] = {
        n: opened(content).read(n) for n in opened(content).namelist()
    }
    files |= {name.replace("_", "."): value for name, value in changes.items()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, value in files.items():
            if value is not None:
                archive.writestr(name, value)
    return out.getvalue()


class TestRenderZip:
    def test_the_same_package_is_the_same_bytes(self) -> None:
        assert render_zip(package()) == render_zip(package())

    def test_holds_every_document_and_the_manifest(self) -> None:
        archive = opened(render_zip(package()))

        assert archive.namelist() == NAMES
        assert archive.read("icsr.xml") == b"abc"
        assert archive.read("narrative.txt").decode() == "患者"

    def test_the_manifest_names_case_receiver_numbers_and_digests(self) -> None:
        told = orjson.loads(opened(render_zip(package())).read("manifest.json"))

        assert (told["case"], told["version"], told["authority"], told["batch"]) == (
            "CASE:1",
            3,
            "EMA",
            "B1",
        )
        [icsr] = [row for row in told["files"] if row["name"] == "icsr.xml"]
        assert (icsr["digest"], icsr["bytes"]) == (OF_ABC, 3)

    def test_a_message_that_a_rule_rejects_makes_a_draft(self) -> None:
        row = {"rule": "ICH-X", "severity": "rejection", "element": "D.1", "message": "."}

        draft = package(validation=[row])

        assert draft.draft
        told = orjson.loads(opened(render_zip(draft)).read("validation.json"))
        assert told["outcome"] == "rejected"
        assert not package(validation=[row | {"severity": "warning"}]).draft


class TestValidateZip:
    def test_a_package_of_ours_is_whole(self) -> None:
        assert validate_zip(render_zip(package())) == []

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"icsr_xml": b"abd"}, "icsr.xml is not what the manifest says"),
            ({"icsr_xml": None}, "icsr.xml is in the manifest and not in the package"),
            ({"more_txt": b""}, "more.txt is in the package and not in the manifest"),
            ({"manifest_json": None}, "there is no manifest.json"),
            ({"manifest_json": b"{"}, "manifest.json cannot be read"),
        ],
    )
    def test_every_fault_is_named(self, changes: dict[str, bytes | None], fault: str) -> None:
        assert validate_zip(rewritten(render_zip(package()), **changes)) == [fault]

    def test_what_is_no_zip_is_said_to_be_none(self) -> None:
        assert validate_zip(b"PK")[0].startswith("the file is no zip")
