"""
Narratives in Simplified Chinese.

The expected texts were written by hand as a Chinese safety officer would write them; days were
counted on a calendar (3 March to 1 May 2014 is day 60).
"""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.narrative import LANGUAGES, Narrative, Sentence, render_pdf, validate_narrative
from reports.narrative.templates.scribe import open_templates
from reports.paper.readback import find_lost
from schemas.countries import COUNTRIES
from schemas.countries_chinese import COUNTRIES_CHINESE
from tests.support.reports import correction, decision, follow_up, report
from tests.unit.reports.narrative.cases import (
    amount,
    answer,
    day,
    dose,
    drug,
    reaction,
    state_of,
    study_case,
    tell,
)
from tests.unit.reports.narrative.test_build import bare_case, consumer_case

NAMES = {"Rash": "皮疹", "Diarrhea": "腹泻"}

STUDY_CASE = """\
本例为来自非干预性研究NCT01751763（SECURE）的严重征集性报告，于2014年5月8日收到，报告者为中国的一名医师。\
涉及的受试者编号为01-001。公司于2014年5月7日首次获知本例。

受试者为58岁男性。体重为64 kg，身高为168 cm。sorafenib的适应症为“hepatocellular carcinoma”。

病史包括“chronic hepatitis B”（自2009年起；持续存在）。\
合并用药包括amlodipine（自2012年起，5 mg，每日一次）。

怀疑用药为sorafenib。受试者使用了sorafenib：自2014年3月3日至2014年4月30日，口服，400 mg，每日两次。\
其后的用药为：自2014年5月1日至2014年5月6日，口服，400 mg，每日一次。sorafenib的批号为EX1234。

2014年5月1日（研究第60天，以sorafenib首次给药之日为第1天），受试者出现“Rash”[皮疹]\
（常见不良事件评价标准（CTCAE）4.03版3级）。“Rash”发生时，sorafenib的剂量为400 mg，每日一次。\
针对“Rash”的治疗为“topical steroid”。\
2014年5月2日，丙氨酸氨基转移酶（ALT）为230 U/L（参考范围9至50 U/L）。

sorafenib已停药。sorafenib停药后，“Rash”减轻或消失。末次观察时，“Rash”好转。

“Rash”为严重事件，原因为导致住院或住院时间延长。\
按剂量、日期和转归，sorafenib对“Rash”的去激发结果为阳性，但针对该事件的治疗也可能是好转的原因。\
研究者对“Rash”与sorafenib因果关系的评价为“Probable”（方法：“WHO-UMC”）。\
申办者对“Rash”与sorafenib因果关系的评价为“Related”。就报告而言，“Rash”按与sorafenib相关处理。\
“Rash”依据欧盟（label-T，所载入的2013年版）的参考安全性信息为预期。

公司评述：未记录评述。"""

BARE_CASE = """\
本例为非严重报告，发送者无法获知报告类型，于2026年3月2日收到。报告者的情况未作说明。

年龄、性别和体重未报告。

病史未报告。合并用药未报告。

怀疑用药未报告。

未描述任何事件。

采取的措施与转归未报告。

由于没有可供评价的事件，未评价严重性、因果关系和预期性。

公司评述：未记录评述。"""


def chinese(*reports: object) -> Narrative:
    """Tell a case in Chinese, and see that it stands up to its check."""
    narrative = tell(*reports, language="zh", term_names=NAMES)  # type: ignore[arg-type]
    assert validate_narrative(narrative, state_of(*reports)) == ()  # type: ignore[arg-type]
    return narrative


class TestBuildNarrative:
    def test_a_study_case_reads_as_written_by_hand(self) -> None:
        assert chinese(study_case()).text == STUDY_CASE

    def test_what_is_missing_is_said_once(self) -> None:
        assert chinese(bare_case()).text == BARE_CASE

    def test_partial_dates_and_times_are_in_words(self) -> None:
        text = chinese(consumer_case()).text

        assert "自2015年11月起" in text
        assert "2015年，患者出现“diarrhoea”[腹泻]。" in text
        assert "2016年2月9日07:30（协调世界时+01:00），患者出现“fainted”[未编码]。" in text
        assert "患者为女性，出生于1951年。" in text

    def test_a_death_comes_first_with_its_distance_from_the_doses(self) -> None:
        case = report(
            patient={"sex": "male", "death": {"date": day("2026-02-28"), "autopsy": False}},
            drugs=[drug(doses=[dose(start=day("2026-01-30"), end=day("2026-02-27"))])],
            reactions=[reaction(outcome="fatal")],
            relatedness=[answer("investigator", "可能有关")],
        )

        narrative = chinese(case)

        assert narrative.topics == ("death", "study")
        # 30 January to 28 February 2026 is 29 days.
        assert narrative.text_of(narrative.parts[5]).startswith(
            "受试者于2026年2月28日死亡，距sorafenib首次用药29天、末次用药1天。未进行尸检。死因未报告。"
            "“diarrhoea”的转归为死亡。"
        )

    def test_follow_ups_say_what_it_was_before(self) -> None:
        later = follow_up(
            patient={"weight_kg": "62"},
            reactions=[{"reaction_id": "r1", "outcome": "recovered", "end": day("2014-06")}],
        )
        mended = correction("m4", reactions=[{"reaction_id": "r1", "outcome": "unknown"}])
        graded = decision(
            "d1",
            {"kind": "confirm_grade", "reaction_id": "r1", "grade": 2, "ctcae": "4.03"},
        )

        narrative = chinese(study_case(), later, mended, graded)
        told = [[s.text for s in part.sentences] for part in narrative.follow_ups]

        # The correction speaks of an earlier day than the follow-up, and stands before it.
        assert [
            "2026年3月12日收到更正：“Rash”的转归改为不详（原为好转）。",
        ] in told
        assert [
            "2026年3月9日收到随访信息：受试者的体重改为62 kg（原为64 kg）。",
            "“Rash”的结束日期报告为2014年6月，转归改为痊愈（原为不详）。",
        ] in told
        assert ["2026年3月5日经公司审核：“Rash”的公司确认的分级记录为CTCAE 4.03版2级。"] in told

    def test_every_country_has_a_chinese_name(self) -> None:
        assert COUNTRIES.keys() == COUNTRIES_CHINESE.keys()
        assert len(set(COUNTRIES_CHINESE.values())) == len(COUNTRIES_CHINESE)

    def test_every_template_there_is_in_english_is_there_in_chinese(self) -> None:
        names = open_templates().list_templates(["j2"])
        found = [{n.partition("/")[2] for n in names if n.startswith(f"{x}/")} for x in LANGUAGES]

        assert found[0] == found[1]


