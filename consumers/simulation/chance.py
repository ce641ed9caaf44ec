"""
How does the simulation draw chances that are the same on every machine?

Only `random.Random.random()` is promised to give the same numbers in every
version of Python, so everything is made from it by additions, multiplications
and comparisons, which IEEE 754 fixes; no logarithm or cosine, whose last digit
differs from library to library. Each subject has its own generator, seeded by
a hash of names, so that a subject does not depend on the ones before it.
"""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A source of chances, named by its seed."""

    def __init__(self, *names: int | str) -> None:
        seed = "/".join(str(name) for name in names).encode()
        digest = hashlib.sha256(seed).digest()
        generator = random.Random(int.from_bytes(digest))  # noqa: S311 - nothing is secret here
        self._next = generator.random

    def percent(self, likelihood: float) -> bool:
        """Say yes in *likelihood* of a hundred cases."""
        return self._next() * 100 < likelihood

    def between(self, low: int, high: int) -> int:
        """Give a whole number, both ends included; *low* where they are the wrong way round."""
        return low + int(self._next() * max(high - low + 1, 1))

    def pick(self, options: Sequence[T]) -> T:
        """Give one of *options*, each as likely."""
        return options[int(self._next() * len(options))]

    def weighted(self, options: Sequence[tuple[T, int]]) -> T:
        """Give one of *options*, each as likely as its weight says."""
        left = self.between(1, sum(weight for _, weight in options))
        for option, weight in options:
            left -= weight
            if left <= 0:
                return option
        raise ValueError("the weights of the options must be whole numbers above zero")

    def bell(self, middle: int, spread: int) -> int:
        """Give a whole number about *middle*; *spread* is the standard deviation."""
        # The sum of four draws has mean 2 and variance 1/3: near enough to a bell.
        sum_of_four = self._next() + self._next() + self._next() + self._next()
        return middle + int((sum_of_four - 2.0) * 1.7320508 * spread)

    def along(self, least: int, median: int, most: int) -> int:
        """Give a whole number of a skewed spread: half of them up to *median*."""
        draw = self._next() * 2
        if draw < 1.0:
            return least + int(draw * (median - least))
        # Squared, so that long times are rare.
        return median + int((draw - 1.0) * (draw - 1.0) * (most - median))
