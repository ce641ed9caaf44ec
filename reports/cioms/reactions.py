"""
Band I: patient and reactions.

Reactions are numbered 1), 2)... in the order of the case, suspect drugs #1, #2...; later boxes
refer to these numbers.
"""

from collections.abc import Iterator

from reports.cioms.masking import PRIVACY, Policy
from reports.cioms.words import (
    date_cells,
    joined,
    say_amount,
    say_code,
    say_country,
    say_date,
    say_number,
    say_term,
    words_of,
)
from safety.assessment import CaseAssessment, ReactionAssessment
from safety.case import CaseState, Entry
from safety.causality import (
    count_from_first_dose,
    count_from_last_dose,
    derive_exposure,
    parse_days,
    read_doses,
)

_SUSPECT = frozenset({"suspect", "interacting", None})
_PARTIES = {"sponsor": "company", "reporter": "reporter", "investigator": "investigator"}
_ORDER = {"reporter": 0, "investigator": 0, "sponsor": 1}  # as the form is read
_WHOLE = len("2014-05-06")


def suspect_drugs(state: CaseState) -> tuple[Entry, ...]:
    """Give the drugs under suspicion; one whose role nobody told is suspected."""
    return tuple(drug for drug in state.drugs if drug.known("role") in _SUSPECT)


def principal_reaction(assessment: CaseAssessment) -> ReactionAssessment | None:
    """Give the gravest reaction: fatal, life-threatening, serious, others; then the first."""
    return min(
        assessment.reactions,
        key=lambda reaction: (
            not reaction.seriousness.fatal,
            not reaction.seriousness.life_threatening,
            reaction.seriousness.serious is False,
        ),
        default=None,
    )


def stated_criteria(state: CaseState, assessment: CaseAssessment) -> frozenset[str]:
    """
    Give the seriousness criteria to tick.

    A fatal outcome ticks death also where no source stated the criterion, and the paper then shows
    what the message says of the outcome: a patient died.
    """
    stated = {c for r in assessment.reactions for c in r.seriousness.criteria}
    if any(reaction.known("outcome") == "fatal" for reaction in state.reactions):
        stated.add("death")
    return frozenset(stated)


