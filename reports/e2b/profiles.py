"""
Whom is a message for? One TOML file each in `profiles/`: addresses, rules, regional elements.

`evidence` says how far a file was checked: "documented" rests on a document of the
receiver, "secondary" on others' accounts of it, "general" on common knowledge only.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from safety.errors import KnowledgeError
from schemas.messages.adverse_event import AdverseEventReport
from schemas.values import Explicit

Placement = Literal["case", "study", "patient"]


@dataclass(frozen=True, slots=True)
class Regional:
    """
    One regional element.

    Attributes:
        number: Such as "FDA.C.1.12".
        placement: Beside the case, among the study's authorizations, or beside the patient.
        type: BL or CE for an observation; empty for an identifier.
        code, system: Which observation it is; `system` is the root of an identifier.
        value_system: Code list of a CE.
        default: Sent unless another value is given; None sends nothing.
    """

    number: str
    placement: Placement
    type: Literal["BL", "CE", ""]
    code: str
    system: str
    value_system: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Answers:
    """
    Which duties a message to a receiver is the report for.

    Attributes:
        recipients: Of the authority's rules.
        contexts: Of the rules; empty for all.
    """

    authority: str
    recipients: frozenset[str]
    contexts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """One receiver; `answers` is None where no authority's duty is meant."""

    name: str
    title: str
    evidence: Literal["documented", "secondary", "general"]
    batch_receiver: str
    message_receiver: str
    test_batch_receiver: str
    test_message_receiver: str
    processing_mode: Literal["T", "I"]
    rules: frozenset[str]
    null_flavors: Mapping[str, frozenset[str]]
    uncoded: Literal["warning", "rejection"]
    regional: tuple[Regional, ...]
    answers: Answers | None = None

    def regional_values(
        self, report: AdverseEventReport, chosen: Mapping[str, str]
    ) -> dict[str, str]:
        """
        Give the values of the regional elements: those chosen, else the profile's own.

        Raises:
            KnowledgeError: A value was chosen for an element that the profile does not have.
        """
        known = {element.number for element in self.regional}
        if foreign := sorted(set(chosen) - known):
            raise KnowledgeError(f"profile {self.name} has no element {foreign[0]}")
        values = {one.number: one.default for one in self.regional if one.default is not None}
        if "FDA.C.1.7.1" in known and report.expedited_by_sender is not True:
            values["FDA.C.1.7.1"] = "2"  # not expedited
        if report.study is None:
            for one in self.regional:
                if one.placement == "study":
                    values.pop(one.number, None)
        if "FDA.C.5.5a" in known and "FDA.C.5.5a" not in chosen:
            values.pop("FDA.C.5.6.r", None)
        return values | dict(chosen)

    def takes_regional(self, value: str | Explicit | Mapping[str, str]) -> bool:
        """Tell whether race and ethnicity can be sent: NCI Thesaurus codes to FDA."""
        if not any(one.placement == "patient" for one in self.regional):
            return False
        return isinstance(value, str) and all(
            part.strip()[:1] == "C" and part.split()[0][1:].isdigit() for part in value.split(";")
        )


def profile_names() -> tuple[str, ...]:
    """Give the names of all profiles."""
    folder = files("reports.e2b") / "profiles"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir()))


@cache
def load_profile(name: str) -> Profile:
    """
    Read one profile.

    Raises:
        KnowledgeError: There is none of this name.
    """
    if name not in profile_names():
        raise KnowledgeError(f"there is no receiver {name}; there are {', '.join(profile_names())}")
    text = (files("reports.e2b") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    row = tomllib.loads(text)
    return Profile(
        name=name,
        title=row["title"],
        evidence=row["evidence"],
        batch_receiver=row["batch_receiver"],
        message_receiver=row["message_receiver"],
        test_batch_receiver=row.get("test_batch_receiver", row["batch_receiver"]),
        test_message_receiver=row.get("test_message_receiver", row["message_receiver"]),
        processing_mode=row.get("processing_mode", "T"),
        rules=frozenset(row["rules"]),
        null_flavors={
            element: frozenset(flavors) for element, flavors in row.get("null_flavors", {}).items()
        },
        uncoded=row["uncoded"],
        regional=tuple(
            Regional(
                number=one["number"],
                placement=one["placement"],
                type=one.get("type", ""),
                code=one.get("code", ""),
                system=one["system"],
                value_system=one.get("value_system", ""),
                default=one.get("default"),
            )
            for one in row.get("regional", ())
        ),
        answers=_read_answers(row.get("answers")),
    )


def _read_answers(row: Mapping[str, Any] | None) -> Answers | None:
    if row is None:
        return None
    return Answers(
        row["authority"], frozenset(row["recipients"]), frozenset(row.get("contexts", ()))
    )
