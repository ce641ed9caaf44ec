"""
How far has the office come with a case, who signed it, and may this decision be taken now?

A case is new, then accepted, reviewed, approved, locked; it can be reopened. What is decided
about a case that is approved would change what was approved without anybody saying so, so the
case is reopened first. The sentences are shown to the person who tried.

A signature is bound to a digest over all that the case says but the office's own bookkeeping.
It is valid while the case says just that.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from safety.submissions import FAMILY as SUBMISSIONS

FAMILY = "workflow"  # where the stage stands among the entities of a case
SIGNATURES = "signatures"
MERGED = "merged"
VOID = frozenset({"nullified", MERGED})  # statuses of a case that stands for nothing any more
QUERIES = "queries"  # what somebody was asked for
OFFICE = (FAMILY, SIGNATURES, QUERIES, SUBMISSIONS)  # what the office notes of its own work


class Stage(StrEnum):
    """How far the office has come with a case."""

    NEW = "new"
    ACCEPTED = "accepted"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    LOCKED = "locked"


# The decision that moves a case, from where, to where.
MOVES: Mapping[str, tuple[frozenset[Stage], Stage]] = {
    "accept": (frozenset({Stage.NEW}), Stage.ACCEPTED),
    "review": (frozenset({Stage.ACCEPTED}), Stage.REVIEWED),
    "approve": (frozenset({Stage.REVIEWED}), Stage.APPROVED),
    "lock": (frozenset({Stage.APPROVED}), Stage.LOCKED),
    "reopen": (frozenset({Stage.REVIEWED, Stage.APPROVED, Stage.LOCKED}), Stage.ACCEPTED),
}
# Decisions that change what the case says.
CONTENT = frozenset(
    {
        "recode",
        "confirm_grade",
        "confirm_seriousness",
        "assess_causality",
        "answer_naranjo",
        "answer_rucam",
        "plan_admission",
        "assess_listedness",
        "mark_significance",
        "merge",
    }
)
UNDER_WORK = frozenset({Stage.NEW, Stage.ACCEPTED, Stage.REVIEWED})
FINISHED = frozenset({Stage.APPROVED, Stage.LOCKED})
_STAGE_OF = {kind: to for kind, (_, to) in MOVES.items()}
_DONE = {
    "accept": "accepted",
    "review": "reviewed",
    "approve": "approved",
    "lock": "locked",
    "reopen": "reopened",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a case stands with the office.

    Attributes:
        owner: Who works on it; None if nobody has taken it.
        void: nullified or merged, and nothing more is decided about it; None if it is neither.
        signed: A signature on its content is valid.
    """

    stage: Stage
    owner: str | None
    void: str | None = None
    signed: bool = False


def derive_stage(state: Mapping[str, Mapping[str, Any]]) -> tuple[Stage, str | None]:
    """
    Give stage and owner from the values of a case.

    Args:
        state: Entity to field to value, as `CaseState.values()` gives it.
    """
    told = state.get(FAMILY, {})
    return _STAGE_OF.get(told.get("state", ""), Stage.NEW), told.get("assignee")


def explain_out_of_sequence(kind: str, now: Standing) -> str | None:
    """
    Say why a decision cannot be taken as the case stands; None if it can.

    1. a merge is undone where there was one, and nothing else is decided about a case that is void;
    2. a move is possible only from certain stages;
    3. a locked case is not given to another;
    4. what changes the content waits until a finished case is reopened;
    5. a signature stands on what has been reviewed;
    6. anything else can be decided at any time.
    """
    if kind == "undo_merge":
        return None if now.void == MERGED else "the case was not merged into another"
    if now.void is not None:
        return f"the case is {now.void}: nothing more can be decided about it"
    if kind in MOVES:
        allowed, _ = MOVES[kind]
        if now.stage in allowed:
            return None
        wanted = " or ".join(stage.value for stage in Stage if stage in allowed)
        return f"the case is {now.stage}; it can be {_DONE[kind]} only when it is {wanted}"
    if kind == "assign" and now.stage is Stage.LOCKED:
        return "the case is locked; reopen it before giving it to somebody else"
    if kind in CONTENT and now.stage in FINISHED:
        return f"the case is {now.stage}; reopen it before changing what it says"
    if kind == "sign" and now.stage not in FINISHED | {Stage.REVIEWED}:
        return f"the case is {now.stage}; have it reviewed before it is signed"
    return None


Values = Mapping[str, Mapping[str, Any]]  # entity to field to value


@dataclass(frozen=True, slots=True)
class Signature:
    """
    A signature under a case.

    Attributes:
        at: When, ISO 8601 with offset.
        meaning: What it says: reviewed, approved.
        valid: The case still says what was signed.
    """

    by: str
    full_name: str
    at: str
    meaning: str
    content_digest: str
    valid: bool


def derive_content_digest(values: Values) -> str:
    """Give the digest of what a case says, without what the office notes of its own work."""
    said = {path: told for path, told in values.items() if path.partition("/")[0] not in OFFICE}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def read_signatures(values: Values) -> Sequence[Signature]:
    """Give the signatures under a case, oldest first."""
    told = [each for path, each in values.items() if path.startswith(f"{SIGNATURES}/")]
    if not told:
        return ()
    now = derive_content_digest(values)
    return sorted(
        (
            Signature(
                by=each["by"],
                full_name=each["full_name"],
                at=each["at"],
                meaning=each["meaning"],
                content_digest=each["content_digest"],
                valid=each["content_digest"] == now,
            )
            for each in told
        ),
        key=lambda signature: signature.at,
    )


def derive_standing(values: Values, status: str) -> Standing:
    """
    Give how a case stands with the office.

    Args:
        values: Entity to field to value.

        status: Of its latest version.
    """
    stage, owner = derive_stage(values)
    signed = any(signature.valid for signature in read_signatures(values))
    return Standing(stage, owner, status if status in VOID else None, signed)
