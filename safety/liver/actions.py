"""
Does a transaminase by itself call for closer observation, or for interrupting the drug?

The thresholds are those of `data/liver.toml`, for a normal or a raised baseline. They propose; what
is done is for a person to decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safety.causality import Days, count_days
from safety.liver.compare import reaches
from safety.liver.criteria import ActionRow, LiverCriteria, Proposed, Test
from safety.liver.results import LiverBaseline, Reading, is_raised

_TRANSAMINASES: tuple[Test, ...] = ("ALT", "AST")
_COMPLETE_DAYS = "complete days of the samples"


@dataclass(frozen=True, slots=True)
class LiverAction:
    """
    What a transaminase calls for.

    Attributes:
        row: The row of the file that it reaches.
        source: The record that reaches it, the earliest.
        day: When its sample was taken.
        missing: What keeps it from being decided.
    """

    proposed: Proposed
    row: str
    evidence: str
    source: str
    day: Days
    missing: tuple[str, ...] = ()


def derive_actions(
    readings: Sequence[Reading],
    baseline: LiverBaseline,
    criteria: LiverCriteria,
    symptoms: Sequence[Days],
) -> Iterator[LiverAction]:
    """
    Give what the transaminases call for; a reading that may or may not reach a row is left out.

    1. an interruption that is decided: the earliest, alone;
    2. else an interruption that something keeps undecided, and closer observation: the earliest of
       each.

    Args:
        readings: Under treatment, by day.

        baseline: Decides which rows apply; one that is not known counts as normal.

        criteria: The rows.

        symptoms: When symptoms of liver injury began.
    """
    applying = {test: tuple(_applying(test, baseline, criteria)) for test in _TRANSAMINASES}
    found = [
        action
        for reading in readings
        for row in applying.get(reading.test, ())
        if not _falls_short(row, reading)
        if (action := _assess(row, reading, readings, baseline, criteria, symptoms)) is not None
    ]
    found.sort(key=lambda action: (action.day.earliest, action.day.latest, action.source))
    interrupt = [action for action in found if action.proposed == "interrupt"]
    decided = next((action for action in interrupt if not action.missing), None)
    if decided is not None:
        yield decided
        return
    yield from interrupt[:1]
    yield from [action for action in found if action.proposed == "observe"][:1]


def _applying(test: Test, baseline: LiverBaseline, criteria: LiverCriteria) -> Iterator[ActionRow]:
    kind = "raised" if is_raised(baseline, test, criteria) else "normal"
    yield from (row for row in criteria.actions if test in row.tests and row.baseline == kind)


def _falls_short(row: ActionRow, reading: Reading) -> bool:
    """Tell at a glance what most readings are: below the multiples of the limit that a row asks."""
    multiple = reading.of_limit.figure
    return multiple is not None and all(
        threshold.of == "uln" and multiple < threshold.number for threshold in row.reaches
    )


def _assess(
    row: ActionRow,
    reading: Reading,
    readings: Sequence[Reading],
    baseline: LiverBaseline,
    criteria: LiverCriteria,
    symptoms: Sequence[Days],
) -> LiverAction | None:
    if not reaches(reading, row.reaches, baseline):
        return None
    missing = _lacking(row, reading, readings, baseline, criteria, symptoms)
    if missing is None:
        return None
    return LiverAction(row.proposed, row.id, row.evidence, reading.source, reading.day, missing)


def _lacking(
    row: ActionRow,
    reading: Reading,
    readings: Sequence[Reading],
    baseline: LiverBaseline,
    criteria: LiverCriteria,
    symptoms: Sequence[Days],
) -> tuple[str, ...] | None:
    """Give what is missing to a row that is reached; None where the rest of it is not met."""
    if row.longer_than_days is not None:
        lasts = _lasts(row, row.longer_than_days, reading, readings, baseline)
        if lasts is False:
            return None
        return () if lasts else (_COMPLETE_DAYS,)
    if row.with_symptoms:
        near = [
            count_days(reading.day, began).within(-criteria.symptom_days, criteria.symptom_days)
            for began in symptoms
        ]
        return () if True in near else (f"whether there were symptoms: {criteria.symptoms_about}",)
    return ()


def _lasts(
    row: ActionRow,
    days: int,
    first: Reading,
    readings: Sequence[Reading],
    baseline: LiverBaseline,
) -> bool | None:
    """Say whether a test stays at the threshold for longer; None where the days do not tell."""
    answer: bool | None = False
    for later in readings[readings.index(first) + 1 :]:
        if later.test != first.test:
            continue
        stays = reaches(later, row.reaches, baseline)
        if stays is False:
            break
        apart = count_days(first.day, later.day)
        if stays and apart.fewest > days:
            return True
        if stays and apart.most > days:
            answer = None
    return answer
