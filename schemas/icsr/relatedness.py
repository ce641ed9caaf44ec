"""
What was thought of each drug and each reaction: roles, opinions, intervals, rechallenge.

The rows name drugs and reactions by identifier. A row that leads nowhere is not
read, so that it is kept word for word.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from schemas.icsr.node import Node
from schemas.icsr.reader import Reader, belongs, read_code
from schemas.icsr.references import References
from schemas.icsr.sorting import Sorted, sort_by_code
from schemas.icsr.vocabulary import DRUG_ROLES, OBSERVATIONS, RECHALLENGES, Observation
from schemas.messages.clinical import DrugReaction, RelatednessAnswer
from schemas.values import Quantity
from schemas.vocabulary import DrugRole, Rechallenge

Assessor = Literal["reporter", "investigator", "sponsor", "authority", "other"]

# The first row of which a word occurs in the source decides.
_ASSESSORS: tuple[tuple[Assessor, tuple[str, ...]], ...] = (
    ("investigator", (r"investigator", "研究者")),
    (
        "authority",
        (
            *(r"authorit", r"regulat", r"agency", r"\b(fda|ema|nmpa|cde|pmda|mhra|bfarm|ansm)\b"),
            *(r"regional cent", r"monitoring cent", "药监", "监管", "监测中心", "监测机构"),
        ),
    ),
    (
        "reporter",
        (
            *(r"reporter", r"primary source", r"physician", r"doctor", r"pharmacist"),
            *(r"health ?care", r"consumer", r"patient"),
            *("报告者", "报告人", "报告单位", "医生", "医师", "药师", "患者"),
        ),
    ),
    (
        "sponsor",
        (
            *(r"sponsor", r"company", r"\bmah\b", r"\bsender\b", r"manufacturer", r"\bcro\b"),
            *(r"authori[sz]ation holder", r"applicant"),
            *("申办", "持有人", "公司", "企业", "厂家", "厂商", "发送者"),
        ),
    ),
)
_COMPILED = tuple(
    (assessor, re.compile("|".join(words), re.IGNORECASE)) for assessor, words in _ASSESSORS
)


def decide_assessor(source: str) -> Assessor:
    """Say which party an assessment's source is; "other" if its words are not known."""
    for assessor, words in _COMPILED:
        if words.search(source):
            return assessor
    return "other"


def read_roles(reader: Reader, assessment: Node, drugs: References) -> dict[str, DrugRole]:
    """
    Read the role of each drug (G.k.1).

    Args:
        reader: Reads.

        assessment: The adverseEventAssessment.

        drugs: The drugs' identifiers.
    """
    roles: dict[str, DrugRole] = {}
    rows = _rows(assessment, Observation.DRUG_ROLE)
    for position, row in enumerate(rows, start=1):
        here = reader.at(position)
        reference = row.find("subject2", "productUseReference", "id")
        drug = drugs.find(reference)
        if drug is None or drug in roles:
            here.note("dangling_reference" if drug is None else "repeated_id", "G.k.1")
            continue
        role = here.coded(row.find("value"), "G.k.1", DRUG_ROLES)
        if role is not None:
            roles[drug] = role
            reference.read("root", "extension")
            read_code(row.find("code"), OBSERVATIONS)
    return roles


def read_relatedness(
    reader: Reader, assessment: Node, drugs: References, reactions: References
) -> list[RelatednessAnswer]:
    """
    Read the opinions (G.k.9.i.2.r), one a drug, reaction and assessor.

    Args:
        reader: Reads.

        assessment: The adverseEventAssessment.

        drugs: The drugs' identifiers.

        reactions: The reactions' identifiers.
    """
    answers = [
        _read_answer(reader.at(position), row, drugs, reactions)
        for position, row in enumerate(_rows(assessment, Observation.RELATEDNESS), start=1)
    ]
    return [answer for answer in answers if answer is not None]


def _rows(assessment: Node, code: str) -> list[Node]:
    return [
        row
        for component in assessment.all("component")
        for row in component.all("causalityAssessment")
        if row.find("code").get("code") == code and belongs(row.find("code"), OBSERVATIONS)
    ]


