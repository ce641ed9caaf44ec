"""Laws that hold for any report: graver is never later, and the machine's zone plays no part."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise, product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.handlers import Record, parse_all
from safety.case import Report
from safety.deadlines import Obligation
from safety.deadlines.what_if import replace_rulebook
from safety.intake import read_report
from safety.knowledge import Knowledge
from safety.pipeline import LiveCase, advance, begin
from safety.rulebooks import Duty
from schemas.parse import Message
from tests.support.decisions import NOW, knowledge, obligations
from tests.support.one_case import CASE, messages_of_one_case
from tests.support.reports import answers, reaction, report

GRAVITY = ((), ("hospitalisation",), ("life_threatening",), ("death",))  # each graver than the last
CONTEXTS: dict[str, dict[str, Any]] = {
    "nis": {},
    "trial": {"study": {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "1"}},
    "compassionate": {"study": {"study_id": "X-2", "study_type": "individual_use"}},
    "spontaneous": {"study": None, "report_type": "spontaneous"},
    "literature": {"study": None, "report_type": "spontaneous", "literature": True},
}
HOMES = ("CN", "DE", "US", "JP", "GB", "CA", "CH", "BR")  # each authority's own, and nobody's
DAYS = ("2014-05-06", "2019-05-06", "2026-03-02")  # Decree 81; before the CTR; today
TERMS = ("Pulmonary embolism", "Gastrointestinal haemorrhage", "xqzv wplk")
VIEWS = (("related", "related"), ("related", "not related"), (None, "related"), (None, None))


def first_due(
    criteria: tuple[str, ...],
    term: str,
    day: str,
    country: str,
    views: tuple[str | None, str | None],
    context: str,
    rules: Knowledge | None = None,
) -> dict[tuple[str, str], date]:
    """The earliest initial report to each recipient."""
    told = report(
        received_at=f"{day}T09:00:00+08:00",
        most_recent_information=day,
        reactions=reaction(
            term={"text": term, "language": "en"},
            seriousness=dict.fromkeys(criteria, True) or None,
            country=country,
            onset=None,
        ),
        relatedness=answers(investigator=views[0], sponsor=views[1]) or None,
        **CONTEXTS[context],
    )
    found: dict[tuple[str, str], date] = {}
    case = advance(begin("EDC:1"), told, rules or knowledge(), now=NOW).case
    for duty in case.obligations:
        if duty.duty is Duty.INITIAL:
            key = (duty.authority, duty.recipient)
            found[key] = min(duty.due, found.get(key, duty.due))
    return found


def later_when_graver(context: str, rules: Knowledge | None = None) -> Iterator[str]:
    """Name each recipient that would be told later, or not at all, of something graver."""
    for country, day, term, views in product(HOMES, DAYS, TERMS, VIEWS):
        told = [
            first_due(criteria, term, day, country, views, context, rules) for criteria in GRAVITY
        ]
        for milder, graver in pairwise(told):
            for to, due in milder.items():
                if to not in graver or graver[to] > due:
                    yield f"{to} {country} {day} {term} {views}"


def spoilt(rule_id: str, days: int) -> Knowledge:
    """The knowledge with one limit broken."""
    (book,) = [b for b in knowledge().rulebooks if any(r.rule_id == rule_id for r in b.rules)]
    rules = tuple(replace(r, days=days) if r.rule_id == rule_id else r for r in book.rules)
    return replace_rulebook(knowledge(), replace(book, rules=rules))


class TestGraver:
    @pytest.mark.parametrize("context", CONTEXTS)
    def test_a_graver_case_is_never_due_later_nor_to_fewer(self, context: str) -> None:
        """Every authority, at home and abroad, of every law, whatever is known of it."""
        assert list(later_when_graver(context)) == []

    @pytest.mark.parametrize(
        ("rule_id", "days", "context"),
        [
            ("EU-1", 16, "trial"),
            ("CN-1", 16, "trial"),
            ("CN-EC1", 16, "trial"),
            ("JP-1", 16, "trial"),
            ("UK-1", 16, "trial"),
            ("CA-1", 16, "trial"),
            ("CH-4", 16, "trial"),
            ("UK-5a", 16, "trial"),
            ("CN-5", 16, "spontaneous"),
            ("CN-H1b", 16, "nis"),
            ("EU-4", 91, "compassionate"),
            ("UK-3", 91, "literature"),
        ],
    )
    def test_the_law_notices_a_row_that_breaks_it(
        self, rule_id: str, days: int, context: str
    ) -> None:
        assert next(later_when_graver(context, spoilt(rule_id, days)), None) is not None


def reports_of(records: list[Record]) -> list[Report]:
    """Read the records as the reports they are."""
    messages = [item for _, item in parse_all(records) if isinstance(item, Message)]
    return [read_report(f"{m.source} {m.message_id}", m.data) for m in messages]


def told(reports: list[Report], *, now: datetime = NOW) -> LiveCase:
    live = begin(CASE)
    for one in reports:
        live = advance(live, one, knowledge(), now=now).case
    return live


class TestHistories:
    @given(messages_of_one_case())
    def test_no_duty_goes_without_a_word(self, records: list[Record]) -> None:
        live = begin(CASE)
        ever: dict[str, Obligation] = {}
        for one in reports_of(records):
            outcome = advance(live, one, knowledge(), now=NOW)
            before = {duty.obligation_id for duty in live.obligations}
            after = {duty.obligation_id for duty in outcome.case.obligations}
            ended = {end.obligation_id: end for end in outcome.superseded}

            assert before - after == ended.keys()
            assert {duty.obligation_id for duty in outcome.lifted} == ended.keys()
            assert after <= before | {duty.obligation_id for duty in outcome.created}
            for end in ended.values():
                assert end.reason
                assert end.replaced_by is None or end.replaced_by in after
            ever |= {duty.obligation_id: duty for duty in outcome.created}
            assert after <= ever.keys()  # what was made is never forgotten
            live = outcome.case

    @given(messages_of_one_case(), st.randoms(use_true_random=False))
    def test_order_and_repetition_of_arrival_move_no_date(
        self, records: list[Record], chance: Random
    ) -> None:
        reports = reports_of(records)
        again = [*reports, *chance.choices(reports, k=2)]
        chance.shuffle(again)

        assert told(again).obligations == told(reports).obligations
        assert told(again).digest == told(reports).digest

    @given(messages_of_one_case(), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
    def test_the_wall_clock_moves_no_date(self, records: list[Record], now: datetime) -> None:
        reports = reports_of(records)

        other = told(reports, now=now.replace(tzinfo=UTC))
        assert other.obligations == told(reports).obligations

    @given(messages_of_one_case(), st.sampled_from(("Asia/Shanghai", "Pacific/Kiritimati")))
    def test_the_zone_of_the_server_moves_no_date_of_a_whole_history(
        self, records: list[Record], zone: str
    ) -> None:
        here = told(reports_of(records)).obligations
        with server_zone(zone):
            there = told(reports_of(records)).obligations

        assert there == here


@contextmanager
def server_zone(name: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


class TestServerZone:
    @pytest.fixture(params=["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
    def zone(
        self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[None]:
        monkeypatch.setenv("TZ", request.param)
        time.tzset()
        yield
        monkeypatch.undo()
        time.tzset()

    @pytest.mark.usefixtures("zone")
    def test_the_zone_of_the_server_moves_no_date(self) -> None:
        told = report(received_at="2026-03-01T23:40:00+00:00", office_zone="Europe/Berlin")
        due = {o.due for o in obligations(told) if o.authority == "EMA"}

        assert due == {date(2026, 3, 17)}  # 00:40 of 2 March in Berlin, and 15 days
