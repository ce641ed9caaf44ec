"""
What is on a MedWatch 3500A: boxes of lines, and ticks, by section and number.

Titles are rows of `sections.toml`: letters and numbers moved between editions of the form. The
sections of devices (D, F, H) are shown, and are not for drugs.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from reports.paper.boxes import PrintedForm


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the form: its name, its bands and boxes by number, in their order."""

    name: str
    bands: Mapping[str, str]
    titles: Mapping[str, str]


@lru_cache(maxsize=1)
def load_edition() -> Edition:
    """Load the titles of the edition that is printed."""
    rows = tomllib.loads(files("reports.medwatch").joinpath("sections.toml").read_text())
    return Edition(
        name=rows["edition"],
        bands=MappingProxyType(dict(rows["bands"])),
        titles=MappingProxyType(dict(rows["boxes"])),
    )


@dataclass(frozen=True, slots=True)
class MedwatchForm(PrintedForm):
    """The form of one version of a case."""

    edition: str

    def __repr__(self) -> str:
        return f"MedwatchForm({self.case_id}, version {self.version})"
