"""
Was the value told as a multiple: "3.2 x ULN"?

Which spellings say so is a closed list, as it is for units: what is not on it is a unit like any
other.
"""

from functools import lru_cache

from safety.grading.bounds import Reference
from safety.grading.units import fold_unit

_LEADS = ("multiplesof", "multipleof", "timesthe", "times", "fold", "x", "倍", "")  # folded
_REFERENCES = {
    "uln": Reference.ULN,
    "upperlimitofnormal": Reference.ULN,
    "正常上限": Reference.ULN,
    "正常值上限": Reference.ULN,
    "lln": Reference.LLN,
    "lowerlimitofnormal": Reference.LLN,
    "正常下限": Reference.LLN,
    "正常值下限": Reference.LLN,
    "baseline": Reference.BASELINE,
    "基线": Reference.BASELINE,
    "基线值": Reference.BASELINE,
}
_BEHIND = "倍"  # "3 正常上限倍"
_SPELLINGS = {
    lead + name + behind: reference
    for lead in _LEADS
    for name, reference in _REFERENCES.items()
    for behind in ("", _BEHIND)
}


@lru_cache(maxsize=1024)
def find_multiple(unit: str | None) -> Reference | None:
    """Give what a unit makes the value a multiple of; None for any other unit, and for none."""
    return None if unit is None else _SPELLINGS.get(fold_unit(unit))
