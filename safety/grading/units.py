"""
In which units may an analyte be read, and by which factor does one become another?

Two questions, kept apart. Which spellings count is a closed list by analyte
(`data/laboratory-units.toml`): what is not on it is unknown, and unknown is never guessed. How
much one unit is of another is the business of a units library; from a mass to an amount of
substance it needs the molar mass of the analyte, which is a row of the same file.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from safety.errors import KnowledgeError

if TYPE_CHECKING:
    from pint import UnitRegistry

_FILE = "grading/data/laboratory-units.toml"
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SIGNS = str.maketrans({"μ": "u", "µ": "u", "×": "x", "∕": "/", "／": "/"})
_LONGEST = 40  # characters of a unit; what is longer is no unit


@dataclass(frozen=True, slots=True)
class Analyte:
    """
    What is measured, and in which units it may be read.

    Attributes:
        by_spelling: Folded spelling to unit.
        molar_mass: In g/mol; None where mass and amount of substance are not converted.
    """

    name: str
    units: tuple[str, ...]
    by_spelling: Mapping[str, str]
    molar_mass: Decimal | None

    def unit_of(self, spelling: str | None) -> str | None:
        """Give the unit that a spelling stands for; None if it is not one of the analyte's."""
        if spelling is not None and len(spelling) > _LONGEST:
            return None
        return self.by_spelling.get(fold_unit(spelling or ""))


@dataclass(frozen=True, slots=True, eq=False)
class LaboratoryUnits:
    """
    The analytes, and what their units stand for.

    Attributes:
        quantities: Unit to the expression that the units library reads; none for figures without
            a dimension, which are not converted.
    """

    analytes: Mapping[str, Analyte]
    quantities: Mapping[str, str]

    def factor(self, analyte: Analyte, unit: str, into: str) -> Decimal | None:
        """
        Give by what a figure in one unit is multiplied to be a figure in another.

        Args:
            analyte: Whose molar mass is used between mass and amount of substance.

            unit: One of the analyte's units.

            into: Another one.

        Returns:
            None if there is no such factor: another dimension, and no molar mass.
        """
        if unit == into:
            return Decimal(1)
        if unit not in self.quantities or into not in self.quantities:
            return None
        return _convert(self.quantities[unit], self.quantities[into], analyte.molar_mass)

    def same_dimension(self, unit: str, into: str) -> bool:
        """Say whether the two differ in scale only."""
        return unit == into or (
            unit in self.quantities
            and into in self.quantities
            and _convert(self.quantities[unit], self.quantities[into], None) is not None
        )


def fold_unit(spelling: str) -> str:
    """Give a spelling without case and spaces, with `µ` as `u`, and powers written with `^`."""
    folded = "".join(spelling.casefold().translate(_SIGNS).split())
    folded = _SUPERSCRIPT.sub(lambda found: "^" + found.group().translate(_DIGITS), folded)
    return folded.replace("**", "^").replace("*", "^")


@lru_cache(maxsize=1)
def load_units() -> LaboratoryUnits:
    """
    Load the units.

    Raises:
        KnowledgeError: The file is faulty; see `build_units()`.
    """
    return build_units(
        (files("safety.grading") / "data" / "laboratory-units.toml").read_text(encoding="utf-8")
    )


def build_units(text: str) -> LaboratoryUnits:
    """
    Build the units from the text of their file.

    Raises:
        KnowledgeError: A unit or analyte is stated twice, an analyte has a unit that is not
            stated, or one spelling stands for two of its units.
    """
    raw = tomllib.loads(text)
    try:
        units = _by_name(raw["unit"], "unit")
        analytes = _by_name(raw["analyte"], "analyte")
        return LaboratoryUnits(
            {name: _build_analyte(name, row, units) for name, row in analytes.items()},
            {name: row["quantity"] for name, row in units.items() if "quantity" in row},
        )
    except KeyError as error:
        raise KnowledgeError(f"{_FILE}: missing or unknown: {error}") from None


def _by_name(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    by_name: dict[str, dict[str, Any]] = {}
    for row in rows:
        if by_name.setdefault(row[key], row) is not row:
            raise KnowledgeError(f"{_FILE}: {key} {row[key]!r} is stated twice")
    return by_name


def _build_analyte(
    name: str, row: Mapping[str, Any], units: Mapping[str, Mapping[str, Any]]
) -> Analyte:
    by_spelling: dict[str, str] = {}
    for unit in row["units"]:
        for spelling in units[unit]["spellings"]:
            if by_spelling.setdefault(fold_unit(spelling), unit) != unit:
                raise KnowledgeError(f"{_FILE}: {spelling!r} is two units of {name!r}")
    mass = row.get("molar_mass")
    return Analyte(name, tuple(row["units"]), by_spelling, None if mass is None else Decimal(mass))


@lru_cache(maxsize=1024)
def _convert(quantity: str, into: str, molar_mass: Decimal | None) -> Decimal | None:
    from pint import DimensionalityError  # noqa: PLC0415 - see _registry()

    registry = _registry()
    one: Any = registry.Quantity(quantity)
    target: Any = registry.Quantity(into)
    try:
        if molar_mass is None:
            found = one.to(target.units)
        else:
            mass = registry.Quantity(molar_mass, "gram / mole")
            found = one.to(target.units, "chemistry", mw=mass)
    except DimensionalityError:
        return None
    return Decimal(found.magnitude) / Decimal(target.magnitude)


def prepare_conversions() -> None:
    """Load what the first conversion would load, so that no message waits for it."""
    _registry()


@lru_cache(maxsize=1)
def _registry() -> "UnitRegistry[Decimal]":
    """Build the registry when the first conversion asks for it: half a second that few need."""
    from pint import UnitRegistry  # noqa: PLC0415

    return UnitRegistry(non_int_type=Decimal)
