"""Which characters a terminal would obey are shown instead."""

import orjson
import pytest

from consumers.printable import printable, printable_json

MARK = "\ufffd"


class TestPrintable:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("rash\x1b[2J", f"rash{MARK}[2J"),
            ("a\x00b\x07c\x08d", f"a{MARK}b{MARK}c{MARK}d"),
            ("over\rwritten", f"over{MARK}written"),
            ("\x7f\x80\x9b31m\x9f", f"{MARK}{MARK}{MARK}31m{MARK}"),
        ],
    )
    def test_a_control_character_becomes_a_visible_mark(self, text: str, shown: str) -> None:
        assert printable(text) == shown

    @pytest.mark.parametrize("text", ["two\nlines\tand a tab", "手足皮肤反应", "µmol/l é \xa0", ""])
    def test_any_other_text_stays_as_it_is(self, text: str) -> None:
        assert printable(text) == text

    def test_the_line_end_of_other_systems_is_a_line_feed(self) -> None:
        assert printable("one\r\ntwo") == "one\ntwo"


class TestPrintableJson:
    def test_what_json_lets_through_is_escaped_and_read_as_the_same(self) -> None:
        text = '{"text": "a\x9b2Jb\x7f手"}'

        shown = printable_json(text)

        assert shown == '{"text": "a\\u009b2Jb\\u007f手"}'
        assert orjson.loads(shown) == {"text": "a\x9b2Jb\x7f手"}
