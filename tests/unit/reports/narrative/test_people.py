"""People in a narrative: what is told of patients, and that nobody is named."""

from reports.narrative import SubjectContext, validate_narrative
from tests.support.reports import report
from tests.unit.reports.narrative.cases import (
    amount,
    day,
    drug,
    part,
    reaction,
    state_of,
    study_case,
    tell,
)


class TestPeople:
    def test_chinese_words_stand_as_they_came_with_their_english_and_their_term(self) -> None:
        case = report(
            drugs=[drug(name="索拉非尼片")],
            reactions=[
                {
                    "reaction_id": "r1",
                    "term": {"text": "腹泻", "language": "zh"},
                    "english": "loose stools",
                    "onset": day("2026-02-27"),
                }
            ],
            narrative="受试者出现腹泻。",
        )

        narrative = tell(case)

        assert '"腹泻" ("loose stools") [Diarrhea]' in part(narrative, "event")
        assert '"受试者出现腹泻。"' in narrative.text
        assert "索拉非尼片" in part(narrative, "drug")
        assert validate_narrative(narrative, state_of(case)) == ()

    def test_a_child_exposed_through_a_parent(self) -> None:
        case = report(
            report_type="spontaneous",
            study=None,
            patient={"initials": {"null": "MSK"}, "age_group": "foetus", "sex": "female"},
            parent={
                "age": amount("31", "a"),
                "sex": "female",
                "last_menstrual_period": day("2026-01"),
                "history": [{"history_id": "h1", "condition": {"text": "asthma"}}],
            },
            drugs=[drug(gestation_at_exposure=amount("6", "wk"))],
            reactions=[reaction(text="miscarriage")],
        )

        narrative = tell(case)

        assert part(narrative, "patient") == (
            "The patient was a female foetus. The weight was not reported. The patient was "
            "exposed through a parent, who was a 31-year-old female."
        )
        assert part(narrative, "history") == (
            "The medical history was not reported. The medical history of the parent included "
            '"asthma". The last menstrual period of the parent began in January 2026. Concomitant '
            "medication was not reported."
        )
        assert "The gestation at the time of exposure to sorafenib was 6 weeks." in part(
            narrative, "drug"
        )
        assert validate_narrative(narrative, state_of(case)) == ()

    def test_history_holds_past_drugs_and_the_family(self) -> None:
        case = report(
            patient={
                "initials": "WL",
                "history": [
                    {
                        "history_id": "h1",
                        "condition": {"text": "diabetes"},
                        "family_history": True,
                        "comments": "mother",
                    },
                    {
                        "history_id": "h2",
                        "condition": {"text": "hypertension"},
                        "continuing": False,
                    },
                ],
                "past_drugs": [
                    {
                        "past_drug_id": "p1",
                        "name": "aspirin",
                        "end": day("2010"),
                        "reaction": {"text": "urticaria"},
                    }
                ],
                "history_text": "No alcohol.",
            }
        )

        assert part(tell(case), "history") == (
            'The medical history included "diabetes" (in the family; comment: "mother") and '
            '"hypertension" (not continuing). The further description of the medical history '
            'read: "No alcohol." Past drug treatment included aspirin (until 2010; with the '
            'reaction "urticaria"). Concomitant medication was not reported.'
        )

    def test_nobody_is_named(self) -> None:
        reporters = [
            {
                "reporter_id": "1",
                "qualification": "physician",
                "given_name": "Ludmila",
                "family_name": "Zhukovskaya",
                "organisation": "Example Hospital",
            }
        ]
        case = report(reporters=reporters)

        narrative = tell(case)

        for name in ("Ludmila", "Zhukovskaya", "Example Hospital", "WL"):
            assert name not in narrative.text
        assert validate_narrative(narrative, state_of(case)) == ()

    def test_the_subject_as_the_study_knows_it(self) -> None:
        context = SubjectContext(
            diagnosis="HCC",
            surgery_date=day("2013-12"),
            characteristics=(
                ("child pugh", "A"),
                ("bclc", "B"),
                ("hbv", "positive"),
                ("cirrhosis", "no"),
                ("residual disease", "none"),
                ("surgery to sorafenib", "81 d"),
            ),
            history=("cirrhosis", "varices"),
        )

        narrative = tell(study_case(), subject_context=context)

        assert part(narrative, "patient").endswith(
            'The diagnosis recorded by the study was "HCC". The resection took place in December '
            "2013. The characteristics recorded at baseline were Child-Pugh class A; Barcelona "
            "Clinic Liver Cancer (BCLC) stage B; hepatitis B virus (HBV) positive; no cirrhosis; "
            "residual disease: none; 81 days from surgery to sorafenib."
        )
        assert 'The study had recorded "cirrhosis" and "varices" in the medical history.' in part(
            narrative, "history"
        )
        assert validate_narrative(narrative, state_of(study_case())) == ()
