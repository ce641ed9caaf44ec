"""Which records files hold."""

from pathlib import Path

import pytest

from consumers import input_files
from consumers.input_files import InputFileError, find_files, read_records

EVENT = b'{"type": "pv.adverse-event.reported.v1", "subject": "A:1", "data": {}}'
LINE = b'{"topic":"pv.study-records","key":"S:1","headers":{"a":"b"},"value":{"x":1}}\n'


class TestFindFiles:
    def test_a_folder_stands_for_the_files_of_our_kinds_below_it_in_order(
        self, tmp_path: Path
    ) -> None:
        for name in ("b.xml", "a/z.JSONL", "a/y.json", "a/readme.txt", "c.xlsx"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(b"{}")

        found = find_files([tmp_path])

        assert [str(path.relative_to(tmp_path)) for path in found] == [
            "a/y.json",
            "a/z.JSONL",
            "b.xml",
        ]

    def test_a_file_named_twice_is_read_once(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(EVENT)

        assert find_files([tmp_path / "a.json", tmp_path]) == [tmp_path / "a.json"]

    @pytest.mark.parametrize(
        ("name", "says"),
        [("none.xml", "does not exist"), ("notes.txt", "a kind we do not read"), ("", "no file")],
    )
    def test_refuses_what_cannot_be_read_before_anything_is(
        self, tmp_path: Path, name: str, says: str
    ) -> None:
        (tmp_path / "notes.txt").write_text("notes")

        with pytest.raises(InputFileError, match=says):
            find_files([tmp_path / name])

    def test_refuses_a_file_that_is_larger_than_a_record_may_be(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(input_files, "MAX_FILE_BYTES", 10)
        (tmp_path / "big.xml").write_bytes(b"<a>too long</a>")
        (tmp_path / "big.jsonl").write_bytes(LINE)  # may be of any length: it is read line by line

        assert find_files([tmp_path / "big.jsonl"])
        with pytest.raises(InputFileError, match="15 bytes"):
            find_files([tmp_path / "big.xml"])


class TestReadRecords:
    def test_a_line_is_a_record_of_its_own_topic(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(LINE + b"\n" + LINE)

        first, second = read_records([tmp_path / "a.jsonl"])

        assert (first.topic, first.key, first.headers) == ("pv.study-records", "S:1", {"a": "b"})
        assert first.value == b'{"x":1}'
        assert (first.partition, first.offset, second.offset) == (-1, 1, 3)

    def test_an_event_goes_to_the_topic_of_its_type_under_its_subject(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(EVENT)

        (record,) = read_records([tmp_path / "a.json"])

        assert (record.topic, record.key, record.value) == ("pv.adverse-events", "A:1", EVENT)

    def test_a_byte_order_mark_hides_no_event(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + EVENT)

        (record,) = read_records([tmp_path / "a.json"])

        assert (record.topic, record.key, record.value) == ("pv.adverse-events", "A:1", EVENT)

    def test_xml_is_an_icsr_batch_as_it_stands(self, tmp_path: Path) -> None:
        (tmp_path / "a.xml").write_bytes(b"<MCCI_IN200100UV01/>")

        (record,) = read_records([tmp_path / "a.xml"])

        assert (record.topic, record.key, record.value) == (
            "pv.icsr",
            None,
            b"<MCCI_IN200100UV01/>",
        )

    def test_a_topic_that_was_asked_for_stands_above_what_the_files_say(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "a.json").write_bytes(EVENT)

        (record,) = read_records([tmp_path / "a.json"], topic="pv.study-records")

        assert record.topic == "pv.study-records"
