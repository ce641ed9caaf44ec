"""Which events belong to a key risk of sorafenib."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from reports.study.model import Event


@dataclass(frozen=True, slots=True)
class KeyRisk:
    """
    A group of terms that belongs to a known risk of the product.

    Attributes:
        terms: Preferred terms, folded, whole.
        parts: What a term that belongs to it contains.
    """

    name: str
    terms: frozenset[str]
    parts: tuple[str, ...]

    @property
    def label(self) -> str:
        """What it is called in a row beside terms, of which one may have the same name."""
        return f"Key risk: {self.name}"

    def holds(self, event: Event) -> bool:
        """Whether an event belongs to it: by its term, or by its words where it has none."""
        said = (event.term or event.verbatim or "").casefold()
        return said in self.terms or any(part in said for part in self.parts)


@lru_cache(maxsize=1)
def load_key_risks() -> tuple[KeyRisk, ...]:
    """Load the key risks of sorafenib."""
    content = (files("reports.study") / "data" / "key-risks.toml").read_text(encoding="utf-8")
    return tuple(
        KeyRisk(row["name"], frozenset(row.get("terms", ())), tuple(row.get("parts", ())))
        for row in tomllib.loads(content)["risk"]
    )
