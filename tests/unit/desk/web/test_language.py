"""Every text of the pages has its Chinese."""

import re
from importlib.resources import files

import pytest

from desk.web.language import preferred, translate

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

    def test_what_has_no_translation_is_shown_as_it_is(self) -> None:
        assert translate("zh", "Pulmonary embolism") == "Pulmonary embolism"

    @pytest.mark.parametrize(
        ("accepted", "language"),
        [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("de,en;q=0.5", "en"), ("", "en"), ("ja", "en")],
    )
    def test_follows_the_browser_at_the_door(self, accepted: str, language: str) -> None:
        assert preferred(accepted) == language
