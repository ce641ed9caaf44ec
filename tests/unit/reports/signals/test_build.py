"""
Disproportionality.

The ten reports and the expected numbers and PRRs are the hand calculation in the test suite of
the R package openEBGM (tests/testthat/testA_Counts.R, `hand` and `hand_s`). The other values are
worked out by hand in the comments.
"""

import csv
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.signals import build_signals, count_reports
from reports.signals.counts import Counts
from reports.signals.ratios import reporting_odds_ratio, yates_chi_squared
from reports.signals.shrinker import Prior, shrink

CAERS = Path(__file__).parents[5] / "shared/data/disproportionality/caers-reports.csv"

PRODUCTS = ["A", "B", "B", "B", "C", "A", "A", "B", "B", "C"]
EVENTS = ["1", "2", "2", "3", "3", "2", "3", "3", "3", "1"]
STRATA = ["Male 1"] * 5 + ["Female 1"] * 3 + ["Male 2"] * 2
TEN = [
    (str(number), product, event, stratum)
    for number, (product, event, stratum) in enumerate(zip(PRODUCTS, EVENTS, STRATA, strict=True))
]


class TestCountReports:
    def test_expected_numbers_are_those_calculated_by_hand(self) -> None:
        counts = count_reports((report, p, e, "") for report, p, e, _ in TEN)

        found = {(pair.product, pair.event): pair.expected for pair in counts.pairs}
        assert found == pytest.approx(
            {
                ("A", "1"): 0.6, ("A", "2"): 0.9, ("A", "3"): 1.5, ("B", "2"): 1.5,
                ("B", "3"): 2.5, ("C", "1"): 0.4, ("C", "3"): 1.0,
            }
        )  # fmt: skip

    def test_expected_numbers_are_summed_over_strata(self) -> None:
        found = {(p.product, p.event): p.expected for p in count_reports(TEN).pairs}

        assert found["A", "1"] == pytest.approx(0.2)
        assert found["A", "2"] == pytest.approx(0.4 + 2 / 3)
        assert found["B", "3"] == pytest.approx(1.7 + 2 / 3)

    def test_a_report_counts_once_however_often_it_says_so(self) -> None:
        once, twice = count_reports(TEN), count_reports(TEN + TEN)

        assert twice.pairs == once.pairs
        assert twice.repeated == 10

    def test_a_report_counts_for_every_pair_of_what_it_names(self) -> None:
        # report 1 names p and q, x and y, in rows p-x and q-y: it holds p-y as well
        rows = [("1", "p", "x", ""), ("1", "q", "y", ""), ("2", "p", "y", "")]
        cells = {(p.product, p.event): (p.a, p.b, p.c, p.d) for p in count_reports(rows).pairs}

        assert cells == {
            ("p", "x"): (1, 1, 0, 0),
            ("p", "y"): (2, 0, 0, 0),
            ("q", "x"): (1, 0, 0, 1),
            ("q", "y"): (1, 0, 1, 0),
        }


class TestBuildSignals:
    def test_prr_is_the_one_calculated_by_hand(self) -> None:
        report = build_signals(count_reports(TEN))
        found = {(s.pair.product, s.pair.event): s.prr.value for s in report.signals}

        assert found["A", "1"] == pytest.approx(2.3333, abs=5e-5)
        assert found["B", "2"] == pytest.approx(2)
        assert found["C", "1"] == pytest.approx(4)

    def test_no_rows_give_no_signals(self) -> None:
        assert build_signals(count_reports([])).signals == ()

    def test_too_few_pairs_leave_the_ebgm_out(self) -> None:
        report = build_signals(count_reports(TEN[:1]))

        assert report.prior is None
        assert report.signals[0].ebgm.value is None
        assert report.signals[0].prr.value is None

    @settings(max_examples=30, deadline=None)  # each fits five hyperparameters from six starts
    @given(
        st.lists(
            st.tuples(
                st.sampled_from("123456789"), st.sampled_from("pqrs"), st.sampled_from("xyz"),
                st.just(""),
            ),
            max_size=40,
        )
    )  # fmt: skip
    def test_cells_add_up_and_intervals_hold_their_value(
        self, mentions: list[tuple[str, str, str, str]]
    ) -> None:
        report = build_signals(count_reports(mentions))

        for each in report.signals:
            pair = each.pair
            assert min(pair.a, pair.b, pair.c, pair.d) >= 0
            assert pair.a + pair.b + pair.c + pair.d == report.counts.reports
            for ratio in (each.prr, each.ror, each.ic):
                if ratio.value is not None:
                    assert ratio.low is not None
                    assert ratio.high is not None
                    assert ratio.low <= ratio.value <= ratio.high


