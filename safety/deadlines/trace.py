"""
Why: every rule considered, each condition with value and source, and the arithmetic of the date.

The trace is plain JSON, stored with the case version it explains.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from safety.case import CaseState
from safety.deadlines.evaluate import Condition
from safety.deadlines.history import AssessedStep
from safety.deadlines.obligation import Obligation
from safety.deadlines.sent import SentReport
from safety.rulebooks import Rulebook


def build_trace(
    steps: Sequence[AssessedStep],
    books: Sequence[Rulebook],
    obligations: Sequence[Obligation],
    sent: Sequence[SentReport] = (),
) -> dict[str, Any]:
    """
    Explain the latest state of a case.

    Returns:
        `{"context", "validity", "rules": [{"rule", "reaction", "answer", "conditions":
        [[name, wanted, value, met, path, message], ...]}], "out_of_context": [rule ids],
        "obligations": [{"id", "arithmetic", "reason", "trigger", "grounds"}]}`; met is true, false
        or null. `grounds` are the conditions at the report that started the clock, by reaction,
        where that was not the latest. Where reports were sent: `"sent": [{"id", "ground",
        "submitted_on", "due", "true_due"}]`.
    """
    last = steps[-1]
    context = last.assessment.context
    validity = last.assessment.validity
    sources = _sources(last.state)
    rules: list[dict[str, Any]] = []
    silent: list[str] = []
    for book in books:
        silent += [rule.rule_id for rule in book.rules if context.kind not in rule.contexts]
        for evaluation in last.evaluations.get(book.name, ()):
            rule = evaluation.rule
            rules.append(
                {
                    "rule": rule.rule_id,
                    "authority": book.name,
                    "rulebook": book.version,
                    "provision": rule.provision,
                    "evidence": rule.evidence,
                    "reaction": evaluation.reaction,
                    "answer": evaluation.answer.value,
                    "conditions": [_row(c, sources) for c in evaluation.conditions],
                }
            )
    return {
        "context": [context.kind, context.path],
        "validity": {
            "patient": validity.patient,
            "reporter": validity.reporter,
            "product": validity.product,
            "event": validity.event,
        },
        "nullified": last.state.nullified is not None,
        "merged_into": last.state.merged_into,
        "rules": rules,
        "out_of_context": silent,
        "obligations": [
            {
                "id": o.obligation_id,
                "rule": o.rule_id,
                "recipient": o.recipient,
                "duty": o.duty.value,
                "arithmetic": o.arithmetic,
                "reason": o.reason,
                "trigger": o.trigger,
                "missing": list(o.missing),
                "also": list(o.also),
                "grounds": _grounds(steps, o),
            }
            for o in obligations
        ],
        **({"sent": [_sent(each) for each in sent]} if sent else {}),
    }


def _sent(each: SentReport) -> dict[str, Any]:
    return {
        "id": each.duty.obligation_id,
        "ground": each.ground,
        "submitted_on": each.submitted_on.isoformat(),
        "due": each.duty.due.isoformat(),
        "true_due": None if each.true_due is None else each.true_due.isoformat(),
    }


def _grounds(steps: Sequence[AssessedStep], obligation: Obligation) -> dict[str, list[Any]]:
    """The conditions of an earlier report that a duty rests on."""
    step = next((s for s in steps if s.report.message == obligation.trigger), steps[-1])
    if step is steps[-1]:
        return {}
    sources = _sources(step.state)
    return {
        evaluation.reaction: [_row(condition, sources) for condition in evaluation.conditions]
        for evaluation in step.evaluations.get(obligation.authority, ())
        if evaluation.rule.rule_id == obligation.rule_id
        and evaluation.reaction in obligation.reactions
    }


def _row(condition: Condition, sources: Mapping[str, str]) -> list[Any]:
    return [*condition, sources.get(condition.path)]


def _sources(state: CaseState) -> Mapping[str, str]:
    return {
        f"{path}.{name}": fact.message
        for path, facts in state.entities.items()
        for name, fact in facts.items()
    }
