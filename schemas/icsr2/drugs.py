"""Sections B.2 to B.4: reactions, tests, drugs, and what was thought of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schemas.icsr.node import Node
from schemas.icsr.relatedness import decide_assessor
from schemas.icsr.vocabulary import DRUG_ROLES, HIGHLIGHTS
from schemas.icsr2.values import R2Reader
from schemas.icsr2.vocabulary import (
    ACTIONS,
    CRITERIA,
    DOSE_UNITS,
    HOURS,
    INTERVAL_UNITS,
    OUTCOMES,
    RECHALLENGES,
    TIME_UNITS,
    YES_NO,
)
from schemas.messages.clinical import (
    Dose,
    Drug,
    DrugReaction,
    Indication,
    Reaction,
    RelatednessAnswer,
    Seriousness,
    Substance,
    Test,
    Ticked,
)
from schemas.messages.parts import Term
from schemas.values import Code, Explicit, Quantity, Result
from schemas.vocabulary import Highlight, NullFlavor

_NOT_SERIOUS = frozenset({Highlight.YES_NOT_SERIOUS, Highlight.NO_NOT_SERIOUS})
_NOT_STATED = Explicit(null=NullFlavor.NI)
_ALL_NOT_STATED = Seriousness(**dict.fromkeys(CRITERIA.values(), _NOT_STATED))
_ROUTE = "ICH route"  # code list 14 of R3 is that of R2
_ROUTE_DIGITS = 3
_TOTAL = "{total}"
_LONG_NAME = 500


@dataclass(frozen=True, slots=True)
class OfTheCase:
    """What R2 tells once for all reactions."""

    serious: bool | None
    seriousness: Seriousness
    medically_confirmed: bool | None
    country: str | None
    language: str | None


def read_of_the_case(reader: R2Reader, report: Node, language: str | None) -> OfTheCase:
    """Read seriousness, confirmation and country, which R2 tells of the case."""
    serious = reader.choice(report, "serious", "E.i.3.2", YES_NO)
    ticks: dict[str, Ticked] = {
        criterion: True
        if reader.choice(report, tag, f"E.i.3.2{letter}", YES_NO)
        else (None if serious is None else _NOT_STATED)
        for letter, (tag, criterion) in zip("abcdef", CRITERIA.items(), strict=True)
    }
    if serious and True not in ticks.values():
        reader.note("missing_conditional", "E.i.3.2")
        ticks = {}  # serious for a reason that was not told: nothing is ruled out
    return OfTheCase(
        serious=serious,
        seriousness=Seriousness(**ticks),
        medically_confirmed=reader.choice(report, "medicallyconfirm", "E.i.8", YES_NO),
        country=reader.country(report, "occurcountry", "E.i.9"),
        language=language,
    )


def read_reactions(reader: R2Reader, patient: Node, case: OfTheCase) -> list[Reaction]:
    """
    Read the reactions; what R2 tells of the case is taken for each.

    A reaction that the reporter marked as not serious takes no criterion of the case.
    """
    nodes = patient.all("reaction")
    if len(nodes) > 1 and case.serious:
        reader.note("seriousness_of_the_case", "E.i.3.2")
    return [_read_reaction(reader.at(n), node, n, case) for n, node in enumerate(nodes, start=1)]


def _read_reaction(reader: R2Reader, node: Node, position: int, case: OfTheCase) -> Reaction:
    highlight = reader.choice(node, "termhighlighted", "E.i.3.1", HIGHLIGHTS.values)
    outcome = reader.choice(node, "reactionoutcome", "E.i.7", OUTCOMES)
    term = _reaction_term(reader, node, case.language)
    reader.require(outcome, "E.i.7")
    if term is None or term.text is None:
        reader.note("missing_verbatim", "E.i.1.1a")
    if term is None or term.coded is None:
        reader.note("missing_mandatory", "E.i.2.1b")
    return Reaction(
        reaction_id=f"r{position}",
        term=term,
        highlight=highlight,
        seriousness=_ALL_NOT_STATED if highlight in _NOT_SERIOUS else case.seriousness,
        onset=reader.moment(node, "reactionstartdate", "E.i.4"),
        end=reader.moment(node, "reactionenddate", "E.i.5"),
        duration=reader.quantity(
            node, "reactionduration", "reactiondurationunit", "E.i.6", TIME_UNITS
        ),
        outcome=outcome,
        medically_confirmed=case.medically_confirmed,
        country=case.country,
    )


def _reaction_term(reader: R2Reader, node: Node, language: str | None) -> Term | None:
    """The reporter's words, and the lowest level term, else the preferred one."""
    words = reader.line(node, "primarysourcereaction", "E.i.1.1a")
    coded: Code | None = None
    told: str | None = None
    for level in ("llt", "pt"):
        found = reader.term(
            node, f"reactionmeddra{level}", f"reactionmeddraversion{level}", "E.i.2.1b"
        )
        if found is not None:
            coded = coded or found.coded
            told = told or (found.text if isinstance(found.text, str) else None)
        if coded is not None:
            break
    text = words or told
    if text is None and coded is None:
        return None
    return Term(text=text, language=language if text is not None else None, coded=coded)


