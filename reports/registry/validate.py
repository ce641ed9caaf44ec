"""
Will a registry take it? What it would refuse, said before it is sent.

Limits of EudraCT: adverse events schema 1.1. Nothing is cut to fit: a person shortens it.
"""

from collections.abc import Iterator

from reports.registry.model import RegistryResults, TermRow
from reports.registry.organ_systems import find_organ_system

HIGHEST_THRESHOLD = 5.0  # per cent, 42 CFR 11.48(a)(4)(iii)(B) and the schema
_TITLE, _TERM, _TIME_FRAME, _DESCRIPTION, _VERSION, _OTHER_NAME = 62, 100, 255, 350, 10, 20
_SHORTEST = 2


def validate_results(results: RegistryResults) -> Iterator[str]:
    """
    Say what is wrong, each in a sentence.

    1. no arm, or an arm without subjects;
    2. a threshold outside 0 to 5, no time frame, or texts longer than their fields;
    3. a term without an organ system of the list, or longer than its field;
    4. more subjects affected than at risk, or than events; more deaths than subjects.
    """
    yield from _head_faults(results)
    if not results.groups:
        yield "there is no arm with subjects"
    for group in results.groups:
        if not _SHORTEST <= len(group.title) <= _TITLE:
            yield f"the title of arm {group.group_id} must have 2 to {_TITLE} characters"
        if not group.at_risk:
            yield f"arm {group.group_id} has nobody at risk"
        if max(group.deaths, group.serious, group.other) > group.at_risk:
            yield f"arm {group.group_id} has more affected than at risk"
    at_risk = {group.group_id: group.at_risk for group in results.groups}
    for row in (*results.serious, *results.other):
        yield from _row_faults(row, at_risk)


def _head_faults(results: RegistryResults) -> Iterator[str]:
    if not 0 <= results.threshold <= HIGHEST_THRESHOLD:
        yield "the threshold must be 0 to 5 per cent"
    if not 1 <= len(results.time_frame) <= _TIME_FRAME:
        yield f"the time frame must have 1 to {_TIME_FRAME} characters"
    if len(results.description) > _DESCRIPTION:
        yield f"the description must have at most {_DESCRIPTION} characters"
    if len(results.vocabulary_version) > _VERSION:
        yield f"the version of the dictionary must have at most {_VERSION} characters"
    if results.vocabulary.casefold() != "meddra" and len(results.vocabulary) > _OTHER_NAME:
        yield f"the name of the dictionary must have at most {_OTHER_NAME} characters"


def _row_faults(row: TermRow, at_risk: dict[str, int]) -> Iterator[str]:
    if not _SHORTEST <= len(row.term) <= _TERM:
        yield f"the term {row.term[:40]!r} must have 2 to {_TERM} characters"
    if find_organ_system(row.organ_system) is None:
        yield f"the term {row.term[:40]!r} has no organ system of the registries' list"
    for group, found in row.occurrences.items():
        if found.affected > min(found.events, at_risk[group]):
            yield f"the term {row.term[:40]!r} affects more subjects than it can in {group}"
        if found.related > found.events or found.deaths > found.affected:
            yield f"the term {row.term[:40]!r} contradicts itself in {group}"
