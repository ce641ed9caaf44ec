"""
The page about the study question, on a part of the simulated study.

What may move is what the two laws say, read in them and not in the rulebooks: Decree 81,
article 21, gives a serious reaction and a new one 15 days and any other 30; announcement 66 of 2018
gives a serious one 15 days and any other 30, new or not. So a reaction that is not serious and
perhaps new is due 15 days later today, and nothing else in China moves. Deaths are told at once
under both.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.cli.then_and_now.build import compare_laws
from desk.cli.then_and_now.model import Findings
from desk.cli.then_and_now.page import render_page
from desk.cli.then_and_now.picture import render_picture

SUBJECTS = 16  # the first of them in whose history each kind of case is met


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return compare_laws(tmp_path_factory.mktemp("study"), SUBJECTS)


def section(page: str, title: str) -> Iterator[list[str]]:
    """Give the cells of a section's table, without its head."""
    text = page.partition(f"## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


class TestCompareLaws:
    def test_every_duty_of_both_sides_is_in_it_once(self, found: Findings) -> None:
        then = Counter(duty for each in found.told for duty in each.then)
        now = Counter(duty for each in found.told for duty in each.now)

        assert then.total() == found.result.before.total() > 0
        assert now.total() == found.result.after.total()
        assert {*then.values(), *now.values()} == {1}

    def test_in_china_only_what_is_not_serious_and_perhaps_new_moves_by_fifteen_days(
        self, found: Findings
    ) -> None:
        china = [each for each in found.told if each.authority == "NMPA"]
        moved = [each for each in china if each.moved_days != 0]

        assert all(each.then and each.now for each in china)
        assert moved
        for each in moved:
            assert each.moved_days == 15
            assert not any(event["serious"] for event in found.events[each.case_id])
            assert any(event["expected_cn"] is not True for event in found.events[each.case_id])

    def test_a_death_is_told_at_once_by_both_laws_and_to_the_province_today(
        self, found: Findings
    ) -> None:
        deaths = [
            each
            for each in found.told
            if each.duty == "investigation_report" and each.authority == "NMPA"
        ]

        assert deaths
        for each in deaths:
            assert any(event["fatal"] for event in found.events[each.case_id])
            assert [duty.recipient for duty in each.then] == ["national_adr_system"]
            assert {duty.recipient for duty in each.now} == {"CDR", "provincial_centre"}


class TestRenderPage:
    def test_its_tables_add_up_to_what_was_found(self, found: Findings) -> None:
        page = render_page(found)
        moves = list(section(page, "What moves"))
        counts = list(section(page, "Who is told, how often, within how many days"))

        assert sum(int(cells[4]) for cells in moves) == len(found.told)
        for column, total in ((2, found.result.before), (4, found.result.after)):
            parts = [part for cells in counts for part in cells[column].split(", ")]
            assert sum(int(part.split()[0]) for part in parts) == total.total()

    def test_every_rule_that_it_names_stands_below_with_its_provision(
        self, found: Findings
    ) -> None:
        page = render_page(found)
        below = {cells[0] for cells in section(page, "The rules it rests on")}
        moves = section(page, "What moves")
        named = {rule for cells in moves for rule in cells[2:4] if rule != "-"}

        assert named == below
        assert all(cells[5] for cells in section(page, "The rules it rests on"))


class TestRenderPicture:
    def test_says_the_counts_in_words_and_is_the_same_each_time(self, found: Findings) -> None:
        picture = render_picture(found)
        at_once = sum(duty.days == 0 for each in found.told for duty in each.then)

        assert f"{at_once} at once" in picture.decode()
        assert picture == render_picture(found)


def test_the_page_of_the_manual_has_its_picture() -> None:
    docs = Path(__file__).resolve().parents[4] / "docs"

    assert "images/secure-then-and-now.svg" in (docs / "secure-then-and-now.md").read_text("utf-8")
    assert (docs / "images" / "secure-then-and-now.svg").exists()
