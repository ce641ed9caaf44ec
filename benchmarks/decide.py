"""
What does one message about a case cost, as the case has more reactions and a longer history?

A study case, every third reaction serious, each answered by investigator and sponsor;
its follow-ups each bring a new narrative. Measured is the last of them: in its turn, and
late, when it is older than all the case has and everything is assessed again. Parsing,
storing, publishing and Python's garbage collection are not in it.

`python -m benchmarks.decide` prints the table.
"""

import gc
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from rich.console import Console

import safety.pipeline
from benchmarks.results import Growth
from benchmarks.steps import DECISION, StepTimers, step_timers
from benchmarks.tables import growth_table
from safety.case import Report
from safety.knowledge import Knowledge, load_knowledge
from safety.pipeline import begin
from tests.support.reports import BASE, follow_up, report

REACTIONS = (1, 2, 5, 20)
REPORTS = (1, 5, 50)
ENOUGH_SECONDS = 0.1  # of CPU, for each size
ENOUGH_CALLS = 3

NOW = datetime(2027, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2026, 3, 9)
BEFORE_ALL = "2026-03-01"

TERMS = (
    "Palmar-plantar erythrodysesthesia syndrome",
    "Diarrhea",
    "Hypertension",
    "Fatigue",
    "Alopecia",
    "Rash maculo-papular",
    "Nausea",
    "Anorexia",
    "Weight loss",
    "Abdominal pain",
    "Vomiting",
    "Pruritus",
    "Platelet count decreased",
    "Mucositis oral",
    "Epistaxis",
    "Hypophosphatemia",
    "Alanine aminotransferase increased",
    "Ascites",
    "Pulmonary embolism",
    "Upper gastrointestinal hemorrhage",
)
DECIDE = (("decide", safety.pipeline, "advance"),)


def main() -> None:
    """Measure, and print a table, or JSON where asked to."""
    found = measure_growth()
    if sys.argv[1:] == ["--json"]:
        sys.stdout.buffer.write(TypeAdapter(list[Growth]).dump_json(found))
    else:
        Console().print(growth_table(found).as_rich())


def measure_growth() -> list[Growth]:
    """Measure every size."""
    knowledge = load_knowledge()
    return [
        _measure(knowledge, reactions, reports, late=late)
        for late in (False, True)
        for reactions in REACTIONS
        for reports in REPORTS
        if reports > 1 or not late
    ]


def _measure(knowledge: Knowledge, reactions: int, reports: int, *, late: bool) -> Growth:
    *earlier, last = _history(reactions, reports, late=late)
    live = begin("EDC:16621-01-001-AE01")
    for one in earlier:
        live = safety.pipeline.advance(live, one, knowledge, now=NOW).case
    safety.pipeline.advance(live, last, knowledge, now=NOW)  # fills what is computed once
    gc.collect()
    gc.disable()
    began, calls = time.process_time(), 0
    with step_timers(DECIDE, DECISION) as timers:
        while calls < ENOUGH_CALLS or time.process_time() - began < ENOUGH_SECONDS:
            safety.pipeline.advance(live, last, knowledge, now=NOW)
            calls += 1
    gc.enable()
    return Growth(reactions, reports, late, dict(_microseconds(timers, calls)))


def _microseconds(timers: StepTimers, calls: int) -> Iterator[tuple[str, float]]:
    yield "whole", sum(spent.cpu for spent in timers.spent.values()) / calls * 1e6
    for part, _, _ in DECISION:
        if (spent := timers.spent.get(f"decide/{part}")) is not None:
            yield part, spent.cpu / calls * 1e6


def _history(reactions: int, reports: int, *, late: bool) -> Iterator[Report]:
    """Give the reports of a case, the one to be measured last."""
    yield report("m1", **_case(reactions))
    for number in range(2, reports + 1):
        day = (FIRST_DAY + timedelta(days=number)).isoformat()
        told = {"narrative": f"Narrative as of report {number}."}
        if late and number == reports:
            day, told = BEFORE_ALL, {"sender_comments": "Told late."}
        yield follow_up(f"m{number}", day, **told)


def _case(reactions: int) -> dict[str, Any]:
    base = BASE["reactions"][0]
    ids = [f"r{number}" for number in range(1, reactions + 1)]
    return {
        "reactions": [
            base
            | {
                "reaction_id": key,
                "term": {"text": TERMS[place], "language": "en"},
                "seriousness": {"hospitalisation": True} if place % 3 == 0 else {},
            }
            for place, key in enumerate(ids)
        ],
        "relatedness": [
            {"drug_id": "d1", "reaction_id": key, "assessor": assessor, "result": "related"}
            for key in ids
            for assessor in ("investigator", "sponsor")
        ],
    }


if __name__ == "__main__":
    main()
