"""
Every fault that can be noted, made by one change to a file without faults.

The table of findings and this list of changes have to have the same codes.
"""

from collections.abc import Callable

import pytest

from schemas.icsr.findings import SENTENCES, Findings
from schemas.vocabulary import DrugRole
from tests.unit.schemas.icsr.faults import (
    BIRTH,
    DOSE,
    LARGER,
    LISTS,
    NARRATIVE,
    OUTCOME,
    ROWS,
    WEIGHT,
    observation,
)
from tests.unit.schemas.icsr.files import (
    GERMANY,
    STUDY,
    change,
    findings,
    kept,
    load_example,
    read_report,
)

# Told of E2B(R2) only; their tests are in `icsr2`.
OF_R2 = {"seriousness_of_the_case", "interval_not_even"}


class TestEveryFault:
    @pytest.mark.parametrize(("code", "element", "name", "old", "new"), ROWS)
    def test_is_found_where_it_is(
        self, code: str, element: str, name: str, old: str, new: str
    ) -> None:
        xml = load_example(name)
        assert (code, element) not in findings(read_report(xml))

        changed = change(xml, old, new)

        assert (code, element) in findings(read_report(changed))

    @pytest.mark.parametrize(("code", "element", "name", "fault"), LARGER)
    def test_that_takes_more_than_one_place_too(
        self, code: str, element: str, name: str, fault: Callable[[bytes], bytes]
    ) -> None:
        xml = load_example(name)
        assert (code, element) not in findings(read_report(xml))

        assert (code, element) in findings(read_report(fault(xml)))

    def test_has_its_change_here(self) -> None:
        assert {row[0] for row in (*ROWS, *LARGER)} == set(SENTENCES) - OF_R2

    @pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
    def test_is_said_in_one_sentence_of_one_line(self, sentence: str) -> None:
        assert sentence.endswith(".")
        assert len(sentence) <= 100


class TestWhatWasNotTaken:
    @pytest.mark.parametrize(
        ("old", "new", "content"),
        [
            (BIRTH, '<birthTime value="19580230"/>', ["19580230"]),
            (WEIGHT, WEIGHT.replace("kg", "g"), ["64.5", "g"]),
            (WEIGHT, WEIGHT.replace("64.5", "64,5"), ["64,5", "kg"]),
            (OUTCOME, OUTCOME.replace('"3"', '"8"'), ["8", f"{LISTS}11"]),
            (BIRTH, '<birthTime value="19580304" nullFlavor="MSK"/>', ["MSK"]),
            (DOSE, '<doseQuantity value="400"/>', ["400"]),
            ("<name>L.H.</name>", '<name nullFlavor="OTH"/>', ["OTH"]),
            ("<name>L.H.</name>", "<name>D.1</name>", ["D.1"]),
            ('<low value="20140506"/>', '<low value="20140506143059.5"/>', ["20140506143059.5"]),
        ],
    )
    def test_is_kept_word_for_word(self, old: str, new: str, content: list[str]) -> None:
        report = read_report(change(load_example(STUDY), old, new))

        assert kept(report) == content

    def test_a_second_role_of_a_drug_is_kept(self) -> None:
        row = (
            '<component typeCode="COMP"><causalityAssessment classCode="OBS" moodCode="EVN">'
            f'<code code="20" codeSystem="{LISTS}19"/>'
            f'<value xsi:type="CE" code="%s" codeSystem="{LISTS}13"/>'
        )
        rest = load_example(STUDY).decode().partition(row % 1)[2]
        rest = rest[: rest.index("</component>") + len("</component>")]
        xml = change(load_example(STUDY), row % 1 + rest, row % 1 + rest + row % 2 + rest)
        report = read_report(xml)

        assert [drug.role for drug in report.drugs or []] == [DrugRole.SUSPECT]
        assert ("repeated_id", "G.k.1[2]") in findings(report)
        assert kept(report)[:3] == ["20", f"{LISTS}19", "2"]

    def test_a_narrative_that_is_too_long_is_kept_in_pieces(self) -> None:
        long = NARRATIVE + "!" * 150_000
        report = read_report(change(load_example(STUDY), NARRATIVE, long))

        assert report.narrative is None
        assert "".join(kept(report)).startswith(long)
        assert all(len(piece) <= 100_000 for piece in kept(report))

    def test_seriousness_that_is_false_is_not_stated(self) -> None:
        false = observation("34", '<value xsi:type="BL" value="false"/>')
        stated = observation("34", '<value xsi:type="BL" nullFlavor="NI"/>')
        [reaction] = read_report(change(load_example(STUDY), stated, false)).reactions or []

        assert reaction.seriousness is not None
        assert reaction.seriousness.death is None

    def test_of_two_equal_ids_both_reactions_remain(self) -> None:
        xml = change(
            load_example(GERMANY),
            '<id root="51ec0e00-0000-4000-8000-000000000202"/><code',
            '<id root="51ec0e00-0000-4000-8000-000000000201"/><code',
        )

        keys = [reaction.reaction_id for reaction in read_report(xml).reactions or []]

        assert keys == [
            "51ec0e00-0000-4000-8000-000000000201",
            "51ec0e00-0000-4000-8000-000000000201.2",
        ]

    def test_a_reaction_without_id_is_named_by_its_position(self) -> None:
        xml = change(
            load_example(STUDY),
            '<id root="51ec0e00-0000-4000-8000-000000000101"/><code',
            "<code",
        )

        assert [reaction.reaction_id for reaction in read_report(xml).reactions or []] == ["r1"]


class TestFindings:
    def test_the_same_fault_at_the_same_place_is_noted_once(self) -> None:
        found = Findings()

        for _ in range(3):
            found.note("missing_drug", "G.k")
        found.note("missing_drug", "G.k[2]")

        assert [(one.code, one.path) for one in found.all()] == [
            ("missing_drug", "G.k"),
            ("missing_drug", "G.k[2]"),
        ]

    def test_no_finding_repeats_a_value(self) -> None:
        report = read_report(change(load_example(STUDY), BIRTH, '<birthTime value="1958-03-04"/>'))

        assert "1958" not in str(report.reading_findings)
