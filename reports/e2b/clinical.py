"""Write reactions (E.i), tests (F.r) and opinions (G.k.1, G.k.9.i.2.r)."""

from collections.abc import Sequence

from reports.e2b.canonical import plain
from reports.e2b.patient import write_organizer
from reports.e2b.xml import (
    Element,
    add,
    boolean,
    coded,
    country,
    entry_id,
    interval,
    moment,
    observation,
    term,
    walk,
)
from schemas.icsr.vocabulary import (
    ABNORMALITY,
    CRITERIA,
    DRUG_ROLES,
    HIGHLIGHTS,
    INTERPRETATIONS,
    OBSERVATIONS,
    OUTCOMES,
    Category,
    Observation,
)
from schemas.messages.clinical import Drug, Reaction, RelatednessAnswer, Seriousness, Test
from schemas.messages.parts import Term
from schemas.values import Result

_ABOVE = frozenset({">", ">="})
_INCLUSIVE = {"<": "false", ">": "false", "<=": "true", ">=": "true"}


def write_reaction(role: Element, reaction: Reaction) -> None:
    """Write one reaction; all six criteria are always there."""
    place = add(add(role, "subjectOf2", typeCode="SBJ"), "observation")
    entry_id(place, reaction.reaction_id)
    add(place, "code", code=Observation.REACTION, codeSystem=OBSERVATIONS)
    interval(place, reaction.onset, reaction.end, reaction.duration)
    term(place, "value", reaction.term)
    if reaction.country is not None:
        located = add(add(place, "location", typeCode="LOC"), "locatedEntity", classCode="LOCE")
        country(
            add(located, "locatedPlace", classCode="COUNTRY", determinerCode="INSTANCE"),
            reaction.country,
        )
    if reaction.english is not None:
        add(_part(place, Observation.TRANSLATION), "value", reaction.english, xsi_type="ED")
    if reaction.highlight is not None:
        coded(_part(place, Observation.HIGHLIGHT), "value", HIGHLIGHTS, reaction.highlight)
    serious = reaction.seriousness or Seriousness()
    for code, criterion in CRITERIA.values():
        boolean(_part(place, code), getattr(serious, criterion.value))
    if reaction.outcome is not None:
        coded(_part(place, Observation.OUTCOME), "value", OUTCOMES, reaction.outcome)
    if reaction.medically_confirmed is not None:
        boolean(_part(place, Observation.MEDICALLY_CONFIRMED), reaction.medically_confirmed)


def _part(place: Element, code: str, kind: str = "PERT") -> Element:
    return observation(place, "outboundRelationship2", kind, code)


def write_tests(role: Element, tests: Sequence[Test]) -> None:
    """Write all tests into their organizer."""
    if not tests:
        return
    organizer = write_organizer(role, Category.TESTS)
    for test in tests:
        place = add(add(organizer, "component"), "observation")
        if test.name is None and test.coded is None:
            add(place, "code")
        else:
            term(place, "code", Term(text=test.name, coded=test.coded))
        moment(place, "effectiveTime", test.date)
        if isinstance(test.result, Result):
            _write_result(place, test.result)
        if test.result_text is not None:
            add(place, "value", test.result_text, xsi_type="ED")
        coded(place, "interpretationCode", INTERPRETATIONS, test.interpretation)
        for limit, letter in ((test.low, "L"), (test.high, "H")):
            if limit is not None:
                _write_limit(place, limit, letter)
        if test.comments is not None:
            add(_part(place, Observation.COMMENT), "value", test.comments, xsi_type="ED")
        if test.more_available is not None:
            boolean(_part(place, Observation.MORE_INFORMATION, "REFR"), test.more_available)


def _write_result(place: Element, result: Result) -> None:
    value = add(place, "value", xsi_type="IVL_PQ")
    number, unit = plain(result.value), result.unit or None
    if result.comparator is None:
        add(value, "center", value=number, unit=unit)
        return
    inclusive = _INCLUSIVE[result.comparator]
    if result.comparator in _ABOVE:
        add(value, "low", value=number, unit=unit, inclusive=inclusive)
        add(value, "high", nullFlavor="PINF")
    else:
        add(value, "low", nullFlavor="NINF")
        add(value, "high", value=number, unit=unit, inclusive=inclusive)


def _write_limit(place: Element, limit: Result, letter: str) -> None:
    range_ = add(
        add(place, "referenceRange", typeCode="REFV"),
        "observationRange",
        classCode="OBS",
        moodCode="EVN.CRT",
    )
    add(range_, "value", xsi_type="PQ", value=plain(limit.value), unit=limit.unit or None)
    add(range_, "interpretationCode", code=letter, codeSystem=ABNORMALITY)


def write_role(assessment: Element, drug: Drug) -> None:
    """Write what part a drug had (G.k.1)."""
    if drug.role is None:
        return
    place = add(add(assessment, "component"), "causalityAssessment")
    add(place, "code", code=Observation.DRUG_ROLE, codeSystem=OBSERVATIONS)
    coded(place, "value", DRUG_ROLES, drug.role)
    _refer(place, "subject2", "productUseReference", drug.drug_id)


def write_answer(assessment: Element, answer: RelatednessAnswer) -> None:
    """Write what one party thought of one drug and one reaction, in their words."""
    place = add(add(assessment, "component"), "causalityAssessment")
    add(place, "code", code=Observation.RELATEDNESS, codeSystem=OBSERVATIONS)
    add(place, "value", answer.result, xsi_type="ST")
    if answer.method is not None:
        add(add(place, "methodCode"), "originalText", answer.method)
    if answer.source is not None:
        source = add(walk(place, "author", "assignedEntity"), "code")
        add(source, "originalText", answer.source)
    _refer(place, "subject1", "adverseEffectReference", answer.reaction_id)
    _refer(place, "subject2", "productUseReference", answer.drug_id)


def _refer(place: Element, relation: str, tag: str, key: str) -> None:
    entry_id(add(add(place, relation, typeCode="SUBJ"), tag), key)
