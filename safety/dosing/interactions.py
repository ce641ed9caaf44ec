"""
Which drugs of the case interact with our product?

The drugs are data: `data/interactions.toml`. A finding names the row and what to ask, never the
drug itself.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from safety.case import CaseState, Entry
from safety.causality import ExposureHistory, derive_exposure, read_doses
from safety.dosing.doses import company_drugs, names_of
from safety.errors import KnowledgeError
from safety.findings import Finding
from safety.profiles import Product
from safety.profiles.load import fold_name

Effect = Literal["lowers_product", "raises_other", "adds_risk"]

_FILE = "dosing/data/interactions.toml"


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """
    One class of drugs.

    Attributes:
        names: Folded.
        together_with: Only where one of these is taken too; folded.
        evidence: How well it is known that the row holds.
    """

    id: str
    effect: Effect
    about: str
    names: frozenset[str]
    together_with: frozenset[str]
    evidence: str


@dataclass(frozen=True, slots=True)
class Interaction:
    """A drug of the case that is in a row; `apart` if it surely was not taken at the same time."""

    drug: str  # path
    row: InteractionRow
    apart: bool


def find_interactions(state: CaseState, product: Product) -> tuple[Interaction, ...]:
    """Find the drugs of a case that interact with our product; none where it does not name ours."""
    ours = company_drugs(state, product)
    if not ours:
        return ()
    keys = {drug.path for drug in ours}
    others = [
        drug
        for drug in state.drugs
        if drug.path not in keys and drug.known("role") != "not_administered"
    ]
    if not others:
        return ()
    told = {drug.path: names_of(state, drug) for drug in others}
    by_path = {drug.path: drug for drug in others}
    return tuple(
        Interaction(path, row, apart=_apart(state, ours, by_path[path]))
        for path, row in find_interacting_rows(told)
    )


def find_interacting_rows(
    told: Mapping[str, Iterable[str]],
) -> Iterator[tuple[str, InteractionRow]]:
    """Give each drug, by its key, with each row that it is in; *told* holds its names."""
    rows = load_interactions()
    named = {key: _named(tuple(each)) for key, each in told.items()}
    taken = frozenset(name for found in named.values() for name in found)
    for key, found in named.items():
        for row in rows:
            if found & row.names and (not row.together_with or taken & row.together_with):
                yield key, row


def check_interactions(state: CaseState, product: Product) -> tuple[Finding, ...]:
    """
    Tell each interacting drug of a case: a query, or a note where it was surely taken apart.

    Sources:
        Regulatory facts 4.5.
    """
    return tuple(
        Finding(
            "interaction",
            f"{found.drug}.name",
            f"{found.row.about} ({found.row.id}, {found.row.evidence})",
            "note" if found.apart else "query",
        )
        for found in find_interactions(state, product)
    )


@lru_cache(maxsize=10_000)  # the same few drugs are named again and again
def _named(told: tuple[str, ...]) -> frozenset[str]:
    """
    Give the names of rows that are part of a drug's names, as whole words if they have letters.

    Of two of which one holds the other, the longer: 多西紫杉醇 is docetaxel, and no paclitaxel.
    """
    folded = [fold_name(name) for name in told]
    found = {
        name
        for name in _load_names()
        for text in folded
        if (f" {name} " in f" {text} " if name.isascii() else name in text)
    }
    return frozenset(
        name for name in found if not any(name != other and name in other for other in found)
    )


def _apart(state: CaseState, ours: Iterable[Entry], other: Entry) -> bool:
    """Whether the other drug surely ended before ours began, or began after ours ended."""
    history = derive_exposure(read_doses(state, other))
    return all(
        _surely_before(history, own) or _surely_before(own, history)
        for drug in ours
        for own in (derive_exposure(read_doses(state, drug)),)
    )


def _surely_before(one: ExposureHistory, other: ExposureHistory) -> bool:
    if one.undated or not one.stays or other.first_dose is None:
        return False
    first = other.first_dose
    return all(
        stay.period.end is not None and stay.period.end.surely_before(first) for stay in one.stays
    )


@lru_cache(maxsize=1)
def load_interactions() -> tuple[InteractionRow, ...]:
    """Load the rows; see `build_interactions()`."""
    return build_interactions(
        (files("safety.dosing") / "data" / "interactions.toml").read_text(encoding="utf-8")
    )


@lru_cache(maxsize=1)
def _load_names() -> frozenset[str]:
    return frozenset(n for row in load_interactions() for n in row.names | row.together_with)


def build_interactions(text: str) -> tuple[InteractionRow, ...]:
    """
    Build the rows from the text of their file.

    Raises:
        KnowledgeError: If an effect is unknown or a name stands in two rows.
    """
    rows = tuple(_rows(text))
    if not {row.effect for row in rows} <= set(get_args(Effect)):
        raise KnowledgeError(f"{_FILE}: an effect is one of {', '.join(get_args(Effect))}")
    named = [name for row in rows for name in row.names]
    if len(named) > len(set(named)):
        raise KnowledgeError(f"{_FILE}: a name stands in two rows")
    return rows


def _rows(text: str) -> Iterator[InteractionRow]:
    for row in tomllib.loads(text)["row"]:
        yield InteractionRow(
            id=row["id"],
            effect=row["effect"],
            about=row["about"],
            names=frozenset(map(fold_name, row["names"])),
            together_with=frozenset(map(fold_name, row.get("together_with", ()))),
            evidence=row["evidence"]["row"],
        )
