"""From the data of a study to the adverse-event module of a registry."""

from collections.abc import Iterable, Mapping, Sequence

from reports.registry.model import Group, Occurrence, RegistryResults, TermRow
from reports.study.arms import arms_of
from reports.study.model import Event, StudyData

_UNCODED = "Not coded"
Key = tuple[str, str | None]  # term and organ system


def build_results(
    data: StudyData,
    *,
    threshold: float,
    time_frame: str,
    systematic: bool,
    vocabulary: str | None = None,
    description: str = "",
) -> RegistryResults:
    """
    Count what registries ask for: treatment-emergent events of the safety population, by arm.

    An event that is serious in one subject and not in another stands in both tables. Other events
    are given if more than the threshold of any arm had them.

    Args:
        data: The study.

        threshold: Per cent, 0 to 5.

        time_frame: Over which time events were collected, in words.

        systematic: Whether they were asked for at each visit.

        vocabulary: Dictionary and version, such as "MedDRA 27.0"; as stored unless given.

        description: More about how they were collected.

    Sources:
        42 CFR 11.48(a)(4); EudraCT, adverse events schema 1.1; regulatory facts 6.5.
    """
    arms = arms_of(data)
    members = {
        column.column_id: arms.members[column.column_id] for column in arms.single or arms.columns
    }
    by_arm = {subject: arm for arm, subjects in members.items() for subject in subjects}
    events = [each for each in data.events if each.emergent and each.subject_id in by_arm]
    serious = [each for each in events if each.serious]
    frequent = _frequent([each for each in events if not each.serious], by_arm, members, threshold)
    stored = data.dictionaries[0] if data.dictionaries else "none"
    dictionary, release = _release_of(vocabulary or stored)
    return RegistryResults(
        study_id=data.study_id,
        time_frame=time_frame,
        description=description,
        vocabulary=dictionary,
        vocabulary_version=release,
        threshold=threshold,
        systematic=systematic,
        groups=tuple(
            _group(number, arm, subjects, data, events, serious, frequent)
            for number, (arm, subjects) in enumerate(members.items())
        ),
        serious=_rows(serious, by_arm, list(members)),
        other=_rows(frequent, by_arm, list(members)),
    )


def _release_of(vocabulary: str) -> tuple[str, str]:
    """Part the name of a dictionary from its version, which begins with a number."""
    name, _, release = vocabulary.rpartition(" ")
    return (name, release) if name and release[:1].isdigit() else (vocabulary, "")


def group_id(number: int) -> str:
    """Give the id of an arm, in the form that the registry gives them itself."""
    return f"EG{number:03d}"


def _frequent(
    events: Sequence[Event],
    by_arm: Mapping[str, str],
    members: Mapping[str, frozenset[str]],
    threshold: float,
) -> list[Event]:
    affected: dict[tuple[Key, str], set[str]] = {}
    for event in events:
        affected.setdefault((_key(event), by_arm[event.subject_id]), set()).add(event.subject_id)
    kept = {
        key
        for (key, arm), subjects in affected.items()
        if 100 * len(subjects) > threshold * len(members[arm])
    }
    return [event for event in events if _key(event) in kept]


def _group(
    number: int,
    arm: str,
    subjects: frozenset[str],
    data: StudyData,
    events: Iterable[Event],
    serious: Iterable[Event],
    other: Iterable[Event],
) -> Group:
    fatal = {each.subject_id for each in events if each.fatal} & subjects
    died = {each for each in subjects if data.subjects[each].dead}
    return Group(
        group_id=group_id(number),
        title=arm,
        at_risk=len(subjects),
        deaths=len(died | fatal),
        deaths_of_events=len(fatal),
        serious=len({each.subject_id for each in serious} & subjects),
        other=len({each.subject_id for each in other} & subjects),
    )


def _rows(
    events: Iterable[Event], by_arm: Mapping[str, str], arms: Sequence[str]
) -> tuple[TermRow, ...]:
    held: dict[Key, dict[str, list[Event]]] = {}
    for event in events:
        of_term = held.setdefault(_key(event), {arm: [] for arm in arms})
        of_term[by_arm[event.subject_id]].append(event)
    ordered = sorted(held, key=lambda key: (key[1] is None, key[1] or "", key[0]))
    return tuple(
        TermRow(
            term=key[0],
            organ_system=key[1],
            occurrences={
                group_id(number): _occurrence(held[key][arm]) for number, arm in enumerate(arms)
            },
        )
        for key in ordered
    )


def _occurrence(events: Sequence[Event]) -> Occurrence:
    fatal = [event for event in events if event.fatal]
    return Occurrence(
        affected=len({event.subject_id for event in events}),
        events=len(events),
        related=sum(event.related for event in events),
        deaths=len({event.subject_id for event in fatal}),
        deaths_related=len({event.subject_id for event in fatal if event.related}),
    )


def _key(event: Event) -> Key:
    return event.term or event.verbatim or _UNCODED, event.soc
