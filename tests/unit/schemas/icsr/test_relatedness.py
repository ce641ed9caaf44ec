"""Who assessed, in the words of the source."""

import pytest

from schemas.icsr.relatedness import decide_assessor
from tests.unit.schemas.icsr.files import (
    INTERACTION,
    STUDY,
    change,
    kept,
    load_example,
    read_report,
)


class TestDecideAssessor:
    @pytest.mark.parametrize(
        ("source", "assessor"),
        [
            ("Investigator", "investigator"),
            ("INVESTIGATOR", "investigator"),
            ("研究者", "investigator"),
            ("Reporter", "reporter"),
            ("PRIMARY SOURCE REPORTER", "reporter"),
            ("Treating physician", "reporter"),
            ("报告人评价", "reporter"),
            ("报告单位评价", "reporter"),
            ("Sponsor", "sponsor"),
            ("PHARMACEUTICAL COMPANY", "sponsor"),
            ("MAH", "sponsor"),
            ("Sender", "sponsor"),
            ("持有人", "sponsor"),
            ("申办者", "sponsor"),
            ("Regulatory authority", "authority"),
            ("FDA", "authority"),
            ("药品不良反应监测中心", "authority"),
            ("", "other"),
            ("Adjudication board", "other"),
        ],
    )
    def test_by_the_first_row_that_knows_the_words(self, source: str, assessor: str) -> None:
        assert decide_assessor(source) == assessor


class TestReadRelatedness:
    def test_a_coded_answer_is_read_by_its_name_and_its_code_is_kept(self) -> None:
        xml = change(
            load_example(STUDY),
            '<value xsi:type="ST">Related</value><methodCode>',
            '<value xsi:type="CE" code="1" codeSystem="1.2.3" displayName="Possible"/><methodCode>',
            times=2,
        )
        report = read_report(xml)

        assert {answer.result for answer in report.relatedness or []} == {"Possible"}
        assert kept(report) == ["1", "1.2.3"] * 2

    def test_a_row_to_nowhere_is_kept_word_for_word(self) -> None:
        row = '<adverseEffectReference classCode="OBS" moodCode="EVN"><id root="51ec0e00-0000-4000'
        xml = change(
            load_example(INTERACTION),
            f"{row}-8000-000000000401",
            f"{row}-8000-000000000999",
            times=4,
        )
        report = read_report(xml)

        assert len(report.relatedness or []) == 4
        assert kept(report).count("51ec0e00-0000-4000-8000-000000000999") == 4
        assert kept(report).count("Not related") == 1  # the sponsor's, of sorafenib and the INR
        assert kept(report).count("Investigator") == 2

    def test_references_do_not_depend_on_the_case_of_letters(self) -> None:
        xml = change(
            load_example(STUDY),
            '<id root="51ec0e00-0000-4000-8000-000000000101"/><code',
            '<id root="51EC0E00-0000-4000-8000-000000000101"/><code',
        )

        assert read_report(xml) == read_report(load_example(STUDY))
