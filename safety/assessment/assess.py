"""
What the case means: each reaction coded, graded, judged for seriousness, relatedness, listedness.

One pure function of the case state and the knowledge. Facts stay as the sources
gave them; what a person decided at the desk stands above what is derived.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safety.assessment.findings import (
    check_case,
    check_coding,
    check_dates,
    check_death,
    check_importance,
)
from safety.case import CaseState, Entry
from safety.causality import (
    AssessorAnswer,
    RelatednessAssessment,
    assess_relatedness,
    find_first_dose,
    parse_days,
)
from safety.coding import Coding, CodingMethod, code_as_recorded, code_verbatim
from safety.expectedness import (
    Expectedness,
    assess_expectedness,
    no_label_of,
    worst_expectedness,
)
from safety.findings import Finding
from safety.grading import StatedSeriousness, Tested, assess_grade
from safety.knowledge import Knowledge
from safety.laboratory import (
    ComputedGrade,
    Measurement,
    choose_version,
    compute_grade,
    read_case_tests,
)
from safety.profiles import Study, fold_name
from safety.seriousness import Seriousness, assess_seriousness
from safety.validity import Validity, assess_validity

IMPLIED_CONTEXTS = frozenset({"spontaneous", "literature", "compassionate"})


@dataclass(frozen=True, slots=True)
class Context:
    """
    Where the report comes from in the law's eyes.

    Attributes:
        kind: trial, nis_primary, nis_secondary, spontaneous, literature, compassionate.
        path: The field that decided it.
        study: The study's profile, if we have one.
    """

    kind: str
    path: str
    study: Study | None


@dataclass(frozen=True, slots=True)
class ReactionAssessment:
    """
    One reaction, judged.

    Attributes:
        grade: CTCAE grade that counts: the confirmed one, else the reported one.
        reported_grade: The source's.
        confirmed_grade: The desk's.
        computed_grade: What the tests of the case give.
        proposed_grade: What words of intensity suggest where no grade was given.
        available_grades: The grades that CTCAE has for the term; None if it is not known.
        listedness: Expectedness by label region.
        desk_expected: Expectedness by label region where a person decided it.
        country: Country where it occurred, with the field that says so.
    """

    key: str
    path: str
    coding: Coding
    grade: int | None
    ctcae: str | None
    reported_grade: int | None
    confirmed_grade: int | None
    computed_grade: ComputedGrade | None
    proposed_grade: int | None
    available_grades: frozenset[int] | None
    seriousness: Seriousness
    relatedness: RelatednessAssessment
    listedness: Mapping[str, Expectedness]
    desk_expected: Mapping[str, bool]
    country: str | None
    country_path: str
    findings: tuple[Finding, ...]

    def unexpected(self, region: str) -> bool | None:
        """Unexpected under the label of a region; None where a person must say."""
        if region in self.desk_expected:
            return not self.desk_expected[region]
        return self.listedness[region].unexpected

    def expected(self, region: str) -> bool | None:
        """Expected under the label of a region; None where a person must say."""
        unexpected = self.unexpected(region)
        return None if unexpected is None else not unexpected


@dataclass(frozen=True, slots=True)
class CaseAssessment:
    """A case state, judged."""

    validity: Validity
    context: Context
    reactions: tuple[ReactionAssessment, ...]
    company_drugs: tuple[str, ...]  # paths of our suspect or interacting drugs
    findings: tuple[Finding, ...]

    @property
    def serious(self) -> bool | None:
        """Serious if any reaction is; unknown if one may be."""
        answers = {reaction.seriousness.serious for reaction in self.reactions}
        return True if True in answers else (None if None in answers else False)

    def all_findings(self) -> tuple[Finding, ...]:
        """The case's findings and those of its reactions."""
        return (*self.findings, *(f for r in self.reactions for f in r.findings))


def assess_case(state: CaseState, knowledge: Knowledge) -> CaseAssessment:
    """Judge one state of a case."""
    context = derive_context(state, knowledge)
    company = tuple(_company_drugs(state, knowledge))
    measured = _measurements(state, company)
    reactions = tuple(
        _assess_reaction(state, reaction, context, company, measured, knowledge)
        for reaction in state.reactions
    )
    return CaseAssessment(
        validity=assess_validity(state),
        context=context,
        reactions=reactions,
        company_drugs=company,
        findings=(*state.findings, *check_case(state, company)),
    )


