"""A case declared void: for which reason, in favour of which case, and when not."""

from datetime import date

import pytest

from schemas.errors import Reason
from schemas.icsr.nullification import decide_nullification_reason, find_case_number
from schemas.icsr.read import NULLIFIED
from schemas.vocabulary import NullificationReason
from tests.unit.schemas.icsr.files import (
    NULLIFICATION,
    change,
    load_example,
    read_nullification,
    read_one,
    refusal,
)

WORDS = "Duplicate of DE-EXAMPLE-2025-000117, which was reported by the treating practice."


class TestReading:
    def test_a_nullification_names_case_reason_and_survivor(self) -> None:
        icsr = read_one(load_example(NULLIFICATION))
        void = read_nullification(load_example(NULLIFICATION))

        assert icsr.type == NULLIFIED
        assert icsr.subject == "DE-EXAMPLE-2025-000131"
        assert void.reason is NullificationReason.DUPLICATE
        assert void.explanation == WORDS
        assert void.surviving_case == "DE-EXAMPLE-2025-000117"
        assert void.most_recent_information == date(2025, 3, 11)
        assert void.synthetic

    def test_the_survivor_is_the_linked_report_where_the_words_name_none(self) -> None:
        void = read_nullification(change(load_example(NULLIFICATION), WORDS, "Duplicate"))

        assert void.surviving_case == "DE-EXAMPLE-2025-000117"

    def test_findings_go_with_it(self) -> None:
        xml = change(load_example(NULLIFICATION), "20250312143000+0100", "20250312143000")

        codes = [finding.code for finding in read_nullification(xml).reading_findings or []]

        assert codes == ["time_without_offset"]

    def test_a_reason_that_no_authority_accepts_is_passed_on_as_such(self) -> None:
        xml = change(load_example(NULLIFICATION), WORDS, "Downgraded to non-serious")

        assert read_nullification(xml).reason is NullificationReason.DOWNGRADE

    @pytest.mark.parametrize("words", ["see attachment", "N/A", "42"])
    def test_a_reason_that_nobody_understands_voids_nothing(self, words: str) -> None:
        error = refusal(change(load_example(NULLIFICATION), WORDS, words))

        assert (error.reason, error.path) == (Reason.UNUSABLE_ICSR, "C.1.11.2")
        assert words not in str(error)

    def test_nor_does_a_missing_reason(self) -> None:
        xml = change(load_example(NULLIFICATION), f"<originalText>{WORDS}</originalText>", "")

        assert refusal(xml).path == "C.1.11.2"


class TestDecideNullificationReason:
    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ("This is a DUPLICATE", NullificationReason.DUPLICATE),
            ("Same case was sent under another number", NullificationReason.DUPLICATE),
            ("重复报告", NullificationReason.DUPLICATE),
            ("Patient did not take the company product", NullificationReason.NO_EXPOSURE),
            ("The patient was never exposed", NullificationReason.NO_EXPOSURE),
            ("患者未用药", NullificationReason.NO_EXPOSURE),
            ("Not a valid case: no adverse event", NullificationReason.NEVER_VALID),
            ("minimum criteria not met", NullificationReason.NEVER_VALID),
            ("不符合报告要求", NullificationReason.NEVER_VALID),
            ("Data entry error", NullificationReason.DATA_ENTRY_ERROR),
            ("Case was created in error", NullificationReason.DATA_ENTRY_ERROR),
            ("错误上报", NullificationReason.DATA_ENTRY_ERROR),
            ("Event is no longer serious", NullificationReason.DOWNGRADE),
            ("Lost to follow-up", NullificationReason.LOST_TO_FOLLOW_UP),
            ("Event considered unrelated", NullificationReason.LATER_UNRELATED),
            ("与药物无关", NullificationReason.LATER_UNRELATED),
        ],
    )
    def test_known_words(self, words: str, reason: NullificationReason) -> None:
        assert decide_nullification_reason(words) is reason

    @pytest.mark.parametrize(
        "words",
        [
            "Duplicate, and no longer serious",
            "Not a valid case because the event is non-serious",
        ],
    )
    def test_of_two_reasons_the_one_that_is_refused_counts(self, words: str) -> None:
        assert decide_nullification_reason(words) is NullificationReason.DOWNGRADE

    @pytest.mark.parametrize("words", ["", "as discussed", "medication error reported"])
    def test_unknown_words(self, words: str) -> None:
        assert decide_nullification_reason(words) is None


class TestFindCaseNumber:
    OWN = frozenset({"DE-EXAMPLE-1"})

    @pytest.mark.parametrize(
        ("words", "number"),
        [
            ("duplicate of CN-EXAMPLE-16621-0001.", "CN-EXAMPLE-16621-0001"),
            ("DE-EXAMPLE-1 is the same as DE-EXAMPLE-2", "DE-EXAMPLE-2"),
            ("see DE-EXAMPLE-2 or DE-EXAMPLE-3", None),
            ("see DE-EXAMPLE-1", None),
            ("follow-up", None),
            ("", None),
        ],
    )
    def test_the_one_other_case_that_is_named(self, words: str, number: str | None) -> None:
        assert find_case_number(words, self.OWN) == number
