"""
Does this subject meet the laboratory part of Hy's law, as far as the results tell?

A transaminase rise followed within the window by a rise of bilirubin, while ALP is not raised: the
criteria of `data/liver.toml`, those for a normal or those for a raised baseline. The answer has
three values, and what is missing is named. It is potential: other causes are for a person to rule
out. Results before treatment make the baseline and are not screened.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from safety.causality import Days, count_days
from safety.causality.rucam import derive_r_value
from safety.causality.rucam_table import Pattern, load_rucam
from safety.liver.actions import LiverAction, derive_actions
from safety.liver.compare import compare, reaches
from safety.liver.criteria import Criterion, LiverCriteria, Test, load_liver_criteria
from safety.liver.results import (
    LiverBaseline,
    LiverResult,
    Reading,
    derive_baseline,
    is_raised,
)

_TRANSAMINASES: tuple[Test, ...] = ("ALT", "AST")


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest result of a test under treatment: multiple of its upper limit, day, record."""

    of_limit: Decimal
    day: Days
    source: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The results on which an answer rests, by their records, and by which criterion."""

    criterion: str
    evidence: str
    transaminase: str
    bilirubin: str | None
    alp: str | None
    both_rises: bool  # transaminase and bilirubin surely rose
    missing: tuple[str, ...]  # what keeps it from being decided


@dataclass(frozen=True, slots=True)
class LiverScreen:
    """
    What the results of one subject say.

    Attributes:
        met: Potential Hy's law; None where it cannot be decided.
        ground: The earliest results that meet a criterion; where none do, the earliest that may,
            those with both rises first.
        missing: What would decide it.
        actions: What a transaminase calls for by itself: closer observation, interruption.
        peaks: Highest multiples of the upper limit: ALT and TBL are the point of an eDISH plot.
        first_sample: ALT and ALP of the first sample with ALT above its limit, as multiples of
            their limits.
        raised_days: Days of the transaminase and the bilirubin that the answer rests on.
        r_value: ALT over ALP of that sample, and its pattern.
        mostly_indirect: The bilirubin of the highest sample is mostly indirect, as it is when
            sorafenib inhibits UGT1A1; it lifts nothing.
        unusable: Records not assessed: unknown unit, no day, or a value below zero.
        notes: Baselines that are unknown or rest on too few values.
    """

    met: bool | None
    ground: Ground | None
    missing: tuple[str, ...]
    actions: tuple[LiverAction, ...] = ()
    peaks: Mapping[Test, Peak] = field(default_factory=dict)
    first_sample: tuple[Decimal, Decimal] | None = None
    r_value: Decimal | None = None
    raised_days: tuple[Days, ...] = ()
    pattern: Pattern | None = None
    mostly_indirect: bool | None = None
    unusable: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def screen_liver(
    results: Iterable[LiverResult],
    baseline: LiverBaseline | None = None,
    *,
    window_days: int | None = None,
    criteria: LiverCriteria | None = None,
    symptoms: Sequence[Days] = (),
) -> LiverScreen:
    """
    Screen all results of one subject.

    For each transaminase and each bilirubin of the window, all of these are asked: transaminase at
    its threshold, bilirubin at its own on the same day or later, and the ALP nearest in time under
    its own. One combination that meets all: met. None that does, but one that may: None. Otherwise
    not met, unless a transaminase or bilirubin could not be used or none was measured: None.

    Args:
        results: Of all tests; the newest record of each id.

        baseline: See `derive_baseline()`; made of the results marked so where not given.

        window_days: Most days from transaminase to bilirubin; the file's where not given.

        criteria: Tests, units and thresholds; those that ship where not given.

        symptoms: When symptoms of liver injury began, as far as is known.

    Sources:
        FDA guidance 2009; IQ-DILI 2020; regulatory facts 3.5. The evidence of each number stands in
        the file.
    """
    known = criteria or load_liver_criteria()
    told = tuple(results)
    before = derive_baseline(told) if baseline is None else baseline
    under = [result for result in told if not result.baseline]
    readings: list[Reading] = []
    unusable: list[LiverResult] = []
    for result in under:
        reading = result.reading
        if reading is None:
            unusable.append(result)
        else:
            readings.append(reading)
    readings.sort(key=lambda reading: (reading.day.earliest, reading.day.latest, reading.source))
    grounds = sorted(
        _grounds(
            readings, before, known, known.window_days if window_days is None else window_days
        ),
        key=lambda ground: (bool(ground.missing), not ground.both_rises),
    )  # stable: of equals the earliest
    ground = grounds[0] if grounds else None
    missing = ground.missing if ground is not None else tuple(_lacking(readings, unusable))
    peaks = _peaks(readings)
    sample = _first_sample(readings)
    r_value = None if sample is None else derive_r_value(*sample)
    return LiverScreen(
        met=None if missing else ground is not None,
        ground=ground,
        missing=missing,
        actions=tuple(derive_actions(readings, before, known, symptoms)),
        peaks=peaks,
        first_sample=sample,
        r_value=r_value,
        raised_days=tuple(_days_of(ground, readings)),
        pattern=None if r_value is None else load_rucam().pattern_of(r_value),
        mostly_indirect=_mostly_indirect(readings, peaks.get("TBL"), known),
        unusable=tuple(result.source for result in unusable),
        notes=tuple(_notes(before, known)),
    )


def _grounds(
    readings: Sequence[Reading], baseline: LiverBaseline, criteria: LiverCriteria, window: int
) -> Iterator[Ground]:
    """Give the combinations that meet a criterion or may meet it, transaminases by day."""
    alps = [reading for reading in readings if reading.test == "ALP"]
    for reading in readings:
        for criterion in _applying(reading.test, baseline, criteria):
            risen = reaches(reading, criterion.transaminase, baseline)
            if risen is False:
                continue
            alp = _nearest(alps, reading.day, window)
            low = None if alp is None else compare(alp, criterion.alp, baseline)
            if low is False:
                continue
            missing = () if risen else (f"upper limit, baseline or value of {reading.test}",)
            if low is None:
                missing = (*missing, "ALP and its upper limit near the transaminase")
            for source, rise, lacks in _rises(reading, readings, criterion, baseline, window):
                yield Ground(
                    criterion=criterion.id,
                    evidence=criterion.evidence,
                    transaminase=reading.source,
                    bilirubin=source,
                    alp=None if alp is None else alp.source,
                    both_rises=bool(risen and rise),
                    missing=(*missing, *lacks),
                )


def _rises(
    transaminase: Reading,
    readings: Sequence[Reading],
    criterion: Criterion,
    baseline: LiverBaseline,
    window: int,
) -> Iterator[tuple[str | None, bool, tuple[str, ...]]]:
    """
    Give the rises of bilirubin that go with a transaminase: record, whether sure, what is missing.

    A rise before the transaminase is out of order; it leaves the question open only where no total
    bilirubin follows within the window.
    """
    followed = False
    early: list[str] = []
    for other in readings:
        distance = count_days(transaminase.day, other.day)
        after = distance.within(0, window)
        followed = followed or (other.test == "TBL" and after is True)
        risen = reaches(other, criterion.bilirubin, baseline)
        if risen is False:
            continue
        if after is not False:
            lacks = () if risen else (f"upper limit, baseline or value of {other.test}",)
            lacks = lacks if after else (*lacks, "complete days of the samples")
            yield other.source, risen is True, lacks
        elif risen and distance.within(-window, -1):
            early.append(other.source)
    if not followed:
        for source in early:
            yield source, True, ("bilirubin after the transaminase: it rose before",)
        yield None, False, ("total bilirubin within the window after the transaminase",)


def _applying(test: Test, baseline: LiverBaseline, criteria: LiverCriteria) -> Iterator[Criterion]:
    """Give the criteria for a test, by what its baseline was; not known counts as normal."""
    kind = "raised" if is_raised(baseline, test, criteria) else "normal"
    for criterion in criteria.criteria:
        if test in criterion.tests and criterion.baseline == kind:
            yield criterion


def _nearest(alps: Sequence[Reading], day: Days, window: int) -> Reading | None:
    """Give the ALP nearest in time within the window; of several as near, the highest."""
    near = [
        (max(abs(distance.fewest), abs(distance.most)), alp)
        for alp in alps
        for distance in (count_days(day, alp.day),)
        if distance.within(-window, window)
    ]
    if not near:
        return None
    least = min(distance for distance, _ in near)
    nearest = [alp for distance, alp in near if distance == least]
    return max(nearest, key=lambda alp: (alp.of_limit.figure or Decimal(0), alp.source))


def _lacking(readings: Sequence[Reading], unusable: Sequence[LiverResult]) -> Iterator[str]:
    """Say why results that meet no criterion do not show that none is met."""
    if not any(reading.test in _TRANSAMINASES for reading in readings):
        yield "ALT or AST under treatment"
    if any(result.test in {*_TRANSAMINASES, "TBL"} for result in unusable):
        yield "unit or day of a result that could not be used"


def _peaks(readings: Sequence[Reading]) -> dict[Test, Peak]:
    peaks: dict[Test, Peak] = {}
    for reading in readings:
        multiple = reading.of_limit.figure
        highest = peaks.get(reading.test)
        if multiple is not None and (highest is None or multiple > highest.of_limit):
            peaks[reading.test] = Peak(multiple, reading.day, reading.source)
    return peaks


def _days_of(ground: Ground | None, readings: Sequence[Reading]) -> Iterator[Days]:
    sources = set() if ground is None else {ground.transaminase, ground.bilirubin}
    yield from (reading.day for reading in readings if reading.source in sources)


def _first_sample(readings: Sequence[Reading]) -> tuple[Decimal, Decimal] | None:
    """Give ALT and ALP of the first sample whose ALT is above its limit and which has an ALP."""
    for reading in readings:
        if reading.test == "ALT" and reading.of_limit.compare("above", Decimal(1)):
            alt = reading.of_limit.figure
            for other in readings:
                alp = other.of_limit.figure
                if other.test == "ALP" and other.day == reading.day and alt and alp:
                    return alt, alp
    return None


def _mostly_indirect(
    readings: Sequence[Reading], peak: Peak | None, criteria: LiverCriteria
) -> bool | None:
    """Compare direct and total bilirubin of the sample with the highest total."""
    if peak is None:
        return None
    total = next(r.value.figure for r in readings if r.source == peak.source and r.test == "TBL")
    direct = [r.value.figure for r in readings if r.test == "DBL" and r.day == peak.day]
    if not total or not direct or direct[0] is None:
        return None
    return direct[0] / total < criteria.indirect_below


def _notes(baseline: LiverBaseline, criteria: LiverCriteria) -> Iterator[str]:
    for test in (*_TRANSAMINASES, "TBL"):
        known = baseline.get(test)
        if known is None or known.of_limit is None:
            yield f"baseline of {test} is not known and taken as normal"
        elif known.values < criteria.baseline_values:
            yield f"baseline of {test} rests on fewer than {criteria.baseline_values} values"
