"""By which numbers is the liver screened? Tests, units, thresholds as data: `data/liver.toml`."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from safety.errors import KnowledgeError

Test = Literal["ALT", "AST", "ALP", "TBL", "DBL", "INR"]
Of = Literal["uln", "baseline", "one"]
Sign = Literal["at_least", "above", "below"]
BaselineKind = Literal["normal", "raised"]
Proposed = Literal["observe", "interrupt"]

TESTS: tuple[Test, ...] = get_args(Test)
_SIGNS: tuple[Sign, ...] = get_args(Sign)
_FILE = "liver/data/liver.toml"


@dataclass(frozen=True, slots=True)
class Threshold:
    """
    A number that a result is compared with.

    Attributes:
        of: What *number* multiplies: upper limit of normal, baseline, or one.
        test: Whose result.
        beyond_uln: The result must lie above its upper limit of normal too.
        if_raised: Counts only where the baseline of this test was raised.
    """

    sign: Sign
    number: Decimal
    of: Of
    test: Test | None = None
    beyond_uln: bool = False
    if_raised: Test | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One definition of potential Hy's law, for a transaminase whose baseline was so."""

    id: str
    baseline: BaselineKind
    tests: tuple[Test, ...]
    transaminase: tuple[Threshold, ...]
    bilirubin: tuple[Threshold, ...]
    alp: Threshold
    evidence: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    """
    When a transaminase by itself calls for something, by what its baseline was.

    Attributes:
        reaches: One of these suffices.
        longer_than_days: It must stay there for longer than so many days; None: once suffices.
        with_symptoms: Symptoms of liver injury must be there too.
    """

    id: str
    proposed: Proposed
    baseline: BaselineKind
    tests: tuple[Test, ...]
    reaches: tuple[Threshold, ...]
    evidence: str
    longer_than_days: int | None = None
    with_symptoms: bool = False


@dataclass(frozen=True, slots=True)
class PromptRow:
    """
    What to think of where words are told of a patient.

    Attributes:
        names: The words, folded.
        denied: Words beside them that say it is not so.
        days_before: It bears on samples of so many days after it; None: on all.
    """

    id: str
    about: str
    names: tuple[str, ...]
    evidence: str
    denied: tuple[str, ...] = ()
    days_before: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LiverCriteria:
    """All of the file, ready for use."""

    version: str
    window_days: int
    raised_from: Decimal
    baseline_values: int
    indirect_below: Decimal
    by_id: Mapping[str, Test]  # by the id of the laboratory test
    units: Mapping[Test, Mapping[str, Decimal]]
    criteria: tuple[Criterion, ...]
    actions: tuple[ActionRow, ...]
    symptoms: frozenset[str]  # terms of the dictionary
    symptoms_about: str
    symptom_days: int
    prompts: tuple[PromptRow, ...]


@lru_cache(maxsize=1)
def load_liver_criteria() -> LiverCriteria:
    """Load tests, units and thresholds; see `build_liver_criteria()`."""
    return build_liver_criteria(
        (files("safety.liver") / "data" / "liver.toml").read_text(encoding="utf-8")
    )


def build_liver_criteria(text: str) -> LiverCriteria:
    """
    Build tests, units and thresholds from the text of their file.

    Raises:
        KnowledgeError: If a test is missing.
    """
    raw = tomllib.loads(text)
    if sorted(row["id"] for row in raw["test"]) != sorted(TESTS):
        raise KnowledgeError(f"{_FILE}: the tests must be {', '.join(TESTS)}, each once")
    return LiverCriteria(
        version=raw["version"],
        window_days=raw["window"]["days"],
        raised_from=Decimal(raw["baseline"]["raised_from"]),
        baseline_values=raw["baseline"]["values"],
        indirect_below=Decimal(raw["direct"]["indirect_below"]),
        by_id=MappingProxyType({row["named"]: row["id"] for row in raw["test"]}),
        units=MappingProxyType(
            {
                row["id"]: MappingProxyType(
                    {
                        fold_unit(unit): Decimal(factor)
                        for unit, factor in raw["unit"][row["kind"]].items()
                    }
                )
                for row in raw["test"]
            }
        ),
        criteria=tuple(_criterion(row) for row in raw["criterion"]),
        actions=tuple(_action(row) for row in raw["action"]),
        symptoms=frozenset(raw["symptom"]["terms"]),
        symptoms_about=raw["symptom"]["about"],
        symptom_days=raw["symptom"]["days"],
        prompts=tuple(_prompt(row) for row in raw["prompt"]),
    )


def _action(row: dict[str, Any]) -> ActionRow:
    if row["proposed"] not in get_args(Proposed):
        raise KnowledgeError(f"{_FILE}: {row['id']}: proposed is one of observe, interrupt")
    return ActionRow(
        id=row["id"],
        proposed=row["proposed"],
        baseline=row["baseline"],
        tests=tuple(row["tests"]),
        reaches=tuple(_threshold(row["id"], each) for each in row["reaches"]),
        evidence=row["evidence"],
        longer_than_days=row.get("longer_than_days"),
        with_symptoms=row.get("with_symptoms", False),
    )


def _prompt(row: dict[str, Any]) -> PromptRow:
    return PromptRow(
        id=row["id"],
        about=row["about"],
        names=tuple(row["names"]),
        evidence=row["evidence"],
        denied=tuple(row.get("denied", ())),
        days_before=row.get("days_before"),
    )


def _criterion(row: dict[str, Any]) -> Criterion:
    return Criterion(
        id=row["id"],
        baseline=row["baseline"],
        tests=tuple(row["tests"]),
        transaminase=tuple(_threshold(row["id"], each) for each in row["transaminase"]),
        bilirubin=tuple(_threshold(row["id"], each) for each in row["bilirubin"]),
        alp=_threshold(row["id"], row["alp"]),
        evidence=row["evidence"],
    )


def _threshold(criterion: str, raw: dict[str, Any]) -> Threshold:
    signs = [sign for sign in _SIGNS if sign in raw]
    if len(signs) != 1:
        raise KnowledgeError(f"{_FILE}: {criterion}: give one of at_least, above, below")
    return Threshold(
        sign=signs[0],
        number=Decimal(raw[signs[0]]),
        of=cast("Of", raw["of"]),
        test=raw.get("test"),
        beyond_uln=raw.get("beyond_uln", False),
        if_raised=raw.get("if_raised"),
    )


def fold_unit(unit: str) -> str:
    """Give a unit in the form in which units are compared: "µmol / L" is "μmol/l"."""
    return "".join(unicodedata.normalize("NFKC", unit).casefold().split())
