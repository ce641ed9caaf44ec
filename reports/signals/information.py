"""
The information component: how much more often than expected, in powers of two, shrunk.

IC = log2[(n + 1/2) / (E + 1/2)] with n reports observed and E expected. The half is a prior of
no association: with little data the IC stays near zero. The 95 % credibility interval is exact:
n + 1/2 and E + 1/2 are shape and rate of a gamma distribution of the relative reporting rate, and
IC025 and IC975 are the logarithms of its 2.5 % and 97.5 % points.

Source: Noren, Hopstadius and Bate, Stat Methods Med Res 2013;22:57-69; the method goes back to
Bate and others, Eur J Clin Pharmacol 1998;54:315-321 (BCPNN).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

Numbers = NDArray[np.float64]

_SHRINKAGE = 0.5


def information_components(observed: Numbers, expected: Numbers) -> tuple[Numbers, ...]:
    """
    Give IC, IC025 and IC975 of many pairs.

    Args:
        observed: Reports of each pair.

        expected: Reports of each pair if product and event were independent.
    """
    shape, rate = observed + _SHRINKAGE, expected + _SHRINKAGE
    low, high = (np.log2(gamma.ppf(part, shape, scale=1 / rate)) for part in (0.025, 0.975))
    return np.log2(shape / rate), low, high
