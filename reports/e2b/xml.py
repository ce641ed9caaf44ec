"""
Elements of HL7 V3, written in the order in which they are added.

HL7's namespace is the default one, so that an `xsi:type` needs no prefix. The
attributes that an element always has stand here once.
"""

from collections.abc import Mapping
from decimal import Decimal

from lxml import etree

from reports.e2b.canonical import plain
from schemas.icsr.vocabulary import (
    ISO_COUNTRY,
    MEDDRA,
    OBSERVATIONS,
    TERMINOLOGY_OIDS,
    CodeList,
)
from schemas.messages.parts import Term
from schemas.values import Code, Explicit, PartialDate, Quantity

HL7_URI = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = f"{{{XSI}}}type"

Element = etree._Element  # noqa: SLF001 - lxml's public name is a function

_FIXED: Mapping[str, Mapping[str, str]] = {
    "observation": {"classCode": "OBS", "moodCode": "EVN"},
    "observationEvent": {"classCode": "OBS", "moodCode": "EVN"},
    "investigationCharacteristic": {"classCode": "OBS", "moodCode": "EVN"},
    "causalityAssessment": {"classCode": "OBS", "moodCode": "EVN"},
    "actReference": {"classCode": "OBS", "moodCode": "EVN"},
    "adverseEffectReference": {"classCode": "OBS", "moodCode": "EVN"},
    "productUseReference": {"classCode": "SBADM", "moodCode": "EVN"},
    "substanceAdministration": {"classCode": "SBADM", "moodCode": "EVN"},
    "organizer": {"classCode": "CATEGORY", "moodCode": "EVN"},
    "act": {"classCode": "ACT", "moodCode": "EVN"},
    "assignedEntity": {"classCode": "ASSIGNED"},
    "assignedPerson": {"classCode": "PSN", "determinerCode": "INSTANCE"},
    "representedOrganization": {"classCode": "ORG", "determinerCode": "INSTANCE"},
    "playingOrganization": {"classCode": "ORG", "determinerCode": "INSTANCE"},
    "author": {"typeCode": "AUT"},
    "performer": {"typeCode": "PRF"},
    "consumable": {"typeCode": "CSM"},
    "instanceOfKind": {"classCode": "INST"},
    "kindOfProduct": {"classCode": "MMAT", "determinerCode": "KIND"},
    "controlActEvent": {"classCode": "CACT", "moodCode": "EVN"},
    "relatedInvestigation": {"classCode": "INVSTG", "moodCode": "EVN"},
    "device": {"classCode": "DEV", "determinerCode": "INSTANCE"},
    "component": {"typeCode": "COMP"},
    "component1": {"typeCode": "COMP"},
    "territorialAuthority": {"classCode": "TERR"},
}


def add(
    parent: Element,
    tag: str,
    text: str | None = None,
    xsi_type: str | None = None,
    **attributes: str | None,
) -> Element:
    """Add a child; attributes that are None are left out."""
    child = etree.SubElement(parent, f"{{{HL7_URI}}}{tag}")
    for name, fixed in _FIXED.get(tag, {}).items():
        child.set(name, fixed)
    if xsi_type is not None:
        child.set(_TYPE, xsi_type)
    for name, value in attributes.items():
        if value is not None:
            child.set(name, value)
    if text is not None:
        child.text = text
    return child


def walk(parent: Element, *tags: str) -> Element:
    """Add one inside the other and give the innermost."""
    for tag in tags:
        parent = add(parent, tag)
    return parent


def text_or_null(parent: Element, tag: str, value: str | Explicit | None) -> None:
    """Add an element with its text, or with the reason why there is none; nothing for None."""
    if isinstance(value, Explicit):
        add(parent, tag, nullFlavor=value.null.value)
    elif value is not None:
        add(parent, tag, value)


def observation(
    parent: Element, relation: str, type_code: str, code: str, *, system: str = OBSERVATIONS
) -> Element:
    """Add an observation inside a relationship, known by its code."""
    found = add(add(parent, relation, typeCode=type_code), "observation")
    add(found, "code", code=code, codeSystem=system)
    return found


def boolean(parent: Element, value: bool | Explicit | None) -> None:  # noqa: FBT001
    """Add a BL."""
    if isinstance(value, Explicit):
        add(parent, "value", xsi_type="BL", nullFlavor=value.null.value)
    elif value is not None:
        add(parent, "value", xsi_type="BL", value="true" if value else "false")


