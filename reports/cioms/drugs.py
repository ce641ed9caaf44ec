"""
Bands II and III: suspect drugs #1, #2... by number in each box, other drugs, history.

Boxes 20 and 21 follow from doses, action taken, outcome and what was told of a rechallenge. The
square that is ticked speaks of drug #1 and the gravest reaction; every other pair has a line.
"""

from collections.abc import Iterator
from datetime import date

from reports.cioms.reactions import principal_reaction, suspect_drugs
from reports.cioms.words import (
    joined,
    say_amount,
    say_code,
    say_date,
    say_interval,
    say_number,
    say_term,
    words_of,
)
from safety.assessment import CaseAssessment
from safety.case import CaseState, Entry
from safety.causality import (
    Days,
    derive_dechallenge,
    derive_exposure,
    derive_rechallenge,
    derive_washout_days,
    parse_days,
    read_course,
    read_doses,
)

YES, NO, NOT_APPLICABLE, UNKNOWN = "YES", "NO", "NA", "UNK"
_LOWERED = frozenset({"withdrawn", "dose_reduced", "interrupted"})
_CONTINUED = frozenset({"dose_not_changed", "dose_increased"})
_RECHALLENGE = {
    "recurred": YES,
    "did_not_recur": NO,
    "outcome_unknown": UNKNOWN,
    "not_done": NOT_APPLICABLE,
}
_DECHALLENGE = {"positive": YES, "negative": NO, "not_applicable": NOT_APPLICABLE}