def patient_lines(
    state: CaseState, assessment: CaseAssessment, policy: Policy
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give boxes 1 to 6."""
    patient = state.patient
    initials = words_of(patient, "initials") if policy.initials else PRIVACY
    subject = state.study.known("subject_id") or patient.known("investigation_number")
    yield "1", (initials, f"Subject {subject}" if subject else "")
    countries = dict.fromkeys(r.country for r in assessment.reactions if r.country)
    yield "1a", tuple(say_country(code) for code in countries)
    day, month, year = date_cells(patient.raw("birth_date"))
    told = any((day, month, year))
    if told and policy.birth_date == "none":
        day, month, year = "", "", PRIVACY
    elif told and policy.birth_date == "year":
        day, month = "", ""
    yield "2", (day, month, year)
    yield "2a", (_age(state, assessment),)
    yield "3", (words_of(patient, "sex", say_code),)
    yield "3a", (words_of(patient, "weight_kg", lambda kg: f"{say_number(kg)} kg"),)
    principal = principal_reaction(assessment)
    onset = None if principal is None else _entry(state, principal.path).raw("onset")
    yield "4-6", date_cells(onset)


def _age(state: CaseState, assessment: CaseAssessment) -> str:
    """Give the age as told; else in whole years at onset, of two whole dates; else the group."""
    patient = state.patient
    if patient.known("age") is not None:
        return words_of(patient, "age", say_amount)
    principal = principal_reaction(assessment)
    born = (patient.known("birth_date") or {"value": ""})["value"][:10]
    onset = _entry(state, principal.path).known("onset") if principal else None
    began = (onset or {"value": ""})["value"][:10]
    if len(born) == len(began) == _WHOLE and born <= began:
        years = int(began[:4]) - int(born[:4]) - (began[5:] < born[5:])
        return f"{years} years"
    group = words_of(patient, "age_group", say_code)
    return group or words_of(patient, "age")


def reaction_lines(state: CaseState, assessment: CaseAssessment) -> Iterator[str]:
    """Give box 7 + 13: each reaction with what was judged, death, tests, the texts."""
    yield from event_lines(state, assessment)
    tests = tuple(test_lines(state))
    if tests:
        yield "Relevant tests:"
        yield from tests
    yield from text_lines(state)


def event_lines(state: CaseState, assessment: CaseAssessment) -> Iterator[str]:
    """Give each reaction with what was judged, and death."""
    if state.nullified is not None:
        why, remains = state.nullified, state.nullified.surviving_case
        yield (
            f"CASE NULLIFIED ({say_code(why.reason)}): {why.explanation}"
            + (f" The case that remains: {remains}." if remains else "")
        )
    for number, judged in enumerate(assessment.reactions, start=1):
        yield _reaction(number, _entry(state, judged.path), judged)
        yield from _causality(number, judged.key, state)
    yield from _death(state)


def test_lines(state: CaseState) -> Iterator[str]:
    """Give each test with its result."""
    return map(_test, state.entries("tests"))


def _reaction(number: int, reaction: Entry, judged: ReactionAssessment) -> str:
    english = words_of(reaction, "english")
    verbatim = words_of(reaction, "term.text") or english
    head = f'{number}) "{verbatim}"' if verbatim else f"{number}) reaction not named"
    if english and english != verbatim:
        head += f' ("{english}")'
    if judged.coding.term:
        head += f" [{judged.coding.term}]"
    coded = reaction.known("term.coded")
    if coded is not None:
        head += f" [{joined((coded['system'], coded.get('version') or '', coded['code']), ' ')}]"
    stated = joined(map(say_code, judged.seriousness.criteria))
    serious = {True: "serious", False: "not serious", None: "seriousness not known"}
    onset, end = words_of(reaction, "onset", say_date), words_of(reaction, "end", say_date)
    duration = words_of(reaction, "duration", say_amount)
    outcome, treated = words_of(reaction, "outcome", say_code), words_of(reaction, "treatment")
    return joined(
        (
            head,
            serious[judged.seriousness.serious] + (f" ({stated})" if stated else ""),
            *_grades(judged),
            onset and f"onset {onset}",
            end and f"end {end}",
            duration and f"duration {duration}",
            f"outcome: {outcome or 'UNK'}",
            treated and f"treatment: {treated}",
        ),
        "; ",
    )


def _grades(judged: ReactionAssessment) -> Iterator[str]:
    """Give the grade that counts, and beside it the one that the tests of the case give."""
    if judged.grade is not None:
        version = "" if judged.ctcae in {None, "unknown"} else f" v{judged.ctcae}"
        confirmed = ""
        if judged.confirmed_grade is not None:
            reported = "none" if judged.reported_grade is None else judged.reported_grade
            confirmed = f" (confirmed by the company; reported: {reported})"
        yield f"CTCAE{version} grade {judged.grade}{confirmed}"
    computed = judged.computed_grade
    if computed is not None and computed.grade is not None:
        more = " or more" if computed.at_least else ""
        yield f"by its tests: CTCAE v{computed.ctcae} grade {computed.grade or 'none'}{more}"


def _causality(number: int, key: str, state: CaseState) -> Iterator[str]:
    """
    Give time to onset, and every answer in its own words, for each suspect drug.

    A company that gave no answer is said to have given none.
    """
    reaction = next(entry for entry in state.reactions if entry.key == key)
    for place, drug in enumerate(suspect_drugs(state), start=1):
        answers = sorted(
            (
                answer
                for answer in state.entries("relatedness")
                if answer.raw("reaction_id") == key and answer.raw("drug_id") == drug.key
            ),
            key=lambda answer: _ORDER.get(answer.raw("assessor"), len(_ORDER)),
        )
        said = [
            f"{_PARTIES.get(answer.raw('assessor'), answer.raw('assessor'))}: "
            f'"{words_of(answer, "result")}"' + _method(answer)
            for answer in answers
        ]
        said = list(dict.fromkeys(said))  # a party may say the same twice
        given = {answer.raw("assessor") for answer in answers}
        if given.isdisjoint({"reporter", "investigator"}):
            said.append("reporter: not stated")
        if "sponsor" not in given:
            said.append("company: not stated")
        said += _time_to_onset(state, drug, reaction)
        yield f"Causality of {number}) and drug #{place}: {joined(said, '; ')}"


def _time_to_onset(state: CaseState, drug: Entry, reaction: Entry) -> Iterator[str]:
    """Give the time from first and last dose to the onset: as told, else by the dates."""
    link = _entry(state, f"drug_reactions/{drug.key}|{reaction.key}")
    history, onset = derive_exposure(read_doses(state, drug)), parse_days(reaction.known("onset"))
    for name, dose, count in (
        ("from_first_dose", "first dose", count_from_first_dose(history, onset)),
        ("from_last_dose", "last dose", count_from_last_dose(history, onset)),
    ):
        if link.known(name) is not None:
            yield f"onset {words_of(link, name, say_amount)} after the {dose} (as reported)"
        elif count is not None and count.fewest >= 0 and (count.most or dose == "first dose"):
            days = f"{count.fewest}" + ("" if count.exact is not None else f" to {count.most}")
            yield f"onset {days} {'day' if days == '1' else 'days'} after the {dose}"


def _method(answer: Entry) -> str:
    method = words_of(answer, "method")
    return f" ({method})" if method else ""


def _death(state: CaseState) -> Iterator[str]:
    patient = state.patient
    causes = {
        f"{kind} cause": joined((say_term(e, "cause") for e in state.entries(family)), "; ")
        for kind, family in (
            ("reported", "patient/reported_causes"),
            ("autopsy", "patient/autopsy_causes"),
        )
        if state.entries(family)
    }
    autopsy = words_of(patient, "death.autopsy", lambda done: "yes" if done else "no")
    told = joined(
        (
            words_of(patient, "death.date", say_date),
            *(f"{kind}: {words}" for kind, words in causes.items()),
            autopsy and f"autopsy: {autopsy}",
        ),
        "; ",
    )
    if told:
        yield f"Death: {told}"


def _test(test: Entry) -> str:
    low, high = words_of(test, "low", say_amount), words_of(test, "high", say_amount)
    normal = f"(normal {joined((low, high), ' to ')})" if low or high else ""
    return joined(
        (
            words_of(test, "date", say_date),
            words_of(test, "name"),
            words_of(test, "result", say_amount),
            words_of(test, "interpretation", say_code),
            words_of(test, "result_text"),
            normal,
            words_of(test, "comments"),
        ),
        " ",
    )


def text_lines(state: CaseState) -> Iterator[str]:
    """Give the texts of the sources, each under its title."""
    case = state.case
    for title, words in (
        ("Narrative:", words_of(case, "narrative")),
        ("Reporter's comments:", words_of(case, "reporter_comments")),
        ("Sender's comments:", words_of(case, "sender_comments")),
        *(("Sender's diagnosis:", say_term(e, "term")) for e in state.entries("sender_diagnoses")),
        *(("Summary:", words_of(e, "text")) for e in state.entries("summaries")),
    ):
        if words:
            yield title
            yield words


def _entry(state: CaseState, path: str) -> Entry:
    return Entry(path, state.entities.get(path, {}))
