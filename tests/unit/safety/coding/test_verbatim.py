"""From the reporter's words to a term; expected terms are chosen by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.coding.dictionary import load_dictionary
from safety.coding.verbatim import LONGEST_VERBATIM, Coding, CodingMethod, code_verbatim

DICTIONARY = load_dictionary()
NAMES = [term.name for term in DICTIONARY.terms] + [row.text for row in DICTIONARY.synonyms]
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def code(text: str) -> Coding:
    return code_verbatim(text, DICTIONARY)


class TestCodeVerbatim:
    def test_the_name_itself_is_exact(self) -> None:
        assert code(" Diarrhea ") == Coding(
            term="Diarrhea",
            code="10012727",
            soc="Gastrointestinal disorders",
            method=CodingMethod.EXACT,
            score=100.0,
            runners_up=(),
            dictionary=DICTIONARY.label,
            reason="the name itself",
            known_as="Diarrhea",
        )

    @pytest.mark.parametrize(
        "text",
        ["DIARRHOEA", "diarrhea grade 3", "Ｄｉａｒｒｈｅａ", "diarrhea (severe)", "Diarrhea:"],
    )
    def test_another_spelling_of_the_name_is_normalised(self, text: str) -> None:
        coding = code(text)

        assert (coding.term, coding.method) == ("Diarrhea", CodingMethod.NORMALISED)
        assert coding.score == 100.0

    @pytest.mark.parametrize(
        ("text", "term"),
        [
            ("HFSR", "Palmar-plantar erythrodysesthesia syndrome"),
            ("手足皮肤反应（3级）", "Palmar-plantar erythrodysesthesia syndrome"),
            ("ALT elevated", "Alanine aminotransferase increased"),
            ("转氨酶升高", "Transaminases increased"),
            ("食管胃底静脉曲张破裂出血", "Esophageal varices hemorrhage"),
            ("failure of the liver", "Hepatic failure"),
            ("no appetite", "Anorexia"),
            ("无尿", "Urine output decreased"),
        ],
    )
    def test_another_name_is_a_synonym(self, text: str, term: str) -> None:
        coding = code(text)

        assert (coding.term, coding.method) == (term, CodingMethod.SYNONYM)

    @pytest.mark.parametrize(
        ("text", "term", "score"),
        [
            ("HFSR (hand-foot skin reaction)", "Palmar-plantar erythrodysesthesia syndrome", 98),
            ("腹泻，3-4次/日", "Diarrhea", 100),
            ("low platelets 45x10^9/L", "Platelet count decreased", 98),
            ("diarrhoea 5 times/day", "Diarrhea", 98),
            ("worsening hypertension", "Hypertension", 95),
            ("疑似上消化道出血", "Upper gastrointestinal hemorrhage", 95),
            ("rash on the trunk", "Rash", 90),
        ],
    )
    def test_the_score_falls_with_what_is_left_aside(
        self, text: str, term: str, score: float
    ) -> None:
        coding = code(text)

        assert (coding.term, coding.score) == (term, score)

    @pytest.mark.parametrize("text", ["pain in the spleen", "infection of the foot", "背部出血"])
    def test_the_site_is_not_left_aside_where_it_makes_another_event(self, text: str) -> None:
        assert code(text).term not in {"Pain", "Infection", "Hemorrhage"}

    def test_a_misspelling_is_coded_with_the_runners_up(self) -> None:
        coding = code("hypotenson")

        assert (coding.term, coding.method) == ("Hypotension", CodingMethod.FUZZY)
        assert coding.score < 100
        assert "Hypertension" in {candidate.term for candidate in coding.runners_up}
        assert "Hypotension" not in {candidate.term for candidate in coding.runners_up}

    def test_below_the_threshold_the_nearest_are_offered(self) -> None:
        coding = code("hypetension")

        assert (coding.term, coding.code, coding.soc) == (None, None, None)
        assert (coding.method, coding.score) == (CodingMethod.UNCODED, 0.0)
        assert {c.term for c in coding.runners_up[:2]} == {"Hypertension", "Hypotension"}

    @pytest.mark.parametrize(
        "text",
        [
            "no diarrhoea",
            "无腹泻",
            "denies rash",
            "for hepatocellular carcinoma",
            "due to hepatocellular carcinoma treatment",
            "history of hypertension",
            "none",
        ],
    )
    def test_what_states_no_event_is_none(self, text: str) -> None:
        coding = code(text)

        assert coding.method is CodingMethod.NOT_AN_EVENT
        assert coding.term is None

    @pytest.mark.parametrize(
        ("text", "term"),
        [
            ("diarrhoea due to hepatocellular carcinoma treatment", "Diarrhea"),
            ("fatigue following treatment for HCC", "Fatigue"),
        ],
    )
    def test_the_disorder_whose_treatment_is_blamed_is_no_event(self, text: str, term: str) -> None:
        coding = code(text)

        assert (coding.term, coding.parts) == (term, ())

    @pytest.mark.parametrize(
        "text",
        ["nausea and vomiting", "恶心、呕吐", "恶心呕吐", "nausea; vomiting", "nausea, vomiting"],
    )
    def test_two_events_in_one_verbatim_are_left_to_be_split(self, text: str) -> None:
        coding = code(text)

        assert coding.method is CodingMethod.UNCODED
        assert {candidate.term for candidate in coding.runners_up} == {"Nausea", "Vomiting"}
        assert "split it" in coding.reason

    @pytest.mark.parametrize(
        ("text", "terms"),
        [
            ("恶心呕吐", ["Nausea", "Vomiting"]),
            ("恶心呕吐腹泻", ["Nausea", "Vomiting", "Diarrhea"]),
            ("恶心呕吐、腹泻", ["Nausea", "Vomiting", "Diarrhea"]),
            ("skin rash and itching", ["Rash", "Pruritus"]),
            ("nausea/vomiting", ["Nausea", "Vomiting"]),
            ("nausea, vomiting and diarrhoea", ["Nausea", "Vomiting", "Diarrhea"]),
            ("nausea; feels funny", ["Nausea", None]),
            ("nausea and vomiting and feels funny", ["Nausea", "Vomiting", None]),
            ("nausea; vomiting; nausea", ["Nausea", "Vomiting"]),
            ("pt c/o nausea & vomiting", ["Nausea", "Vomiting"]),
        ],
    )
    def test_the_parts_of_a_verbatim_are_its_events_each_coded_by_itself(
        self, text: str, terms: list[str | None]
    ) -> None:
        assert [part.term for part in code(text).parts] == terms

    @pytest.mark.parametrize("text", ["nausea", "asthenia/weakness", "pain in the spleen", ""])
    def test_one_event_has_no_parts(self, text: str) -> None:
        assert code(text).parts == ()

    @pytest.mark.parametrize(
        ("text", "term"),
        [
            ("gr 3 HFSR b/l palms", "Palmar-plantar erythrodysesthesia syndrome"),
            ("B/L lower limb edema", "Edema limbs"),
            ("pt c/o nausea", "Nausea"),
        ],
    )
    def test_an_abbreviation_with_a_stroke_is_no_list_of_events(self, text: str, term: str) -> None:
        assert code(text).term == term

    @pytest.mark.parametrize("text", ["no c/o nausea", "pt: no c/o nausea or vomiting"])
    def test_what_nobody_complained_of_is_no_event(self, text: str) -> None:
        assert code(text).method is CodingMethod.NOT_AN_EVENT

    @pytest.mark.parametrize("text", ["pt c/o no fever", "denies c/o fever", "c/o", "b/l"])
    def test_a_complaint_that_is_not_clear_is_left_to_a_person(self, text: str) -> None:
        assert code(text).method is CodingMethod.UNCODED

    @pytest.mark.parametrize("text", ["asthenia/weakness", "asthenia; weakness"])
    def test_two_names_of_one_event_are_one_event(self, text: str) -> None:
        assert code(text).term == "Asthenia"

    def test_an_event_beside_an_unclear_statement_is_left_to_a_person(self) -> None:
        coding = code("rash; feels funny")

        assert coding.method is CodingMethod.UNCODED
        assert coding.runners_up[0].term == "Rash"

    @pytest.mark.parametrize(
        "text",
        [
            "death due to hepatic failure",
            "肝衰竭死亡",
            "died of liver failure",
            "patient died, hepatic failure",
        ],
    )
    def test_death_is_an_outcome_where_the_cause_is_named(self, text: str) -> None:
        # regulatory facts 1.5: code the cause; death only if the cause is unknown
        assert code(text).term == "Hepatic failure"

    @pytest.mark.parametrize("text", ["", "   ", "...", "？"])
    def test_a_verbatim_without_a_word_is_uncoded(self, text: str) -> None:
        assert code(text).method is CodingMethod.UNCODED

    @pytest.mark.parametrize("text", ["grade 3", "3级", "severe", "BP 180/110"])
    def test_a_grade_or_measurement_alone_is_uncoded(self, text: str) -> None:
        assert code(text).method is CodingMethod.UNCODED

    def test_an_overlong_verbatim_is_uncoded_with_what_was_seen_in_it(self) -> None:
        coding = code(("patient had trouble; diarrhoea grade 2; " * 300)[:10_000])

        assert coding.method is CodingMethod.UNCODED
        assert str(LONGEST_VERBATIM) in coding.reason
        assert [candidate.term for candidate in coding.runners_up] == ["Diarrhea"]

    def test_ten_thousand_letters_without_a_break_are_uncoded(self) -> None:
        assert code("x" * 10_000).method is CodingMethod.UNCODED

    @given(st.text(max_size=400))
    def test_no_text_is_an_error_and_term_and_method_agree(self, text: str) -> None:
        coding = code(text)

        coded = coding.method not in {CodingMethod.UNCODED, CodingMethod.NOT_AN_EVENT}
        assert coded == (coding.term is not None) == (coding.code is not None)
        assert 0 <= coding.score <= 100
        assert not coding.parts or (coding.term is None and len(coding.parts) > 1)

    @given(st.sampled_from(NAMES), st.data())
    def test_case_width_and_space_never_change_the_term(
        self, name: str, data: st.DataObject
    ) -> None:
        variants = (
            name.upper(),
            name.lower(),
            name.translate(FULL_WIDTH),
            f"  {name}\t",
            name.replace(" ", "  "),
            name.replace(" ", "\u3000"),
        )
        variant = data.draw(st.sampled_from(variants))

        assert code(variant).term == code(name).term is not None

    def test_the_reason_never_repeats_the_verbatim(self) -> None:
        assert "zzsecret" not in code("zzsecret").reason
