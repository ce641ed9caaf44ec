"""Rows that can never decide, and holes between editions, in books broken by hand."""

import pytest

from safety.errors import KnowledgeError
from safety.rulebooks import load_rulebooks
from safety.rulebooks.check import find_rule_faults
from tests.unit.safety.rulebooks.test_load import ROW, parse

OLD = ROW + "valid_to = 2019-12-31\n"


def row(name: str, extra: str = "", **changes: str) -> str:
    text = ROW.replace("X-1", name) + extra
    for old, new in changes.items():
        text = text.replace(f"{old} = ", f"{old} = {new} #")
    return text


class TestShipped:
    def test_every_row_can_decide_and_no_day_is_missing(self) -> None:
        assert [fault for book in load_rulebooks() for fault in find_rule_faults(book.rules)] == []


class TestUnreachable:
    @pytest.mark.parametrize(
        "rows",
        [
            pytest.param(row("X-1", "fatal = true\n", serious="false"), id="fatal, not serious"),
            pytest.param(
                row("X-1", "fatal = true\nfatal_or_lt = false\n"), id="fatal, yet neither of both"
            ),
            pytest.param(
                row("X-1", "fatal = true\n") + row("X-0", days="7"), id="always another before it"
            ),
        ],
    )
    def test_a_row_that_can_never_decide_is_refused(self, rows: str) -> None:
        with pytest.raises(KnowledgeError, match=r"x\.toml.*X-1 is unreachable"):
            parse(rows)

    def test_a_row_that_another_overtakes_for_a_time_only_is_reachable(self) -> None:
        shorter = row("X-0", "fatal_or_lt = true\nvalid_to = 2019-12-31\n", days="7")

        assert len(parse(row("X-1", "fatal = true\n") + shorter).rules) == 2

    def test_a_shorter_row_for_somebody_else_stands_in_nobodys_way(self) -> None:
        other = row("X-0", days="7", recipients='["Y"]')

        assert len(parse(row("X-1", "fatal = true\n") + other).rules) == 2


class TestGaps:
    def test_a_day_between_two_editions_is_a_gap(self) -> None:
        with pytest.raises(KnowledgeError, match="trial from 2020-01-01 to 2020-01-01"):
            parse(OLD + row("X-2", "valid_from = 2020-01-02\n"))

    def test_editions_that_meet_leave_none(self) -> None:
        assert len(parse(OLD + row("X-2", "valid_from = 2020-01-01\n")).rules) == 2

    def test_other_recipients_may_take_over(self) -> None:
        new = row("X-2", "valid_from = 2020-01-01\n", recipients='["Y"]')

        assert len(parse(OLD + new).rules) == 2