class TestRatios:
    def test_odds_ratio_and_interval(self) -> None:
        # 10 x 40 / (20 x 30) = 2/3; standard error of the logarithm
        # sqrt(1/10 + 1/20 + 1/30 + 1/40) = sqrt(0.208333) = 0.456435
        ratio = reporting_odds_ratio(10, 20, 30, 40)

        assert ratio.value == pytest.approx(2 / 3)
        assert ratio.low == pytest.approx(exp(log(2 / 3) - 1.959964 * 0.456435), rel=1e-5)

    def test_chi_squared_with_yates_correction(self) -> None:
        # 100 (|400 - 600| - 50)^2 / (30 x 70 x 40 x 60) = 2,250,000 / 5,040,000
        assert yates_chi_squared(10, 20, 30, 40) == pytest.approx(0.4464286, abs=1e-7)


class TestShrink:
    def test_one_gamma_component_is_an_exponential(self) -> None:
        # both components alike, shape 1 + 0 and rate 1 + 1: an exponential with rate 2, whose
        # 5 % point is -ln(0.95) / 2 and whose E[log] is -Euler's constant - log 2
        prior = Prior(1.0, 1.0, 1.0, 1.0, 0.5, 0.0, converged=True)

        ebgm, low, high = shrink(np.array([0.0]), np.array([1.0]), prior)

        assert ebgm[0] == pytest.approx(exp(-0.5772156649) / 2)
        assert low[0] == pytest.approx(-log(0.95) / 2)
        assert high[0] == pytest.approx(-log(0.05) / 2)

    def test_agrees_with_another_implementation(self) -> None:
        # PyPI vigipy 3.5.1, `gps` on the CAERS file: the hyperparameters it found, and its EBGM,
        # LowerBound and UpperBound of the pair with 16 reports where 0.558819 are expected
        prior = Prior(
            5.80102844e-01, 2.77550865e-02, 3.61418107e-01, 7.77801635e-01, 3.72564527e-04, 0.0,
            converged=True,
        )  # fmt: skip

        found = [each[0] for each in shrink(np.array([16.0]), np.array([0.558819]), prior)]

        assert found == pytest.approx([27.228714, 17.503980, 40.532190], rel=2e-5)


@pytest.fixture(scope="module")
def caers() -> Counts:
    if not CAERS.exists():
        pytest.skip("the CAERS file is not in ../shared/data")
    with CAERS.open(encoding="utf-8", newline="") as file:
        return count_reports((row[0], row[1], row[2], "") for row in list(csv.reader(file))[1:])


class TestPublishedExample:
    """
    The CAERS data of the R package openEBGM 0.10.0, as its vignettes print the results.

    Hyperparameters of all 17,189 pairs without squashing: vignette "Hyperparameter Estimation",
    `hyper_estimates_full`. Scores: vignette "Posterior Calculation", from squashed data, so that
    their last digit may differ.
    """

    def test_the_counts_and_expected_numbers_are_theirs(self, caers: Counts) -> None:
        assert (caers.reports, len(caers.pairs)) == (3356, 17189)
        first = caers.pairs[0]
        assert (first.product, first.event, first.a) == (
            "1-PHENYLALANINE",
            "HEART RATE INCREASED",
            1,
        )
        assert first.expected == pytest.approx(0.0360548272)

    def test_the_hyperparameters_are_theirs(self, caers: Counts) -> None:
        prior = build_signals(caers).prior

        assert prior is not None
        assert prior.log_likelihood == pytest.approx(-4162.456, abs=5e-4)
        assert (prior.alpha1, prior.beta1, prior.alpha2, prior.beta2, prior.weight) == (
            pytest.approx((3.25596685, 0.39998994, 2.02376139, 1.90614108, 0.06530755), rel=1e-3)
        )

    def test_the_scores_are_theirs(self, caers: Counts) -> None:
        signals = build_signals(caers).signals

        assert sum((each.ebgm.low or 0) >= 2 for each in signals) == 131
        top = signals[0]
        assert (top.pair.product, top.pair.event, top.pair.a) == (
            "REUMOFAN PLUS",
            "WEIGHT INCREASED",
            16,
        )
        assert (top.ebgm.value, top.ebgm.low, top.ebgm.high) == (
            pytest.approx((23.26, 15.68, 33.48), abs=0.011)
        )
