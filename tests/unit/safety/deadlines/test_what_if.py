"""
Two decisions about one history, side by side.

The history is one report of 2014-05-06 of a serious, related, unlisted reaction in China. Which
rows were law then and are law now, and their days, are in the regulatory brief, section 1.2.
"""

from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from safety.case import Report
from safety.deadlines import Obligation
from safety.deadlines.what_if import (
    DutyChange,
    compare_duties,
    freeze_rules,
    replace_dictionary,
    replace_label,
    replace_rulebook,
    require_labels,
    told_of,
)
from safety.errors import KnowledgeError
from safety.knowledge import Knowledge
from safety.pipeline import advance, begin
from tests.support.decisions import knowledge
from tests.support.reports import reaction, report

TODAY = date(2014, 5, 22)
THEN = report(
    received_at="2014-05-06T09:00:00+08:00",
    most_recent_information="2014-05-06",
    reactions=reaction(onset=None),
)


def decide(rules: Knowledge, *reports: Report) -> tuple[Obligation, ...]:
    live = begin("EDC:1")
    for one in reports:
        live = advance(live, one, rules, now=datetime(2026, 4, 1, tzinfo=UTC)).case
    return live.obligations


def compared(rules: Knowledge) -> list[tuple[str, str | None, str | None, bool]]:
    changes = compare_duties("EDC:1", decide(knowledge(), THEN), decide(rules, THEN), today=TODAY)
    return [(c.kind[1], _due(c.before), _due(c.after), c.late) for c in changes]


def _due(duty: Obligation | None) -> str | None:
    return None if duty is None else f"{duty.rule_id} {duty.due}"


def with_days(days: int) -> Knowledge:
    (europe,) = [book for book in knowledge().rulebooks if book.name == "EMA"]
    rules = tuple(
        replace(rule, days=days) if rule.rule_id == "EU-4" else rule for rule in europe.rules
    )
    return replace_rulebook(knowledge(), replace(europe, rules=rules))


class TestCompareDuties:
    def test_the_same_rules_change_nothing(self) -> None:
        assert compared(knowledge()) == []

    @pytest.mark.parametrize(
        ("days", "due", "late"),
        [(7, "2014-05-13", True), (16, "2014-05-22", False), (30, "2014-06-05", False)],
    )
    def test_a_moved_limit_moves_only_the_duties_of_its_rule(
        self, days: int, due: str, *, late: bool
    ) -> None:
        # 2014-05-06 + 7 = 05-13; + 16 = 05-22, on time on its own day; + 25 to 31 May + 5
        assert compared(with_days(days)) == [("EVPM", "EU-4 2014-05-21", f"EU-4 {due}", late)]

    @pytest.mark.parametrize(
        ("sent", "days"), [(None, 9), (date(2014, 5, 13), 0), (date(2014, 5, 15), 2)]
    )
    def test_what_was_sent_is_late_by_the_day_it_was_sent(
        self, sent: date | None, days: int
    ) -> None:
        # due 13 May under 7 days; not sent, it is 9 days late on the 22nd
        after = decide(with_days(7), THEN)
        (moved,) = [duty for duty in after if duty.rule_id == "EU-4"]
        told = {} if sent is None else {told_of(moved): sent}
        (change,) = compare_duties(
            "EDC:1", decide(knowledge(), THEN), after, today=TODAY, sent=told
        )

        assert change.days_late == days

    def test_a_change_names_who_is_told(self) -> None:
        (change,) = compare_duties("EDC:1", decide(knowledge(), THEN)[:1], (), today=TODAY)

        assert change == DutyChange("EDC:1", decide(knowledge(), THEN)[0], None, 0)


class TestFreezeRules:
    def test_todays_law_over_a_history_of_2014(self) -> None:
        # China: announcement No. 66 in the place of Decree 81; the British row began in 2021
        assert compared(freeze_rules(knowledge(), date(2026, 1, 1))) == [
            ("MHRA", None, "UK-3 2014-05-21", True),
            ("CDR", None, "CN-4 2014-05-21", True),
            ("national_adr_system", "CN-H1a 2014-05-21", None, False),
        ]

    def test_the_law_of_the_time_over_itself_changes_nothing(self) -> None:
        assert compared(freeze_rules(knowledge(), date(2014, 5, 6))) == []

    def test_before_there_was_any_row_only_undated_rows_are_left(self) -> None:
        left = freeze_rules(knowledge(), date(1990, 1, 1))

        assert {book.name for book in left.rulebooks if book.rules} == {"HC", "MHRA", "PMDA", "SMC"}


class TestReplace:
    def test_a_label_takes_the_place_of_that_of_its_region_and_leaves_the_others(self) -> None:
        other = replace(knowledge().labels["US"], label_id="other")
        made = replace_label(knowledge(), other)

        assert made.labels["US"] is other
        assert {region: made.labels[region] for region in ("EU", "CN", "CH")} == {
            region: knowledge().labels[region] for region in ("EU", "CN", "CH")
        }

    def test_a_dictionary_takes_the_place_of_the_installed_one(self) -> None:
        other = copy(knowledge().dictionary)

        assert replace_dictionary(knowledge(), other).dictionary is other

    def test_a_rulebook_whose_label_nobody_has_is_named(self) -> None:
        (book, *_) = knowledge().rulebooks
        asked = replace_rulebook(knowledge(), replace(book, label="ZZ"))

        with pytest.raises(KnowledgeError, match=f"{book.name} asks for the label of region ZZ"):
            require_labels(asked)
        require_labels(knowledge())
