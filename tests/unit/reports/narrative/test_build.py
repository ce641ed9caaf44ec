"""
Narratives of whole cases.

The expected texts were written by hand from the order and the style rules of CIOMS V and
ICH E3 12.3.2; days were counted on a calendar.
"""

from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader

from reports.narrative import (
    UnresolvedPlaceholderError,
    build_narrative,
    validate_narrative,
)
from reports.narrative import build as building
from reports.narrative.templates.scribe import open_templates
from safety.case import Report
from safety.intake import read_report
from schemas.parse import Message, parse_record
from schemas.topics import ADVERSE_EVENTS
from tests.support.reports import report
from tests.unit.reports.narrative.cases import (
    amount,
    answer,
    day,
    drug,
    reaction,
    state_of,
    steps_of,
    study_case,
    tell,
)

STUDY_CASE = """\
This serious solicited report from the non-interventional study NCT01751763 (SECURE) was received \
on 08-MAY-2014 from a physician in China. It concerned subject 01-001. The company was first aware \
of it on 07-MAY-2014.

The subject was a 58-year-old male. The weight was 64 kg and the height was 168 cm. The indication \
for sorafenib was "hepatocellular carcinoma".

The medical history included "chronic hepatitis B" (from 2009; continuing). Concomitant medication \
included amlodipine 5 mg once daily from 2012.

The suspect drug was sorafenib. The subject received sorafenib orally at a dose of 400 mg twice \
daily from 03-MAR-2014 to 30-APR-2014. This was followed by 400 mg once daily orally from \
01-MAY-2014 to 06-MAY-2014. The batch number of sorafenib was EX1234.

On 01-MAY-2014 (study day 60, day 1 being the day of the first dose of sorafenib) the subject \
experienced "Rash" [Rash] of Common Terminology Criteria for Adverse Events (CTCAE) version 4.03 \
grade 3. At the onset of "Rash" the dose of sorafenib was 400 mg once daily. The event "Rash" was \
treated with "topical steroid". On 02-MAY-2014 alanine aminotransferase (ALT) was 230 U/L \
(reference range 9 to 50 U/L).

Treatment with sorafenib was withdrawn. The event "Rash" abated after treatment with sorafenib was \
withdrawn. The subject was recovering from "Rash" at the last observation.

The event "Rash" was serious because it involved or prolonged inpatient hospitalisation. By doses, \
dates and outcome, the dechallenge with sorafenib was positive for the event "Rash", although \
treatment of the event might have explained the improvement as well. The investigator assessed the \
causal relationship of "Rash" to sorafenib as "Probable" (method: WHO-UMC). The sponsor assessed \
the causal relationship of "Rash" to sorafenib as "Related". For reporting, "Rash" was treated as \
related to sorafenib. The event "Rash" was expected under the reference safety information of the \
European Union (label-T, edition of 2013 as loaded).

Company comment: No comment was recorded."""


def consumer_case() -> Report:
    return report(
        report_type="spontaneous",
        study=None,
        reporters=[{"reporter_id": "1", "qualification": "consumer", "country": "DE"}],
        patient={"initials": {"null": "MSK"}, "sex": "female", "birth_date": day("1951")},
        drugs=[
            drug(
                doses=[
                    {"dose_id": "1", "text": "two tablets twice a day", "start": day("2015-11")}
                ],
                action_taken="unknown",
            )
        ],
        reactions=[
            reaction("r1", onset=day("2015")),
            reaction(
                "r2",
                "fainted",
                onset={"value": "2016-02-09T07:30+01:00", "precision": "minute"},
                end={"value": "2016-02-09T07:35+01:00", "precision": "minute"},
                outcome="recovered",
            ),
        ],
        relatedness=None,
    )


