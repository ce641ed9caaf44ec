"""Identifiers from outside as keys."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.icsr.keys import key_of

KEY = re.compile(r"[A-Za-z0-9_.:\-]{1,100}")


def identifier_of(key: str) -> str:
    """Undo the spelling, for keys that were not shortened."""
    return re.sub(r"_x([0-9A-F]+)_", lambda found: chr(int(found[1], 16)), key)


class TestKeyOf:
    @pytest.mark.parametrize(
        ("identifier", "key"),
        [
            ("CN-EXAMPLE-16621-0001", "CN-EXAMPLE-16621-0001"),
            ("DE EXAMPLE/1", "DE_x20_EXAMPLE_x2F_1"),
            ("住院", "_x4F4F__x9662_"),
            ("a_x20_b", "a_x5F_x20_b"),
            ("a_xylophone", "a_xylophone"),
        ],
    )
    def test_only_what_a_key_may_not_have_is_spelled_out(self, identifier: str, key: str) -> None:
        assert key_of(identifier) == key

    @given(st.text(min_size=1, max_size=300))
    def test_every_identifier_becomes_a_key(self, identifier: str) -> None:
        assert KEY.fullmatch(key_of(identifier))

    @given(st.text(min_size=1, max_size=9))
    def test_a_short_one_can_be_read_back(self, identifier: str) -> None:
        assert identifier_of(key_of(identifier)) == identifier

    @given(st.text(min_size=1, max_size=150), st.text(min_size=1, max_size=150))
    def test_two_never_become_one(self, one: str, other: str) -> None:
        assert (key_of(one) == key_of(other)) == (one == other)

    def test_long_ones_differ_by_their_digest(self) -> None:
        assert key_of("a" * 200 + "b") != key_of("a" * 200 + "c")
