"""
Answers and their binary reading.

Categories and readings are those of regulatory facts 3.1 (WHO-UMC, China, Korea), 3.2 (Naranjo) and
3.3 (binary mapping).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.causality.answers import (
    Relatedness,
    read_answer,
    read_binary,
    read_china,
    read_korea,
    read_krct,
    read_naranjo,
    read_naranjo_score,
    read_who_umc,
)
from safety.causality.scales import Scale


def reading(read: Relatedness | None) -> tuple[str, bool | None] | None:
    return None if read is None else (read.category, read.related)


class TestReadWhoUmc:
    @pytest.mark.parametrize(
        ("raw", "category", "related"),
        [
            ("Certain", "certain", True),
            ("Probable/Likely", "probable", True),
            ("likely", "probable", True),
            ("POSSIBLE", "possible", True),
            ("Possibly related", "possible", True),
            ("Unlikely", "unlikely", False),
            ("Conditional/Unclassified", "conditional", True),
            ("Unassessable / unclassifiable", "unassessable", True),
        ],
    )
    def test_the_six_categories(self, raw: str, category: str, *, related: bool) -> None:
        assert reading(read_who_umc(raw)) == (category, related)

    def test_another_answer_is_not_of_this_scale(self) -> None:
        assert read_who_umc("related") is None


class TestReadBinary:
    @pytest.mark.parametrize(
        "raw",
        [
            "Related",
            "YES",
            "y",
            "Suspected",
            "reasonable possibility",
            "There is a reasonable possibility",
            "related to study drug",
            "cannot be excluded",
            "有关",
            "不能排除",
            "与研究药物有关",
        ],
    )
    def test_yes_in_many_words(self, raw: str) -> None:
        assert reading(read_binary(raw)) == ("related", True)

    @pytest.mark.parametrize(
        "raw",
        [
            "Not Related",
            "not-related",
            "unrelated",
            "No",
            "Not Suspected",
            "no reasonable possibility",
            "No causal relationship",
            "definitely not related to sorafenib",
            "无关",
            "肯定无关",
        ],
    )
    def test_no_in_many_words(self, raw: str) -> None:
        assert reading(read_binary(raw)) == ("not_related", False)


class TestReadChina:
    @pytest.mark.parametrize(
        ("raw", "category", "related"),
        [
            ("肯定", "certain", True),
            ("很可能", "very_likely", True),
            ("Very likely", "very_likely", True),
            ("可能", "possible", True),
            ("可能有关", "possible", True),
            ("可能无关", "possibly_unrelated", False),
            ("possibly unrelated", "possibly_unrelated", False),
            ("待评价", "pending", True),
            ("Pending evaluation", "pending", True),
            ("无法评价", "unable_to_evaluate", True),
            ("unable to evaluate", "unable_to_evaluate", True),
        ],
    )
    def test_the_six_values(self, raw: str, category: str, *, related: bool) -> None:
        assert reading(read_china(raw)) == (category, related)


class TestReadKorea:
    @pytest.mark.parametrize(
        ("raw", "category", "related"),
        [
            ("1", "certain", True),
            ("2", "probable", True),
            ("3", "possible", True),
            ("4", "unlikely", False),
            ("5", "conditional", True),
            ("6", "unassessable", True),
        ],
    )
    def test_codes_follow_the_order_of_who_umc(
        self, raw: str, category: str, *, related: bool
    ) -> None:
        assert reading(read_korea(raw)) == (category, related)

    def test_a_code_out_of_the_list_is_not_read(self) -> None:
        assert read_korea("7") is None


class TestReadKrct:
    def test_one_is_related_and_two_is_not(self) -> None:
        assert reading(read_krct("1")) == ("related", True)
        assert reading(read_krct("2")) == ("not_related", False)


class TestReadNaranjo:
    @pytest.mark.parametrize(
        ("raw", "category", "related"),
        [
            # bands of facts 3.2, at their bounds
            ("13", "definite", True),
            ("9", "definite", True),
            ("8", "probable", True),
            ("5", "probable", True),
            ("4", "possible", True),
            ("1", "possible", True),
            ("0", "doubtful", False),
            ("-4", "doubtful", False),
            ("\u22122", "doubtful", False),
            ("7 (probable)", "probable", True),
            ("Naranjo score: 9", "definite", True),
            ("7/13", "probable", True),
            ("doubtful", "doubtful", False),
        ],
    )
    def test_scores_and_bands(self, raw: str, category: str, *, related: bool) -> None:
        assert reading(read_naranjo(raw)) == (category, related)

    @pytest.mark.parametrize("raw", ["14", "-5", "99", "7 tablets", "7.5", ""])
    def test_what_is_no_score_is_not_read(self, raw: str) -> None:
        assert read_naranjo(raw) is None

    def test_a_score_beyond_the_scale_has_no_band(self) -> None:
        with pytest.raises(ValueError, match="-4 to 13"):
            read_naranjo_score(14)

    @pytest.mark.parametrize("raw", ["0 (possible)", "3 (doubtful)"])
    def test_where_score_and_band_disagree_the_graver_counts(self, raw: str) -> None:
        assert reading(read_naranjo(raw)) == ("possible", True)


class TestReadAnswer:
    @pytest.mark.parametrize(
        ("method", "raw", "scale", "category", "related"),
        [
            (None, "Possible", Scale.WHO_UMC, "possible", True),
            ("Global introspection", "Possible", Scale.WHO_UMC, "possible", True),
            ("FDA", "Not Suspected", Scale.BINARY, "not_related", False),
            ("Naranjo", "7", Scale.NARANJO, "probable", True),
            ("Naranjo scale", "possible", Scale.NARANJO, "possible", True),
            (None, "7 (probable)", Scale.NARANJO, "probable", True),
            (None, "可能无关", Scale.CHINA, "possibly_unrelated", False),
            ("NMPA", "possible", Scale.CHINA, "possible", True),
            ("KR WHO-UMC", "4", Scale.KOREA_WHO_UMC, "unlikely", False),
            ("MFDS KRCT", "2", Scale.KRCT, "not_related", False),
            ("WHO-UMC", "related", Scale.BINARY, "related", True),
            (None, "Possible (WHO-UMC)", Scale.WHO_UMC, "possible", True),
            (None, "Yes, possibly related", Scale.BINARY, "related", True),
            ("WHO-UMC", "Yes, possibly related", Scale.WHO_UMC, "possible", True),
        ],
    )
    def test_the_method_or_the_words_tell_the_scale(
        self, method: str | None, raw: str, scale: Scale, category: str, *, related: bool
    ) -> None:
        read = read_answer(method, raw)

        assert (read.scale, read.category, read.related) == (scale, category, related)

    def test_none_means_no_relation_only_in_the_variable_of_a_study_database(self) -> None:
        # CDISC pilot study, AEREL: NONE, REMOTE, POSSIBLE, PROBABLE
        assert read_answer("CDISC AEREL", "NONE").related is False
        assert read_answer("CDISC AEREL", "REMOTE").related is False
        assert read_answer("CDISC AEREL", "POSSIBLE").related is True
        assert read_answer("Global introspection", "NONE").related is None

    @pytest.mark.parametrize(
        "raw", ["", "  ", "unknown", "UNK", "N/A", "not assessed", "不详", "未评价"]
    )
    def test_nothing_assessed_is_neither_yes_nor_no(self, raw: str) -> None:
        read = read_answer(None, raw)

        assert (read.category, read.related) == ("not_stated", None)

    @pytest.mark.parametrize(
        "raw",
        [
            "likely due to underlying disease",
            "related to the disease",
            "related / not related",
            "unrelated; caused by something else",
            "Y/N",
            "none",
            "see narrative",
            "?",
            "x" * 5_000,
        ],
    )
    def test_an_answer_that_no_scale_knows_is_neither_yes_nor_no(self, raw: str) -> None:
        read = read_answer(None, raw)

        assert (read.scale, read.category, read.related) == (Scale.NONE, "unrecognised", None)

    @pytest.mark.parametrize("method", [None, "WHO-UMC", "NMPA", "MFDS", "Global introspection"])
    @pytest.mark.parametrize("raw", ["0", "1", "2", "4"])
    def test_a_bare_number_says_nothing_without_a_method_of_numbers(
        self, method: str | None, raw: str
    ) -> None:
        assert read_answer(method, raw).related is None

    @pytest.mark.parametrize("raw", ["unlikely", "remote", "probably not related"])
    def test_unlikely_is_not_related_unless_so_configured(self, raw: str) -> None:
        assert read_answer(None, raw).related is False
        assert read_answer(None, raw, unlikely_is_related=True).related is True

    def test_the_configuration_touches_no_other_answer(self) -> None:
        assert read_answer(None, "not related", unlikely_is_related=True).related is False

    @given(st.text(max_size=80), st.none() | st.sampled_from(["Naranjo", "KRCT", "WHO-UMC", "x"]))
    def test_no_answer_is_an_error_and_its_words_stay_out_of_the_reason(
        self, raw: str, method: str | None
    ) -> None:
        read = read_answer(method, f"zzsecret {raw}")

        assert "zzsecret" not in read.reason
