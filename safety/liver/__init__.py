"""Is the liver being injured? Potential Hy's law, also for those whose tests were raised before."""

from safety.liver.criteria import LiverCriteria, load_liver_criteria
from safety.liver.results import (
    BaselineValue,
    LiverBaseline,
    LiverResult,
    derive_baseline,
    read_liver_result,
)
from safety.liver.screen import Ground, LiverScreen, Peak, screen_liver

__all__ = [
    "BaselineValue",
    "Ground",
    "LiverBaseline",
    "LiverCriteria",
    "LiverResult",
    "LiverScreen",
    "Peak",
    "derive_baseline",
    "load_liver_criteria",
    "read_liver_result",
    "screen_liver",
]
