"""`safety narrative`."""

from pathlib import Path

from tests.unit.desk.cli.conftest import INITIAL, Call, changed_copy

CASE = "SECURE-EDC:16621-03-012-AE04"


class TestNarrative:
    def test_tells_the_case_of_the_version_that_was_asked_for(self, ask: Call) -> None:
        first = ask("narrative", CASE, "--version", "1")
        second = ask("narrative", CASE)

        assert (first.code, second.code) == (0, 0)
        assert "pulmonary embolism" in first.out
        assert "Follow-up information" not in first.out
        assert "Follow-up information" in second.out

    def test_names_the_sources_of_each_sentence(self, ask: Call) -> None:
        lines = ask("narrative", CASE, "--sources").out.splitlines()
        place = next(i for i, line in enumerate(lines) if "58-year-old male" in line)

        assert lines[place + 1] == "    [patient.age, patient.sex]"

    def test_an_html_page_says_its_encoding(self, work: Call, tmp_path: Path) -> None:
        chinese = changed_copy(INITIAL, tmp_path / "zh.json", narrative="患者呼吸困难。")
        work("process", chinese)

        shown = work("narrative", CASE, "--html", "--out", tmp_path / "case.html")

        page = (tmp_path / "case.html").read_text(encoding="utf-8")
        assert shown.code == 0
        assert '<meta charset="utf-8">' in page
        assert "患者呼吸困难。" in page

    def test_quotes_what_the_study_recorded_of_the_subject(
        self, work: Call, tmp_path: Path
    ) -> None:
        enrolled = INITIAL.with_name("subject.enrolled.json")
        same = changed_copy(enrolled, tmp_path / "subject.json", subject_id="16621-03-012")
        text = same.read_text(encoding="utf-8")
        subject = text.partition('"subject":"')[2].partition('"')[0]
        same.write_text(text.replace(subject, "NCT01751763:16621-03-012"), encoding="utf-8")
        assert work("process", INITIAL, same, "--json").json["topics"]["pv.study-records"][
            "accepted"
        ]

        assert "recorded by the study" in work("narrative", CASE).out

    def test_writes_chinese_and_lists_what_changed_since_a_version(self, ask: Call) -> None:
        shown = ask("narrative", CASE, "--language", "zh", "--changes-since", "1")

        assert shown.code == 0
        assert "受试者为58岁男性。" in shown.out
        assert "自第1版以来的变更\n" in shown.out
        assert ask("narrative", CASE, "--version", "1", "--changes-since", "1").code == 2

    def test_writes_a_pdf(self, ask: Call, tmp_path: Path) -> None:
        shown = ask("narrative", CASE, "--pdf", "--out", tmp_path / "case.pdf")

        assert shown.code == 0
        assert (tmp_path / "case.pdf").read_bytes().startswith(b"%PDF-")

    def test_two_formats_at_once_are_wrong_usage(self, ask: Call) -> None:
        assert ask("narrative", CASE, "--html", "--json").code == 2

    def test_a_file_that_cannot_be_written_is_wrong_usage(self, ask: Call, tmp_path: Path) -> None:
        shown = ask("narrative", CASE, "--out", tmp_path / "no" / "case.txt")

        assert shown.code == 2
        assert "case.txt cannot be written" in shown.err
