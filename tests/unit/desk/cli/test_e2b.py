"""`safety e2b` and `e2b-check`."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.icsr.read import Icsr, parse_icsr_batch
from tests.unit.desk.cli.conftest import EXAMPLES, Call
from tests.unit.reports.e2b.messages import outgoing, sent
from tests.unit.reports.e2b.whole_case import whole_case

HOSTILE: dict[str, Callable[[str], bytes]] = {
    "empty": lambda _: b"",
    "blank": lambda _: b" \n\t",
    "cut in the middle": lambda xml: xml[: len(xml) // 2].encode(),
    "cut in a character": lambda xml: xml.encode()[: xml.encode().index("头".encode()) + 1],
    "two documents": lambda xml: (xml + xml).encode(),
    "a nul": lambda xml: xml.replace("sorafenib", "sora\0fenib").encode(),
    "bytes that are no text": lambda xml: xml.encode().replace(b"sorafenib", b"\xff\xfe\xfd"),
    "an archive": lambda _: b"PK\x03\x04" + bytes(range(256)),
    "json": lambda _: b'{"patient": "Zebrafink"}',
    "a page": lambda _: b"<html><body>Zebrafink</body></html>",
    "no namespace": lambda xml: xml.replace(' xmlns="urn:hl7-org:v3"', "").encode(),
    "nested 100,000 deep": lambda _: b"<a>" * 100_000 + b"</a>" * 100_000,
    "a value of 11 MB": lambda xml: xml.replace("<title>", "<title>" + "a" * 11_000_000).encode(),
    "an attribute of 11 MB": lambda xml: xml.replace(
        "<PORR", f"<PORR x='{'a' * 11_000_000}'"
    ).encode(),
    "an external entity": lambda xml: with_type(xml, '<!ENTITY e SYSTEM "file:///etc/passwd">'),
    "an entity bomb": lambda xml: with_type(
        xml, '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;">'
    ),
    "R2 with an entity": lambda _: (
        b'<!DOCTYPE ichicsr SYSTEM "a.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b"<ichicsr><safetyreport>&e;</safetyreport></ichicsr>"
    ),
    "two messages of R2": lambda _: b"<ichicsr/><ichicsr/>",
}


def with_type(xml: str, entities: str) -> bytes:
    """Declare entities, and use the one that is called e."""
    head, mark, rest = xml.partition("?>")
    return f"{head}{mark}<!DOCTYPE x [{entities}]>{rest.replace('<title>', '<title>&e;')}".encode()


CASE = "SECURE-EDC:16621-03-012-AE04"


@pytest.fixture
def stored_examples(stored_examples: Path, tmp_path: Path) -> Path:
    """A copy of the examples' database: what is sent is recorded in it."""
    return Path(shutil.copy(stored_examples, tmp_path / "copy.db"))


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFETY_E2B_SENDER_ID", "OURS")
    monkeypatch.delenv("SAFETY_E2B_SCHEMA_DIR", raising=False)


