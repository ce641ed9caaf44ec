"""O1 and O2: who took part, and how they were treated."""

from reports.study.arms import Arms, subject_row
from reports.study.event_tables import SAFETY
from reports.study.exposure_tables import exposure_table
from reports.study.figures_of_columns import category_rows, summary_rows
from reports.study.model import StudyData, Subject
from reports.tables import Row, Table

_AGES = ((0, "Under 18"), (18, "18 to 64"), (65, "65 to 84"), (85, "85 or more"))
_SCALE = 10  # steps that a scale such as ECOG may have; more are a measured variable
_RECURRED = frozenset({"recurrence", "progression"})


def disposition_table(data: StudyData, arms: Arms) -> Table:
    """O0: who was treated, and how the study ended for them."""
    subjects = data.safety
    rows = [subject_row("overall", "Treated (safety population)", _ids(subjects), arms)]
    for scope, label in ((("study", None), "End of study"), (("treatment",), "End of treatment")):
        endings = {
            s.subject_id: ending for s in subjects if (ending := _ending(s, scope)) is not None
        }
        if endings:
            rows += category_rows(label, endings, arms)
    outside = len(data.subjects) - len(subjects)
    return Table(
        "O0",
        "Disposition",
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            (
                f"{len(data.subjects)} subjects on record; {outside} of them outside the safety"
                " population: not treated, or excluded by the study."
            ),
            (
                f"{len(data.strays)} events of subjects who are not on record count nowhere;"
                " listing L0 names them."
            ),
        ),
        "Disposition",
    )


def _ending(subject: Subject, scopes: tuple[str | None, ...]) -> str | None:
    words = {
        "completed": "Completed",
        "discontinued": "Discontinued",
        "dead": "Died",
        "lost_to_follow_up": "Lost to follow-up",
    }
    ends = [s for s in subject.statuses if s.scope in scopes and s.status in words]
    if not ends:
        return None
    last = max(ends, key=lambda status: (status.day.last, status.status == "dead"))
    reason = f": {last.reason}" if last.reason and last.status == "discontinued" else ""
    return words[last.status] + reason


def characteristics_table(data: StudyData, arms: Arms) -> Table:
    """O1: patient characteristics."""
    subjects = data.safety
    ages = {s.subject_id: s.age for s in subjects if s.age is not None}
    rows = summary_rows("Age, years", ages, arms)
    rows += category_rows(
        "Age group, years",
        {name: _age_group(age) for name, age in ages.items()},
        arms,
        order=[label for _, label in _AGES],
    )
    for label, field in (("Sex", "sex"), ("Race", "race"), ("Country", "country")):
        told = {
            s.subject_id: str(value).capitalize() if field == "sex" else str(value)
            for s in subjects
            if (value := getattr(s, field))
        }
        if told:
            rows += category_rows(label, told, arms)
    for label, field in (("Weight, kg", "weight"), ("Height, cm", "height")):
        measured = {
            s.subject_id: float(value) for s in subjects if (value := getattr(s, field)) is not None
        }
        if measured:
            rows += summary_rows(label, measured, arms)
    for name in sorted({name for s in subjects for name in s.characteristics}):
        rows += _characteristic(name, subjects, arms)
    return Table(
        "O1",
        "Patient characteristics",
        SAFETY,
        arms.columns,
        tuple(rows),
        ("n (%) of subjects; of measured variables n and the figures named.",),
        "Characteristic",
    )


# Names that are no words: how they are written.
_NAMES = {
    "afp": "AFP",
    "bclc": "BCLC stage",
    "bmi": "Body mass index",
    "bmibl": "Body mass index at baseline",
    "child_pugh": "Child-Pugh class",
    "ecog": "ECOG performance status",
    "hbv": "Hepatitis B virus",
    "hcv": "Hepatitis C virus",
    "tnm": "TNM stage",
}


def _characteristic(name: str, subjects: tuple[Subject, ...], arms: Arms) -> list[Row]:
    told = {s.subject_id: s.characteristics[name] for s in subjects if name in s.characteristics}
    label = _NAMES.get(name.casefold(), name.replace("_", " ").capitalize())
    numbers = {subject: _measured(value) for subject, value in told.items()}
    known = {subject: found for subject, found in numbers.items() if found is not None}
    units = {unit for _, unit in known.values()}
    measures = len(known) == len(told) and len(units) == 1
    unit = next(iter(units), "")
    if measures and (unit or len(set(told.values())) > _SCALE):
        heading = f"{label}, {unit}" if unit else label
        return summary_rows(heading, {name: value for name, (value, _) in known.items()}, arms)
    return category_rows(label, told, arms)


def _measured(value: str) -> tuple[float, str] | None:
    number, _, unit = value.partition(" ")
    try:
        return float(number), unit
    except ValueError:
        return None


def _age_group(age: float) -> str:
    return [label for least, label in _AGES if age >= least][-1]


def treatment_table(data: StudyData, arms: Arms) -> Table:
    """O2: treatment pattern: duration, dose, modification, discontinuation, other therapy."""
    exposure = exposure_table(data, arms, "O2")
    subjects = data.safety
    rows = list(exposure.rows)
    stopped = {
        s.subject_id: "Stopped" if s.last_dose is not None else "Ongoing or not recorded"
        for s in subjects
    }
    rows += category_rows("Treatment at the data lock", stopped, arms)
    for label, after in (
        ("Concomitant anti-cancer therapy", False),
        ("Treatment after recurrence", True),
    ):
        used = {
            s.subject_id: frozenset(
                t.name
                for t in s.therapies
                if _is_anti_cancer(t.kind, s, t.start and t.start.last, after=after)
            )
            for s in subjects
        }
        rows.append(subject_row("variable", label, [s for s, names in used.items() if names], arms))
        for name in sorted({n for names in used.values() for n in names}, key=str.casefold):
            held = [s for s, names in used.items() if name in names]
            rows.append(subject_row("category", name, held, arms, (label,)))
    return Table(
        "O2",
        "Treatment pattern",
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            *exposure.footnotes,
            (
                "Anti-cancer therapy: recorded as anti-cancer; after recurrence also procedures."
                " Before the first recurrence or progression it is concomitant; from that day on,"
                " or of unknown start in who had one, it is treatment after recurrence."
            ),
        ),
        "Variable",
    )


def _is_anti_cancer(kind: str, subject: Subject, start: object, *, after: bool) -> bool:
    recurred = min((s.day.last for s in subject.statuses if s.status in _RECURRED), default=None)
    is_after = recurred is not None and (start is None or start >= recurred)  # type: ignore[operator]
    kinds = {"anti_cancer", "procedure"} if after else {"anti_cancer"}
    return kind in kinds and is_after == after


def _ids(subjects: tuple[Subject, ...]) -> list[str]:
    return [subject.subject_id for subject in subjects]