def derive_context(state: CaseState, knowledge: Knowledge) -> Context:
    """
    Tell which set of rules the case falls under. The first that applies decides.

    1. a study we have a profile of: the profile's context;
    2. another study by type: clinical trial, individual patient use, or other
       study (solicited, primary data collection);
    3. a report type "study" without a type: a trial, the strictest reading;
    4. a literature report;
    5. anything else: spontaneous, where causality is implied.
    """
    for name in ("study_id", "sponsor_study_number"):
        if (study := knowledge.study(state.study.known(name))) is not None:
            return Context(study.context, f"study.{name}", study)
    for registration in state.entries("study/registrations"):
        if (study := knowledge.study(registration.known("number"))) is not None:
            return Context(study.context, f"{registration.path}.number", study)
    match state.study.known("study_type"):
        case "clinical_trial":
            return Context("trial", "study.study_type", None)
        case "individual_use":
            return Context("compassionate", "study.study_type", None)
        case None:
            pass
        case _:
            return Context("nis_primary", "study.study_type", None)
    if state.case.known("report_type") == "study":
        return Context("trial", "case.report_type", None)
    if state.case.known("literature") is True:
        return Context("literature", "case.literature", None)
    return Context("spontaneous", "case.report_type", None)


def _company_drugs(state: CaseState, knowledge: Knowledge) -> Iterator[str]:
    """Give the suspect drugs that are ours: the product, or what the study calls its own."""
    own = frozenset(fold_name(name) for name in state.study.known("products") or ())
    for drug in state.drugs:
        if drug.known("role") in {"suspect", "interacting"}:
            names = _names(state, drug)
            if knowledge.product.is_named_in(names) or not own.isdisjoint(map(fold_name, names)):
                yield drug.path


def _names(state: CaseState, drug: Entry) -> tuple[str, ...]:
    told = (drug, *state.entries(f"{drug.path}/substances"))
    return tuple(name for each in told if (name := each.known("name")) is not None)


def _is_of_labels(state: CaseState, company: tuple[str, ...], knowledge: Knowledge) -> bool:
    """Whether the labels speak of a drug of the case; they do where none is known to be ours."""
    ours = [drug for drug in state.drugs if drug.path in company]
    return not ours or any(knowledge.product.is_named_in(_names(state, drug)) for drug in ours)


def _measurements(state: CaseState, company: tuple[str, ...]) -> tuple[Measurement, ...]:
    """Read the tests of a case; those before the first dose of our product are its baseline."""
    if not state.entries("tests"):
        return ()
    ours = [drug for drug in state.drugs if drug.path in company]
    return read_case_tests(state, find_first_dose(state, ours))


def _assess_reaction(
    state: CaseState,
    reaction: Entry,
    context: Context,
    company: tuple[str, ...],
    measured: tuple[Measurement, ...],
    knowledge: Knowledge,
) -> ReactionAssessment:
    coding = _code(reaction, knowledge)
    confirmed, reported = reaction.known("desk.grade"), reaction.known("grade")
    told = confirmed or reported
    grade = told["grade"] if told else None
    computed = _compute(measured, reaction, coding.known_as, told)
    seriousness = assess_seriousness(reaction, grade=grade)
    criteria = frozenset(seriousness.criteria)
    graded = assess_grade(
        grade,
        term=coding.known_as,
        verbatim=reaction.known("term.text") or reaction.known("english") or "",
        stated=StatedSeriousness(
            fatal_outcome=reaction.known("outcome") == "fatal",
            death="death" in criteria,
            life_threatening="life_threatening" in criteria,
            hospitalised="hospitalisation" in criteria,
            medically_important="other_important" in criteria,
        ),
        dictionary=knowledge.concepts,
        tested=_tested(computed) if confirmed is None else None,
        path=f"{reaction.path}.grade",
    )
    onset = _earliest_day(reaction.known("onset"))
    of_labels = _is_of_labels(state, company, knowledge)
    listedness = {
        region: worst_expectedness(
            assess_expectedness(
                part.known_as, grade=graded.gravest, fatal=seriousness.fatal, on=onset, rsi=label
            )
            for part in coding.parts or (coding,)
        )
        if of_labels
        else no_label_of(label)
        for region, label in knowledge.labels.items()
    }
    country, country_path = _country(state, reaction, context)
    return ReactionAssessment(
        key=reaction.key,
        path=reaction.path,
        coding=coding,
        grade=grade,
        ctcae=told.get("ctcae", "unknown") if told else None,
        reported_grade=reported["grade"] if reported else None,
        confirmed_grade=confirmed["grade"] if confirmed else None,
        computed_grade=computed,
        proposed_grade=graded.proposed,
        available_grades=graded.available,
        seriousness=seriousness,
        relatedness=assess_relatedness(
            tuple(_answers(state, reaction, company)),
            implied=context.kind in IMPLIED_CONTEXTS,
            unlikely_is_related=knowledge.product.unlikely_is_related,
        ),
        listedness=listedness,
        desk_expected={
            region: reaction.raw(f"desk.expected.{region}")
            for region in knowledge.labels
            if reaction.raw(f"desk.expected.{region}") is not None
        },
        country=country,
        country_path=country_path,
        findings=_once(
            (
                *seriousness.findings,
                *graded.findings,
                *check_coding(reaction, coding),
                *check_dates(reaction),
                *check_death(state, seriousness),
                *check_importance(reaction, coding, seriousness, knowledge),
            )
        ),
    )


