"""What keeps a narrative in the house: one fault at a time, put into a narrative that is right."""

from dataclasses import replace
from typing import Any

import pytest

from reports.narrative import Narrative, Sentence, validate_narrative
from safety.case import Report
from tests.support.reports import report
from tests.unit.reports.narrative.cases import day, drug, reaction, state_of, tell


def the_case() -> Report:
    return report(
        reporters=[
            {
                "reporter_id": "1",
                "qualification": "physician",
                "given_name": "明",
                "family_name": "李",
                "organisation": "Example Hospital",
                "middle_name": "An",
                "telephone": {"null": "MSK"},
            }
        ],
        drugs=[drug()],
        reactions=[reaction(onset=day("2026-02-27"), treatment="rest?")],
    )


def with_sentence(part: str, **changes: Any) -> Narrative:
    """Give a right narrative with one more sentence in one part."""
    right = Sentence("The weight was not reported.", ("absent/patient.weight_kg",))
    narrative = tell(the_case())
    parts = tuple(
        replace(one, sentences=(*one.sentences, replace(right, **changes)))
        if one.name == part
        else one
        for one in narrative.parts
    )
    return replace(narrative, parts=parts)


def codes(narrative: Narrative) -> list[str]:
    return [finding.code for finding in validate_narrative(narrative, state_of(the_case()))]


class TestValidateNarrative:
    def test_finds_nothing_in_a_right_narrative(self) -> None:
        assert codes(with_sentence("patient")) == []

    def test_the_parts_stand_in_their_order(self) -> None:
        narrative = tell(the_case())

        assert codes(replace(narrative, parts=narrative.parts[::-1])) == ["wrong_parts"]

    def test_no_part_is_empty(self) -> None:
        narrative = tell(the_case())
        empty = replace(narrative.parts[2], sentences=())

        findings = validate_narrative(
            replace(narrative, parts=(*narrative.parts[:2], empty, *narrative.parts[3:])),
            state_of(the_case()),
        )

        assert [(f.code, f.path) for f in findings] == [("empty_part", "narrative.history")]

    def test_every_sentence_names_a_source(self) -> None:
        assert codes(with_sentence("event", sources=())) == ["no_source"]

    @pytest.mark.parametrize(
        "source",
        [
            "patient.ethnicity",  # the case has no such fact
            "reactions/r7.outcome",
            "assessment/r1.day",  # nothing of that name was derived
            "absent/patient.sex",  # it is there
            "absent/reactions",
            "absent/reactions.onset",
        ],
    )
    def test_every_source_is_in_the_case(self, source: str) -> None:
        assert codes(with_sentence("event", sources=(source,))) == ["unknown_source"]

    @pytest.mark.parametrize(
        "source",
        ["patient.sex", "absent/tests", "absent/drugs/d1/doses.batch", "absent/patient.race"],
    )
    def test_a_source_is_a_fact_or_its_absence(self, source: str) -> None:
        assert codes(with_sentence("event", sources=(source,))) == []

    @pytest.mark.parametrize("text", ["It was told", 'It was "told"', "It was told,"])
    def test_every_sentence_ends(self, text: str) -> None:
        assert codes(with_sentence("event", text=text)) == ["no_full_stop"]

    @pytest.mark.parametrize(
        "text",
        [
            "The age was None.",
            "The age was null.",
            "The age was nan.",
            "The age was True.",
            "The age was {{ age }}.",
            "The age was {% age %}.",
            "The age was \ue0000\ue001.",
            "The age was ?.",
            "The age  was 5.",
            "The age was 5,, and known.",
        ],
    )
    def test_nothing_unresolved_shows(self, text: str) -> None:
        assert codes(with_sentence("patient", text=text)) == ["artefact"]

    @pytest.mark.parametrize("text", ["He fell in 2026-02.", "He fell on 2/27/2026."])
    def test_dates_are_not_bare_figures(self, text: str) -> None:
        assert "date_in_figures" in codes(with_sentence("event", text=text))

    def test_the_words_of_the_source_may_hold_anything(self) -> None:
        text = "The treatment was rest?."

        marked = with_sentence("event", text=text, verbatim=((18, 23),))

        assert codes(marked) == []
        assert codes(with_sentence("event", text=text)) == ["artefact"]

    @pytest.mark.parametrize("part", ["source", "patient", "history", "drug", "event", "outcome"])
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Unfortunately the man died.", "judgement_in_facts"),
            ("The man is ill.", "not_past_tense"),
            ("We asked for it.", "first_person"),
        ],
    )
    def test_facts_are_told_in_the_past_and_unjudged(self, part: str, text: str, code: str) -> None:
        assert codes(with_sentence(part, text=text)) == [code]

    @pytest.mark.parametrize("part", ["assessment", "comment"])
    def test_assessments_may_judge(self, part: str) -> None:
        assert codes(with_sentence(part, text="This is clearly related.")) == []

    @pytest.mark.parametrize(
        "text",
        [
            "He fell on 28-FEB-2026.",
            "He fell on 27-XYZ-2026.",
            "He fell in March 2027.",
            "He fell in 2025.",
            "他于2026年2月28日摔倒。",
            "他于2026年1月摔倒。",
        ],
    )
    def test_no_date_is_invented(self, text: str) -> None:
        assert codes(with_sentence("event", text=text)) == ["invented_date"]

    @pytest.mark.parametrize(
        "text",
        [
            "He fell on 27-FEB-2026.",
            "He fell in February 2026.",
            "He fell in 2026.",
            "It was received on 02-MAR-2026.",  # derived from the report
            "他于2026年2月27日摔倒。",
        ],
    )
    def test_dates_of_the_case_may_be_told_as_far_as_known(self, text: str) -> None:
        assert codes(with_sentence("event", text=text)) == []

    def test_no_words_are_put_into_the_mouth_of_the_source(self) -> None:
        marked = with_sentence("event", text='He said "never".', verbatim=((9, 14),))

        assert codes(marked) == ["not_verbatim"]

    @pytest.mark.parametrize("text", ["It was told by 李明.", "He lay in Example Hospital."])
    def test_nobody_is_named_in_any_part(self, text: str) -> None:
        assert codes(with_sentence("comment", text=text)) == ["name_of_person"]

    @pytest.mark.parametrize("text", ["It was told by a 李子.", "An event was told."])
    def test_what_is_too_short_to_be_told_from_a_word_is_no_name(self, text: str) -> None:
        assert codes(with_sentence("event", text=text)) == []

    def test_findings_hold_no_value(self) -> None:
        marked = with_sentence("event", text="李明 fell on 28-FEB-2026", sources=())

        findings = validate_narrative(marked, state_of(the_case()))

        assert len(findings) == 4
        assert not any(value in repr(findings) for value in ("李", "FEB", "2026"))
