"""Every kind of PDF against veraPDF, which the industry checks PDF/A and PDF/UA with."""

import shutil
import subprocess
from pathlib import Path

import pytest

from reports.cioms import render_pdf as render_cioms
from reports.medwatch import render_pdf as render_medwatch
from reports.narrative import LANGUAGES
from reports.narrative import render_pdf as render_narrative
from safety.case import Report
from tests.support.reports import follow_up, report
from tests.unit.reports.cioms.reading import MADE_AT, fill
from tests.unit.reports.medwatch.test_medwatch import fill as fill_medwatch
from tests.unit.reports.narrative.cases import drug, tell

JARS = Path(__file__).parents[4] / "var/verapdf/libs"
VALIDATOR = Path(__file__).parents[3] / "verapdf/Validate.java"


@pytest.fixture
def jars() -> Path:
    if shutil.which("java") is None or not any(JARS.glob("validation-model-*.jar")):
        pytest.skip("needs Java and veraPDF: make test-pdf fetches it")
    return JARS


def hard_case() -> tuple[Report, ...]:
    """Give a case with letters of every kind and texts that overflow."""
    words = "受试者αβγ é žš Жизнь 😀 שלום \x07 office " * 400
    return report(narrative=words, drugs=[drug(name="药" * 300)]), follow_up(narrative=words[1:])


class TestPdfs:
    def test_all_are_pdf_a_2b_and_pdf_ua_1(self, jars: Path, tmp_path: Path) -> None:
        case = hard_case()
        made = {
            "cioms": render_cioms(fill(*case, variant="extended")),
            "landscape": render_cioms(fill(*case), "landscape"),
            "medwatch": render_medwatch(fill_medwatch(*case)),
            **{x: render_narrative(tell(*case, language=x), made_at=MADE_AT) for x in LANGUAGES},
        }
        for name, content in made.items():
            (tmp_path / f"{name}.pdf").write_bytes(content)

        done = subprocess.run(
            ["java", "-cp", f"{jars}/*", VALIDATOR, *sorted(tmp_path.iterdir())],
            check=False,
            capture_output=True,
            text=True,
        )

        found = done.stdout.splitlines()
        assert [line.split()[0] for line in found] == ["PASS"] * 2 * len(made), done.stdout