def coded(parent: Element, tag: str, codes: CodeList[object], value: object) -> None:
    """Add a code of a closed list, or its null flavour; as a CE where it is a value."""
    kind = "CE" if tag == "value" else None
    if isinstance(value, Explicit):
        add(parent, tag, xsi_type=kind, nullFlavor=value.null.value)
    elif value is not None:
        code = codes.code_of(value)
        add(parent, tag, xsi_type=kind, code=code, codeSystem=codes.oid)


def quantity(parent: Element, tag: str, value: Quantity | None, kind: str | None = None) -> None:
    """Add a number with its unit."""
    if value is not None:
        add(parent, tag, xsi_type=kind, value=plain(value.value), unit=value.unit)


def measure(parent: Element, value: Decimal, unit: str) -> None:
    """Add a PQ of a fixed unit."""
    add(parent, "value", xsi_type="PQ", value=plain(value), unit=unit)


def moment(parent: Element, tag: str, value: PartialDate | Explicit | None) -> None:
    """Add a date as precise as it is known, or its null flavour."""
    if isinstance(value, Explicit):
        add(parent, tag, nullFlavor=value.null.value)
    elif value is not None:
        add(parent, tag, value=write_date(value))


def write_date(value: PartialDate) -> str:
    """Write a partial date as a TS: CCYYMMDDhhmmss+hhmm, cut where knowledge ends."""
    day, _, clock = value.value.partition("T")
    return day.replace("-", "") + clock.replace(":", "")


def interval(
    parent: Element,
    low: PartialDate | Explicit | None,
    high: PartialDate | Explicit | None,
    width: Quantity | None = None,
    period: Quantity | None = None,
) -> None:
    """
    Add an effectiveTime; the first that applies decides its shape.

    1. nothing is known: none at all;
    2. only a period: PIVL_TS;
    3. no period, and at most two of start, end and duration: IVL_TS;
    4. otherwise SXPR_TS, with the period first and the duration apart from start and end.
    """
    if low is None and high is None and width is None and period is None:
        return
    dated = low is not None or high is not None
    all_three = low is not None and high is not None and width is not None
    if period is None and not all_three:
        time = add(parent, "effectiveTime", xsi_type="IVL_TS")
        _bounds(time, low, high, width)
        return
    if period is not None and not dated and width is None:
        time = add(parent, "effectiveTime", xsi_type="PIVL_TS")
        quantity(time, "period", period)
        return
    time = add(parent, "effectiveTime", xsi_type="SXPR_TS")
    if period is not None:
        quantity(add(time, "comp", xsi_type="PIVL_TS"), "period", period)
    together = None if all_three else width
    operator = "A" if period is not None else None
    _bounds(add(time, "comp", xsi_type="IVL_TS", operator=operator), low, high, together)
    if all_three:
        quantity(add(time, "comp", xsi_type="IVL_TS", operator="A"), "width", width)


def _bounds(
    time: Element,
    low: PartialDate | Explicit | None,
    high: PartialDate | Explicit | None,
    width: Quantity | None,
) -> None:
    moment(time, "low", low)
    quantity(time, "width", width)
    moment(time, "high", high)


def country(parent: Element, value: str | Explicit | None) -> None:
    """Add an ISO country code, or its null flavour."""
    if isinstance(value, Explicit):
        add(parent, "code", nullFlavor=value.null.value)
    elif value is not None:
        add(parent, "code", code=value, codeSystem=ISO_COUNTRY)


def identifier(parent: Element, root: str, value: str | Explicit) -> None:
    """Add an id of a namespace, or its null flavour."""
    if isinstance(value, Explicit):
        add(parent, "id", nullFlavor=value.null.value, root=root)
    else:
        add(parent, "id", root=root, extension=value)


def term(parent: Element, tag: str, value: Term | None) -> None:
    """Add a MedDRA-coded value with the words it stands for."""
    if value is None:
        return
    code = value.coded
    place = add(
        parent,
        tag,
        xsi_type="CE" if tag == "value" else None,
        code=None if code is None else code.code,
        codeSystem=MEDDRA,
        codeSystemVersion=None if code is None else code.version,
    )
    if isinstance(value.text, Explicit):
        add(place, "originalText", nullFlavor=value.text.null.value)
    elif value.text is not None:
        add(place, "originalText", value.text, language=value.language)


def open_code(parent: Element, tag: str, code: Code | None) -> Element | None:
    """Add a code of an open terminology."""
    if code is None:
        return None
    return add(
        parent,
        tag,
        code=code.code,
        codeSystem=TERMINOLOGY_OIDS.get(code.system, code.system),
        codeSystemVersion=code.version,
    )


def entry_id(parent: Element, key: str) -> None:
    """Add the id of a reaction or drug: a UUID, or a root with an extension."""
    root, _, extension = key.partition(":")
    add(parent, "id", root=root, extension=extension or None)
