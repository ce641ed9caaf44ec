"""How values are held: the same on both databases, and back as they came."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url
from sqlalchemy.engine import Dialect

from safety.store.columns import Instant, Json, Told, as_held

DIALECTS = [make_url(url).get_dialect()() for url in ("sqlite://", "postgresql+psycopg://")]
texts = st.text(st.characters(codec="utf-8") | st.sampled_from("\x00\u24000"))


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
class TestTold:
    @given(text=texts)
    def test_gives_back_any_text_and_holds_no_nul(self, dialect: Dialect, text: str) -> None:
        held = Told().process_bind_param(text, dialect)

        assert held is not None
        assert "\x00" not in held
        assert Told().process_result_value(held, dialect) == text

    @given(one=texts, other=texts)
    def test_two_texts_are_never_held_as_one(self, dialect: Dialect, one: str, other: str) -> None:
        same = Told().process_bind_param(one, dialect) == Told().process_bind_param(other, dialect)

        assert same == (one == other)

    def test_nothing_stays_nothing(self, dialect: Dialect) -> None:
        assert Told().process_bind_param(None, dialect) is None
        assert Told().process_result_value(None, dialect) is None


class TestAsHeld:
    def test_ordinary_text_is_held_as_it_is(self) -> None:
        assert as_held("手足综合征, grade 2") == "手足综合征, grade 2"

    def test_nul_and_its_symbol_stay_apart(self) -> None:
        assert as_held("a\x00b") == "a\u24000b"
        assert as_held("a\u2400b") == "a\u2400\u2400b"


class TestJson:
    def test_the_same_content_is_the_same_text(self) -> None:
        one = Json().process_bind_param({"b": [1, None], "a": "手"}, DIALECTS[0])
        other = Json().process_bind_param({"a": "手", "b": (1, None)}, DIALECTS[1])

        assert one == other == '{"a":"手","b":[1,null]}'

    def test_nul_is_escaped_and_comes_back(self) -> None:
        held = Json().process_bind_param("a\x00", DIALECTS[1])

        assert held == '"a\\u0000"'
        assert Json().process_result_value(held, DIALECTS[1]) == "a\x00"

    def test_nothing_is_not_the_null_of_json(self) -> None:
        assert Json().process_bind_param(None, DIALECTS[0]) == "null"
        assert Json().process_result_value("null", DIALECTS[0]) is None
        assert Json().process_result_value(None, DIALECTS[0]) is None


class TestInstant:
    SHANGHAI = timezone(timedelta(hours=8))

    @pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
    def test_refuses_an_instant_without_offset(self, dialect: Dialect) -> None:
        naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - that is the point

        with pytest.raises(ValueError, match="without UTC offset"):
            Instant().process_bind_param(naive, dialect)

    def test_is_utc_text_in_sqlite(self) -> None:
        told = datetime(2026, 3, 2, 9, tzinfo=self.SHANGHAI)

        held = Instant().process_bind_param(told, DIALECTS[0])

        assert held == "2026-03-02T01:00:00.000000+00:00"
        back = Instant().process_result_value(held, DIALECTS[0])
        assert back == told
        assert back is not None
        assert back.tzinfo is UTC

    def test_comes_back_in_utc_from_postgres_too(self) -> None:
        back = Instant().process_result_value(
            datetime(2026, 3, 2, 9, tzinfo=self.SHANGHAI), DIALECTS[1]
        )

        assert back is not None
        assert back.isoformat() == "2026-03-02T01:00:00+00:00"

    def test_nothing_stays_nothing(self) -> None:
        assert Instant().process_bind_param(None, DIALECTS[0]) is None
        assert Instant().process_result_value(None, DIALECTS[0]) is None

    @given(st.lists(st.datetimes(timezones=st.timezones() | st.just(UTC)), min_size=2))
    def test_text_sorts_as_time_does(self, instants: list[datetime]) -> None:
        in_order = sorted(instants)

        held = [str(Instant().process_bind_param(instant, DIALECTS[0])) for instant in in_order]

        assert all(earlier <= later for earlier, later in pairwise(held))
