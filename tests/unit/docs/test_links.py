"""Every link from one page to another leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """Give the anchors that a viewer makes of a page's headings."""
    text = page.read_text(encoding="utf-8")
    titles = [line.lstrip("#").strip() for line in text.splitlines() if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


class TestLinks:
    def test_there_are_pages(self) -> None:
        assert ROOT / "docs" / "index.md" in PAGES

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
    def test_every_relative_link_resolves(self, page: Path) -> None:
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", link):
                continue
            target, _, anchor = link.partition("#")
            file = (page.parent / target).resolve() if target else page
            assert file.exists(), f"{page.name}: {link}"
            if anchor:
                assert anchor in anchors(file), f"{page.name}: {link}"

    def test_every_page_of_the_manual_is_reached_from_its_index(self) -> None:
        index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
        linked = {
            (ROOT / "docs" / link.partition("#")[0]).resolve() for link in LINK.findall(index)
        }

        assert set((ROOT / "docs").rglob("*.md")) - {ROOT / "docs" / "index.md"} <= linked