def _read_answer(
    reader: Reader, row: Node, drugs: References, reactions: References
) -> RelatednessAnswer | None:
    drug_id = row.find("subject2", "productUseReference", "id")
    reaction_id = row.find("subject1", "adverseEffectReference", "id")
    drug, reaction = drugs.find(drug_id), reactions.find(reaction_id)
    if drug is None or reaction is None:
        reader.note("dangling_reference", "G.k.9.i.2.r")
        return None
    result = _read_words(reader, row.find("value"), "G.k.9.i.2.r.3")
    if result is None:
        reader.note("assessment_without_result", "G.k.9.i.2.r.3")
        return None
    source = _read_words(reader, row.find("author", "assignedEntity", "code"), "G.k.9.i.2.r.1")
    assessor = decide_assessor(source or "")
    if assessor == "other":
        reader.note("assessor_not_recognised", "G.k.9.i.2.r.1")
    read_code(row.find("code"), OBSERVATIONS)
    drug_id.read("root", "extension")
    reaction_id.read("root", "extension")
    return RelatednessAnswer(
        drug_id=drug,
        reaction_id=reaction,
        assessor=assessor,
        source=source,
        method=_read_words(reader, row.find("methodCode"), "G.k.9.i.2.r.2"),
        result=result,
    )


def _read_words(reader: Reader, node: Node, element: str) -> str | None:
    """Read a free text; regional variants send a code, whose name or code then stands for it."""
    for place in (node.find("originalText"), node):
        words = reader.name(place, element)
        if words is not None:
            return words
    for attribute in ("displayName", "code"):
        words = reader.attribute(node, element, attribute)
        if words is not None:
            return words
    return None


@dataclass(slots=True)
class _Pair:
    rechallenge: Rechallenge | None = None
    intervals: dict[str, Quantity] = field(default_factory=dict)


# G.k.9.i.3: the type of the relationship says which end of the administration is meant.
_FIRST_DOSE = "SAS"
_LAST_DOSE = "SAE"
_INTERVALS = {_FIRST_DOSE: "G.k.9.i.3.1", _LAST_DOSE: "G.k.9.i.3.2"}


def read_drug_reactions(
    reader: Reader, nodes: list[Node], keys: list[str], reactions: References
) -> list[DrugReaction]:
    """
    Read intervals and rechallenge (G.k.9.i.3, G.k.9.i.4) of each drug and reaction.

    Args:
        reader: Reads.

        nodes: The drugs.

        keys: The key of each.

        reactions: The reactions' identifiers.
    """
    found: list[DrugReaction] = []
    for position, (node, drug) in enumerate(zip(nodes, keys, strict=True), start=1):
        here = reader.at(position)
        pairs: dict[str, _Pair] = {}
        _read_intervals(here, node, reactions, pairs)
        inside = sort_by_code(here, [node], "outboundRelationship2", "G.k.9.i.4")
        _read_rechallenges(here, inside, reactions, pairs)
        found += [
            DrugReaction(
                drug_id=drug,
                reaction_id=reaction,
                rechallenge=pair.rechallenge,
                from_first_dose=pair.intervals.get(_FIRST_DOSE),
                from_last_dose=pair.intervals.get(_LAST_DOSE),
            )
            for reaction, pair in pairs.items()
        ]
    return found


def _read_intervals(
    reader: Reader, node: Node, reactions: References, pairs: dict[str, _Pair]
) -> None:
    for relation in node.all("outboundRelationship1"):
        kind = relation.get("typeCode") or ""
        element = _INTERVALS.get(kind)
        reference = relation.find("actReference", "id")
        reaction = reactions.find(reference)
        if element is None:
            continue
        if reaction is None:
            reader.note("dangling_reference", element)
            continue
        pair = pairs.get(reaction, _Pair())
        if kind in pair.intervals:
            reader.note("repeated_id", element)
            continue
        interval = reader.quantity(relation.find("pauseQuantity"), element)
        if interval is not None:
            pair.intervals[kind] = interval
            pairs[reaction] = pair
            relation.read("typeCode")
            reference.read("root", "extension")


def _read_rechallenges(
    reader: Reader, inside: Sorted, reactions: References, pairs: dict[str, _Pair]
) -> None:
    for observation in inside.all(Observation.RECHALLENGE):
        reference = observation.find("outboundRelationship1", "actReference", "id")
        reaction = reactions.find(reference)
        if reaction is None:
            reader.note("dangling_reference", "G.k.9.i.4")
            continue
        pair = pairs.get(reaction, _Pair())
        if pair.rechallenge is not None:
            reader.note("repeated_id", "G.k.9.i.4")
            continue
        pair.rechallenge = reader.coded(observation.find("value"), "G.k.9.i.4", RECHALLENGES)
        if pair.rechallenge is not None:
            pairs[reaction] = pair
            reference.read("root", "extension")