class TestE2b:
    def test_writes_a_case_that_our_reader_knows_again(
        self, call: Call, stored_examples: Path, tmp_path: Path
    ) -> None:
        database = f"sqlite:///{stored_examples}"

        called = call("--database", database, "e2b", CASE, "--out", tmp_path / "out")

        assert called.code == 0, called.err + called.out
        [file] = (tmp_path / "out").iterdir()
        [icsr] = parse_icsr_batch(file.read_bytes())
        assert isinstance(icsr, Icsr)
        # country of the reporter, our identifier, the number that the study database gave
        assert icsr.subject == "CN-OURS-16621-03-012-AE04"

    def test_a_sender_that_is_not_set_is_pointed_out(
        self,
        call: Call,
        stored_examples: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        arguments = (
            "--database",
            f"sqlite:///{stored_examples}",
            "e2b",
            CASE,
            "--out",
            tmp_path / "out",
        )

        assert "SAFETY_E2B_SENDER_ID" not in call(*arguments).err
        monkeypatch.delenv("SAFETY_E2B_SENDER_ID")
        assert "SAFETY_E2B_SENDER_ID" in call(*arguments).err

    def test_a_batch_number_is_never_the_same(
        self, call: Call, stored_examples: Path, tmp_path: Path
    ) -> None:
        database = f"sqlite:///{stored_examples}"
        for _ in range(2):
            call("--database", database, "e2b", "--all", "--out", tmp_path / "out")

        assert len(list((tmp_path / "out").iterdir())) == 2

    def test_a_rejected_case_is_kept_back_and_its_rule_named(
        self, call: Call, stored_examples: Path, tmp_path: Path
    ) -> None:
        database = f"sqlite:///{stored_examples}"
        arguments = ("e2b", CASE, "--receiver", "fda-ind", "--out", tmp_path / "out", "--json")

        called = call("--database", database, *arguments)

        assert called.code == 1
        [found] = called.json
        assert found["rejected"] is True
        assert "FDA-R0024" in {rule["rule"] for rule in found["rules"]}  # no IND number
        assert list((tmp_path / "out").iterdir()) == []

    def test_a_rejected_case_can_be_written_as_a_draft(
        self, call: Call, stored_examples: Path, tmp_path: Path
    ) -> None:
        database = f"sqlite:///{stored_examples}"
        arguments = (
            "e2b",
            CASE,
            "--receiver",
            "fda-ind",
            "--out",
            tmp_path / "out",
            "--force-draft",
        )

        called = call("--database", database, *arguments)

        assert called.code == 1
        [draft] = (tmp_path / "out").iterdir()
        assert draft.name.endswith(".rejected.xml")

    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            (CASE, "--all"),
            (CASE, "--receiver", "nobody"),
            (CASE, "--set", "FDA.C.1.12"),
            (CASE, "--set", "FDA.C.1.12=true"),
            ("nothing",),
        ],
    )
    def test_what_cannot_be_done_is_said(
        self, call: Call, stored_examples: Path, tmp_path: Path, arguments: tuple[str, ...]
    ) -> None:
        database = f"sqlite:///{stored_examples}"

        called = call("--database", database, "e2b", *arguments, "--out", tmp_path / "out")

        assert called.code == 2
        assert called.err
        assert not list(tmp_path.glob("out/*"))

    def test_a_folder_that_cannot_be_written_to_is_named(
        self, call: Call, stored_examples: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("not a folder")
        database = f"sqlite:///{stored_examples}"

        called = call("--database", database, "e2b", CASE, "--out", tmp_path / "file")

        assert called.code == 2
        assert "name another folder" in called.err

    def test_nothing_goes_to_an_authority_under_a_placeholder(
        self,
        call: Call,
        stored_examples: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.delenv("SAFETY_E2B_SENDER_ID")
        arguments = ("e2b", CASE, "--receiver", "ema-post", "--out", tmp_path / "out")
        database = f"sqlite:///{stored_examples}"

        assert call("--database", database, *arguments).code == 2
        assert call("--database", database, *arguments, "--dry-run").code == 1  # has no code

    def test_a_dry_run_writes_and_records_nothing(
        self, call: Call, stored_examples: Path, tmp_path: Path
    ) -> None:
        database = f"sqlite:///{stored_examples}"

        called = call("--database", database, "e2b", CASE, "--out", tmp_path / "o", "--dry-run")

        assert "1 accepted" in called.out
        assert not (tmp_path / "o").exists()
        assert call("--database", database, "transmissions", "--json").json == []


class TestE2bCheck:
    def test_a_faultless_file_ends_well(self, call: Call, tmp_path: Path) -> None:
        file = tmp_path / "one.xml"
        file.write_bytes(sent(outgoing(whole_case())))

        called = call("e2b-check", file)

        assert called.code == 0
        assert "1 accepted, 0 rejected." in called.out

    def test_a_fault_is_named_with_its_rule(self, call: Call, tmp_path: Path) -> None:
        file = tmp_path / "one.xml"
        file.write_bytes(sent(outgoing(whole_case(narrative=None))))

        called = call("e2b-check", file)

        assert called.code == 1
        assert "ICH-MISSING-NARRATIVE  H.1" in called.out

    def test_the_schema_is_asked_where_it_is_at_hand(
        self, call: Call, tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SAFETY_E2B_SCHEMA_DIR", str(shared_data / "e2b" / "xsd"))
        file = tmp_path / "one.xml"
        xml = sent(outgoing(whole_case()))
        file.write_bytes(xml.replace(b'<statusCode code="active"/>', b""))

        called = call("e2b-check", file, "--json")

        assert called.code == 1
        assert "XSD" in {rule["rule"] for rule in called.json[0]["rules"]}

    def test_the_older_standard_is_read_elsewhere_and_not_judged(
        self, call: Call, tmp_path: Path
    ) -> None:
        file = tmp_path / "r2.xml"
        file.write_text("<ichicsr><safetyreport/><safetyreport/></ichicsr>")

        called = call("e2b-check", file)

        assert called.code == 5
        assert "E2B(R2)" in called.err

    @pytest.mark.parametrize(
        "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
    )
    def test_a_file_in_another_encoding_is_read(
        self, call: Call, tmp_path: Path, encoding: str
    ) -> None:
        file = tmp_path / "one.xml"
        declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
        xml = sent(outgoing(whole_case())).decode().partition("?>")[2]
        head = f'<?xml version="1.0" encoding="{declared.get(encoding, encoding)}"?>'
        file.write_bytes((head + xml).encode(encoding))

        called = call("e2b-check", file)

        assert called.code == 0, called.err
        assert "1 accepted, 0 rejected." in called.out

    @pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
    def test_a_hostile_file_is_refused_without_a_word_of_it(
        self, call: Call, tmp_path: Path, make: Callable[[str], bytes]
    ) -> None:
        file = tmp_path / "one.xml"
        told = "Zebrafink"
        file.write_bytes(make(sent(outgoing(whole_case(narrative=told))).decode()))

        called = call("e2b-check", file)

        assert called.code == 5
        [line] = called.err.splitlines()
        assert "is no batch of ICSRs: " in line
        assert told not in called.out + called.err
        assert "root:" not in called.out + called.err  # of /etc/passwd

    def test_names_with_a_prefix_are_read_and_their_types_faulted(
        self, call: Call, tmp_path: Path
    ) -> None:
        file = tmp_path / "one.xml"
        xml = sent(outgoing(whole_case())).decode()
        prefixed = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1h:", xml)
        file.write_text(prefixed.replace('xmlns="', 'xmlns:h="'))

        called = call("e2b-check", file)

        assert called.code == 1
        assert "ICH-XSI-TYPE-UNRESOLVED" in called.out

    def test_another_file_is_refused(self, call: Call) -> None:
        assert call("e2b-check", EXAMPLES / "adverse-event.initial.json").code == 5
        assert call("e2b-check", "no-such-file.xml").code == 5