CONSUMER_CASE = """\
This non-serious spontaneous report was received on 02-MAR-2026 from a consumer in Germany.

The patient was female and born in 1951. The weight was not reported.

The medical history was not reported. Concomitant medication was not reported.

The suspect drug was sorafenib. The patient received sorafenib (described as "two tablets twice a \
day") from November 2015. The end date, batch number and indication of sorafenib were not reported.

In 2015 the patient experienced "diarrhoea" [Diarrhea]. On 09-FEB-2016 at 07:30 (UTC+01:00) the \
patient experienced "fainted" [not coded]. By the dates reported, the event "fainted" began 71 to \
100 days after the first dose of sorafenib.

The action taken with sorafenib was stated to be unknown. The outcome of "diarrhoea" was not \
reported. The patient recovered from "fainted" on 09-FEB-2016 at 07:35 (UTC+01:00).

The events "diarrhoea" and "fainted" were not serious, no criterion having been stated. An \
assessment of causality by the reporter was not reported for "diarrhoea" and "fainted". An \
assessment of causality by the sponsor was not reported for "diarrhoea" and "fainted". For \
reporting, "diarrhoea" and "fainted" were treated as related to sorafenib. The event "diarrhoea" \
was expected under the reference safety information of the European Union (label-T, edition of \
2013 as loaded). The event "fainted" was left to a reviewer under the reference safety information \
of the European Union (label-T, edition of 2013 as loaded) for want of a coded term to compare \
with the label.

Company comment: No comment was recorded."""


def fatal_case() -> Report:
    return report(
        patient={
            "initials": "WL",
            "sex": "male",
            "age": amount("80", "a"),
            "death": {
                "date": day("2026-02-28"),
                "autopsy": False,
                "reported_causes": [{"cause_id": "c1", "cause": {"text": "liver failure"}}],
            },
        },
        reactions=[
            reaction(
                text="Hepatic failure",
                onset=day("2026-02"),
                outcome="fatal",
                grade={"grade": 5, "ctcae": "unknown"},
                seriousness={"death": True, "hospitalisation": True},
            )
        ],
        relatedness=[answer("investigator", "可能")],
        narrative="He was found dead.",
        sender_comments="Progression is likely.",
    )


FATAL_CASE = """\
This serious solicited report from the non-interventional study NCT01751763 (SECURE) was received \
on 02-MAR-2026 from a physician in China. It concerned subject 01-001.

The subject was an 80-year-old male. The weight was not reported.

The medical history was not reported. Concomitant medication was not reported.

The suspect drug was sorafenib. The dose, start date, end date, batch number and indication of \
sorafenib were not reported.

In February 2026 the subject experienced "Hepatic failure" [Hepatic failure] of Common Terminology \
Criteria for Adverse Events (CTCAE) grade 5.

The case narrative of the report read: "He was found dead."

The subject died on 28-FEB-2026. The reported cause of death was "liver failure". An autopsy was \
not performed. The outcome of "Hepatic failure" was fatal. The action taken with sorafenib was not \
reported.

The event "Hepatic failure" was serious because it resulted in death and involved or prolonged \
inpatient hospitalisation. The investigator assessed the causal relationship of "Hepatic failure" \
to sorafenib as "可能". An assessment of causality by the sponsor was not reported for "Hepatic \
failure". For reporting, "Hepatic failure" was treated as related to sorafenib. The event \
"Hepatic failure" was unexpected under the reference safety information of the European Union \
(label-T, edition of 2013 as loaded).

Company comment: The sender commented: "Progression is likely.\""""


def bare_case() -> Report:
    return report(
        report_type="not_available",
        study=None,
        reporters=None,
        patient=None,
        drugs=None,
        reactions=None,
        relatedness=None,
    )


BARE_CASE = """\
This non-serious report whose type was not available to the sender was received on 02-MAR-2026. \
The reporter was not described.

The age, sex and weight were not reported.

The medical history was not reported. Concomitant medication was not reported.

The suspect drug was not reported.

No event was described.

The action taken and the outcome were not reported.

Seriousness, causality and expectedness were not assessed because there was no event to \
assess.

Company comment: No comment was recorded."""


EXAMPLES = sorted((files("schemas") / "examples").glob("adverse-event.*.json"))  # type: ignore[attr-defined]


