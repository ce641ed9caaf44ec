"""
The gamma-Poisson shrinker: EBGM with EB05 and EB95.

The reports n of a pair are Poisson with mean lambda x E; lambda is drawn from a mixture of two
gamma distributions with shapes a1, a2, rates b1, b2 and weight p of the first. The five are found
by maximum likelihood from all pairs at once. Given n, lambda is again a mixture of two gamma
distributions with shapes a + n and rates b + E:

- EBGM is exp(E[log lambda | n]), the geometric mean;
- EB05 and EB95 are the 5 % and 95 % points of the distribution.

Pairs that nobody reported are not in the data, so the likelihood is that of n given n > 0: the
probability under each component is divided by that component's 1 - P(n = 0), and then the two are
mixed. Dividing the mixture as a whole is another model with other estimates; this one is the
published one, and that of the R package openEBGM, whose estimates it reproduces.

Sources: DuMouchel, Am Stat 1999;53:177-190, equations 3 to 12; the likelihood of counts above a
threshold: DuMouchel and Pregibon, KDD 2001:67-76; Canida and Ihrie, R Journal 2017;9:499-519.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammainc, gammaln

Numbers = NDArray[np.float64]

FEWEST_PAIRS = 6  # one more than there are hyperparameters
# The first is DuMouchel's own (1999); the others lead away from local optima.
_STARTS = (
    (0.2, 0.1, 2.0, 4.0, 1 / 3),
    (0.5, 0.3, 12.0, 12.0, 0.8),
    (2.0, 0.5, 2.0, 2.0, 0.1),
    (1.0, 0.2, 5.0, 5.0, 0.3),
    (0.6, 0.03, 0.4, 0.8, 0.0004),
    (3.0, 0.3, 1.0, 1.0, 0.01),
)
_BOUND = 14.0  # of the logarithms that are searched: beyond it a component is a single point
_BISECTIONS = 60


@dataclass(frozen=True, slots=True)
class Prior:
    """The five hyperparameters; the first component has the greater mean."""

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    weight: float
    log_likelihood: float
    converged: bool


def fit_prior(observed: Numbers, expected: Numbers) -> Prior | None:
    """
    Find the hyperparameters by maximum likelihood.

    Args:
        observed: Reports of each pair, 1 or more.

        expected: Reports expected of each pair, above zero.

    Returns:
        None where there are fewer than `FEWEST_PAIRS` pairs.
    """
    if len(observed) < FEWEST_PAIRS:
        return None
    cells, weights = np.unique(np.column_stack((observed, expected)), axis=0, return_counts=True)
    n, e = cells[:, 0], cells[:, 1]

    def loss(theta: Numbers) -> tuple[float, Numbers]:
        likelihoods, slopes = _log_likelihood(theta, n, e)
        return -float(weights @ likelihoods), -(weights @ slopes)

    bounds = [(-_BOUND, _BOUND)] * 5
    found = [
        minimize(loss, _unbounded(start), jac=True, method="L-BFGS-B", bounds=bounds)
        for start in _STARTS
    ]
    best = min(found, key=lambda result: float(result.fun))
    alpha1, beta1, alpha2, beta2 = (float(each) for each in np.exp(best.x[:4]))
    weight = float(expit(best.x[4]))
    if alpha1 / beta1 < alpha2 / beta2:
        alpha1, beta1, alpha2, beta2, weight = alpha2, beta2, alpha1, beta1, 1 - weight
    return Prior(alpha1, beta1, alpha2, beta2, weight, -float(best.fun), bool(best.success))


def shrink(observed: Numbers, expected: Numbers, prior: Prior) -> tuple[Numbers, ...]:
    """Give EBGM, EB05 and EB95 of many pairs."""
    first = np.log(prior.weight) + _log_probability(observed, expected, prior.alpha1, prior.beta1)
    second = np.log1p(-prior.weight) + _log_probability(
        observed, expected, prior.alpha2, prior.beta2
    )
    of_first = expit(first - second)
    shapes = prior.alpha1 + observed, prior.alpha2 + observed
    rates = prior.beta1 + expected, prior.beta2 + expected
    mean_log = of_first * (digamma(shapes[0]) - np.log(rates[0])) + (1 - of_first) * (
        digamma(shapes[1]) - np.log(rates[1])
    )

    def below(log_rate: Numbers) -> Numbers:
        rate = np.exp(log_rate)
        points = [gammainc(s, r * rate) for s, r in zip(shapes, rates, strict=True)]
        found: Numbers = of_first * points[0] + (1 - of_first) * points[1]
        return found

    def point(part: float) -> Numbers:
        low, high = np.full_like(mean_log, -40.0), np.full_like(mean_log, 40.0)
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            is_below = below(middle) < part
            low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
        found: Numbers = np.exp((low + high) / 2)
        return found

    return np.exp(mean_log), point(0.05), point(0.95)


def _unbounded(start: tuple[float, ...]) -> Numbers:
    return np.array([*np.log(start[:4]), np.log(start[4] / (1 - start[4]))])


def _log_likelihood(theta: Numbers, n: Numbers, e: Numbers) -> tuple[Numbers, Numbers]:
    """Give the log likelihood of each cell, and its slopes in the five that are searched."""
    log_weights = -np.logaddexp(0, -theta[4]), -np.logaddexp(0, theta[4])
    components = [_component(np.exp(pair), n, e) for pair in (theta[:2], theta[2:4])]
    parts = [weight + found[0] for weight, found in zip(log_weights, components, strict=True)]
    total: Numbers = np.logaddexp(*parts)
    shares = [np.exp(part - total) for part in parts]
    slopes = [
        share * slope for share, (_, *two) in zip(shares, components, strict=True) for slope in two
    ]
    return total, np.column_stack((*slopes, shares[0] - expit(theta[4])))


def _component(shape_and_rate: Numbers, n: Numbers, e: Numbers) -> tuple[Numbers, ...]:
    """Give log P(n | n > 0) under one component, and its slopes in log alpha and log beta."""
    alpha, beta = shape_and_rate
    log_share = -np.log1p(e / beta)  # of beta in beta + e
    log_none = np.minimum(alpha * log_share, -1e-12)
    odds_of_none = np.exp(log_none) / -np.expm1(log_none)
    by_alpha = digamma(alpha + n) - digamma(alpha) + log_share * (1 + odds_of_none)
    by_beta = (alpha * e / beta * (1 + odds_of_none) - n) / (beta + e)
    log_probability = _log_probability(n, e, alpha, beta) - np.log(-np.expm1(log_none))
    return log_probability, by_alpha * alpha, by_beta * beta


def _log_probability(n: Numbers, e: Numbers, alpha: float, beta: float) -> Numbers:
    """Give log P(n): a Poisson whose mean is gamma distributed is negative binomial."""
    found: Numbers = (
        gammaln(alpha + n)
        - gammaln(alpha)
        - gammaln(n + 1)
        - alpha * np.log1p(e / beta)
        - n * np.log1p(beta / e)
    )
    return found
