"""
Documents from the stored history of a case.

The history up to a version is computed again from the log, as the replay does it; a
document therefore rests on stored messages alone, and on the knowledge it names.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from consumers.learned import KnowledgeOverTime, follow
from consumers.printable import printable
from reports.narrative import (
    Narrative,
    SubjectContext,
    build_narrative,
    render_text,
    validate_narrative,
)
from safety.case import is_null
from safety.clinical import assess_clinical
from safety.coding import Dictionary
from safety.deadlines import AssessedStep, last_told
from safety.errors import InvariantError
from safety.knowledge import Knowledge
from safety.pipeline import destinations
from safety.store import SqlStore
from safety.store.queries import case_messages, subject_records
from safety.versions import Version

ENROLLED = "pv.subject.enrolled.v1"


def narrate(
    store: SqlStore,
    version: Version,
    knowledge: Knowledge,
    *,
    language: str = "en",
    since: Version | None = None,
) -> Narrative:
    """
    Write the narrative of a case version, and check that it says nothing the case does not.

    Args:
        store: Where the messages are.

        version: The version it is for.

        knowledge: What to assess with; the narrative names its digest.

        language: In which it is written.

        since: An earlier version of the case; what changed since is listed.

    Raises:
        UnresolvedPlaceholderError: A template asks for what the case does not have.
        InvariantError: The narrative does not stand up to its check, or the log does not lead
            to that version.
    """
    steps = steps_of(store, version, knowledge)
    last = steps[-1]
    narrative = build_narrative(
        version.case_id,
        version.version,
        steps,
        language,
        subject_context=_subject_context(store, last, knowledge),
        clinical=assess_clinical(
            last.state, last.assessment, knowledge, observed_until=last_told(steps)
        ),
        knowledge=knowledge.digest,
        label_regions={b.label for b in destinations(last.assessment, knowledge)},
        term_names=_term_names(knowledge, language),
        since=None
        if since is None
        else (since.version, steps_of(store, since, knowledge)[-1].state),
    )
    if faults := validate_narrative(narrative, last.state):
        raise InvariantError(
            f"the narrative of case {version.case_id} does not stand up to its check"
            f" ({len(faults)} faults, first: {faults[0]}); it is not given out"
        )
    return narrative


@lru_cache
def _names_by_dictionary(dictionary: Dictionary, language: str) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for synonym in dictionary.synonyms:
        if synonym.language == language and synonym.kind == "translation":
            names.setdefault(synonym.term, synonym.text)
    return names


def _term_names(knowledge: Knowledge, language: str) -> Mapping[str, str]:
    """Give the terms of the dictionary by their first translation; English ones need none."""
    return {} if language == "en" else _names_by_dictionary(knowledge.dictionary, language)


def narrative_text(narrative: Narrative) -> str:
    """Give a narrative as text for a terminal or a file, without control characters."""
    return printable(render_text(narrative))


def steps_of(store: SqlStore, version: Version, knowledge: Knowledge) -> tuple[AssessedStep, ...]:
    """
    Give the history of a case as it stood at a version.

    Raises:
        InvariantError: The log does not lead to that version.
    """
    over_time = KnowledgeOverTime(knowledge)
    with store.transaction() as transaction:
        over_time.refresh(transaction)
    messages = case_messages(store, version.case_id)
    for outcome in follow(version.case_id, messages, over_time):
        if outcome.case.version == version.version:
            return outcome.case.steps
    raise InvariantError(
        f"the log of case {version.case_id} does not lead to its version {version.version} with"
        " this software; see: safety replay"
    )


def _subject_context(
    store: SqlStore, step: AssessedStep, knowledge: Knowledge
) -> SubjectContext | None:
    """What the study recorded of the subject at enrolment, if the case is of a study of ours."""
    told = step.state.study.known("study_id") or step.state.study.known("sponsor_study_number")
    subject = step.state.study.known("subject_id")
    study = knowledge.study(told)
    if study is None or subject is None:
        return None
    for name in sorted(study.aliases):
        for record in subject_records(store, name, subject=subject):
            if record.kind == ENROLLED:
                return _baseline(record.data)
    return None


def _baseline(data: Mapping[str, Any]) -> SubjectContext:
    """Take over what was told; what is explicitly unknown is left out."""
    surgery = data.get("surgery_date")
    return SubjectContext(
        diagnosis=_term(data.get("diagnosis")),
        surgery_date=None if surgery is None or is_null(surgery) else surgery,
        characteristics=tuple(
            (
                told["name"].replace("_", " "),
                " ".join(filter(None, (told["value"], told.get("unit")))),
            )
            for told in data.get("characteristics", ())
            if not is_null(told["value"])
        ),
        history=tuple(filter(None, map(_term, data.get("history", ())))),
    )


def _term(told: Mapping[str, Any] | None) -> str | None:
    text = None if told is None else told.get("text")
    return text if isinstance(text, str) else None
