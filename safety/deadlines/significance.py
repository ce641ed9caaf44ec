"""
Did this report bring significant new information, so that a new clock starts?

Significant: a new suspected reaction, a change in seriousness, in causality, an
outcome turned fatal, a change in expectedness, and what changes the medical
picture (dates, dose, dechallenge, rechallenge, cause of death). Sources: EU GVP
VI.B.7.1, ICH E2D 5.3. A mark of the reporter or of a person at the desk decides
the last group; it cannot make a hard change insignificant.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safety.assessment import CaseAssessment, ReactionAssessment
from safety.case import OWNER, CaseState, Fact

_REACTION_FIELDS = ("onset",)
_DRUG_FIELDS = ("action_taken", "role")
_PATIENT_FIELDS = ("death.date", "death.autopsy")


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What a report changed that matters.

    Attributes:
        hard: Changes that always count.
        medical: Changes of the medical picture, which a mark may overrule.
    """

    hard: tuple[str, ...]
    medical: tuple[str, ...]

    def significant(self, mark: bool | None) -> tuple[str, ...]:  # noqa: FBT001 - a mark is a value
        """
        List what was significant; empty means that no new clock starts.

        Args:
            mark: What the reporter or the desk said about its significance, if anything.
        """
        if mark is False:
            return self.hard
        told = self.hard + self.medical
        return told or (("marked as significant",) if mark else ())


NOTHING = Changes((), ())


def derive_changes(
    before: tuple[CaseState, CaseAssessment], after: tuple[CaseState, CaseAssessment]
) -> Changes:
    """
    Compare a case before and after a report.

    Args:
        before: State and assessment before the report.

        after: The same after it.
    """
    return Changes(
        hard=tuple(_hard_changes(before[1], after[1])),
        medical=tuple(_medical_changes(before[0], after[0])),
    )


def _hard_changes(before: CaseAssessment, after: CaseAssessment) -> Iterator[str]:
    if Counter(map(_name, after.reactions)) - Counter(map(_name, before.reactions)):
        yield "new reaction"
    known = {reaction.key: reaction for reaction in before.reactions}
    for reaction in after.reactions:
        old = known.get(reaction.key)
        if old is None:
            continue
        if old.seriousness.criteria != reaction.seriousness.criteria:
            yield f"seriousness of {reaction.path}"
        if old.seriousness.fatal is False and reaction.seriousness.fatal is not False:
            yield f"fatal outcome of {reaction.path}"
        if old.relatedness.any_party != reaction.relatedness.any_party:
            yield f"causality of {reaction.path}"
        if any(old.unexpected(label) != reaction.unexpected(label) for label in old.listedness):
            yield f"expectedness of {reaction.path}"


def _name(reaction: ReactionAssessment) -> str:
    return reaction.coding.term or reaction.key


def _medical_changes(before: CaseState, after: CaseState) -> Iterator[str]:
    for path, facts in after.entities.items():
        old = before.entities.get(path, {})
        if "/doses/" in path:
            if any(name != OWNER and _differs(old, facts, name) for name in facts):
                yield path
            continue
        if path.startswith("reactions/") and old:
            names: tuple[str, ...] = _REACTION_FIELDS
        elif path.startswith("drugs/"):
            names = _DRUG_FIELDS
        elif path.startswith("drug_reactions/"):
            names = ("rechallenge",)
        elif path == "patient":
            names = _PATIENT_FIELDS
        else:
            continue
        yield from (f"{path}.{name}" for name in names if _differs(old, facts, name))


def _differs(old: Mapping[str, Fact], new: Mapping[str, Fact], name: str) -> bool:
    if name not in new:
        return False
    was = old.get(name)
    return was is None or was.value != new[name].value