def read_tests(reader: R2Reader, patient: Node) -> list[Test]:
    """Read the tests; results told in free text (B.3.2) are one more without a name."""
    tests = []
    for position, node in enumerate(patient.all("test"), start=1):
        here = reader.at(position)
        unit = node.find("testunit").text or ""
        tests.append(
            Test(
                test_id=f"t{position}",
                date=here.moment(node, "testdate", "F.r.1"),
                name=here.named(node, "testname", "F.r.2.1"),
                result=_result(here, node, "testresult", "F.r.3.2", unit),
                result_text=here.free(node, "testresult", "F.r.3.4")
                if _is_words(node.find("testresult"))
                else None,
                low=_result(here, node, "lowtestrange", "F.r.4", unit),
                high=_result(here, node, "hightestrange", "F.r.5", unit),
                more_available=here.choice(node, "moreinformation", "F.r.7", YES_NO),
            )
        )
    text = reader.free(patient, "resultstestsprocedures", "F.r.3.4")
    if text is not None:
        tests.append(Test(test_id=f"t{len(tests) + 1}", result_text=text))
    return tests


def _is_words(node: Node) -> bool:
    return node.text is not None and _number(node.text) is None


def _number(text: str) -> tuple[str | None, Decimal] | None:
    bound = next((sign for sign in ("<=", ">=", "<", ">") if text.startswith(sign)), None)
    digits = text.removeprefix(bound or "").strip()
    whole, _, fraction = digits.partition(".")
    plain = whole.isascii() and whole.isdigit() and len(whole) <= 15  # noqa: PLR2004
    if not plain or (fraction and not (fraction.isascii() and fraction.isdigit())):
        return None
    return bound, Decimal(digits.removesuffix("."))


def _result(reader: R2Reader, node: Node, tag: str, element: str, unit: str) -> Result | None:
    told = node.find(tag)
    found = None if told.text is None else _number(told.text)
    if found is None or len(unit) > 50:  # noqa: PLR2004 - what the contract holds
        if told.text is not None and tag != "testresult":
            reader.note("not_a_number", element)
        return None
    told.read_text()
    node.find("testunit").read_text()
    bound, value = found
    if tag != "testresult" and bound is not None:
        bound = None
    return Result(value=value, unit=unit, comparator=bound)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Drugs:
    """The drugs, and the rows that name a drug and a reaction."""

    drugs: list[Drug]
    relatedness: list[RelatednessAnswer]
    drug_reactions: list[DrugReaction]


def read_drugs(reader: R2Reader, patient: Node, reactions: Sequence[Reaction]) -> Drugs:
    """Read the drugs with what was thought of each."""
    found = Drugs([], [], [])
    for position, node in enumerate(patient.all("drug"), start=1):
        here = reader.at(position)
        key = f"d{position}"
        found.drugs.append(_read_drug(here, node, key))
        found.relatedness.extend(_answers(here, node, key, reactions))
        found.drug_reactions.extend(_rechallenges(here, node, key, reactions))
    return found


