"""Documents for programs: the same as the desk's, noted before they leave."""

import io

import pytest
from lxml import etree
from pypdf import PdfReader

from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.queue_row import QueueRow
from tests.unit.desk.web.api.conftest import Programs


class TestDocuments:
    def test_the_form_is_a_pdf_and_its_leaving_is_noted(
        self, program: Programs, store: SqlStore, first: QueueRow
    ) -> None:
        answer = program("processor").get(f"/cases/{first.ref}/documents/cioms.pdf")

        assert answer.status_code == 200
        assert (
            "SUSPECT ADVERSE REACTION"
            in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        )
        newest = audit_entries(store, case_id=first.case_id)[0]
        assert (newest.act, newest.details["by"]) == ("export", "api")

    def test_the_message_is_xml(self, program: Programs, first: QueueRow) -> None:
        answer = program("processor").get(f"/cases/{first.ref}/documents/e2b.xml?receiver=ich")

        assert answer.status_code == 200
        assert etree.QName(etree.fromstring(answer.content)).localname == "MCCI_IN200100UV01"

    @pytest.mark.parametrize(("language", "words"), [("en", "patient"), ("zh", "患者")])
    def test_the_narrative_names_the_fields_of_each_sentence(
        self, program: Programs, first: QueueRow, language: str, words: str
    ) -> None:
        told = program("viewer").get(f"/cases/{first.ref}/documents/narrative?language={language}")

        assert words in told.json()["text"]
        sentences = [s for part in told.json()["paragraphs"] for s in part["sentences"]]
        assert all(each["sources"] for each in sentences)

    @pytest.mark.parametrize(
        "path", ["cioms.pdf?policy=none", "e2b.xml?receiver=none", "narrative?language=la"]
    )
    def test_a_choice_that_there_is_not_is_a_problem(
        self, program: Programs, first: QueueRow, path: str
    ) -> None:
        answer = program("processor").get(f"/cases/{first.ref}/documents/{path}")

        assert answer.status_code == 422

    @pytest.mark.parametrize("name", ["cioms.pdf", "e2b.xml"])
    def test_a_viewer_takes_nothing_out(
        self, program: Programs, first: QueueRow, name: str
    ) -> None:
        answer = program("viewer").get(f"/cases/{first.ref}/documents/{name}")

        assert answer.status_code == 403
