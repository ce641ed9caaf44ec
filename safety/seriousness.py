"""
Is this reaction serious, and by which of the six criteria?

Seriousness is what happened to the patient; severity (the CTCAE grade) is how
strong the reaction was. The two stay apart: a grade never ticks a criterion, it
only raises a question. Sources: ICH E2A II.B, E2D 2.3; 21 CFR 312.32(a).

A criterion is true or not stated; nothing stated is "not serious" unless another
field contradicts it. Then the answer is unknown, and the caller takes it at its
worst until a person decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from safety.case import Entry
from safety.findings import Finding

CRITERIA = (
    "death",
    "life_threatening",
    "hospitalisation",
    "disability",
    "congenital_anomaly",
    "other_important",
)


@dataclass(frozen=True, slots=True)
class Seriousness:
    """
    The answer for one reaction; None where the facts contradict each other.

    Attributes:
        criteria: Criteria that are stated, in the order of the form.
        paths: The field that states each, or that contradicts.
    """

    criteria: tuple[str, ...]
    serious: bool | None
    fatal: bool | None
    life_threatening: bool | None
    paths: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def fatal_or_life_threatening(self) -> bool | None:
        """Fatal or life-threatening, three-valued."""
        if self.fatal or self.life_threatening:
            return True
        return None if self.fatal is None or self.life_threatening is None else False


def assess_seriousness(reaction: Entry, *, grade: int | None) -> Seriousness:
    """
    Judge one reaction.

    Taken in this order:

    1. a criterion set or taken back at the desk stands as decided;
    2. a hospitalisation ticked by the source is none where the admission is told to have been
       planned, with its reason (regulatory facts 1.5): the reaction did not cause it;
    3. another criterion ticked by the source stands; serious, unless the source itself answers
       "not serious": then it is unknown which of the two is meant;
    4. no death criterion, but a fatal outcome or grade 5: fatal is unknown, and
       so is serious, unless the source answers "serious";
    5. no criterion, but the source answers "serious": serious, and whether fatal or
       life-threatening is unknown;
    6. no criterion, but the reporter highlighted the term as serious: unknown;
    7. no criterion and no contradiction: not serious.

    Args:
        reaction: The reaction's facts.

        grade: Its CTCAE grade as far as known; a grade 5 raises doubt, no grade decides.
    """
    stated: dict[str, str] = {}
    planned = _planned_by(reaction)
    for criterion in CRITERIA:
        for name in (f"desk.seriousness.{criterion}", f"seriousness.{criterion}"):
            if (value := reaction.raw(name)) is not None:
                if value is True and not (name == _HOSPITALISATION and planned):
                    stated[criterion] = f"{reaction.path}.{name}"
                break
    doubts = tuple(_doubts(reaction, stated, grade))
    doubtful_death = any(doubt.of_death for doubt in doubts)
    bare = not stated and _told(reaction) is True
    return Seriousness(
        criteria=tuple(stated),
        serious=_answer(reaction, stated, bool(doubts)),
        fatal=True if "death" in stated else (None if doubtful_death or bare else False),
        life_threatening=None if bare else "life_threatening" in stated,
        paths=tuple(stated.values())
        or tuple(doubt.path for doubt in doubts)
        or (f"{reaction.path}.seriousness",),
        findings=(
            *(Finding(d.code, d.path, d.message, "contradiction") for d in doubts),
            *_questions(reaction, stated),
            *_planned(reaction, stated),
        ),
    )


def _told(reaction: Entry) -> bool | None:
    """Give the yes or no of the study's own database, where it has one beside the criteria."""
    answer: bool | None = (reaction.known("as_recorded") or {}).get("serious")
    return answer


def _answer(reaction: Entry, stated: dict[str, str], doubted: bool) -> bool | None:  # noqa: FBT001 - a finding, not a switch
    told = _told(reaction)
    if stated:
        by_desk = any(".desk." in path for path in stated.values())
        return None if told is False and not by_desk else True
    if told is True:
        return True
    return None if doubted else False


_HOSPITALISATION = "seriousness.hospitalisation"
_DEATH_GRADE = 5  # CTCAE: death related to the event


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A field that contradicts "not stated"."""

    code: str
    path: str
    message: str
    of_death: bool


def _doubts(reaction: Entry, stated: dict[str, str], grade: int | None) -> Iterator[_Doubt]:
    if "death" not in stated and reaction.known("outcome") == "fatal":
        yield _Doubt(
            "fatal_outcome_without_death_criterion",
            f"{reaction.path}.outcome",
            "the outcome is fatal but the death criterion is not stated; confirm one of them",
            of_death=True,
        )
    if "death" not in stated and grade == _DEATH_GRADE:
        yield _Doubt(
            "grade_5_without_death_criterion",
            f"{reaction.path}.grade",
            "CTCAE grade 5 is death, but the death criterion is not stated; confirm one of them",
            of_death=True,
        )
    told = _told(reaction)
    if stated and told is False and not any(".desk." in path for path in stated.values()):
        yield _Doubt(
            "criterion_on_event_told_not_serious",
            f"{reaction.path}.as_recorded",
            "a seriousness criterion is stated on an event that its source calls not serious; ask"
            " which of them is meant",
            of_death=False,
        )
    marked = reaction.known("highlight") in {"yes_serious", "no_serious"}
    if not stated and (marked or told is True):
        yield _Doubt(
            "serious_without_criterion",
            f"{reaction.path}.{'as_recorded' if told is True else 'highlight'}",
            "the reporter calls the term serious but states no criterion; ask which applies",
            of_death=False,
        )


def _questions(reaction: Entry, stated: dict[str, str]) -> Iterator[Finding]:
    if "death" in stated and reaction.known("outcome") not in {None, "fatal"}:
        yield Finding(
            "death_criterion_without_fatal_outcome",
            f"{reaction.path}.outcome",
            "the death criterion is stated but the outcome is not fatal; confirm one of them",
            "contradiction",
        )
    if reaction.known("highlight") in {"yes_not_serious", "no_not_serious"} and stated:
        yield Finding(
            "criterion_on_term_called_not_serious",
            f"{reaction.path}.highlight",
            "a seriousness criterion is stated on a term that the reporter calls not serious",
        )


def _planned_by(reaction: Entry) -> str | None:
    """Give the field that says that an admission was planned; the desk's answer counts first."""
    names = ("desk.planned_admission", "planned_admission")
    told = next((name for name in names if reaction.raw(name) is not None), None)
    return told if told is not None and reaction.known(told) is not None else None


def _planned(reaction: Entry, stated: dict[str, str]) -> Iterator[Finding]:
    """Tell of an admission that was planned, whether or not it was ticked."""
    name = _planned_by(reaction)
    if name is None:
        return
    path, spoken = f"{reaction.path}.{name}", str(reaction.known(name)).replace("_", " ")
    if "hospitalisation" in stated:
        yield Finding(
            "planned_admission_overruled",
            path,
            f"an admission is told to have been planned ({spoken}), yet hospitalisation was decided"
            " at the desk; the desk's decision stands",
            "note",
        )
    else:
        yield Finding(
            "planned_admission",
            path,
            f"the admission was planned ({spoken}) and makes nothing serious; if the reaction"
            " prolonged it, state the criterion at the desk",
            "note",
        )
