"""
What stands in which box of the MedWatch 3500A, and what its PDF holds.

Expected words are written by hand from the facts of the reports, by FDA's form instructions.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from reports.cioms import POLICIES
from reports.medwatch import (
    MedwatchForm,
    build_medwatch,
    find_lost_text,
    render_pdf,
    validate_medwatch,
)
from reports.medwatch.layout import HEIGHT, WIDTH, lay_out
from reports.medwatch.model import load_edition
from safety.case import Report
from tests.support.reports import decision, follow_up, nullification, report
from tests.unit.reports.narrative.cases import (
    answer,
    day,
    drug,
    reaction,
    state_of,
    steps_of,
    study_case,
)

MADE_AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def fill(*reports: Report, **options: Any) -> MedwatchForm:
    return build_medwatch(
        "CASE-1",
        len(reports),
        steps_of(*reports),
        made_at=MADE_AT,
        half_life_hours=(25, 48),
        knowledge="known",
        **options,
    )


def lines(form: MedwatchForm, number: str) -> list[str]:
    return [line.text for line in form.boxes[number].lines]


def ticked(form: MedwatchForm, number: str) -> list[str]:
    return [tick.label for tick in form.boxes[number].ticks if tick.ticked]


def pages(form: MedwatchForm) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(render_pdf(form))).pages]


class TestBoxes:
    def test_a_study_case_fills_the_boxes_of_the_form(self) -> None:
        form = fill(study_case())

        assert lines(form, "A1") == ["WL", "Subject 01-001"]
        assert lines(form, "A2") == ["58 years"]
        assert lines(form, "A3") == ["male"]
        assert lines(form, "A4") == ["64 kg"]
        assert ticked(form, "B1") == ["Adverse Event"]
        assert ticked(form, "B2") == ["Hospitalization - initial or prolonged"]
        assert lines(form, "B3") == ["01-MAY-2014"]
        assert lines(form, "B4") == ["10-MAR-2026"]
        assert lines(form, "B5")[0].startswith('1) "Rash" [Rash]; serious (hospitalisation)')
        assert lines(form, "B6") == ["02-MAY-2014 ALT 230 U/L (normal 9 U/L to 50 U/L)"]
        assert lines(form, "B7")[0] == "chronic hepatitis B, from 2009, continuing"
        assert lines(form, "C1") == ["#1: sorafenib, Lot: EX1234, action taken: withdrawn"]
        assert lines(form, "C2") == ["amlodipine 5 mg, once daily, 2012 / UNK"]
        assert lines(form, "C3") == [
            "#1: 400 mg, twice daily",
            "#1: 400 mg, once daily",
            "#1: oral",
        ]
        assert lines(form, "C5") == ["#1: hepatocellular carcinoma"]
        assert ticked(form, "C9") == ["Yes"]
        assert ticked(form, "E2") == ["Yes"]
        assert ticked(form, "E3") == ["physician"]
        assert ticked(form, "E4") == []
        assert ticked(form, "G2") == ["Foreign", "Study", "Health Professional"]
        assert lines(form, "G3") == ["07-MAY-2014"]
        assert ticked(form, "G6") == ["Initial"]
        assert lines(form, "G7") == ["1) Rash"]
        assert lines(form, "G8") == ["CASE-1"]
        assert validate_medwatch(form, state_of(study_case())) == ()

    def test_a_death_has_its_day_and_what_cannot_apply_says_so(self) -> None:
        case = report(
            patient={"sex": "male", "death": {"date": day("2026-02-28"), "autopsy": False}},
            drugs=[drug()],
            reactions=[reaction(outcome="fatal", country="US")],
        )

        form = fill(case)

        assert ticked(form, "B2") == ["Death"]
        assert lines(form, "B2") == ["Date of death: 28-FEB-2026"]
        assert ticked(form, "C10") == ["Doesn't apply"]
        assert "Foreign" not in ticked(form, "G2")
        for number in ("D0", "F0", "H0"):
            assert lines(form, number) == ["Not applicable: the product is a drug."]

    def test_several_drugs_and_reactions_refer_to_each_other_by_number(self) -> None:
        case = report(
            drugs=[drug("d1"), drug("d2", "docetaxel", authorisation_number="NDA 020449")],
            reactions=[reaction("r1", "diarrhoea"), reaction("r2", "Rash")],
            relatedness=[answer("investigator", "yes")],
        )

        form = fill(case)

        assert [line[:3] for line in lines(form, "C1")] == ["#1:", "#2:"]
        assert lines(form, "G4") == ["#2: NDA 020449"]
        assert lines(form, "G7") == ["1) Diarrhea", "2) Rash"]
        assert [line[:9] for line in lines(form, "C9")] == [
            "#1 and 1)",
            "#1 and 2)",
            "#2 and 1)",
            "#2 and 2)",
        ]

    def test_a_follow_up_has_its_number_and_marks_what_is_new(self) -> None:
        later = follow_up(reactions=[{"reaction_id": "r1", "outcome": "recovered"}])

        form = fill(study_case(), later)

        assert ticked(form, "G6") == ["Follow-up # 1"]
        assert [line.new for line in form.boxes["B5"].lines][:1] == [True]
        assert [line.new for line in form.boxes["C1"].lines] == [False]

    def test_it_is_a_draft_until_approved_and_void_once_nullified(self) -> None:
        assert fill(study_case()).watermark == "DRAFT"
        assert fill(report(), decision("d1", {"kind": "approve"})).watermark == ""
        assert "NULLIFIED" in fill(report(), nullification()).watermark


class TestMasking:
    @pytest.mark.parametrize(
        ("policy", "initials", "born"),
        [
            ("internal", "WL", "05-MAY-1956"),
            ("partner", "PRIVACY", "1956"),
            ("strict", "PRIVACY", "PRIVACY"),
        ],
    )
    def test_a_policy_withholds_in_its_box_and_in_free_text(
        self, policy: str, initials: str, born: str
    ) -> None:
        case = report(
            reporters=[
                {"reporter_id": "1", "qualification": "physician", "family_name": "Lindqvist"}
            ],
            patient={"initials": "WL", "sex": "male", "birth_date": day("1956-05-05")},
            narrative="Seen by Lindqvist; born 5 May 1956.",
        )

        form = fill(case, policy=POLICIES[policy])

        assert lines(form, "A1")[0] == initials
        assert lines(form, "A2")[-1] == f"Date of birth: {born}"
        assert ("Lindqvist" in "".join(lines(form, "B5"))) is (policy == "internal")
        assert validate_medwatch(form, state_of(case)) == ()


class TestValidate:
    def test_finds_a_death_without_its_tick(self) -> None:
        case = report(reactions=[reaction(outcome="fatal")])
        living = fill(report(reactions=[reaction(outcome="recovered")]))

        assert [f.code for f in validate_medwatch(living, state_of(case))] == ["death_not_ticked"]


class TestPdf:
    def test_two_sheets_hold_every_line_title_and_section(self) -> None:
        form = fill(study_case())

        read = pages(form)

        assert len(read) == 2
        assert find_lost_text(form, "\n".join(read)) == ()
        squeezed = "".join("\n".join(read).split())
        for title in (*load_edition().titles.values(), *load_edition().bands.values()):
            assert "".join(title.split()) in squeezed
        assert all("Mfr Report # CASE-1" in page for page in read)

    @pytest.mark.parametrize(
        "text",
        [
            "受试者出现手足皮肤反应，伴疼痛；入院治疗。" * 500,
            "αβγ é ü ñ žšč Жизнь 😀 שלום \x07 " * 60,
            "W" * 8_000,
            " ".join(f"word{number}" for number in range(10_600))[:100_000],
        ],
        ids=["chinese", "scripts", "nowhere to break", "a hundred thousand characters"],
    )
    def test_nothing_is_cut(self, text: str) -> None:
        form = fill(report(narrative=text, drugs=[drug(name=text[:900])]))

        read = pages(form)

        assert find_lost_text(form, "\n".join(read)) == ()
        assert "(continued on page 3)" in "\n".join(read[:2])
        assert "Mfr Report # CASE-1" in read[2]
        assert "B5. Describe Event or Problem (continued)" in "\n".join(read[2:])

    def test_equal_forms_give_equal_bytes_and_are_tagged(self) -> None:
        first, again = (render_pdf(fill(study_case())) for _ in range(2))
        root = PdfReader(BytesIO(first)).trailer["/Root"]

        assert first == again
        assert bool(root["/MarkInfo"]["/Marked"])  # type: ignore[index]

    def test_boxes_fill_the_sheet_without_overlap(self) -> None:
        for placed in lay_out():
            for number, x, y, width, height in placed:
                assert x + width <= WIDTH + 0.01, number
                assert y + height <= HEIGHT + 0.01, number
            for place, (_, x, y, width, height) in enumerate(placed):
                for _, left, top, wide, high in placed[place + 1 :]:
                    apart_x = x + width <= left + 0.01 or left + wide <= x + 0.01
                    apart_y = y + height <= top + 0.01 or top + high <= y + 0.01
                    assert apart_x or apart_y
