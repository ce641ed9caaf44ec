"""
The data elements of ICH E2B(R3): conformance, length, null flavours, where they stand.

The rows are in `elements.csv`, taken from the element sheet of the ICH ICSR
implementation guide package (facts only: numbers, limits, XPaths). In its paths
IE is the investigationEvent, AEA the adverseEventAssessment in it and PR the
primaryRole in that; CLn is ICH code list n and NSn identifier namespace n (see
`vocabulary`), @cs the codeSystem, and r, i, k count repetitions.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from schemas.vocabulary import NullFlavor

Conformance = Literal["mandatory", "conditional", "optional", ""]


@dataclass(frozen=True, slots=True)
class Element:
    """
    One element.

    Attributes:
        number: Such as "G.k.4.r.1a".
        max_length: Characters; None where the standard sets no limit.
        conformance: Empty for the heading of a group.
        null_flavors: Those it admits.
        path: Where it stands; see the module's text.
    """

    number: str
    max_length: int | None
    conformance: Conformance
    null_flavors: frozenset[NullFlavor]
    path: str


@cache
def load_elements() -> Mapping[str, Element]:
    """Give the elements by number."""
    text = (files("schemas.icsr") / "elements.csv").read_text(encoding="utf-8")
    return {row["element"]: _element(row) for row in csv.DictReader(text.splitlines())}


def _element(row: dict[str, str]) -> Element:
    flavors = row["null_flavors"].split()
    return Element(
        number=row["element"],
        max_length=int(row["max_length"]) if row["max_length"] else None,
        conformance=row["conformance"],  # type: ignore[arg-type]
        # NINF and PINF are bounds of a test result, not reasons for its absence
        null_flavors=frozenset(NullFlavor(flavor) for flavor in flavors if "INF" not in flavor),
        path=row["path"],
    )
