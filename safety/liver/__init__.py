"""Is the liver being injured? Potential Hy's law, also for those whose tests were raised before."""

from safety.liver.actions import LiverAction
from safety.liver.criteria import LiverCriteria, load_liver_criteria
from safety.liver.prompts import Mention, Prompt, find_prompts
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
    "LiverAction",
    "LiverBaseline",
    "LiverCriteria",
    "LiverResult",
    "LiverScreen",
    "Mention",
    "Peak",
    "Prompt",
    "derive_baseline",
    "find_prompts",
    "load_liver_criteria",
    "read_liver_result",
    "screen_liver",
]
