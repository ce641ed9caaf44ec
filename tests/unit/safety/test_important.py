"""A user's list of important medical events. The terms are of the open dictionary."""

import pytest

from safety.assessment import assess_case
from safety.errors import KnowledgeError
from safety.important import ImportantTerms, parse_important_terms
from safety.knowledge import load_knowledge
from tests.support.reports import fold_all, reaction, report


def listed(text: str) -> ImportantTerms:
    return parse_important_terms("ime.csv", text)


class TestParseImportantTerms:
    @pytest.mark.parametrize(
        "text",
        [
            "Pulmonary embolism\nSepsis\n",
            "PT\nPulmonary embolism\n",
            "PT Code,PT Name,SOC Name\n10037377,Pulmonary embolism,Vascular disorders\n",
            "PT Code;PT Name\n10037377;Pulmonary embolism\n",
            "Code\tTerm\tComment\n10037377\tPulmonary embolism\tnew\n",
            "PULMONARY EMBOLISM\r\n",
        ],
    )
    def test_reads_lines_and_tables(self, text: str) -> None:
        assert listed(text).holds(None, "Pulmonary embolism")
        assert not listed(text).holds(None, "Diarrhea", "Comment", None)

    def test_codes_count_as_well(self) -> None:
        assert listed("PT Code,PT Name\n10037377,Embolism of lung\n").holds("10037377", None)
        assert listed("10037377\n").holds("10037377", "anything")

    def test_a_term_with_a_comma_stands_on_a_line_of_its_own(self) -> None:
        text = 'PT Name,PT Code\n"Colitis, ischaemic",10009895\n'

        assert listed(text).holds(None, "Colitis, ischaemic")

    @pytest.mark.parametrize("text", ["", "\n\n", "PT Code,PT Name\n"])
    def test_a_list_without_terms_is_refused(self, text: str) -> None:
        with pytest.raises(KnowledgeError, match=r"ime\.csv has no terms"):
            listed(text)


class TestFinding:
    @pytest.mark.parametrize(
        ("seriousness", "asked"), [(None, True), ({"hospitalisation": True}, False)]
    )
    def test_a_listed_term_without_a_criterion_is_a_query(
        self, seriousness: dict[str, bool] | None, *, asked: bool
    ) -> None:
        knowledge = load_knowledge(important=listed("Pulmonary embolism"))
        state = fold_all(report(reactions=reaction(seriousness=seriousness))).state

        (found,) = assess_case(state, knowledge).reactions

        assert ("important_medical_event" in [finding.code for finding in found.findings]) is asked
        assert found.seriousness.serious is (seriousness is not None)  # a query ticks nothing

    def test_the_list_is_part_of_the_knowledge(self) -> None:
        plain, with_list = load_knowledge(), load_knowledge(important=listed("Sepsis"))

        assert plain.digest != with_list.digest
        assert with_list.parts().keys() - plain.parts().keys() == {"important:ime.csv"}
