"""Kafka records in a file, one a line."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.recordfile import FileRecord, parse_line, read_jsonl, render_line, write_jsonl
from consumers.simulation import simulate_secure

TOPIC = "pv.adverse-events"


def kept(value: bytes) -> FileRecord:
    return FileRecord(TOPIC, "A:1", value, {"content-type": "application/json"}, 1)


class TestWriteAndRead:
    def test_a_simulated_study_comes_back_byte_for_byte(self, tmp_path: Path) -> None:
        file = tmp_path / "study.jsonl"

        written = write_jsonl(file, simulate_secure(1, 20))
        read = list(read_jsonl(file))

        assert written == len(read) > 1000
        assert [(each.topic, each.key, each.value, each.headers) for each in read] == [
            (each.topic, each.key, each.value, each.headers) for each in simulate_secure(1, 20)
        ]

    def test_blank_lines_are_skipped_and_counted(self, tmp_path: Path) -> None:
        file = tmp_path / "some.jsonl"
        file.write_bytes(b"\n  \r\n" + render_line(kept(b"{}")) + b"\n")

        assert [(each.value, each.line) for each in read_jsonl(file)] == [(b"{}", 3)]

    @given(st.binary(max_size=60))
    def test_any_bytes_come_back(self, value: bytes) -> None:
        line = render_line(kept(value))

        assert line.count(b"\n") == 1
        assert parse_line(line[:-1], 1) == kept(value)

    @pytest.mark.parametrize(
        "value",
        [
            b'{"a": 1.0e5,  "b":[ ]}',
            b'{"a":12345678901234567890123}',
            b'{"base64":"AAAA"}',
            b'"text"',
            b"null",
            b'{\n"a":1}',
            '{"a":"腹泻"}'.encode("gb18030"),
            b'{"a":1} trailing',
            b'{"a":"\\ud800"}',
            b"",
        ],
    )
    def test_what_json_could_spoil_comes_back(self, value: bytes) -> None:
        line = render_line(kept(value))

        assert line.count(b"\n") == 1
        assert parse_line(line[:-1], 1).value == value


class TestRenderLine:
    def test_an_event_can_be_read_in_the_line(self) -> None:
        line = render_line(kept(b'{"id":"1"}'))

        assert orjson.loads(line)["value"] == {"id": "1"}

    def test_other_bytes_stand_as_base64(self) -> None:
        line = render_line(kept(b"\xff"))

        assert orjson.loads(line)["value"] == {"base64": "/w=="}


class TestParseLine:
    @pytest.mark.parametrize(
        ("type_", "topic"),
        [
            ("pv.adverse-event.reported.v1", "pv.adverse-events"),
            ("pv.decision.recorded.v1", "pv.adverse-events"),
            ("pv.laboratory.recorded.v1", "pv.study-records"),
        ],
    )
    def test_a_bare_event_goes_where_the_registry_says(self, type_: str, topic: str) -> None:
        line = orjson.dumps({"type": type_, "subject": "A:1", "id": "7"})

        assert parse_line(line, 4) == FileRecord(topic, "A:1", line, {}, 4)

    def test_a_line_written_by_hand_may_have_another_order_and_spaces(self) -> None:
        line = b'{ "value": {"id": "1"}, "topic": "pv.study-records" }'

        assert parse_line(line, 1) == FileRecord("pv.study-records", None, b'{"id":"1"}', {}, 1)

    def test_a_space_after_the_line_does_no_harm(self) -> None:
        line = render_line(kept(b'{"id":"1"}'))[:-1] + b" "

        assert parse_line(line, 1) == kept(b'{"id":"1"}')

    @pytest.mark.parametrize(
        "line",
        [
            b"kind;date;term",
            b"[1, 2]",
            '{"type": "腹泻"}'.encode("gb18030"),
            b'{"type": 5, "subject": 6}',
            b'{"type": "pv.unheard-of.v1"}',
            b'{"topic": "pv.alerts", "value": {}}',
            b'{"topic": ["pv.study-records"], "value": {}}',
            b'{"topic": "pv.study-records", "key": 5, "value": {}}',
            b'{"topic": "pv.study-records", "headers": {"a": 1}, "value": {}}',
            b'{"topic": "pv.study-records", "headers": [], "value": {"base64": "%"}}',
            b'{"topic": "pv.study-records", "value": {"base64": 5}}',
        ],
    )
    def test_what_cannot_be_read_is_kept_whole_where_it_will_be_quarantined(
        self, line: bytes
    ) -> None:
        assert parse_line(line, 9) == FileRecord("pv.adverse-events", None, line, {}, 9)
