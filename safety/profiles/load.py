"""Load product and study profiles from their TOML files."""

import hashlib
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from safety.errors import KnowledgeError
from safety.rulebooks.load import CONTEXTS


@dataclass(frozen=True, slots=True)
class Product:
    """
    The product whose reports these are.

    Attributes:
        names: Folded names and synonyms; see `fold_name`.
        destinations: Rulebooks that apply where no study profile says otherwise.
        half_life_hours: Shortest and longest published elimination half-life, hours.
        plausible_daily_mg: Total daily doses the label knows, milligrams.
        unlikely_is_related: Whether the company reads "unlikely" as a possible relation.
    """

    name: str
    version: str
    names: frozenset[str]
    destinations: tuple[str, ...]
    half_life_hours: tuple[int, int]
    plausible_daily_mg: tuple[int, ...]
    unlikely_is_related: bool
    digest: str

    def is_named_in(self, told: Iterable[str]) -> bool:
        """Whether one of the names that a report gives for a drug is this product."""
        return any(self._is_name(fold_name(name)) for name in told)

    def _is_name(self, folded: str) -> bool:
        if folded in self.names:
            return True
        # "Nexavar 200 mg tablets", "sorafenib (Nexavar)": a known name as a whole word
        padded = f" {folded} "
        return any(
            f" {name} " in padded if name.isascii() else name in folded for name in self.names
        )


@dataclass(frozen=True, slots=True)
class Study:
    """A study that we know how to treat."""

    study_id: str
    version: str
    title: str
    short_name: str
    sponsor: str
    context: str
    country: str
    destinations: tuple[str, ...]
    aliases: frozenset[str]
    digest: str


def fold_name(name: str) -> str:
    """Give a drug name in the form in which names are compared."""
    text = unicodedata.normalize("NFKC", name).casefold()
    kept = (c if c.isalnum() or c == "-" else " " for c in text)
    return " ".join("".join(kept).split())


def load_product() -> Product:
    """Load the product profile."""
    raw, digest = _read("sorafenib.toml")
    low, high = raw["half_life_hours"]
    return Product(
        name=raw["product"],
        version=raw["version"],
        names=frozenset(fold_name(name) for name in raw["names"]),
        destinations=tuple(raw["destinations"]),
        half_life_hours=(low, high),
        plausible_daily_mg=tuple(raw["plausible_daily_mg"]),
        unlikely_is_related=raw["unlikely_is_related"],
        digest=digest,
    )


def load_studies() -> tuple[Study, ...]:
    """Load every study profile, in the order of their files."""
    names = sorted(entry.name for entry in files("safety.profiles").iterdir())
    return tuple(_study(name) for name in names if name.endswith(".study.toml"))


def _study(file: str) -> Study:
    raw, digest = _read(file)
    if raw["context"] not in CONTEXTS:
        raise KnowledgeError(f"{file}: context must be one of {sorted(CONTEXTS)}")
    return Study(
        study_id=raw["study"],
        version=raw["version"],
        title=raw["title"],
        short_name=raw["short_name"],
        sponsor=raw["sponsor"],
        context=raw["context"],
        country=raw["country"],
        destinations=tuple(raw["destinations"]),
        aliases=frozenset({raw["study"], *raw["aliases"]}),
        digest=digest,
    )


def _read(file: str) -> tuple[dict[str, Any], str]:
    content = (files("safety.profiles") / file).read_bytes()
    try:
        return tomllib.loads(content.decode()), hashlib.sha256(content).hexdigest()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(f"{file}: not readable as TOML ({error})") from None
