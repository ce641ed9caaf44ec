"""Exact intervals, exact tests and survival against published worked examples, each cited."""

from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics import (
    Observation,
    clopper_pearson,
    estimate_curve,
    fisher_p,
    poisson_rate,
    probability_at,
    risk_difference,
    summarise,
)


class TestClopperPearson:
    @pytest.mark.parametrize(
        ("count", "size", "low", "high"),
        [
            # Newcombe RG. Stat Med 1998;17:857-872, table I, method 5
            (81, 263, 0.2527, 0.3676),
            (15, 148, 0.0578, 0.1617),
            (0, 20, 0.0000, 0.1684),
            (1, 29, 0.0009, 0.1776),
            # regulatory facts 6.4: none of 106 has an upper bound of 3.42 %
            (0, 106, 0.0000, 0.0342),
        ],
    )
    def test_agrees_with_published_values(
        self, count: int, size: int, low: float, high: float
    ) -> None:
        share = clopper_pearson(count, size)

        assert share is not None
        assert share.value == pytest.approx(count / size)
        assert (share.low, share.high) == pytest.approx((low, high), abs=0.00005)

    def test_is_not_estimable_of_nobody(self) -> None:
        assert clopper_pearson(0, 0) is None

    @given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_holds_the_share_and_mirrors(self, told: tuple[int, int]) -> None:
        count, size = told
        share, rest = clopper_pearson(count, size), clopper_pearson(size - count, size)

        assert share is not None
        assert rest is not None
        assert share.low is not None
        assert share.high is not None
        assert share.low <= share.value <= share.high
        assert rest.high == pytest.approx(1 - share.low)


class TestPoissonRate:
    @pytest.mark.parametrize(
        ("count", "low", "high"),
        [
            # Pearson ES, Hartley HO. Biometrika Tables for Statisticians I, 1966, table 40
            (0, 0.0, 3.69),
            (1, 0.0253, 5.57),
            (5, 1.62, 11.67),
            (10, 4.80, 18.39),
            (20, 12.22, 30.89),
            (50, 37.11, 65.92),
        ],
    )
    def test_agrees_with_published_values(self, count: int, low: float, high: float) -> None:
        rate = poisson_rate(count, 1)

        assert rate is not None
        assert (rate.low, rate.high) == pytest.approx((low, high), abs=0.005)

    def test_scales_with_time(self) -> None:
        # 5 events in 250 years: 2.00 per 100 years, from 0.65 to 4.67 (table 40, divided)
        rate = poisson_rate(5, 2.5)

        assert rate is not None
        assert (rate.value, rate.low, rate.high) == pytest.approx((2.0, 0.649, 4.668), abs=0.001)

    @pytest.mark.parametrize("time", [0, -1])
    def test_is_not_estimable_without_time_at_risk(self, time: float) -> None:
        assert poisson_rate(3, time) is None


class TestFisher:
    def test_tea_tasting(self) -> None:
        # Fisher 1935: 3 of 4 cups right. Agresti A. Categorical Data Analysis, 2013, 3.5.2
        assert fisher_p(3, 4, 1, 4) == pytest.approx(0.4857, abs=0.00005)

    def test_convictions_of_twins(self) -> None:
        # Fisher RA. JRSS 1935;98:39-82: 10 of 13 and 2 of 17; R's fisher.test gives 0.0005367
        assert fisher_p(10, 13, 2, 17) == pytest.approx(0.0005367, abs=0.00000005)

    def test_is_not_estimable_against_nobody(self) -> None:
        assert fisher_p(3, 4, 0, 0) is None

    def test_does_not_depend_on_the_order_of_arms(self) -> None:
        assert fisher_p(10, 13, 2, 17) == pytest.approx(fisher_p(2, 17, 10, 13))


class TestRiskDifference:
    @pytest.mark.parametrize(
        ("first", "other", "difference", "low", "high"),
        [
            # Newcombe RG. Stat Med 1998;17:873-890, table II, method 10
            ((56, 70), (48, 80), 0.2, 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.6, 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.5714, 0.0582, 0.8062),
        ],
    )
    def test_agrees_with_published_values(
        self,
        first: tuple[int, int],
        other: tuple[int, int],
        difference: float,
        low: float,
        high: float,
    ) -> None:
        found = risk_difference(*first, *other)

        assert found is not None
        assert (found.value, found.low, found.high) == pytest.approx(
            (difference, low, high), abs=0.00005
        )

    def test_is_not_estimable_against_nobody(self) -> None:
        assert risk_difference(1, 2, 0, 0) is None


