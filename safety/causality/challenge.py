"""
What did stopping the drug show, and what did giving it again?

Both are read from the history of doses and the course of the reaction, not from what a source
concluded; where a source did conclude, a disagreement is a finding. What the dates do not settle
is unknown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from safety.case import Entry
from safety.causality.days import Days, count_days, parse_days
from safety.causality.exposure import (
    Change,
    ExposureHistory,
    count_from_first_dose,
    derive_dose_at,
)
from safety.findings import Finding
from schemas.vocabulary import Rechallenge

DechallengeAnswer = Literal["positive", "negative", "not_applicable", "unknown"]

_HALF_LIVES = 5  # until a drug is practically gone; regulatory facts 3.4
_HOURS_A_DAY = 24
_ABATED = frozenset({"recovered", "recovering", "recovered_with_sequelae"})
_STOPPED = frozenset({"withdrawn", "interrupted"})
_LOWERED = _STOPPED | {"dose_reduced"}
_CONTINUED = frozenset({"dose_not_changed", "dose_increased"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionCourse:
    """
    The course of one reaction, as far as it is known.

    Attributes:
        outcome: E2B E.i.7 in the words of `schemas.vocabulary.Outcome`.
        treated: It was treated, which may explain that it abated.
        one_off: It lasts a moment, so that stopping can show nothing.
        irreversible: It cannot abate.
        observed_until: Last day of which anything is known.
    """

    onset: Days | None
    end: Days | None = None
    outcome: str | None = None
    treated: bool = False
    one_off: bool = False
    irreversible: bool = False
    observed_until: Days | None = None


@dataclass(frozen=True, slots=True)
class DechallengeFinding:
    """The answer, the reason, and whether treatment of the reaction may explain it as well."""

    answer: DechallengeAnswer
    reason: str
    confounded: bool = False


@dataclass(frozen=True, slots=True)
class RechallengeFinding:
    """The answer (None: nothing is known of doses), the reason, and whether less was given."""

    answer: Rechallenge | None
    reason: str
    at_lower_dose: bool = False


def read_course(reaction: Entry, observed_until: Days | None) -> ReactionCourse:
    """Read the course of a reaction of a case."""
    return ReactionCourse(
        onset=parse_days(reaction.known("onset")),
        end=parse_days(reaction.known("end")),
        outcome=reaction.known("outcome"),
        treated=reaction.known("treatment") is not None,
        observed_until=observed_until,
    )


def derive_washout_days(half_life_hours: tuple[int, int]) -> int:
    """Give the days after which the drug is surely gone: five of its longest half-lives."""
    return ceil(_HALF_LIVES * max(half_life_hours) / _HOURS_A_DAY)


def derive_dechallenge(
    history: ExposureHistory,
    course: ReactionCourse,
    *,
    action_taken: str | None,
    washout_days: int | None,
) -> DechallengeFinding:
    """
    Say what stopping or reducing the drug showed. The first line that applies decides.

    1. fatal, over in a moment or irreversible: not applicable;
    2. the drug was surely not taken at onset: not applicable;
    3. no stop or reduction after the onset: not applicable if it is told that the drug was
       continued, else unknown;
    4. the reaction had surely ended before: not applicable; perhaps: unknown;
    5. abated: positive, or unknown if perhaps only after a restart;
    6. not recovered: negative if followed through the washout of a stop, else unknown;
    7. outcome unknown: unknown.

    Args:
        history: The doses of the drug.

        course: The reaction.

        action_taken: What was done with the drug (E2B G.k.8), for what the doses do not tell.

        washout_days: See `derive_washout_days()`; None where the half-life is not known.

    Sources:
        Regulatory facts 3.4.
    """
    if course.outcome == "fatal" or course.one_off or course.irreversible:
        return DechallengeFinding("not_applicable", "fatal, momentary or irreversible reaction")
    dose = derive_dose_at(history, course.onset)
    if dose is not None and dose.highest_mg == 0:
        return DechallengeFinding("not_applicable", "the drug was not being taken at onset")
    change = _first_after(history, course.onset, {"stopped", "reduced"})
    if change is None and action_taken not in _LOWERED:
        if action_taken in _CONTINUED:
            return DechallengeFinding("not_applicable", "the drug was continued")
        return DechallengeFinding("unknown", "it is not told whether the drug was stopped")
    if change is not None and course.end is not None:
        if course.end.surely_before(change.on):
            return DechallengeFinding("not_applicable", "the reaction was over before the change")
        if course.end.maybe_before(change.on):
            return DechallengeFinding("unknown", "the end of the reaction may precede the change")
    restart = None if change is None else _first_after(history, change.on, {"restarted"})
    if course.outcome == "not_recovered":
        return _persisting(course, change, restart, washout_days)
    return _abated(course, restart)


def _abated(course: ReactionCourse, restart: Change | None) -> DechallengeFinding:
    if course.outcome not in _ABATED:
        return DechallengeFinding("unknown", "the outcome of the reaction is not known")
    if restart is not None and (course.end is None or restart.on.maybe_before(course.end)):
        return DechallengeFinding("unknown", "the drug may have been given again before it abated")
    return DechallengeFinding("positive", "abated after the stop or reduction", course.treated)


def _persisting(
    course: ReactionCourse, change: Change | None, restart: Change | None, washout_days: int | None
) -> DechallengeFinding:
    if change is None or course.observed_until is None:
        return DechallengeFinding("unknown", "not known for how long it was followed after")
    if change.kind == "reduced":
        return DechallengeFinding("unknown", "persists at a lower dose: the drug was never gone")
    if washout_days is None:
        return DechallengeFinding("unknown", "not known when the drug was gone: no half-life")
    until = [course.observed_until] if restart is None else [course.observed_until, restart.on]
    followed = min(count_days(change.on, day).fewest for day in until)
    if followed < washout_days:
        return DechallengeFinding("unknown", "not followed through the washout")
    return DechallengeFinding("negative", "persists after the washout")


def derive_rechallenge(
    history: ExposureHistory, course: ReactionCourse, *, recurrences: Sequence[Days]
) -> RechallengeFinding:
    """
    Say what giving the drug again showed. The first line that applies decides.

    1. no onset, no doses or doses without a start: None;
    2. no restart after the onset: not done;
    3. the same reaction surely began again on the day of the restart or later: recurred;
    4. perhaps did, or had not surely abated before: outcome unknown;
    5. followed for as long as the first reaction took to come: did not recur;
    6. otherwise outcome unknown.

    Absence at a lower dose says little (hand-foot skin reaction), which the answer tells.

    Args:
        history: The doses of the drug.

        course: The first reaction.

        recurrences: Onsets of later reactions of the same term.

    Sources:
        Regulatory facts 3.4; E2B(R3) G.k.9.i.4.
    """
    if course.onset is None or not history.stays or history.undated:
        return RechallengeFinding(None, "onset or doses are not known")
    restart = _first_after(history, course.onset, {"restarted"})
    if restart is None:
        return RechallengeFinding(Rechallenge.NOT_DONE, "no restart after the onset")
    lower = (
        restart.before_mg is not None
        and restart.after_mg is not None
        and restart.after_mg < restart.before_mg
    )
    if any(again.earliest >= restart.on.latest for again in recurrences):
        return RechallengeFinding(Rechallenge.RECURRED, "began again after the restart", lower)
    unclear = Rechallenge.OUTCOME_UNKNOWN
    if any(restart.on.maybe_before(again) for again in recurrences):
        return RechallengeFinding(unclear, "may have begun again after the restart", lower)
    if course.end is None or restart.on.maybe_before(course.end):
        return RechallengeFinding(unclear, "had not surely abated before the restart", lower)
    latency = count_from_first_dose(history, course.onset)
    if latency is None or course.observed_until is None:
        return RechallengeFinding(unclear, "not known for how long it was followed", lower)
    if count_days(restart.on, course.observed_until).fewest < max(latency.most, 1):
        return RechallengeFinding(unclear, "not followed for as long as it first took", lower)
    return RechallengeFinding(Rechallenge.DID_NOT_RECUR, "did not begin again", lower)


def check_rechallenge(
    derived: RechallengeFinding, reported: str | None, path: str
) -> Iterator[Finding]:
    """
    Compare what a source says of a re-administration with what doses and reactions show.

    Args:
        derived: See `derive_rechallenge()`.

        reported: E2B G.k.9.i.4 in the words of `Rechallenge`; None where nothing was said.

        path: Path of the source's answer.
    """
    answer = derived.answer
    if answer is None or answer == reported:
        return
    if answer is Rechallenge.NOT_DONE and reported in {"recurred", "did_not_recur"}:
        yield Finding(
            "rechallenge_without_restart",
            path,
            "a re-administration is told, but the doses show no restart; ask for the doses",
            "contradiction",
        )
    elif answer is Rechallenge.RECURRED and reported == "did_not_recur":
        yield Finding(
            "rechallenge_recurred",
            path,
            "told not to recur, but the same reaction began again after the restart; ask",
            "contradiction",
        )
    elif answer is Rechallenge.DID_NOT_RECUR and reported == "recurred":
        yield Finding(
            "rechallenge_not_seen",
            path,
            "told to recur, but no reaction of this term follows the restart; ask for it",
            "contradiction",
        )
    elif answer is not Rechallenge.NOT_DONE and reported in {None, "not_done"}:
        yield Finding(
            "restart_not_assessed",
            path,
            "the doses show a restart after the reaction; ask whether it came back",
        )


def _first_after(history: ExposureHistory, day: Days | None, kinds: set[str]) -> Change | None:
    """Give the first change of these kinds that is not surely before a day."""
    if day is None:
        return None
    return next(
        (
            change
            for change in history.changes
            if change.kind in kinds and not change.on.surely_before(day)
        ),
        None,
    )
