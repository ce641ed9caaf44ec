"""
May a file leave the house? Every rule it breaks, with id, element, and what follows.

ICH's rules and those of plain consistency are what our reader notes of any message; the
receiver's own come after. A rejection blocks, a warning is shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from lxml import etree

from reports.e2b.fda import broken_rules
from reports.e2b.model import Icsr
from reports.e2b.notes import SENTENCES
from reports.e2b.view import Element, View, without_namespaces
from schemas.errors import ContractError, Reason
from schemas.icsr.document import parse_document
from schemas.icsr.read import parse_icsr_batch
from schemas.icsr.timestamps import parse_timestamp
from schemas.icsr2.read import ROOT as R2
from schemas.messages.adverse_event import AdverseEventReport, Nullification

Severity = Literal["rejection", "warning"]

# Findings of the reader that a receiver may overlook; every other one is a rejection.
_WARNINGS = frozenset(
    {
        *("creation_time_differs", "created_before_information", "time_without_offset"),
        *("missing_verbatim", "date_detail_dropped", "language_not_iso", "several_codes"),
        *("missing_id", "highlight_contradicts_seriousness", "amendment_on_initial"),
        *("start_end_and_duration", "result_is_a_range", "coded_by_name_only"),
        "code_system_missing",
    }
)
# Findings about what our own model makes of a message, not about the message.
_OURS = frozenset({"identifier_rewritten", "assessor_not_recognised", "receipt_time_inferred"})
_RECODE = "The reaction has no MedDRA code; have a reviewer recode it with the licensed dictionary."
_UNCODED = ("missing_mandatory", "E.i.2.1b")
_FUTURE = "ICH-FUTURE-DATE"
_REUSED = "ICH-REPEATED-CASE"
_FDA_CENTRES = frozenset({"CDER", "CBER", "CDER_IND", "CBER_IND", "CDER_IND_EXEMPT_BA_BE"})
_WITH_UNIT = etree.XPath("descendant-or-self::*[@unit]")
_SECONDS = 14  # digits of a time to the second


@dataclass(frozen=True, slots=True)
class Broken:
    """
    One rule that a message breaks.

    Attributes:
        rule_id: "ICH-..." for the core, "FDA-R0023" for the receiver's.
        element: Number of the element, with its position.
        message: What is wrong and what to do; never a value.
    """

    rule_id: str
    severity: Severity
    element: str
    message: str


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """Where the schema refuses a message, and what it finds there; never a value."""

    place: str
    says: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one message, counted from 1."""

    position: int
    broken: tuple[Broken, ...]

    @property
    def is_rejected(self) -> bool:
        """It must not be sent."""
        return any(one.severity == "rejection" for one in self.broken)


def validate_batch(
    value: bytes,
    *,
    now: datetime,
    uncoded: Severity = "rejection",
    xsd_faults: Mapping[int, SchemaFault] | None = None,
) -> Iterator[Verdict]:
    """
    Judge every message of a file, one by one; the rules of the receiver it names apply.

    Args:
        value: The file.

        now: Dates behind this instant are in the future.

        uncoded: What a reaction without a MedDRA code is.

        xsd_faults: First fault that the schema finds in each message, by its position from 1; what
            it finds around them, and so in all, at 0.

    Raises:
        ContractError: It is no batch of ICSRs at all.
    """
    received = parse_icsr_batch(value)  # one message at a time: a file may be large
    root = without_namespaces(parse_document(value))
    if root.tag == R2:
        advice = "this is E2B(R2): it can be read into the store, but only R3 is judged here"
        raise ContractError(Reason.NOT_AN_ICSR, "", advice)
    messages = root.findall("PORR_IN049016UV") or [root]
    numbers: set[str] = set()
    for position, (icsr, message) in enumerate(zip(received, messages, strict=True), start=1):
        found = [
            _broken("XSD", fault.place, f"The ICH schema refuses the file here: {fault.says}.")
            for part in (0, position)
            if (fault := (xsd_faults or {}).get(part)) is not None
        ]
        data = icsr if isinstance(icsr, ContractError) else icsr.data
        found += _read(data, uncoded)
        found += _dates(message, now)
        found += _units(message)
        view = View(root, message)
        number = view.one("IE/id[@root='2.16.840.1.113883.3.989.2.1.3.1']/@extension")
        if number is not None and number in numbers:
            found.append(_broken(_REUSED, "C.1.1", "The batch has this case twice."))
        numbers.add(number or "")
        if (view.batch_receiver or "").startswith("ZZFDA") or view.receiver in _FDA_CENTRES:
            found += [
                Broken(f"FDA-{rule}", _severity(rule), element, says)
                for rule, element, says in broken_rules(view)
            ]
        yield Verdict(position, tuple(dict.fromkeys(found)))


def notes_of(icsr: Icsr) -> Iterator[Broken]:
    """Give what a case says and its message does not, as warnings."""
    for one in icsr.left_out:
        rule_id = f"NOTE-{one.code.upper().replace('_', '-')}"
        yield Broken(rule_id, "warning", one.path, SENTENCES[one.code])


def _severity(rule: str) -> Severity:
    """Only the receiver knows whether a report is its first (R0101), so that one warns here."""
    return "warning" if rule.startswith("W") or rule == "R0101" else "rejection"


def _broken(rule_id: str, element: str, message: str) -> Broken:
    return Broken(rule_id, "rejection", element, message)


def _read(
    data: AdverseEventReport | Nullification | ContractError, uncoded: Severity
) -> Iterator[Broken]:
    if isinstance(data, ContractError):
        yield _broken(f"ICH-{data.reason.value.upper().replace('_', '-')}", data.path, data.advice)
        return
    for finding in data.reading_findings or ():
        if finding.code in _OURS:
            continue
        element = finding.path or ""
        if (finding.code, element.partition("[")[0]) == _UNCODED:
            yield Broken("ICH-UNCODED-REACTION", uncoded, element, _RECODE)
            continue
        severity: Severity = "warning" if finding.code in _WARNINGS else "rejection"
        rule_id = f"ICH-{finding.code.upper().replace('_', '-')}"
        yield Broken(rule_id, severity, element, finding.message)


def _units(message: Element) -> Iterator[Broken]:
    """Find units that are words: a UCUM unit has no blanks."""
    for element in cast("list[Element]", _WITH_UNIT(message)):
        if any(character.isspace() for character in (element.get("unit") or "").strip()):
            says = "A unit is written in UCUM, without blanks; correct it where it was told."
            yield _broken("ICH-UNIT-NOT-UCUM", str(element.tag), says)


def _dates(message: Element, now: datetime) -> Iterator[Broken]:
    """Find dates behind now; a partial or zoneless one only if no place on earth has it yet."""
    for element in message.iter(
        "low",
        "high",
        "effectiveTime",
        "availabilityTime",
        "birthTime",
        "deceasedTime",
        "creationTime",
    ):
        written = element.get("value")
        stamp = parse_timestamp(written) if written else None
        if stamp is None:
            continue
        moment = stamp.instant
        if moment is not None and moment.tzinfo is not None:
            late = moment > now
        else:
            known = stamp.partial.value[:10]
            late = known > f"{now:%Y-%m-%d}"[: len(known)]
        if late:
            yield _broken(_FUTURE, str(element.tag), "A date lies in the future; correct it.")
            return