def _read_drug(reader: R2Reader, node: Node, key: str) -> Drug:
    name = reader.line(node, "medicinalproduct", "G.k.2.2")
    role = reader.choice(node, "drugcharacterization", "G.k.1", DRUG_ROLES.values)
    reader.require(name, "G.k.2.2")
    reader.require(role, "G.k.1")
    substances = [
        Substance(substance_id=f"{n}", name=told)
        for n, substance in enumerate(node.all("activesubstance"), start=1)
        if (told := reader.line(substance, "activesubstancename", "G.k.2.3.r.1")) is not None
    ]
    indication = reader.term(node, "drugindication", "drugindicationmeddraversion", "G.k.7.r.2b")
    dose = _read_dose(reader, node)
    return Drug(
        drug_id=key,
        role=role,
        name=name,
        substances=substances or None,
        obtained_in=reader.country(node, "obtaindrugcountry", "G.k.2.4"),
        authorisation_number=reader.named(node, "drugauthorizationnumb", "G.k.3.1"),
        authorisation_country=reader.country(node, "drugauthorizationcountry", "G.k.3.2"),
        authorisation_holder=reader.named(node, "drugauthorizationholder", "G.k.3.3"),
        doses=None if len(dose.model_fields_set) == 1 else [dose],
        cumulative_dose=reader.quantity(
            node, "drugcumulativedosagenumb", "drugcumulativedosageunit", "G.k.5", DOSE_UNITS
        ),
        gestation_at_exposure=reader.quantity(
            node, "reactiongestationperiod", "reactiongestationperiodunit", "G.k.6", TIME_UNITS
        ),
        indications=None
        if indication is None
        else [Indication(indication_id="1", term=indication)],
        action_taken=reader.choice(node, "actiondrug", "G.k.8", ACTIONS),
        additional_information=reader.line(node, "drugadditional", "G.k.11"),
    )


def _read_dose(reader: R2Reader, node: Node) -> Dose:
    told = {
        "dose": reader.quantity(
            node, "drugstructuredosagenumb", "drugstructuredosageunit", "G.k.4.r.1", DOSE_UNITS
        ),
        "interval": _interval(reader, node),
        "start": reader.moment(node, "drugstartdate", "G.k.4.r.4"),
        "end": reader.moment(node, "drugenddate", "G.k.4.r.5"),
        "duration": reader.quantity(
            node, "drugtreatmentduration", "drugtreatmentdurationunit", "G.k.4.r.6", TIME_UNITS
        ),
        "batch": reader.named(node, "drugbatchnumb", "G.k.4.r.7"),
        "text": reader.line(node, "drugdosagetext", "G.k.4.r.8"),
        "form": reader.named(node, "drugdosageform", "G.k.4.r.9.1"),
        "route_code": _route(reader, node, "drugadministrationroute", "G.k.4.r.10.2b"),
        "parent_route_code": _route(reader, node, "drugparadministration", "G.k.4.r.11.2b"),
    }
    known = {name: value for name, value in told.items() if value is not None}
    return Dose.model_validate({"dose_id": "1", **known})


