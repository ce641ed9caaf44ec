"""
How many of the known duplicates of simulated studies does the search find, and what else?

The simulation knows which cases tell of one event: one entered twice, one told by a hospital in
its own words, with another onset and part of the patient's data. Nullifications are left out, for a
void case is not searched. Each seed makes two studies, in which one subject in ten is told of
again, and one in a hundred: precision follows from how many duplicates there are.
`python -m benchmarks.duplicate_accuracy` prints the table.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations
from operator import add

from rich.console import Console
from rich.progress import track
from rich.table import Table

from consumers.simulation.stream import known_duplicates, simulate_secure
from consumers.simulation.telling import NULLIFIED
from reports.statistics.intervals import clopper_pearson
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

LOOKED_AT, HELD_OUT = (
    (1, 3, 4),
    (11, 12, 13),
)  # seeds; weights and rules were looked at with the first
SHARES = (10, 100)  # one subject in so many is told of again
SUBJECTS = 600
THRESHOLDS = (8.0, 12.0, 16.0, 20.0, 28.0, 36.0, 40.0, 44.0)


@dataclass(frozen=True, slots=True)
class Found:
    """
    What the search found at one threshold, in one study or several.

    Attributes:
        known: Pairs of cases that tell of one event.
        pairs: Pairs that were found.
        right: Pairs among them that are known.
    """

    threshold: float
    cases: int
    known: int
    pairs: int
    right: int

    def __add__(self, other: "Found") -> "Found":
        """Count two studies together."""
        return Found(
            self.threshold,
            self.cases + other.cases,
            self.known + other.known,
            self.pairs + other.pairs,
            self.right + other.right,
        )


def main() -> None:
    """Measure, and print a table."""
    subjects = int(sys.argv[1]) if len(sys.argv) > 1 else SUBJECTS
    knowledge = load_knowledge()
    table = Table("studies", "told again", "threshold", "cases", "known", "shown", "right")
    for name in ("recall", "precision"):
        table.add_column(f"{name} (95 %)")
    for name, seeds in (("looked at", LOOKED_AT), ("held out", HELD_OUT)):
        for told_again_in in SHARES:
            studies = [list(measure(seed, subjects, knowledge, told_again_in)) for seed in seeds]
            for found in (reduce(add, each) for each in zip(*studies, strict=True)):
                table.add_row(
                    f"{name}: {', '.join(map(str, seeds))}",
                    f"1 in {told_again_in}",
                    f"{found.threshold:g}",
                    f"{found.cases:,}",
                    str(found.known),
                    str(found.pairs),
                    str(found.right),
                    _share(found.right, found.known),
                    _share(found.right, found.pairs),
                )
    Console(width=140).print(table)


def _share(count: int, of: int) -> str:
    share = clopper_pearson(count, of)
    if share is None:
        return "-"
    return f"{share.value:.0%} ({share.low or 0:.0%} to {share.high or 1:.0%})"


def measure(seed: int, subjects: int, knowledge: Knowledge, told_again_in: int) -> Iterator[Found]:
    """Search one simulated study, and count at each threshold."""
    told = list(_fingerprints(seed, subjects, knowledge, told_again_in))
    truth = known_duplicates(seed, subjects, told_again_in=told_again_in)
    known = {pair_of(*pair) for pair in truth}
    pairs = list(find_pairs(told))
    for threshold in THRESHOLDS:
        found = {(p.case_id, p.other_id) for p in pairs if p.score >= threshold}
        yield Found(threshold, len(told), len(known), len(found), len(found & known))


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


def _fingerprints(
    seed: int, subjects: int, knowledge: Knowledge, told_again_in: int
) -> Iterator[Fingerprint]:
    for case in track(
        _cases(seed, subjects, told_again_in).values(), f"judging the cases of study {seed}"
    ):
        state = case.state
        yield derive_fingerprint(case.case_id, state, assess_case(state, knowledge))


def _cases(seed: int, subjects: int, told_again_in: int) -> Mapping[str, Case]:
    cases: dict[str, Case] = {}
    for record in simulate_secure(seed, subjects, told_again_in=told_again_in):
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
