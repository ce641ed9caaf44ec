"""
What does one fuzzy coding cost, by the size of the dictionary and by how many there are?

The dictionaries are made up of words of the open one, in numbers up to those of MedDRA. The
verbatims are names of their terms with one or two letters wrong, so that none is found by look-up.
`python -m benchmarks.coding` prints the table.
"""

import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.meter import Meter, peak_mib
from safety.coding import Dictionary, Term, build_dictionary, code_verbatim, load_dictionary
from safety.coding.folding import bag_of, fold, key_of

TERMS = (5_000, 20_000, 80_000)
CODINGS = (1_000, 10_000)
SHORTEST = 6  # letters of a word in which one may be wrong


@dataclass(frozen=True, slots=True)
class Cost:
    """
    What codings cost.

    Attributes:
        milliseconds: CPU time of each.
        coded: Share of verbatims that came to the term they were made from, in per cent.
    """

    terms: int
    codings: int
    milliseconds: float
    coded: float
    peak_mib: float


def main() -> None:
    """Measure, and print a table."""
    shown = Table("terms", "codings", "CPU ms a coding", "right", "peak MiB")
    for cost in measure():
        shown.add_row(
            f"{cost.terms:,}",
            f"{cost.codings:,}",
            f"{cost.milliseconds:.2f}",
            f"{cost.coded:.1f} %",
            f"{cost.peak_mib:,.0f}",
        )
    Console().print(shown)


def measure() -> Iterator[Cost]:
    """Measure every number of terms, and at the greatest every number of codings."""
    for size in TERMS:
        dictionary = made_up(size)
        code_verbatim("a first one that builds the indexx", dictionary)
        for codings in CODINGS if size == TERMS[-1] else CODINGS[:1]:
            asked = list(misspelt(dictionary, codings))
            meter = Meter()
            right = sum(
                code_verbatim(text, dictionary).term == term
                for text, term in track(asked, f"{codings:,} codings, {size:,} terms")
            )
            meter.lap()
            milliseconds = meter.cpu_seconds / codings * 1e3
            yield Cost(size, codings, milliseconds, 100 * right / codings, peak_mib())


def made_up(size: int) -> Dictionary:
    """Give a dictionary of so many made-up terms, the same every time."""
    draw = random.Random(size)  # noqa: S311 - made-up names
    words = _words()
    terms: list[Term] = []
    seen: set[object] = set()
    while len(terms) < size:
        name = " ".join(draw.sample(words, draw.choice((1, 2, 2, 3, 3, 4))))
        tokens = fold(name)
        marks = {key_of(tokens), bag_of(tokens)} - {None}
        if seen.isdisjoint(marks):
            seen |= marks
            terms.append(Term(name, f"M{len(terms):07d}", "made up", frozenset(), "made up"))
    return build_dictionary("made-up", "1", terms=tuple(terms), synonyms=())


def _words() -> Sequence[str]:
    words = {word for name in load_dictionary().names for word in name.tokens}
    return sorted(word for word in words if word.isascii() and len(word) >= SHORTEST)


def misspelt(dictionary: Dictionary, count: int) -> Iterator[tuple[str, str]]:
    """Give names with a wrong letter inside one or two words, each with its term."""
    draw = random.Random(count)  # noqa: S311 - made-up names
    for term in draw.choices(dictionary.terms, k=count):
        words = term.name.split()
        for place in draw.sample(range(len(words)), min(len(words), draw.choice((1, 2)))):
            at = draw.randrange(1, len(words[place]))
            wrong = draw.choice(string.ascii_lowercase)
            words[place] = words[place][:at] + wrong + words[place][at + 1 :]
        yield " ".join(words), term.name


if __name__ == "__main__":
    main()