def suspect_lines(state: CaseState) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give boxes 14 to 19; a drug with several dose periods has a line for each."""
    told: dict[str, list[str]] = {number: [] for number in ("14", "15", "16", "17", "18", "19")}
    for place, drug in enumerate(suspect_drugs(state), start=1):
        doses = _by_start(state.entries(f"{drug.path}/doses"))
        mark = f"#{place}: "
        told["14"].append(mark + _product(state, drug, doses))
        told["15"] += [mark + words for dose in doses if (words := _dose(dose))]
        routes = dict.fromkeys(words_of(dose, "route") for dose in doses)
        told["16"] += [mark + route for route in routes if route]
        indications = (say_term(e, "term") for e in state.entries(f"{drug.path}/indications"))
        told["17"] += [mark + words for words in indications if words]
        told["18"] += [mark + words for dose in doses if (words := _dates(dose, drug))]
        told["19"] += [mark + words for dose in doses if (words := _duration(dose))]
    yield from ((number, tuple(lines)) for number, lines in told.items())


def _by_start(doses: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(
        sorted(doses, key=lambda dose: (dose.known("start") or {"value": "9999"})["value"])
    )


def _product(state: CaseState, drug: Entry, doses: tuple[Entry, ...]) -> str:
    substances = (
        joined((words_of(s, "name"), words_of(s, "strength", say_amount)), " ")
        for s in state.entries(f"{drug.path}/substances")
    )
    generic = joined(substances, "; ")
    name = words_of(drug, "name")
    forms = joined(dict.fromkeys(words_of(dose, "form") for dose in doses))
    lots = joined(dict.fromkeys(words_of(dose, "batch") for dose in doses))
    action = words_of(drug, "action_taken", say_code)
    holder = words_of(drug, "authorisation_holder")
    role = {"interacting": "interacting", None: "role not told"}.get(drug.known("role"), "")
    return joined(
        (
            f"{name} ({generic})" if name and generic else name or generic or "UNK",
            forms,
            f"Lot: {lots or 'UNK'}",
            action and f"action taken: {action}",
            holder and f"holder: {holder}",
            role,
            words_of(drug, "additional_information"),
        )
    )


def _dose(dose: Entry) -> str:
    amount = words_of(dose, "dose", say_amount)
    often = words_of(dose, "interval", say_interval)
    text = words_of(dose, "text")
    return joined((joined((amount, often)), f'"{text}"' if text else ""), " ")


def _dates(dose: Entry, drug: Entry) -> str:
    """Give from and to; without an end ongoing only where the drug is told to be continued."""
    start, end = words_of(dose, "start", say_date), words_of(dose, "end", say_date)
    if not start and not end:
        return ""
    ongoing = dose.raw("end") is None and drug.known("action_taken") in _CONTINUED
    return f"{start or UNKNOWN} / {'ongoing' if ongoing else end or UNKNOWN}"


def _duration(dose: Entry) -> str:
    """Give the duration as told; else in days, first and last day counted, of two whole dates."""
    if dose.known("duration") is not None:
        return words_of(dose, "duration", say_amount)
    start, end = (_whole(dose.known(name)) for name in ("start", "end"))
    if start is None or end is None or end < start:
        return ""
    days = (end - start).days + 1
    return f"{days} day" if days == 1 else f"{days} days"


def _whole(partial: dict[str, str] | None) -> date | None:
    if partial is None or len(partial["value"]) < len("2014-05-06"):
        return None
    return date.fromisoformat(partial["value"][:10])


def challenge_answers(
    state: CaseState,
    assessment: CaseAssessment,
    *,
    observed_until: date | None,
    half_life_hours: tuple[int, int],
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """
    Answer boxes 20 and 21: the answer to tick, and a line for each pair where there are several.

    Args:
        state: The case.

        assessment: The same case, judged.

        observed_until: Most recent information date of the case.

        half_life_hours: Of the product, for the washout.
    """
    until = None if observed_until is None else Days(observed_until, observed_until)
    principal = principal_reaction(assessment)
    ticked = {"20": UNKNOWN, "21": UNKNOWN}
    lines: dict[str, list[str]] = {"20": [], "21": []}
    drugs, reactions = suspect_drugs(state), assessment.reactions
    for place, drug in enumerate(drugs, start=1):
        for number, judged in enumerate(reactions, start=1):
            reaction = Entry(judged.path, state.entities[judged.path])
            answers = {
                "20": answer_dechallenge(state, drug, reaction, until, half_life_hours),
                "21": answer_rechallenge(state, drug, reaction, until, assessment),
            }
            for box, answer in answers.items():
                lines[box].append(f"#{place} and {number}): {answer}")
                if place == 1 and judged is principal:
                    ticked[box] = answer
    several = len(drugs) * len(reactions) > 1
    return {
        box: (answer, tuple(lines[box]) if several else (UNKNOWN,) if answer == UNKNOWN else ())
        for box, answer in ticked.items()
    }


def answer_dechallenge(
    state: CaseState,
    drug: Entry,
    reaction: Entry,
    until: Days | None,
    half_life_hours: tuple[int, int],
) -> str:
    """
    Answer box 20 for one pair. The first line that applies decides.

    1. what stopping showed is settled by doses and course: YES, NO or NA;
    2. stopped or reduced, and not recovered: NO, the form asks no more than that;
    3. otherwise UNK, and no square is ticked.
    """
    action = drug.known("action_taken")
    found = derive_dechallenge(
        derive_exposure(read_doses(state, drug)),
        read_course(reaction, until),
        action_taken=action,
        washout_days=derive_washout_days(half_life_hours),
    )
    if found.answer in _DECHALLENGE:
        return _DECHALLENGE[found.answer]
    if action in _LOWERED and reaction.known("outcome") == "not_recovered":
        return NO
    return UNKNOWN


def answer_rechallenge(
    state: CaseState,
    drug: Entry,
    reaction: Entry,
    until: Days | None,
    assessment: CaseAssessment,
) -> str:
    """
    Answer box 21 for one pair. The first line that applies decides.

    1. a source told it (E2B G.k.9.i.4);
    2. the doses show it: a restart, or none, after the onset;
    3. fatal, or the drug was continued: NA, there was no reintroduction;
    4. otherwise UNK, and no square is ticked.
    """
    link = f"drug_reactions/{drug.key}|{reaction.key}"
    told = Entry(link, state.entities.get(link, {})).known("rechallenge")
    if told is not None:
        return _RECHALLENGE[told]
    terms = {judged.key: judged.coding.term for judged in assessment.reactions}
    onset = parse_days(reaction.known("onset"))
    again = [
        later
        for other in state.reactions
        if other.key != reaction.key
        and terms.get(other.key) is not None
        and terms.get(other.key) == terms.get(reaction.key)
        and (later := parse_days(other.known("onset"))) is not None
        and onset is not None
        and onset.surely_before(later)
    ]
    derived = derive_rechallenge(
        derive_exposure(read_doses(state, drug)), read_course(reaction, until), recurrences=again
    )
    if derived.answer is not None:
        return _RECHALLENGE[derived.answer.value]
    if reaction.known("outcome") == "fatal" or drug.known("action_taken") in _CONTINUED:
        return NOT_APPLICABLE
    return UNKNOWN


def concomitant_lines(state: CaseState) -> Iterator[str]:
    """Give box 22: every drug that is not suspected."""
    suspected = {drug.path for drug in suspect_drugs(state)}
    for drug in state.drugs:
        if drug.path in suspected:
            continue
        doses = _by_start(state.entries(f"{drug.path}/doses"))
        indications = (say_term(e, "term") for e in state.entries(f"{drug.path}/indications"))
        periods = (
            joined((_dose(dose), words_of(dose, "route"), _dates(dose, drug))) for dose in doses
        )
        reason = joined(indications)
        yield joined(
            (
                words_of(drug, "name") or "UNK",
                "(not administered)" if drug.known("role") == "not_administered" else "",
                joined(periods, "; "),
                reason and f"for {reason}",
                words_of(drug, "additional_information"),
            ),
            " ",
        )


def history_lines(state: CaseState) -> Iterator[str]:
    """Give box 23: conditions, past drugs, the text, body, pregnancy, and the parent's."""
    for who, owner in (("", "patient"), ("Parent: ", "parent")):
        person = Entry(owner, state.entities.get(owner, {}))
        for entry in state.entries(f"{owner}/history"):
            yield who + _condition(entry)
        for entry in state.entries(f"{owner}/past_drugs"):
            yield who + _past_drug(entry)
        text = words_of(person, "history_text")
        if text:
            yield who + text
        height = words_of(person, "height_cm", say_number)
        period = words_of(person, "last_menstrual_period", say_date)
        ethnicity, race = words_of(person, "ethnicity"), words_of(person, "race")
        facts = joined(
            (
                (owner == "parent" and words_of(person, "sex", say_code)) or "",
                (owner == "parent" and words_of(person, "age", say_amount)) or "",
                height and f"height {height} cm",
                ethnicity and f"ethnicity {ethnicity}",
                race and f"race {race}",
                period and f"last menstrual period {period}",
            )
        )
        if facts:
            yield who + facts


def _condition(entry: Entry) -> str:
    start, end = words_of(entry, "start", say_date), words_of(entry, "end", say_date)
    going_on = words_of(entry, "continuing", lambda yes: "continuing" if yes else "not continuing")
    return joined(
        (
            say_term(entry, "condition") or "condition not named",
            start and f"from {start}",
            end and f"to {end}",
            going_on,
            "family history" if entry.known("family_history") is True else "",
            words_of(entry, "comments"),
        )
    )


def _past_drug(entry: Entry) -> str:
    start, end = words_of(entry, "start", say_date), words_of(entry, "end", say_date)
    indication, reaction = say_term(entry, "indication"), say_term(entry, "reaction")
    return "Past drug: " + joined(
        (
            words_of(entry, "name") or "UNK",
            start and f"from {start}",
            end and f"to {end}",
            indication and f"for {indication}",
            reaction and f"reaction: {reaction}",
        )
    )
