"""
What does a report of a case that gave way say of the case that remains?

Each sender names reactions, drugs and the rest by ids of its own. Reactions and drugs that a person
matched are those of the case that remains; everything else gets names that no other source uses, so
that nothing is mistaken for something else. What speaks of the report itself, such as its
narrative, does not replace that of the case that remains.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from safety.case import OWNER, Report, Value, is_null
from safety.submissions import Recorded, ground_of, identify_duty

Same = Mapping[tuple[str, str], str]  # list and id in the case that gives way: id in the other

_LISTS = frozenset(
    {
        "registrations",
        "reporters",
        "history",
        "past_drugs",
        "reported_causes",
        "autopsy_causes",
        "reactions",
        "tests",
        "drugs",
        "substances",
        "doses",
        "indications",
        "sender_diagnoses",
        "summaries",
        "documents",
    }
)
# A case has one primary reporter: the one of the case that remains.
_ONE_OF_A_KIND = frozenset({("reporters", "primary")})
_MATRICES = frozenset({"relatedness", "drug_reactions"})
# Told of the report and its way, or decided about the other case: not of the event.
_LEFT_BEHIND = frozenset({"sender", "workflow", "signatures", "queries", "merge", "distinct"})


def carry(report: Report, *, merge: str, cases: tuple[str, str], same: Same) -> Report:
    """
    Give a report as one about the case that it was carried over to.

    Its order, its days and its message stay: what is due is decided as if it had been sent for
    this case from the first. It takes nothing away, for it does not know all that is here.

    Args:
        report: As it was read for the case that gave way.

        merge: The decision that merged the two: source and id.

        cases: The case that gave way, and the one that remains.

        same: Reactions and drugs of the first that are those of the other.
    """
    from_case, to_case = cases
    return replace(
        report,
        sender=from_case,
        complete=False,
        entities=dict(_renamed(report.entities, from_case, same)),
        submission=None
        if report.submission is None
        else _of_case(report.submission, from_case, to_case),
        findings=(),
        merges=(*report.merges, merge),
    )


def _of_case(step: Recorded, from_case: str, to_case: str) -> Recorded:
    """Give a step of a submission for the duty that rests on the same ground in another case."""
    told = step.submission
    why = (told.authority, told.recipient, told.duty, told.rule_id, told.trigger)
    due = date.fromisoformat(told.due)
    ids = {
        identify_duty((from_case, *why), due, decided=decided): identify_duty(
            (to_case, *why), due, decided=decided
        )
        for decided in (True, False)
    }
    named = replace(told, obligation_id=ids.get(told.obligation_id, told.obligation_id))
    return replace(step, ground=ground_of(to_case, *why), submission=named)


def _renamed(
    entities: Mapping[str, Mapping[str, Value]], from_case: str, same: Same
) -> Iterator[tuple[str, Mapping[str, Value]]]:
    names = _Names(from_case, same)
    for path, told in entities.items():
        family = path.split("/", 1)[0]
        if family == "case":
            yield from _of_the_report(told, names)
        elif family in _MATRICES:
            yield names.matrix(path, told)
        elif family not in _LEFT_BEHIND and not names.is_under_a_match(path):
            owned = {**told, OWNER: from_case} if OWNER in told else told
            kept = {k: v for k, v in owned.items() if (family, k) not in _ONE_OF_A_KIND}
            yield names.path(path), kept


def _of_the_report(
    told: Mapping[str, Value], names: "_Names"
) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Keep the numbers of the case that gave way, and its narrative as one more summary."""
    owner = names.from_case
    for source, identifier in _numbers(told):
        said = {OWNER: owner, "source": source, "identifier": identifier}
        yield f"other_identifiers/{source}|{identifier}", said  # keys hold no slash
    narrative = told.get("narrative")
    if narrative is not None and not is_null(narrative):
        yield f"summaries/{names.own('narrative')}", {OWNER: owner, "text": narrative}


def _numbers(told: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Give the numbers by which the case that gave way is known, each with whose it is."""
    if (number := told.get("sender_case_id")) is not None:
        source, _, identifier = number.partition(":")
        yield source, identifier
    if (number := told.get("worldwide_id")) is not None:
        yield "worldwide", number


class _Names:
    """What the entries of the case that gave way are called in the case that remains."""

    def __init__(self, from_case: str, same: Same) -> None:
        self.from_case = from_case
        self._same = same
        self._prefix = hashlib.sha256(from_case.encode()).hexdigest()[:6]

    def own(self, key: str) -> str:
        """Give a name that no other source uses."""
        return f"{self._prefix}.{key}"

    def entry(self, family: str, key: str) -> str:
        """Give the name of a reaction or drug."""
        return self._same.get((family, key)) or self.own(key)

    def path(self, path: str) -> str:
        """Give the path of an entity: each entry of a list by its new name."""
        parts = path.split("/")
        for place, part in enumerate(parts[:-1]):
            if part in _LISTS:
                parts[place + 1] = self.entry(part, parts[place + 1])
        return "/".join(parts)

    def matrix(self, path: str, told: Mapping[str, Value]) -> tuple[str, Mapping[str, Value]]:
        """Give the place and the fields of what is said of a drug and a reaction together."""
        family, _, key = path.partition("/")
        _, _, *rest = key.split("|")
        drug = self.entry("drugs", told["drug_id"])
        reaction = self.entry("reactions", told["reaction_id"])
        said = {**told, OWNER: self.from_case, "drug_id": drug, "reaction_id": reaction}
        return f"{family}/{'|'.join((drug, reaction, *rest))}", said

    def is_under_a_match(self, path: str) -> bool:
        """
        Tell whether it is a list entry of a drug that the other case has as well.

        Its doses and substances told twice would be two courses of treatment.
        """
        family, _, rest = path.partition("/")
        key, below, _ = rest.partition("/")
        return bool(below) and (family, key) in self._same
