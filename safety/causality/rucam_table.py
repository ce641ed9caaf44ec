"""Which points does each row of RUCAM give? The published forms as data: `data/rucam.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from safety.errors import KnowledgeError

Form = Literal["hepatocellular", "cholestatic_mixed"]
Pattern = Literal["hepatocellular", "mixed", "cholestatic"]

FORMS: tuple[Form, ...] = ("hepatocellular", "cholestatic_mixed")
_FILE = "causality/data/rucam.toml"


@dataclass(frozen=True, slots=True)
class Limits:
    """Days from start and from stop within which an onset gives points."""

    first_exposure: tuple[int, int]
    second_exposure: tuple[int, int]
    after_stop: int


@dataclass(frozen=True, slots=True)
class Row:
    """The points of one answer, and how well they are known."""

    points: int
    evidence: str


@dataclass(frozen=True, slots=True, eq=False)
class RucamTable:
    """Both forms: rows by form, group and answer; limits by form; bands by their highest sum."""

    source: str
    rows: Mapping[tuple[Form, str, str], Row]
    limits: Mapping[Form, Limits]
    bands: tuple[tuple[int | None, str], ...]
    alt_from: Decimal
    alp_from: Decimal
    hepatocellular_from: Decimal
    cholestatic_to: Decimal

    def band_of(self, score: int) -> str:
        """Give the category of a sum."""
        return next(name for highest, name in self.bands if highest is None or score <= highest)

    def pattern_of(self, r_value: Decimal) -> Pattern:
        """Give the pattern of injury that R stands for."""
        if r_value >= self.hepatocellular_from:
            return "hepatocellular"
        return "cholestatic" if r_value <= self.cholestatic_to else "mixed"


@lru_cache(maxsize=1)
def load_rucam() -> RucamTable:
    """Load both forms; see `build_rucam()`."""
    return build_rucam(
        (files("safety.causality") / "data" / "rucam.toml").read_text(encoding="utf-8")
    )


def build_rucam(text: str) -> RucamTable:
    """
    Build both forms from the text of their file.

    Raises:
        KnowledgeError: If a row stands twice, or the lowest and highest sums that the rows allow
            are not those that the file states.
    """
    raw = tomllib.loads(text)
    rows: dict[tuple[Form, str, str], Row] = {}
    for entry in raw["row"]:
        for form in [entry["form"]] if "form" in entry else FORMS:
            key = (form, entry["group"], entry["id"])
            if key in rows:
                raise KnowledgeError(f"{_FILE}: row {key} stands twice")
            rows[key] = Row(entry["points"], entry["evidence"])
    for form in FORMS:
        if _range(rows, form) != raw["range"][form]:
            raise KnowledgeError(f"{_FILE}: the points of {form} do not add up to its range")
    return RucamTable(
        source=raw["source"],
        rows=MappingProxyType(rows),
        limits=MappingProxyType({form: _limits(raw["limits"][form]) for form in FORMS}),
        bands=tuple((band.get("to"), band["id"]) for band in raw["band"]),
        alt_from=Decimal(raw["entry"]["alt_from"]),
        alp_from=Decimal(raw["entry"]["alp_from"]),
        hepatocellular_from=Decimal(raw["pattern"]["hepatocellular_from"]),
        cholestatic_to=Decimal(raw["pattern"]["cholestatic_to"]),
    )


def _limits(raw: Mapping[str, Any]) -> Limits:
    first, second = raw["first_exposure"], raw["second_exposure"]
    return Limits((first[0], first[1]), (second[0], second[1]), raw["after_stop"])


def _range(rows: Mapping[tuple[Form, str, str], Row], form: Form) -> list[int]:
    """Lowest and highest sum; the onset always has a row, other groups may have none."""
    groups: dict[str, list[int]] = {}
    for (of, group, _), row in rows.items():
        if of == form:
            groups.setdefault(group, [] if group == "onset" else [0]).append(row.points)
    return [sum(map(min, groups.values())), sum(map(max, groups.values()))]
