"""Every text of the pages has its Chinese."""

import re
from importlib.resources import files

import pytest

from desk.web.forms import FORMS
from desk.web.language import preferred, translate
from safety.submissions import TRANSITIONS, explain_refusal
from safety.workflow import Stage, Standing, explain_out_of_sequence
from schemas.vocabulary import SubmissionState as State

_TEXT = re.compile(r"""\bt\("([^"]+)"|\bt\('([^']+)'""")


def texts() -> set[str]:
    """Give the texts that templates name."""
    folder = files("desk.web") / "templates"
    found = set()
    for template in folder.iterdir():
        for double, single in _TEXT.findall(template.read_text(encoding="utf-8")):
            found.add(double or single)
    return {text for text in found if not text.startswith("the case is ")}


class TestTranslate:
    def test_every_text_of_a_template_has_its_chinese(self) -> None:
        known = texts()

        assert len(known) > 100
        assert {text for text in known if translate("zh", text) == text} == set()

    def test_puts_values_in(self) -> None:
        assert translate("zh", "in {n} days", n=3) == "还有 3 天"
        assert translate("en", "in {n} days", n=3) == "in 3 days"

    @pytest.mark.parametrize(
        ("sentence", "told"),
        [
            (
                "the case is new; it can be approved only when it is reviewed",
                "病例状态为“新”；须处于“已审阅”时才能变为“已批准”",
            ),
            (
                "the case is new; it can be reopened only when it is reviewed or approved",
                "病例状态为“新”；须处于“已审阅、已批准”时才能变为“重新打开”",
            ),
            (
                "you saw version 1 of the case; it has version 3 now",
                "您看到的是病例第 1 版；现在是第 3 版",
            ),
        ],
    )
    def test_a_refusal_is_told_with_its_values(self, sentence: str, told: str) -> None:
        assert translate("zh", sentence) == told

    def test_every_refusal_that_the_sequence_can_give_has_its_chinese(self) -> None:
        standings = [
            Standing(stage, None, void) for stage in Stage for void in (None, "nullified", "merged")
        ]
        refusals = {explain_out_of_sequence(kind, now) for kind in FORMS for now in standings}
        refusals |= {explain_refusal(before, to) for before in TRANSITIONS for to in State}
        said = refusals - {None}

        assert len(said) > 30
        assert {each for each in said if each and translate("zh", each) == each} == set()
        left = {each for each in said if each and re.search("[a-z]", translate("zh", each))}
        assert left == set()

    def test_what_has_no_translation_is_shown_as_it_is(self) -> None:
        assert translate("zh", "Pulmonary embolism") == "Pulmonary embolism"

    @pytest.mark.parametrize(
        ("accepted", "language"),
        [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("de,en;q=0.5", "en"), ("", "en"), ("ja", "en")],
    )
    def test_follows_the_browser_at_the_door(self, accepted: str, language: str) -> None:
        assert preferred(accepted) == language
