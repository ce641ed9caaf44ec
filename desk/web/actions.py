"""
Who may do what at the desk? One table; what is not in it is refused.

Roles are lists, not ranks: an administrator looks after users and reads, and decides nothing about
a case; who approves need not be a physician.
"""

from collections.abc import Mapping
from enum import StrEnum

from safety.store.people import Role


class Action(StrEnum):
    """Everything that somebody can do at the desk."""

    VIEW = "view"  # queue, cases, traces, documents
    SAVE_VIEW = "save_view"
    EXPORT = "export"
    ACCEPT = "accept"
    ASSIGN = "assign"
    RECODE = "recode"
    CONFIRM_GRADE = "confirm_grade"
    CONFIRM_SERIOUSNESS = "confirm_seriousness"
    PLAN_ADMISSION = "plan_admission"
    ASSESS_CAUSALITY = "assess_causality"
    ANSWER_NARANJO = "answer_naranjo"
    ANSWER_RUCAM = "answer_rucam"
    ASSESS_LISTEDNESS = "assess_listedness"
    MARK_SIGNIFICANCE = "mark_significance"
    REQUEST_INFORMATION = "request_information"
    MERGE = "merge"
    UNDO_MERGE = "undo_merge"
    JUDGE_DUPLICATE = "not_a_duplicate"
    REVIEW = "review"
    APPROVE = "approve"
    LOCK = "lock"
    REOPEN = "reopen"
    NULLIFY = "nullify"
    RECORD_SUBMISSION = "record_submission"
    SIGN = "sign"
    UNDO = "undo"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"


_ALL = frozenset(Role)
_PROCESSING = frozenset({Role.PROCESSOR, Role.REVIEWER, Role.APPROVER})
_MEDICAL = frozenset({Role.REVIEWER, Role.APPROVER})
_APPROVING = frozenset({Role.APPROVER})

NEEDS: Mapping[Action, frozenset[Role]] = {
    Action.VIEW: _ALL,
    Action.SAVE_VIEW: _ALL,
    Action.EXPORT: _PROCESSING | {Role.ADMINISTRATOR},
    Action.ACCEPT: _PROCESSING,
    Action.ASSIGN: _PROCESSING,
    Action.RECODE: _PROCESSING,
    Action.CONFIRM_GRADE: _PROCESSING,
    Action.CONFIRM_SERIOUSNESS: _PROCESSING,
    Action.PLAN_ADMISSION: _PROCESSING,
    Action.ASSESS_CAUSALITY: _MEDICAL,
    Action.ANSWER_NARANJO: _MEDICAL,
    Action.ANSWER_RUCAM: _MEDICAL,
    Action.ASSESS_LISTEDNESS: _MEDICAL,
    Action.MARK_SIGNIFICANCE: _MEDICAL,
    Action.REQUEST_INFORMATION: _PROCESSING,
    Action.MERGE: _PROCESSING,
    Action.UNDO_MERGE: _PROCESSING,
    Action.JUDGE_DUPLICATE: _PROCESSING,
    Action.REVIEW: _MEDICAL,
    Action.APPROVE: _APPROVING,
    Action.LOCK: _APPROVING,
    Action.REOPEN: _MEDICAL,
    Action.NULLIFY: _APPROVING,
    Action.RECORD_SUBMISSION: _PROCESSING,
    Action.SIGN: _MEDICAL,
    Action.UNDO: _PROCESSING,
    Action.READ_AUDIT: _MEDICAL | {Role.ADMINISTRATOR},
    Action.MANAGE_USERS: frozenset({Role.ADMINISTRATOR}),
}


def is_allowed(role: Role, action: Action) -> bool:
    """Tell whether a role may do this; what the table does not name, nobody may."""
    return role in NEEDS.get(action, frozenset())