class TestLiver:
    def case(self) -> object:
        return report(
            reactions=[reaction(text="Hepatic failure", onset=day("2026-02-05"))],
            tests=[
                {
                    "test_id": f"t{place}",
                    "date": day(when),
                    "name": "ALT",
                    "result": amount(value, "U/L"),
                    "high": amount("50", "U/L"),
                }
                for place, (when, value) in enumerate(
                    [("2026-02-25", "90"), ("2026-01-05", "30"), ("2026-02-05", "430")]
                )
            ],
        )

    def test_a_test_is_told_from_first_to_last_with_its_peak(self) -> None:
        case = self.case()

        text = {language: tell(case, language=language).text for language in LANGUAGES}  # type: ignore[arg-type]

        # 430 / 50 is 8.6.
        assert (
            "Alanine aminotransferase (ALT) was 30 U/L on 05-JAN-2026, was highest at 430 U/L on"
            " 05-FEB-2026 and was 90 U/L on 25-FEB-2026 at the last measurement reported. The"
            " highest value was 8.6 times the upper limit of the reference range of 50 U/L."
        ) in text["en"]
        assert (
            "丙氨酸氨基转移酶（ALT）：2026年1月5日为30 U/L，2026年2月5日达最高值430 U/L，"
            "最后一次报告的检查于2026年2月25日为90 U/L。最高值为参考范围上限（50 U/L）的8.6倍。"
        ) in text["zh"]

    @pytest.mark.parametrize(
        "other",
        [
            {"result": amount("9", "ukat/L")},
            {"result": {**amount("430", "U/L"), "comparator": ">"}},
            {"date": day("2026-02")},
        ],
        ids=["another unit", "a bound", "no whole date"],
    )
    def test_what_cannot_be_compared_is_not(self, other: dict[str, object]) -> None:
        first = {
            "test_id": "t1", "date": day("2026-01-05"), "name": "ALT", "result": amount("30", "U/L")
        }  # fmt: skip
        case = report(
            reactions=[reaction(text="Hepatic failure")],
            tests=[first, {**first, "test_id": "t2", "date": day("2026-02-05"), **other}],
        )

        assert "highest" not in tell(case).text


class TestStyle:
    """The rules that are checked before a narrative leaves, on sentences that break them."""

    def codes(self, text: str) -> list[str]:
        narrative = tell(study_case(), language="zh")
        wrong = Sentence(text, ("patient.sex",))
        patient = replace(narrative.parts[1], sentences=(wrong,))
        parts = (narrative.parts[0], patient, *narrative.parts[2:])
        found = validate_narrative(replace(narrative, parts=parts), state_of(study_case()))
        return [finding.code for finding in found]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("受试者不幸摔倒。", "judgement_in_facts"),
            ("受试者显然好转。", "judgement_in_facts"),
            ("受试者将会好转。", "not_past_tense"),
            ("我们未收到信息。", "first_person"),
            ("受试者 male。", "other_language"),
            ("受试者为 男性。", "other_language"),
            ("受试者为男性，，已知。", "artefact"),
            ("受试者␣为男性。", "artefact"),
            ("受试者为男性", "no_full_stop"),
            ("受试者于2014-05摔倒。", "date_in_figures"),
        ],
    )
    def test_a_sentence_that_breaks_a_rule_is_found(self, text: str, code: str) -> None:
        assert code in self.codes(text)

    def test_a_right_sentence_is_not_found(self) -> None:
        assert self.codes("受试者为男性，ALT和CTCAE分级于2014年5月1日未报告。") == []


class TestPdf:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("sources", [False, True])
    def test_holds_every_sentence_and_is_tagged(self, language: str, *, sources: bool) -> None:
        case = report(narrative="First line.\nSecond line: 😀 שלום " + "漢" * 3000 + "W" * 900)
        narrative = tell(case, follow_up(), language=language, since=(1, state_of(case)))

        made = render_pdf(narrative, made_at=datetime(2026, 4, 1, tzinfo=UTC), sources=sources)

        reader = PdfReader(BytesIO(made))
        text = "\n".join(page.extract_text() for page in reader.pages)
        lines = [
            (part.name, line)
            for part in narrative.paragraphs
            for sentence in part.sentences
            for line in (part.title, *sentence.text.splitlines())
        ]
        assert len(reader.pages) > 1
        assert list(find_lost(lines, text)) == []
        assert ("report/1.received" in text) is sources
        assert bool(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])  # type: ignore[index]
