"""
The line listings of a period: one row a reaction or a case, as the guidelines name the columns.

Rows are made as they are read and gone through once a rendering, so that a listing of a million
cases is never in memory.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.periodic.classify import OURS, SPONTANEOUS
from reports.tables import Column, Listing
from safety.store.periodic import CaseContent, ReactionLine

Read = Callable[[], Iterator[CaseContent]]
State = dict[str, Any]

_OUTCOMES = {
    "recovered": "recovered",
    "recovering": "recovering",
    "not_recovered": "not recovered",
    "recovered_with_sequelae": "recovered with sequelae",
    "fatal": "fatal",
    "unknown": "unknown",
    None: "unknown",
}
_SOURCES = {
    "spontaneous": "spontaneous",
    "literature": "literature",
    "trial": "study: clinical trial",
    "nis_primary": "study: non-interventional, data collected for it",
    "nis_secondary": "study: non-interventional, data from elsewhere",
    "compassionate": "compassionate use",
}
_SEXES = {"male": "M", "female": "F"}


@dataclass(frozen=True, slots=True)
class Lines(Collection[Sequence[str]]):
    """Rows that are made anew each time they are gone through."""

    read: Read
    make: Callable[[CaseContent], Iterator[Sequence[str]]]

    def __iter__(self) -> Iterator[Sequence[str]]:
        for content in self.read():
            yield from self.make(content)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, row: object) -> bool:
        return any(row == each for each in self)


def _listing(
    name: str,
    title: str,
    population: str,
    headings: Sequence[str],
    lines: Lines,
    notes: tuple[str, ...] = (),
) -> Listing:
    columns = tuple(Column(heading, heading) for heading in headings)
    return Listing(name, title, population, columns, lines, notes)


def serious_reactions(read: Read) -> Listing:
    """Give the DSUR interval line listing of serious adverse reactions (ICH E2F, 3.7.2)."""
    return _listing(
        "D7.2",
        "Interval line listing of serious adverse reactions",
        "Trials; serious, and related in somebody's judgement or not judged",
        (
            *("Study", "Subject", "Case", "Country", "Age / sex", "Treatment"),
            *("Serious adverse reactions", "Onset", "Treatment from - to", "Dose", "Outcome"),
            "Comments",
        ),
        Lines(read, _serious_reaction_rows),
        ("The gravest reaction first. What is not known counts as serious and as related.",),
    )


def _serious_reaction_rows(content: CaseContent) -> Iterator[Sequence[str]]:
    lines = [
        line
        for line in content.reactions
        if line.context == "trial"
        and line.event["serious"] is not False
        and line.event["related"] is not False
    ]
    if not lines:
        return
    gravest = sorted(lines, key=_gravity)
    told = _Told(content)
    yield (
        *(lines[0].event["study"] or "", lines[0].event["subject"] or "", content.case_id),
        *(lines[0].event["country"] or "", told.age_and_sex, told.treatment),
        *("; ".join(map(_term, gravest)), gravest[0].event["onset"] or "", told.dates, told.dose),
        _outcome(gravest[0]),
        _comments(gravest),
    )


def deaths(read: Read) -> Listing:
    """List the subjects of trials who died, or may have, in the period."""
    return _listing(
        "D8.1",
        "Deaths of trial subjects in the period",
        "Trials; an event with a fatal outcome, or of which it is not known",
        (
            "Study",
            "Subject",
            "Case",
            "Age / sex",
            "Treatment",
            "Cause",
            "Onset",
            "Related",
            "Fatal",
        ),
        Lines(read, _death_rows),
    )


def _death_rows(content: CaseContent) -> Iterator[Sequence[str]]:
    told = _Told(content)
    for line in content.reactions:
        event = line.event
        if line.context == "trial" and event["fatal"] is not False:
            yield (
                *(event["study"] or "", event["subject"] or "", content.case_id),
                *(told.age_and_sex, told.treatment, _term(line), event["onset"] or ""),
                *(_answer(event["related"]), "yes" if event["fatal"] else "not known"),
            )


def discontinuations(read: Read) -> Listing:
    """List the subjects of trials whose treatment was withdrawn for an adverse event."""
    return _listing(
        "D8.2",
        "Trial subjects whose treatment was withdrawn because of an adverse event",
        "Trials; action taken: withdrawn",
        ("Study", "Subject", "Case", "Age / sex", "Treatment", "Adverse event", "Onset", "Outcome"),
        Lines(read, _discontinuation_rows),
    )


def _discontinuation_rows(content: CaseContent) -> Iterator[Sequence[str]]:
    told = _Told(content)
    for line in content.reactions:
        event = line.event
        if line.context == "trial" and event["withdrawn"]:
            yield (
                *(event["study"] or "", event["subject"] or "", content.case_id),
                *(told.age_and_sex, told.treatment, _term(line), event["onset"] or ""),
                _outcome(line),
            )


def cioms_ii(read: Read) -> Listing:
    """Give the CIOMS II line listing: a row a case, under the class of its gravest reaction."""
    return _listing(
        "C2",
        "CIOMS II line listing",
        "Spontaneous and literature; of studies and other solicited sources the serious reactions",
        (
            *("System organ class", "Case", "Country", "Source", "Age / sex"),
            *("Daily dose, form, route", "Onset", "Treatment from - to"),
            *("Description of reaction as reported (preferred term)", "Outcome", "Comments"),
        ),
        Lines(read, _cioms_rows),
        ("Sorted by class, term and case number; further reactions stand in the row.",),
    )


def _cioms_rows(content: CaseContent) -> Iterator[Sequence[str]]:
    lines = [line for line in content.reactions if _is_listed(line)]
    if not lines:
        return
    gravest = sorted(lines, key=_gravity)
    told, lead = _Told(content), gravest[0].event
    yield (
        *(lead["soc"] or "Not coded", content.case_id, lead["country"] or ""),
        *(_SOURCES[gravest[0].context], told.age_and_sex, told.dose),
        *(lead["onset"] or "", told.dates, "; ".join(map(_described, gravest))),
        *(_outcome(gravest[0]), _comments(gravest)),
    )


def _is_listed(line: ReactionLine) -> bool:
    if line.context in SPONTANEOUS:
        return line.treatment in OURS and line.event["related"] is not False
    return line.event["serious"] is not False and line.event["related"] is not False


def pader_index(read: Read) -> Listing:
    """
    Give the PADER index line listing: patient and reactions of each report of the period.

    Source: 21 CFR 314.80(c)(2)(ii); reports of trials and other solicited sources are in it only
    if serious, unexpected and related.
    """
    return _listing(
        "P1",
        "Index line listing of adverse drug experiences",
        "Reports of the period, by the labelling in the United States",
        (
            "Case",
            "Patient",
            "Country",
            "Source",
            "Reactions",
            "Serious",
            "Labelled",
            "15-day alert",
        ),
        Lines(read, _pader_rows),
        ("A reaction that is serious, or may be, and is not known to be labelled is an alert.",),
    )


def _pader_rows(content: CaseContent) -> Iterator[Sequence[str]]:
    lines = [line for line in content.reactions if _is_listed(line)]
    alerts = [line for line in lines if _is_alert(line)]
    if not lines or (lines[0].context not in SPONTANEOUS and not alerts):
        return
    gravest = sorted(lines, key=_gravity)
    told = _Told(content)
    yield (
        *(content.case_id, told.patient, lines[0].event["country"] or ""),
        *(_SOURCES[lines[0].context], "; ".join(map(_term, gravest))),
        _answer(_worst([line.event["serious"] for line in lines])),
        _answer(all(line.event["expected_us"] is True for line in lines)),
        _answer(bool(alerts)),
    )


def _is_alert(line: ReactionLine) -> bool:
    return line.event["serious"] is not False and line.event["expected_us"] is not True


def _worst(answers: Sequence[bool | None]) -> bool | None:
    return True if True in answers else (None if None in answers else False)


def _gravity(line: ReactionLine) -> tuple[int, int, int, str]:
    event = line.event
    ranks = {True: 0, None: 1, False: 2}
    return (
        ranks[event["fatal"]],
        ranks[event["life_threatening"]],
        ranks[event["serious"]],
        event["reaction"],
    )


def _term(line: ReactionLine) -> str:
    return str(line.event["term"] or line.event["verbatim"] or "not told")


def _described(line: ReactionLine) -> str:
    verbatim, term = line.event["verbatim"], line.event["term"]
    if verbatim and term:
        return f"{verbatim} ({term})"
    return _term(line)


def _outcome(line: ReactionLine) -> str:
    return _OUTCOMES.get(line.event["outcome"], "unknown")


def _answer(answer: bool | None) -> str:  # noqa: FBT001 - an answer is a value
    return {True: "yes", False: "no", None: "not known"}[answer]


def _comments(lines: Sequence[ReactionLine]) -> str:
    found = []
    reporter = {line.event["related_reporter"] for line in lines}
    sponsor = {line.event["related_sponsor"] for line in lines}
    if True in reporter and False in sponsor and True not in sponsor:
        found.append("the sponsor does not see a relation")
    if any(line.event["expected_eu"] is False for line in lines):
        found.append("not listed in the EU")
    if any(line.event["serious"] is None for line in lines):
        found.append("seriousness not settled")
    return "; ".join(found)


class _Told:
    """What the facts of a case say for a line."""

    def __init__(self, content: CaseContent) -> None:
        self._state: State = content.state
        self._drug = self._suspect()

    def _known(self, path: str, name: str) -> Any:  # noqa: ANN401 - a fact of any kind
        fact = self._state.get(path, {}).get(name)
        value = None if fact is None else fact[0]
        return None if isinstance(value, dict) and "null" in value else value

    def _suspect(self) -> str | None:
        drugs = sorted(path for path in self._state if path.count("/") == 1)
        return next(
            (
                path
                for path in drugs
                if path.startswith("drugs/")
                and self._known(path, "role") in {"suspect", "interacting"}
            ),
            None,
        )

    @property
    def patient(self) -> str:
        return str(
            self._known("patient", "initials")
            or self._known("patient", "investigation_number")
            or self._known("study", "subject_id")
            or ""
        )

    @property
    def age_and_sex(self) -> str:
        age = self._known("patient", "age")
        group = self._known("patient", "age_group")
        told = f"{age['value']} {age['unit']}" if age else (group or "?")
        return f"{told} / {_SEXES.get(self._known('patient', 'sex'), '?')}"

    @property
    def treatment(self) -> str:
        return "" if self._drug is None else str(self._known(self._drug, "name") or "")

    @property
    def _doses(self) -> list[str]:
        prefix = f"{self._drug}/doses/"
        return sorted(path for path in self._state if path.startswith(prefix))

    @property
    def dates(self) -> str:
        starts = [v["value"] for path in self._doses if (v := self._known(path, "start"))]
        ends = [v["value"] for path in self._doses if (v := self._known(path, "end"))]
        if not starts and not ends:
            return ""
        return f"{min(starts, default='?')} - {max(ends, default='')}".rstrip()

    @property
    def dose(self) -> str:
        for path in reversed(self._doses):
            dose, every = self._known(path, "dose"), self._known(path, "interval")
            told = [
                f"{dose['value']} {dose['unit']}" if dose else "",
                f"every {every['value']} {every['unit']}" if every else "",
                self._known(path, "form") or "",
                self._known(path, "route") or "",
                "" if dose else self._known(path, "text") or "",
            ]
            if any(told):
                return ", ".join(str(part) for part in told if part)
        return ""
