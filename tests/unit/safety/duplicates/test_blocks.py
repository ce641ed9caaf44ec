"""Which cases are compared: each block leaves out what another uses."""

from typing import Any

import pytest

from safety.duplicates import Event, derive_keys
from tests.support.fingerprints import TOLD, another, told


def share_a_block(**changes: Any) -> bool:
    return bool(set(derive_keys(TOLD)) & set(derive_keys(another(**changes))))


class TestDeriveKeys:
    @pytest.mark.parametrize(
        "changes",
        [
            {"birth": "1950-01-20"},
            {"subject": None, "birth": None},
            {"subject": None, "initials": None},
            {"subject": None, "events": (Event("Alopecia", "2026-02-27"),)},
            {"subject": None, "events": (Event("Thromboembolic event", None),)},
            {"subject": None, "initials": None, "birth": None, "age": None},
            {"subject": None, "initials": None, "birth": None, "countries": ("DE",)},
        ],
    )
    def test_no_single_fault_hides_a_case(self, changes: dict[str, Any]) -> None:
        assert share_a_block(**changes)

    def test_a_stranger_shares_none(self) -> None:
        assert not share_a_block(
            subject="nct01751763|09-009",
            initials="zq",
            birth="1950-01-20",
            age=76,
            events=(Event("Alopecia", "2026-01-05"),),
        )

    @pytest.mark.parametrize("gone", [{"void": True}, {"merged_into": "C"}])
    def test_a_case_that_stands_no_more_is_in_none(self, gone: dict[str, Any]) -> None:
        assert derive_keys(told(**gone)) == ()

    def test_keys_tell_nothing_of_the_case(self) -> None:
        assert all(len(key) == 12 and "1967" not in key for key in derive_keys(TOLD))