def _compute(
    measured: tuple[Measurement, ...],
    reaction: Entry,
    term: str | None,
    told: Mapping[str, Any] | None,
) -> ComputedGrade | None:
    """Grade a reaction by the tests of the case; see `safety.laboratory`."""
    if not measured:
        return None
    onset = parse_days(reaction.known("onset"))
    named = told.get("ctcae") if told else None
    return compute_grade(
        term,
        measured,
        onset=onset,
        end=parse_days(reaction.known("end")),
        version=choose_version(named, None if onset is None else onset.earliest),
    )


def _tested(computed: ComputedGrade | None) -> Tested | None:
    if computed is None or computed.grade is None:
        return None
    return Tested(computed.grade, computed.at_least)


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Leave out what another module found of the same field already."""
    return tuple({(found.code, found.path): found for found in findings}.values())


def _code(reaction: Entry, knowledge: Knowledge) -> Coding:
    """Code by the desk's choice, as recorded, the verbatim, the English rendering of it."""
    chosen = reaction.known("desk.term")
    if chosen is not None:
        return code_verbatim(chosen, knowledge.dictionary)
    recorded = reaction.known("as_recorded") or {}
    if "preferred_term" in recorded:
        return code_as_recorded(recorded, knowledge.concepts)
    verbatim, english = reaction.known("term.text"), reaction.known("english")
    coding = code_verbatim(verbatim or english or "", knowledge.dictionary)
    if coding.method is CodingMethod.UNCODED and verbatim and english:
        return code_verbatim(english, knowledge.dictionary)
    return coding


def _answers(
    state: CaseState, reaction: Entry, company: tuple[str, ...]
) -> Iterator[AssessorAnswer]:
    keys = {path.rsplit("/", 1)[-1] for path in company}
    for answer in state.entries("relatedness"):
        if answer.raw("reaction_id") == reaction.key and answer.raw("drug_id") in keys:
            yield AssessorAnswer(
                assessor=answer.raw("assessor"),
                method=answer.known("method"),
                raw=answer.raw("result"),
                source=f"{answer.path}.result",
            )


def _country(state: CaseState, reaction: Entry, context: Context) -> tuple[str | None, str]:
    """Where it occurred: the reaction's country, else the study's, else the primary reporter's."""
    if (country := reaction.known("country")) is not None:
        return country, f"{reaction.path}.country"
    if context.study is not None:
        return context.study.country, f"study profile {context.study.study_id}"
    reporters = sorted(state.entries("reporters"), key=lambda r: r.known("primary") is not True)
    for reporter in reporters:
        if (country := reporter.known("country")) is not None:
            return country, f"{reporter.path}.country"
    return None, f"{reaction.path}.country"


def _earliest_day(partial: dict[str, str] | None) -> date | None:
    """
    Give the first day a partial date may mean, to choose the label in force.

    The earlier label lists less, so that doubt falls on the side of unexpected.
    """
    if partial is None:
        return None
    day = partial["value"][:10]
    return date.fromisoformat(day + "2000-01-01"[len(day) :])
