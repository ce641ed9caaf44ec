"""Which repetition of a key is found."""

import pytest

from schemas.repeated_keys import find_repeated_key


class TestFindRepeatedKey:
    @pytest.mark.parametrize(
        ("text", "key"),
        [
            (b'{"kind": "initial", "kind": "follow_up"}', "kind"),
            (b'{"kind":1,"kind":1}', "kind"),
            (b'{"data": [{"case": {}}, {"case": {"sender": "A", "sender": "A"}}]}', "sender"),
            (b'{"kind": 1, "k\\u0069nd": 2}', "kind"),  # written in two ways
            (b'{"kind": "\\u0022", "kind": "\\u0022"}', "kind"),  # escapes hide what is missing
            (b'{"n": NaN, "n": NaN}', "n"),
            ('{"text": "手足", "text": "皮肤"}'.encode(), "text"),
        ],
    )
    def test_a_key_that_an_object_has_twice_is_named(self, text: bytes, key: str) -> None:
        assert find_repeated_key(text) == key

    @pytest.mark.parametrize(
        "text",
        [
            b"{}",
            b'[{"kind": 1}, {"kind": 2}]',
            b'{"kind": {"kind": "kind"}}',
            b'{"text": "she said \\"kind\\": twice, \\"kind\\": again"}',
            b'{"text": "\\u0022kind\\u0022"}',
            b'{"text": "\\u624b"}',
        ],
    )
    def test_a_key_of_different_objects_or_of_a_text_is_no_repetition(self, text: bytes) -> None:
        assert find_repeated_key(text) is None