class TestBuildNarrative:
    @pytest.mark.parametrize(
        ("case", "text"),
        [
            pytest.param(study_case(), STUDY_CASE, id="a study case"),
            pytest.param(consumer_case(), CONSUMER_CASE, id="a consumer's report, partial dates"),
            pytest.param(fatal_case(), FATAL_CASE, id="a death"),
            pytest.param(bare_case(), BARE_CASE, id="almost nothing known"),
        ],
    )
    def test_reads_as_written_by_hand(self, case: Report, text: str) -> None:
        narrative = tell(case)

        assert narrative.text == text
        assert validate_narrative(narrative, state_of(case)) == ()

    @pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
    def test_tells_every_example_of_the_contract(self, example: Path) -> None:
        message = parse_record(ADVERSE_EVENTS.name, example.read_bytes())[0]
        assert isinstance(message, Message)
        reports = (study_case(), read_report("example", message.data))

        narrative = tell(*reports)

        assert validate_narrative(narrative, state_of(*reports)) == ()

    def test_the_same_steps_give_the_same_narrative(self) -> None:
        assert tell(study_case()) == tell(study_case())

    def test_a_language_without_templates_stops_the_document(self) -> None:
        with pytest.raises(UnresolvedPlaceholderError, match="CASE-1: no template xx/source"):
            tell(study_case(), language="xx")

    @pytest.mark.parametrize(
        ("template", "why"),
        [
            ("{% sentence %}{{ nothing.there }}.{% endsentence %}", "'nothing' is undefined"),
            (
                "{% sentence %}{{ patient.words('ethnicity') }}.{% endsentence %}",
                "patient.ethnicity is not there",
            ),
            (
                "{% sentence %}{{ patient.fact('ethnicity') }}.{% endsentence %}",
                "patient.ethnicity is not there",
            ),
            ("{{ patient.words('sex') }}", "patient.sex is used outside of a sentence"),
            ("{% sentence %}{{ case.note('kind') }} {% endsentence %}", "a sentence is empty"),
            (
                "{% sentence %}{% sentence %}So.{% endsentence %}{% endsentence %}",
                "a sentence stands within a sentence",
            ),
        ],
    )
    def test_an_unresolved_placeholder_stops_the_document(
        self, monkeypatch: pytest.MonkeyPatch, template: str, why: str
    ) -> None:
        shipped = open_templates()
        faulty = shipped.overlay(
            loader=ChoiceLoader([DictLoader({"en/comment.j2": template}), shipped.loader]),  # type: ignore[list-item]
        )
        monkeypatch.setattr(building, "open_templates", lambda: faulty)

        with pytest.raises(UnresolvedPlaceholderError, match=r"en/comment\.j2") as caught:
            tell(study_case())

        assert why in str(caught.value)
        assert "male" not in str(caught.value)

    def test_a_kind_of_report_may_have_templates_of_its_own(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shipped = open_templates()
        own = "{% set title = 'Comment' %}{% sentence %}None.{{ case.note('x') }}{% endsentence %}"
        special = DictLoader({"en/spontaneous/comment.j2": own})
        loader = ChoiceLoader([special, shipped.loader])  # type: ignore[list-item]
        monkeypatch.setattr(building, "open_templates", lambda: shipped.overlay(loader=loader))

        assert tell(consumer_case()).company_comment.title == "Comment"
        assert tell(study_case()).company_comment.title == "Company comment"

    def test_keeps_the_digests_it_was_made_with(self) -> None:
        narrative = build_narrative("C", 3, steps_of(study_case()), knowledge="abc")

        assert (narrative.case_id, narrative.version, narrative.knowledge) == ("C", 3, "abc")
        assert len(narrative.template_version) == 64

    def test_the_source_narrative_is_left_out_on_request(self) -> None:
        narrative = tell(fatal_case(), include_source_narrative=False)

        assert narrative.source_words is None
        assert "found dead" not in narrative.text
