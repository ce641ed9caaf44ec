"""
What a transaminase calls for by itself.

Thresholds: regulatory facts 3.5, the columns "close observation" and "interrupt or evaluate". Limit
of ALT 50 U/L; a raised baseline is 100 U/L, twice the limit.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.causality import Days
from safety.coding import load_dictionary
from safety.liver import LiverResult, load_liver_criteria, screen_liver
from safety.liver.criteria import Test
from tests.unit.safety.liver.test_screen import NORMAL, RAISED_ALT, may, result

SYMPTOMS = "whether there were symptoms"


def told(
    *results: LiverResult, raised: bool = False, symptoms: tuple[Days, ...] = ()
) -> list[tuple[str, str, bool]]:
    """Give what is proposed, by which row, and whether it is decided."""
    screen = screen_liver(results, RAISED_ALT if raised else NORMAL, symptoms=symptoms)
    return [(each.proposed, each.row, not each.missing) for each in screen.actions]


class TestNormalBaseline:
    @pytest.mark.parametrize(
        ("alt", "expected"),
        [
            ("149.9", []),
            ("150", [("observe", "IQ-DILI-OBSERVE-NORMAL", True)]),  # 3 x 50
            ("399", [("observe", "IQ-DILI-OBSERVE-NORMAL", True)]),
            ("400", [("interrupt", "IQ-DILI-INTERRUPT-NORMAL", True)]),  # 8 x 50
            (">400", [("interrupt", "IQ-DILI-INTERRUPT-NORMAL", True)]),
            ("<400", []),  # may be anything below
        ],
    )
    def test_multiples_of_the_upper_limit(
        self, alt: str, expected: list[tuple[str, str, bool]]
    ) -> None:
        assert told(result("ALT", alt)) == expected

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            ((1, 15), "observe"),  # 14 days are not more than two weeks
            ((1, 16), "interrupt"),
            ((1, 8, 16), "interrupt"),
        ],
    )
    def test_five_times_for_more_than_two_weeks(self, days: tuple[int, ...], expected: str) -> None:
        [(proposed, _, decided)] = told(*(result("ALT", "250", day) for day in days))

        assert (proposed, decided) == (expected, True)

    def test_a_fall_between_ends_the_two_weeks(self) -> None:
        values = ((1, "250"), (8, "249"), (16, "250"))

        assert [each[0] for each in told(*(result("ALT", v, d) for d, v in values))] == ["observe"]

    def test_ast_alone_is_not_in_the_table_of_a_normal_baseline(self) -> None:
        assert told(result("AST", "400")) == []

    def test_without_an_upper_limit_nothing_is_proposed(self) -> None:
        assert told(result("ALT", "900", upper_limit=None)) == []


class TestRaisedBaseline:
    @pytest.mark.parametrize(
        ("alt", "symptoms", "expected"),
        [
            ("199", (), []),
            ("200", (), ["observe"]),  # twice 100
            ("299", (may(1),), ["observe"]),
            ("300", (may(1),), ["interrupt"]),
            ("300", (may(15),), ["interrupt"]),  # within 14 days
        ],
    )
    def test_multiples_of_the_own_baseline_with_symptoms(
        self, alt: str, symptoms: tuple[Days, ...], expected: list[str]
    ) -> None:
        found = told(result("ALT", alt), raised=True, symptoms=symptoms)

        assert [(each[0], each[2]) for each in found] == [(name, True) for name in expected]

    @pytest.mark.parametrize("symptoms", [(), (may(31),)], ids=["none told", "weeks later"])
    def test_without_symptoms_at_the_time_it_is_a_question(
        self, symptoms: tuple[Days, ...]
    ) -> None:
        screen = screen_liver([result("ALT", "300")], RAISED_ALT, symptoms=symptoms)

        assert [(each.proposed, bool(each.missing)) for each in screen.actions] == [
            ("interrupt", True),
            ("observe", False),
        ]
        assert screen.actions[0].missing[0].startswith(SYMPTOMS)


class TestLaws:
    @given(
        st.sampled_from(["ALT", "AST"]),
        st.integers(1, 2_000),
        st.integers(0, 500),
        st.booleans(),
        st.booleans(),
    )
    def test_a_higher_value_never_calls_for_less(
        self,
        test: Test,
        low: int,
        more: int,
        raised: bool,  # noqa: FBT001 - drawn
        with_symptoms: bool,  # noqa: FBT001 - drawn
    ) -> None:
        symptoms = (may(1),) if with_symptoms else ()

        def gravest(value: int) -> int:
            found = told(result(test, str(value)), raised=raised, symptoms=symptoms)
            return max((1 + (name == "interrupt") for name, _, _ in found), default=0)

        assert gravest(low + more) >= gravest(low)

    @given(st.decimals("0.1", "40", places=2), st.booleans())
    def test_units_play_no_part(self, times: Decimal, raised: bool) -> None:  # noqa: FBT001
        # 1 ukat/L is 60 U/L
        value = times * 60
        one = result("ALT", str(value))
        same = result("ALT", str(times), unit="µkat/L", upper_limit=Decimal(50) / 60)

        assert told(one, raised=raised) == told(same, raised=raised)


class TestTheFile:
    def test_every_symptom_is_a_term(self) -> None:
        assert load_liver_criteria().symptoms <= set(load_dictionary().by_name)
