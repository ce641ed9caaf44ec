"""
What do the words of the tables mean? The one place that says so, in rules and in print.

Sources: ICH E9 and E3 12.2; regulatory facts 6.4 (treatment-emergent window of 30 days as is usual
in oncology, M-high; worst grade; missing relatedness counts as related). Each rule stands beside
the sentence that is printed with the report.
"""

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from reports.study.days import Span
from reports.study.model import DosePeriod, StudyData

WINDOW_DAYS = 30  # after the last dose
UNCODED = "No coding available"
UNKNOWN_ARM = "No arm recorded"

NOT_GIVEN = frozenset({"interrupted", "stopped"})

NUMBERS = "n (%) [events]: subjects with at least one such event, once a row; % of N; events."
ORDER = "Classes in alphabetical order; terms within a class by falling number of subjects."


def is_emergent(
    flagged: bool | None,  # noqa: FBT001 - three-valued fact, not a switch
    onset: Span | None,
    end: Span | None,
    first_dose: date | None,
    last_dose: date | None,
) -> bool:
    """
    Tell whether an event of a treated subject is emergent; the first line that applies decides.

    1. the study's database says so or not: as it says;
    2. nobody told the day of the first dose: yes;
    3. the event was certainly over before the first dose: no;
    4. nothing is known of its onset: yes;
    5. it certainly began before the first dose: no;
    6. it certainly began more than 30 days after the last dose: no;
    7. otherwise yes: what a partial date leaves open counts.

    Args:
        flagged: The study's own flag.

        onset: Days on which it may have begun.

        end: Days on which it may have ended.

        first_dose: First day with a dose; None: unknown.

        last_dose: Last day with a dose; None: still treated.
    """
    if flagged is not None:
        return flagged
    if first_dose is None:
        return True
    if end is not None and end.last < first_dose:
        return False
    if onset is None:
        return True
    if onset.last < first_dose:
        return False
    return last_dose is None or onset.first <= last_dose + timedelta(days=WINDOW_DAYS)


def is_related(readings: tuple[bool | None, ...], *, investigator: bool | None) -> bool:
    """
    Tell whether an event counts as related; the first line that applies decides.

    1. anybody says related: yes;
    2. the investigator says not related: no;
    3. otherwise yes: missing counts as related.

    Args:
        readings: All answers as read.

        investigator: The investigator's, None where there is none.
    """
    return True in readings or investigator is not False


def counts_as_given(period: DosePeriod, periods: tuple[DosePeriod, ...]) -> bool:
    """
    Tell whether something was taken in a dose period; the first line that applies decides.

    1. it is an interruption or the end of treatment: no;
    2. its dose is above zero or not known: yes;
    3. the dose is zero: only if the subject never had another (placebo is given as dose zero).
    """
    if period.change in NOT_GIVEN:
        return False
    if period.daily is None or period.daily > 0:
        return True
    return not any(other.daily for other in periods)


def definitions_of(data: StudyData) -> tuple[tuple[str, str], ...]:
    """Give the words and what they mean, for print."""
    filled = {
        "{planned}": "the first daily dose of the same subject"
        if data.planned_daily is None
        else f"{data.planned_daily:g} mg a day",
        "{dictionaries}": "; ".join(data.dictionaries) or "nothing",
    }
    return tuple((row["term"], _fill(row["text"], filled)) for row in _load()["definition"])


def _fill(text: str, filled: dict[str, str]) -> str:
    for name, words in filled.items():
        text = text.replace(name, words)
    return text


def _load() -> dict[str, Any]:
    content = (files("reports.study") / "data" / "definitions.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)
