"""
How many of the known duplicates of a simulated study does the search find, and what else?

The simulation knows which cases tell again of an event: one entered twice, one told by a hospital
in its own words, with another onset and part of the patient's data. Nullifications are left out,
for a void case is not searched. `python -m benchmarks.duplicate_accuracy` prints the table.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rich.console import Console
from rich.progress import track
from rich.table import Table

from consumers.simulation.stream import known_duplicates, simulate_secure
from consumers.simulation.telling import NULLIFIED
from safety.assessment import assess_case
from safety.case import Case, fold
from safety.duplicates import (
    Fingerprint,
    Pair,
    assess_pair,
    derive_fingerprint,
    derive_keys,
    load_weights,
    pair_of,
)
from safety.intake import read_report
from safety.knowledge import Knowledge, load_knowledge
from schemas.parse import Message, parse_record
from schemas.topics import ADVERSE_EVENTS

TUNED_ON, HELD_OUT = 1, 2  # seeds; the weights were looked at with the first only
SUBJECTS = 1_000
THRESHOLDS = (12.0, 14.0, 16.0, 18.0, 20.0, 24.0)


@dataclass(frozen=True, slots=True)
class Found:
    """
    What the search found at one threshold.

    Attributes:
        known: Duplicates that the simulation made.
        pairs: Pairs that were found.
        right: Pairs among them that are known.
    """

    seed: int
    threshold: float
    cases: int
    known: int
    pairs: int
    right: int

    @property
    def recall(self) -> float:
        """Share of the known duplicates that were found."""
        return self.right / self.known

    @property
    def precision(self) -> float:
        """Share of what was found that is a duplicate."""
        return self.right / self.pairs if self.pairs else 1.0


def main() -> None:
    """Measure, and print a table."""
    subjects = int(sys.argv[1]) if len(sys.argv) > 1 else SUBJECTS
    knowledge = load_knowledge()
    table = Table("seed", "threshold", "cases", "known", "pairs", "right", "recall", "precision")
    for seed in (TUNED_ON, HELD_OUT):
        for found in measure(seed, subjects, knowledge):
            table.add_row(
                f"{found.seed}{' (held out)' if seed == HELD_OUT else ''}",
                f"{found.threshold:g}",
                f"{found.cases:,}",
                str(found.known),
                str(found.pairs),
                str(found.right),
                f"{found.recall:.1%}",
                f"{found.precision:.1%}",
            )
    Console().print(table)


def measure(seed: int, subjects: int, knowledge: Knowledge) -> Iterator[Found]:
    """Search one simulated study, and count at each threshold."""
    told = list(_fingerprints(seed, subjects, knowledge))
    known = {pair_of(*pair) for pair in known_duplicates(seed, subjects)}
    pairs = list(find_pairs(told))
    for threshold in THRESHOLDS:
        found = {(p.case_id, p.other_id) for p in pairs if p.score >= threshold}
        yield Found(seed, threshold, len(told), len(known), len(found), len(found & known))


def find_pairs(told: Sequence[Fingerprint]) -> Iterator[Pair]:
    """Compare all cases that share a block, at the lowest threshold."""
    blocks: dict[str, list[Fingerprint]] = {}
    for each in told:
        for key in derive_keys(each):
            blocks.setdefault(key, []).append(each)
    low = replace(load_weights(), threshold=min(THRESHOLDS))
    seen: set[tuple[str, str]] = set()
    for members in blocks.values():
        for one, other in combinations(members, 2):
            both = pair_of(one.case_id, other.case_id)
            if both not in seen:
                seen.add(both)
                pair = assess_pair(one, other, low)
                if pair is not None:
                    yield pair


def _fingerprints(seed: int, subjects: int, knowledge: Knowledge) -> Iterator[Fingerprint]:
    for case in track(_cases(seed, subjects).values(), f"judging the cases of study {seed}"):
        state = case.state
        yield derive_fingerprint(case.case_id, state, assess_case(state, knowledge))


def _cases(seed: int, subjects: int) -> Mapping[str, Case]:
    cases: dict[str, Case] = {}
    for record in simulate_secure(seed, subjects):
        if record.topic != ADVERSE_EVENTS.name:
            continue
        for item in parse_record(
            record.topic, record.value, key=record.key, headers=record.headers
        ):
            if isinstance(item, Message) and item.type != NULLIFIED:
                report = read_report(f"{item.source} {item.message_id}", item.data)
                known = cases.get(item.subject) or Case(item.subject)
                cases[item.subject] = fold(known, report)
    return cases


if __name__ == "__main__":
    main()
