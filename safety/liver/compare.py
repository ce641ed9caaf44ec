"""Does a reading reach a threshold, which may be a multiple of its own limit or baseline?"""

from collections.abc import Sequence
from decimal import Decimal

from safety.liver.criteria import Threshold
from safety.liver.results import LiverBaseline, Reading, is_raised


def reaches(
    reading: Reading, thresholds: Sequence[Threshold], baseline: LiverBaseline
) -> bool | None:
    """Say whether a reading reaches one of the thresholds for its test."""
    answers = [
        compare(reading, threshold, baseline)
        for threshold in thresholds
        if threshold.test in {None, reading.test}
    ]
    if True in answers:
        return True
    return None if None in answers else False


def compare(reading: Reading, threshold: Threshold, baseline: LiverBaseline) -> bool | None:
    """Compare a reading with one threshold; a baseline that is needed and not known gives None."""
    if threshold.if_raised is not None and not is_raised(baseline, threshold.if_raised):
        return False
    known = baseline.get(reading.test)
    answer: bool | None = None
    if threshold.of == "uln":
        answer = reading.of_limit.compare(threshold.sign, threshold.number)
    elif threshold.of == "one":
        answer = reading.value.compare(threshold.sign, threshold.number)
    elif known is not None:
        answer = reading.value.compare(threshold.sign, threshold.number * known.mean)
    if answer is False or not threshold.beyond_uln:
        return answer
    beyond = reading.of_limit.compare("above", Decimal(1))
    return False if beyond is False else (answer if beyond else None)
