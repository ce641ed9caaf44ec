"""Chances that are the same on every machine."""

from collections import Counter

import pytest

from consumers.simulation.chance import Chance


class TestChance:
    def test_the_same_names_give_the_same_draws(self) -> None:
        first, second = Chance("a", 1), Chance("a", 1)

        assert [first.between(1, 1000) for _ in range(50)] == [
            second.between(1, 1000) for _ in range(50)
        ]

    def test_other_names_give_other_draws(self) -> None:
        first, second = Chance("a", 1), Chance("a", 2)

        assert [first.between(1, 1000) for _ in range(50)] != [
            second.between(1, 1000) for _ in range(50)
        ]

    def test_the_draws_are_those_of_the_first_day(self) -> None:
        # Worked out from random.Random(sha256(names)).random() alone; a change here would change
        # every simulated study.
        chance = Chance("secure", 1, 1, "subject")

        assert [chance.between(0, 999_999) for _ in range(4)] == [
            76_207,
            563_739,
            478_870,
            707_870,
        ]
        assert chance.bell(1000, 100) == 1126
        assert chance.along(0, 10, 1000) == 1


class TestPercent:
    def test_never_and_always(self) -> None:
        chance = Chance("percent")

        assert not any(chance.percent(0) for _ in range(1000))
        assert all(chance.percent(100) for _ in range(1000))

    def test_a_quarter_is_about_a_quarter(self) -> None:
        chance = Chance("percent")

        # 10,000 draws at 25 %: the standard deviation is 43.
        assert 2300 < sum(chance.percent(25) for _ in range(10_000)) < 2700


class TestBetween:
    def test_both_ends_are_given(self) -> None:
        chance = Chance("between")

        assert {chance.between(3, 6) for _ in range(200)} == {3, 4, 5, 6}

    def test_a_range_the_wrong_way_round_gives_its_first_end(self) -> None:
        assert Chance("between").between(5, 2) == 5


class TestWeighted:
    def test_weights_decide(self) -> None:
        chance = Chance("weighted")
        drawn = Counter(chance.weighted((("rare", 1), ("often", 9))) for _ in range(5000))

        # 5,000 draws at 10 %: the standard deviation is 21.
        assert 400 < drawn["rare"] < 600

    def test_weights_of_nothing_are_refused(self) -> None:
        with pytest.raises(ValueError, match="above zero"):
            Chance("weighted").weighted((("never", -1),))


class TestAlong:
    def test_half_of_the_draws_lie_below_the_median(self) -> None:
        chance = Chance("along")
        drawn = [chance.along(2, 30, 400) for _ in range(4000)]

        assert min(drawn) == 2
        assert max(drawn) <= 400
        assert 1850 < sum(each < 30 for each in drawn) < 2150


class TestBell:
    def test_most_draws_lie_within_two_deviations(self) -> None:
        chance = Chance("bell")
        drawn = [chance.bell(100, 10) for _ in range(4000)]

        assert 99 < sum(drawn) / len(drawn) < 101
        assert 0.93 < sum(80 <= each <= 120 for each in drawn) / len(drawn) < 0.99
