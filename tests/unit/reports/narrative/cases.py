"""
Cases to tell of, with knowledge of five terms, so that expected texts are settled here.

The label of these tests lists diarrhoea and rash up to grade 3 and nothing else.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from reports.narrative import Narrative, build_narrative
from safety.assessment import assess_case
from safety.case import CaseState, Report
from safety.clinical import assess_clinical
from safety.coding import Synonym, Term, build_dictionary
from safety.deadlines import AssessedStep, assess_steps, last_told
from safety.expectedness.label import build_reference_safety_information
from safety.knowledge import Knowledge
from safety.profiles import load_product, load_studies
from tests.support.reports import fold_all, report

_LABEL = """
label_id = "label-T"
title = "a label for tests"
region = "EU"
disease_related = { terms = [] }
not_a_reaction = { terms = [] }

[[version]]
id = "2013-01"
valid_from = 2013-01-01
evidence = "V"

[[row]]
id = "diarrhoea"
concept = "Diarrhoea"
soc = "Gastrointestinal disorders"
frequency = "very common"
basis = "reaction"
terms = ["Diarrhea"]
fatal = "not_listed"
valid_from = 2013-01-01
evidence = { terms = "V" }

[[row]]
id = "rash"
concept = "Rash"
soc = "Skin and subcutaneous tissue disorders"
frequency = "very common"
basis = "reaction"
terms = ["Rash"]
fatal = "not_listed"
max_grade = 3
valid_from = 2013-01-01
evidence = { terms = "V" }
"""

_GRADES = frozenset({1, 2, 3, 4, 5})
_TERMS = (
    Term("Diarrhea", "X-1", "Gastrointestinal disorders", _GRADES, "own"),
    Term("Rash", "X-2", "Skin and subcutaneous tissue disorders", _GRADES, "own"),
    Term("Hepatic failure", "X-3", "Hepatobiliary disorders", _GRADES, "own"),
    Term("Alanine aminotransferase increased", "X-5", "Investigations", _GRADES - {5}, "own"),
    Term("Foetal loss", "X-4", "Pregnancy disorders", _GRADES, "own"),
)
_SYNONYMS = (
    Synonym("diarrhoea", "en", "Diarrhea", "spelling", "test"),
    Synonym("腹泻", "zh", "Diarrhea", "translation", "test"),
    Synonym("miscarriage", "en", "Foetal loss", "lay", "test"),
)


@cache
def knowledge() -> Knowledge:
    """Knowledge of five terms and one label."""
    dictionary = build_dictionary("test", "1", terms=_TERMS, synonyms=_SYNONYMS)
    label = build_reference_safety_information("eu-smpc.toml", {"eu-smpc.toml": _LABEL}, dictionary)
    return Knowledge(
        product=load_product(),
        studies=load_studies(),
        dictionary=dictionary,
        labels={"EU": label},
        rulebooks=(),
        digest="knowledge-of-the-tests",
    )


def steps_of(*reports: Report) -> tuple[AssessedStep, ...]:
    """Fold and assess reports."""
    steps = fold_all(*reports).steps
    return assess_steps(steps, (), lambda state: assess_case(state, knowledge()), lambda _: ())


def tell(*reports: Report, **options: Any) -> Narrative:
    """Build the narrative of a case from its reports."""
    steps = steps_of(*reports)
    clinical = assess_clinical(
        steps[-1].state, steps[-1].assessment, knowledge(), observed_until=last_told(steps)
    )
    return build_narrative("CASE-1", len(reports), steps, clinical=clinical, **options)


def state_of(*reports: Report) -> CaseState:
    """Give the state that the narrative of these reports is checked against."""
    return fold_all(*reports).state


def part(narrative: Narrative, name: str) -> str:
    """Give the text of one of the eight parts."""
    return next(narrative.text_of(one) for one in narrative.parts if one.name == name)


def day(value: str) -> dict[str, str]:
    """Give a partial date with the precision that its length shows."""
    return {"value": value, "precision": {4: "year", 7: "month", 10: "day"}[len(value)]}


def amount(value: str, unit: str) -> dict[str, str]:
    """Give a quantity."""
    return {"value": value, "unit": unit}


def reaction(reaction_id: str = "r1", text: str = "diarrhoea", **more: Any) -> dict[str, Any]:
    """Give a reaction in English words."""
    return {"reaction_id": reaction_id, "term": {"text": text, "language": "en"}, **more}


def drug(drug_id: str = "d1", name: str = "sorafenib", **more: Any) -> dict[str, Any]:
    """Give a suspect drug."""
    return {"drug_id": drug_id, "role": "suspect", "name": name, **more}


def dose(dose_id: str = "1", **more: Any) -> dict[str, Any]:
    """Give a dose period of 400 mg twice daily."""
    return {"dose_id": dose_id, "dose": amount("400", "mg"), "interval": amount("12", "h"), **more}


def answer(assessor: str, result: str, **more: Any) -> Mapping[str, Any]:
    """Give an answer about the first drug and the first reaction."""
    pair = {"drug_id": "d1", "reaction_id": "r1"}
    return {**pair, "assessor": assessor, "result": result, **more}


def study_case() -> Report:
    """Give a case of the study, told in full."""
    return report(
        received_at="2014-05-08T10:00:00+08:00",
        most_recent_information="2014-05-08",
        awareness=[{"channel": "site_monitor", "day": "2014-05-07"}],
        patient={
            "initials": "WL",
            "sex": "male",
            "age": amount("58", "a"),
            "weight_kg": "64",
            "height_cm": "168",
            "history": [
                {
                    "history_id": "h1",
                    "condition": {"text": "chronic hepatitis B"},
                    "start": day("2009"),
                    "continuing": True,
                }
            ],
        },
        drugs=[
            drug(
                doses=[
                    dose(
                        "1",
                        start=day("2014-03-03"),
                        end=day("2014-04-30"),
                        route="oral",
                        batch="EX1234",
                    ),
                    dose(
                        "2",
                        interval=amount("24", "h"),
                        start=day("2014-05-01"),
                        end=day("2014-05-06"),
                        route="oral",
                    ),
                ],
                indications=[{"indication_id": "i1", "term": {"text": "hepatocellular carcinoma"}}],
                action_taken="withdrawn",
            ),
            {
                "drug_id": "d2",
                "role": "concomitant",
                "name": "amlodipine",
                "doses": [
                    {
                        "dose_id": "1",
                        "dose": amount("5", "mg"),
                        "interval": amount("1", "d"),
                        "start": day("2012"),
                    }
                ],
            },
        ],
        reactions=[
            reaction(
                text="Rash",
                onset=day("2014-05-01"),
                outcome="recovering",
                grade={"grade": 3, "ctcae": "4.03"},
                seriousness={"hospitalisation": True},
                treatment="topical steroid",
            )
        ],
        tests=[
            {
                "test_id": "t1",
                "date": day("2014-05-02"),
                "name": "ALT",
                "result": amount("230", "U/L"),
                "low": amount("9", "U/L"),
                "high": amount("50", "U/L"),
            }
        ],
        relatedness=[
            answer("investigator", "Probable", method="WHO-UMC"),
            answer("sponsor", "Related"),
        ],
    )
