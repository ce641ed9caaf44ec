"""
Time to an event, some of it not seen to its end: Kaplan-Meier.

Computed by lifelines: product-limit estimate, Greenwood's variance, intervals on the
log(-log) scale. Sources: Kaplan EL, Meier P. JASA 1958;53:457-481; Kalbfleisch JD, Prentice RL.
The Statistical Analysis of Failure Time Data, 1980; quantiles of the interval after Brookmeyer R,
Crowley J. Biometrics 1982;38:29-41: where the bounds of the curve cross the quantile.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.statistics.intervals import CONFIDENCE, Interval


@dataclass(frozen=True, slots=True)
class Observation:
    """How long a subject was watched, and whether the event was seen at the end of it."""

    subject: str
    time: float
    event: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """
    A step function, from each time on.

    Attributes:
        times: Distinct times at which somebody had the event or was no longer watched, 0 first.
        survival: Probability of no event up to and including each time.
        low: Lower bound; None before the first event, where the interval is not estimable.
        high: Upper bound.
        at_risk: Subjects watched just before each time.
        median: Time at which the curve falls to one half; None where it does not.
    median_low: Lower bound of that time, `median_high` its upper.
    """

    times: tuple[float, ...]
    survival: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    at_risk: tuple[int, ...]
    observations: tuple[Observation, ...]
    median: float | None
    median_low: float | None
    median_high: float | None

    @property
    def events(self) -> int:
        """How many had the event."""
        return sum(one.event for one in self.observations)

    def watched_at(self, time: float) -> int:
        """How many are still watched, without event, just before a time."""
        return sum(one.time >= time for one in self.observations)


def estimate_curve(observations: Sequence[Observation]) -> Curve | None:
    """
    Estimate the curve.

    Returns:
        None where there is nobody to watch.
    """
    # Imported here: it takes seconds, which every other command would wait for.
    from lifelines import KaplanMeierFitter  # noqa: PLC0415

    if not observations:
        return None
    fitter = KaplanMeierFitter(alpha=1 - CONFIDENCE)
    fitter.fit([one.time for one in observations], [one.event for one in observations])
    times = [float(time) for time in fitter.survival_function_.index]
    survival = [float(value) for value in fitter.survival_function_.iloc[:, 0]]
    bounds = fitter.confidence_interval_survival_function_
    seen = [any(one.event and one.time <= time for one in observations) for time in times]
    low, high = (
        tuple(
            float(bound) if known and 0 < here < 1 else None
            for bound, known, here in zip(bounds.iloc[:, place], seen, survival, strict=True)
        )
        for place in (0, 1)
    )
    return Curve(
        times=tuple(times),
        survival=tuple(survival),
        low=low,
        high=high,
        at_risk=tuple(int(count) for count in fitter.event_table["at_risk"]),
        observations=tuple(observations),
        median=_first_at_or_below(times, survival),
        median_low=_first_at_or_below(times, low),
        median_high=_first_at_or_below(times, high),
    )


def probability_at(curve: Curve, time: float) -> Interval | None:
    """
    Give the probability of no event up to a time, with its interval.

    Returns:
        None where nobody was watched so long and the curve has not come down to 0: what happens
        after the last observation is not estimable.
    """
    place = max(at for at, begin in enumerate(curve.times) if begin <= time)
    if time > curve.times[-1] and curve.survival[-1] > 0:
        return None
    return Interval(curve.survival[place], curve.low[place], curve.high[place])


_HALF = 0.5


def _first_at_or_below(times: Sequence[float], values: Sequence[float | None]) -> float | None:
    for time, value in zip(times, values, strict=True):
        if value is not None and value <= _HALF + 1e-12:
            return time
    return None
