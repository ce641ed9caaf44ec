"""The adverse events of a study as a registry asks for them, before they are JSON or XML."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """
    One arm.

    Attributes:
        at_risk: Subjects of the safety population.
        deaths: Who died, of whatever cause.
        deaths_of_events: Who died of an adverse event.
        serious: Who had any serious event.
        other: Who had any other event that is above the threshold.
    """

    group_id: str
    title: str
    at_risk: int
    deaths: int
    deaths_of_events: int
    serious: int
    other: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One term in one arm; deaths are subjects who died of it."""

    affected: int
    events: int
    related: int
    deaths: int
    deaths_related: int


@dataclass(frozen=True, slots=True)
class TermRow:
    """
    One term, in all arms.

    Attributes:
        organ_system: As the study coded it; None where it is not coded.
    """

    term: str
    organ_system: str | None
    occurrences: Mapping[str, Occurrence]


@dataclass(frozen=True, slots=True)
class RegistryResults:
    """
    The adverse-event module of a study.

    Attributes:
        threshold: Other events are given if more than this per cent of an arm had them.
        systematic: Whether events were asked for at each visit, or only as they were told.
    """

    study_id: str
    time_frame: str
    description: str
    vocabulary: str
    vocabulary_version: str
    threshold: float
    systematic: bool
    groups: tuple[Group, ...]
    serious: tuple[TermRow, ...]
    other: tuple[TermRow, ...]