# Weeks in remission on 6-mercaptopurine; + is still in remission. Freireich EJ et al. Blood
# 1963;21:699-716; Cox DR, Oakes D. Analysis of Survival Data, 1984, table 1.1.
SIX_MP = (
    *("6", "6", "6", "6+", "7", "9+", "10", "10+", "11+", "13", "16"),
    *("17+", "19+", "20+", "22", "23", "25+", "32+", "32+", "34+", "35+"),
)


def remission() -> list[Observation]:
    return [
        Observation(str(number), float(told.rstrip("+")), not told.endswith("+"))
        for number, told in enumerate(SIX_MP)
    ]


class TestKaplanMeier:
    # Survival: Cox and Oakes 1984, table 4.2. Bounds: log(-log) with Greenwood's variance, as
    # Kleinbaum DG, Klein M. Survival Analysis, 2012, chapter 2, counts them by hand.
    PUBLISHED = (
        (6, 21, 0.857, 0.620, 0.952),
        (7, 17, 0.807, 0.563, 0.923),
        (10, 15, 0.753, 0.503, 0.889),
        (13, 12, 0.690, 0.432, 0.849),
        (16, 11, 0.627, 0.368, 0.805),
        (22, 7, 0.538, 0.268, 0.747),
        (23, 6, 0.448, 0.188, 0.680),
    )

    @pytest.mark.parametrize(("week", "at_risk", "share", "low", "high"), PUBLISHED)
    def test_agrees_with_published_values(
        self, week: float, at_risk: int, share: float, low: float, high: float
    ) -> None:
        curve = estimate_curve(remission())
        assert curve is not None

        found = probability_at(curve, week)

        assert found is not None
        assert (found.value, found.low, found.high) == pytest.approx((share, low, high), abs=0.0006)
        assert curve.at_risk[curve.times.index(week)] == at_risk
        assert curve.watched_at(week) == at_risk

    def test_bounds_are_greenwoods_on_the_log_minus_log_scale(self) -> None:
        # week 7 by hand: 3 of 21, then 1 of 17
        share = 18 / 21 * 16 / 17
        spread = 1.959964 * sqrt(3 / (21 * 18) + 1 / (17 * 16)) / abs(log(share))
        curve = estimate_curve(remission())
        assert curve is not None

        found = probability_at(curve, 7)

        assert found is not None
        assert found.low == pytest.approx(share ** exp(spread), abs=1e-6)
        assert found.high == pytest.approx(share ** exp(-spread), abs=1e-6)

    def test_median_is_where_the_curve_falls_to_one_half(self) -> None:
        # Cox and Oakes: 23 weeks; the lower bound where the lower curve crosses, no upper one
        curve = estimate_curve(remission())
        assert curve is not None

        assert (curve.median, curve.median_low, curve.median_high) == (23, 13, None)
        assert curve.events == 9

    def test_says_nothing_behind_the_last_observation(self) -> None:
        curve = estimate_curve(remission())
        assert curve is not None

        assert probability_at(curve, 36) is None

    def test_has_no_interval_before_the_first_event(self) -> None:
        curve = estimate_curve(remission())
        assert curve is not None

        found = probability_at(curve, 5)

        assert found is not None
        assert (found.value, found.low, found.high) == (1.0, None, None)

    def test_watches_nobody_and_one(self) -> None:
        assert estimate_curve([]) is None
        curve = estimate_curve([Observation("S1", 3.0, event=True)])
        assert curve is not None
        assert curve.median == 3.0
        assert curve.survival[-1] == 0.0


class TestSummarise:
    def test_gives_the_usual_figures(self) -> None:
        # quartiles of 1 to 5 by definition 7: 2 and 4; deviation: square root of 10 / 4
        found = summarise([5, 1, 4, 2, 3])

        assert (found.count, found.mean, found.median) == (5, 3, 3)
        assert (found.quartiles, found.least, found.most) == ((2, 4), 1, 5)
        assert found.deviation == pytest.approx(sqrt(2.5))

    def test_has_no_deviation_of_one(self) -> None:
        found = summarise([7.0])

        assert (found.mean, found.deviation, found.quartiles) == (7.0, None, (7.0, 7.0))

    def test_has_nothing_of_nothing(self) -> None:
        assert summarise([]).mean is None
