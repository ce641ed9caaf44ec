"""TACE and hepatitis B, as people write them: what regulatory facts 3.5 want thought of first."""

import pytest

from safety.causality import Days
from safety.liver import Mention, find_prompts
from tests.unit.safety.liver.test_screen import may


def prompts(text: str, began: Days | None = None, *, raised: int = 10) -> list[str]:
    found = find_prompts([Mention(text, began, "patient/history/h1")], [may(raised)])
    return [each.row.id for each in found]


class TestFindPrompts:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("TACE", ["TACE"]),
            ("TACE术后", ["TACE"]),
            ("Transarterial chemoembolisation (DEB-TACE)", ["TACE"]),
            ("肝动脉化疗栓塞术", ["TACE"]),
            ("ＴＡＣＥ", ["TACE"]),  # full width
            ("no TACE planned", []),
            ("MUSTACEVIN", []),  # part of a word
            ("Chronic hepatitis B", ["HBV"]),
            ("HBsAg(+), HBV DNA 3.2E5", ["HBV"]),
            ("慢性乙型病毒性肝炎", ["HBV"]),
            ("恩替卡韦分散片", ["HBV"]),
            ("Entecavir 0.5 mg", ["HBV"]),
            ("HBsAg negative", []),
            ("HBsAg 阴性", []),
            ("Hepatitis B vaccination 2009", []),
            ("hepatitis C", []),
            ("", []),
        ],
    )
    def test_reads_what_people_write(self, text: str, expected: list[str]) -> None:
        assert prompts(text) == expected

    @pytest.mark.parametrize(
        ("day", "expected"),
        [(10, ["TACE"]), (1, ["TACE"]), (11, [])],
        ids=["same day", "nine days before", "after the sample"],
    )
    def test_tace_bears_on_the_two_weeks_after_it(self, day: int, expected: list[str]) -> None:
        assert prompts("TACE", may(day)) == expected

    def test_three_weeks_later_it_bears_no_more(self) -> None:
        assert prompts("TACE", may(1), raised=16) == []

    def test_one_of_a_kind_is_enough(self) -> None:
        told = [Mention(text, None, text) for text in ("HBV", "entecavir")]

        assert [each.mention.path for each in find_prompts(told, [may(1)])] == ["HBV"]
