"""
What does the case tell that bears on whether this drug caused this reaction?

Gathered from doses, dates, outcome, history and other drugs, for one drug and one reaction. What
lies outside causality is handed in: terms, listedness, interactions.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from safety.case import CaseState, Entry
from safety.causality.answers import read_answer
from safety.causality.challenge import (
    DechallengeFinding,
    ReactionCourse,
    RechallengeFinding,
    derive_dechallenge,
    derive_rechallenge,
    derive_washout_days,
    read_course,
)
from safety.causality.days import DayCount, Days, parse_days
from safety.causality.dose_periods import read_doses
from safety.causality.exposure import (
    DoseAtOnset,
    ExposureHistory,
    count_from_first_dose,
    count_from_last_dose,
    derive_dose_at,
    derive_exposure,
)
from safety.coding.folding import fold, key_of

_SUSPECT = frozenset({"suspect", "interacting"})
_ABATED = frozenset({"recovered", "recovering", "recovered_with_sequelae"})
_CONTINUED = frozenset({"dose_not_changed", "dose_increased"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """
    What bears on one drug and one reaction; the paths name where it stands.

    Attributes:
        from_first: Days from the first dose to the onset; None unknown.
        from_last: Days from the last dose before it; 0 while the drug was taken.
        dose_at_onset: Total daily dose on the day of onset; None unknown.
        washout_days: Days after which the drug is gone; None where its half-life is not known.
        abated_on_drug: It abated although the drug was continued.
        reported_rechallenge: What the source says of it (E2B G.k.9.i.4).
        unexpected: By label region: not listed, listed, None where a person must say.
        other_drugs: Other suspect drugs that may have been taken at onset.
        blamed_drugs: Answers by which another drug caused it.
        believers: Answers of reporter or investigator by which this drug caused it.
        same_before: The same event before the first dose.
        same_on_drug: The same event under this drug at an earlier time.
        conditions: Diseases that were going on.
        interactions: Path of another drug to its effect; see the interactions of the label.
    """

    drug: str
    reaction: str
    from_first: DayCount | None
    from_last: DayCount | None
    dose_at_onset: DoseAtOnset | None = None
    washout_days: int | None
    dechallenge: DechallengeFinding
    rechallenge: RechallengeFinding
    abated_on_drug: bool = False
    reported_rechallenge: str | None = None
    unexpected: Mapping[str, bool | None]
    other_drugs: tuple[str, ...] = ()
    blamed_drugs: tuple[str, ...] = ()
    believers: tuple[str, ...] = ()
    same_before: tuple[str, ...] = ()
    same_on_drug: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    interactions: Mapping[str, str]


def gather_evidence(  # noqa: PLR0913 - each lies in another module
    state: CaseState,
    reaction: Entry,
    drug: Entry,
    *,
    terms: Mapping[str, str | None],
    company: Collection[str],
    half_life_hours: tuple[int, int] | None,
    unexpected: Mapping[str, bool | None],
    interactions: Mapping[str, str],
    observed_until: Days | None,
) -> Evidence:
    """
    Gather what a case tells of one drug and one reaction.

    Args:
        state: The case.

        reaction: One of its reactions.

        drug: One of its drugs.

        terms: Reaction key to the term it is coded to; None uncoded.

        company: Paths of all drugs that are the same product, which blame nothing else.

        half_life_hours: Shortest and longest half-life of the drug; None not known.

        unexpected: Listedness of the reaction by label region.

        interactions: Path of another drug to the effect of its interaction with this one.

        observed_until: Last day of which the case tells, such as that of its newest report.
    """
    history = derive_exposure(read_doses(state, drug))
    course = read_course(reaction, observed_until)
    washout = None if half_life_hours is None else derive_washout_days(half_life_hours)
    action = drug.known("action_taken")
    again = [
        onset
        for other in _same_term(state, reaction, terms)
        if (onset := parse_days(other.known("onset"))) is not None
        and course.onset is not None
        and course.onset.surely_before(onset)
    ]
    dechallenge = derive_dechallenge(history, course, action_taken=action, washout_days=washout)
    link = f"drug_reactions/{drug.key}|{reaction.key}"
    answers = tuple(_answers(state, reaction))
    return Evidence(
        drug=drug.path,
        reaction=reaction.path,
        from_first=count_from_first_dose(history, course.onset),
        from_last=count_from_last_dose(history, course.onset),
        dose_at_onset=derive_dose_at(history, course.onset),
        washout_days=washout,
        dechallenge=dechallenge,
        rechallenge=derive_rechallenge(history, course, recurrences=again),
        abated_on_drug=course.outcome in _ABATED and action in _CONTINUED,
        reported_rechallenge=Entry(link, state.entities.get(link, {})).known("rechallenge"),
        unexpected=unexpected,
        other_drugs=tuple(_other_drugs(state, course, company)),
        blamed_drugs=tuple(a.path for a in answers if f"drugs/{a.raw('drug_id')}" not in company),
        believers=tuple(
            a.path
            for a in answers
            if a.raw("drug_id") == drug.key and a.raw("assessor") in {"reporter", "investigator"}
        ),
        same_before=tuple(_same_before(state, reaction, history, terms)),
        same_on_drug=tuple(_same_on_drug(state, reaction, drug, terms)),
        conditions=tuple(
            entry.path
            for entry in state.entries("patient/history")
            if entry.known("continuing") is True
            and not _is_same(entry, "condition", reaction, terms)
        ),
        interactions=interactions,
    )


def _answers(state: CaseState, reaction: Entry) -> Iterator[Entry]:
    """Give the answers about a reaction by which a drug caused it."""
    for answer in state.entries("relatedness"):
        if answer.raw("reaction_id") == reaction.key:
            read = read_answer(answer.known("method"), answer.raw("result"))
            if read.related is True:
                yield answer


def _other_drugs(
    state: CaseState, course: ReactionCourse, company: Collection[str]
) -> Iterator[str]:
    for drug in state.drugs:
        if drug.path in company or drug.known("role") not in _SUSPECT:
            continue
        first = derive_exposure(read_doses(state, drug)).first_dose
        if first is None or course.onset is None or not course.onset.surely_before(first):
            yield drug.path


def _same_term(
    state: CaseState, reaction: Entry, terms: Mapping[str, str | None]
) -> Iterator[Entry]:
    term = terms.get(reaction.key)
    for other in state.reactions:
        if other.key != reaction.key and term is not None and terms.get(other.key) == term:
            yield other


def _same_before(
    state: CaseState, reaction: Entry, history: ExposureHistory, terms: Mapping[str, str | None]
) -> Iterator[str]:
    """Give the same event in the medical history, or as a reaction before the first dose."""
    first = history.first_dose
    for entry in state.entries("patient/history"):
        start = parse_days(entry.known("start"))
        late = start is not None and first is not None and not start.surely_before(first)
        if _is_same(entry, "condition", reaction, terms) and not late:
            yield entry.path
    for other in _same_term(state, reaction, terms):
        onset = parse_days(other.known("onset"))
        if onset is not None and first is not None and onset.surely_before(first):
            yield other.path


def _same_on_drug(
    state: CaseState, reaction: Entry, drug: Entry, terms: Mapping[str, str | None]
) -> Iterator[str]:
    name = drug.known("name")
    for entry in state.entries("patient/past_drugs"):
        told = entry.known("name")
        same_drug = name is not None and told is not None and _key(name) == _key(told)
        if same_drug and _is_same(entry, "reaction", reaction, terms):
            yield entry.path


def _is_same(entry: Entry, field: str, reaction: Entry, terms: Mapping[str, str | None]) -> bool:
    """Whether the words of an entry are those of the reaction, or of its term."""
    words = entry.known(f"{field}.text")
    named = (reaction.known("term.text"), reaction.known("english"), terms.get(reaction.key))
    return words is not None and _key(words) in {_key(name) for name in named if name}


def _key(words: str) -> str:
    return key_of(fold(words))