def _interval(reader: R2Reader, node: Node) -> Quantity | None:
    """
    Give the time between two doses: R2 tells how many doses in how many units of time.

    "2 in 1 day" is every 12 hours; a division that does not come out even in hours is kept.
    """
    unit_node = node.find("drugintervaldosagedefinition")
    unit = INTERVAL_UNITS.get(unit_node.text or "")
    separate, count = node.find("drugseparatedosagenumb"), node.find("drugintervaldosageunitnumb")
    if unit is None:
        if unit_node.text is not None:
            reader.note("not_in_code_list", "G.k.4.r.3")
        return None
    doses, units = _whole(separate, 1), _whole(count, 1)
    if doses is None or units is None:
        reader.note("not_a_number", "G.k.4.r.2")
        return None
    every = Quantity(value=Decimal(units), unit=unit)
    if doses > 1:
        hours = units * HOURS.get(unit, 0)
        if not hours or hours % doses:
            reader.note("interval_not_even", "G.k.4.r.2")
            return None
        every = Quantity(value=Decimal(hours // doses), unit="h")
    for used in (unit_node, separate, count):
        used.read_text()
    return every


def _whole(node: Node, absent: int) -> int | None:
    if node.text is None:
        return absent
    is_whole = node.text.isascii() and node.text.isdigit() and len(node.text) <= 4  # noqa: PLR2004
    return int(node.text) or None if is_whole else None


def _route(reader: R2Reader, node: Node, tag: str, element: str) -> Code | None:
    told = node.find(tag)
    if told.text is None:
        return None
    if not (told.text.isascii() and told.text.isdigit() and len(told.text) == _ROUTE_DIGITS):
        reader.note("not_in_code_list", element)
        return None
    told.read_text()
    return Code(system=_ROUTE, code=told.text)


def _meant(term: Term | None, reactions: Sequence[Reaction]) -> Reaction | None:
    """The reaction a row names by its term; the only one, where the row names none."""
    if term is None:
        return reactions[0] if len(reactions) == 1 else None
    found = [
        one
        for one in reactions
        if one.term is not None
        and (
            (
                (term.coded is not None and one.term.coded is not None)
                and term.coded.code == one.term.coded.code
            )
            or (term.text is not None and term.text == one.term.text)
        )
    ]
    return found[0] if len(found) == 1 else None


def _peek(node: Node, tag: str, version: str) -> Term | None:
    """Read the term of a row without marking it: only a row that is placed counts as read."""
    told = node.find(tag).text
    if told is None:
        return None
    if told.isdigit():
        return Term(coded=Code(system="MedDRA", code=told[:8], version=node.find(version).text))
    return Term(text=told[:_LONG_NAME])


def _answers(
    reader: R2Reader, drug: Node, key: str, reactions: Sequence[Reaction]
) -> list[RelatednessAnswer]:
    tags = ("drugreactionasses", "drugreactionassesmeddraversion")
    answers = []
    for node in drug.all("drugreactionrelatedness"):
        meant = _meant(_peek(node, *tags), reactions)
        if node.find("drugresult").text is None:
            reader.note("assessment_without_result", "G.k.9.i.2.r.3")
            continue
        if meant is None:
            reader.note("dangling_reference", "G.k.9.i.2.r")
            continue
        source = reader.named(node, "drugassessmentsource", "G.k.9.i.2.r.1")
        result = reader.named(node, "drugresult", "G.k.9.i.2.r.3")
        if result is None:
            continue
        for tag in tags:
            node.find(tag).read_text()
        answers.append(
            RelatednessAnswer(
                drug_id=key,
                reaction_id=meant.reaction_id,
                assessor=decide_assessor(source or ""),
                source=source,
                method=reader.named(node, "drugassessmentmethod", "G.k.9.i.2.r.2"),
                result=result,
            )
        )
    return answers


def _rechallenges(
    reader: R2Reader, drug: Node, key: str, reactions: Sequence[Reaction]
) -> list[DrugReaction]:
    """
    Read what happened on re-administration.

    1. the reactions named as recurring, if it is said that some did;
    2. the only reaction, if none is named;
    3. otherwise it is not clear which is meant, and what was told is kept.
    """
    told = drug.find("drugrecurreadministration")
    answer = RECHALLENGES.get(told.text or "")
    if told.text is None:
        return []
    if answer is None:
        reader.note("not_in_code_list", "G.k.9.i.4")
        return []
    rows = drug.all("drugrecurrence")
    tags = ("drugrecuraction", "drugrecuractionmeddraversion")
    named = [_meant(_peek(row, *tags), reactions) for row in rows]
    meant = named or [_meant(None, reactions)]
    if not all(meant):
        reader.note("dangling_reference", "G.k.9.i.4")
        return []
    told.read_text()
    for row in rows:
        for tag in tags:
            row.find(tag).read_text()
    ids: Mapping[str, None] = dict.fromkeys(one.reaction_id for one in meant if one is not None)
    return [DrugReaction(drug_id=key, reaction_id=one, rechallenge=answer) for one in ids]
