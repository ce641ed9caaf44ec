"""
What supports the reviewer of a case, through the whole pipeline.

Figures by hand; the example of liver injury follows regulatory facts 3.5: ALT 8 x ULN and bilirubin
2.9 x ULN on one day, ALP 1.1 x ULN.
"""

from typing import Any

from safety.alerts import Alert
from safety.case import Report
from safety.pipeline import Outcome, advance, begin
from safety.versions import Version
from tests.support.decisions import NOW, knowledge
from tests.support.reports import decision, follow_up, nullification, report

ALT = ("ALT", 412, 50)  # 8.24 x ULN
BILIRUBIN = ("Total bilirubin", 58.4, 20.5)  # 2.85 x ULN
ALP = ("Alkaline phosphatase", 140, 125)  # 1.12 x ULN


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def slips(*told: tuple[str, float, float], on: str = "2026-02-27") -> list[dict[str, Any]]:
    units = {"Total bilirubin": "umol/L"}
    return [
        {
            "test_id": f"{name}-{on}".replace(" ", "-"),
            "name": name,
            "date": day(on),
            "result": {"value": value, "unit": units.get(name, "U/L")},
            "high": {"value": limit, "unit": units.get(name, "U/L")},
        }
        for name, value, limit in told
    ]


def outcomes(*reports: Report) -> list[Outcome]:
    live = begin("EDC:16621-01-001-AE01")
    found = []
    for one in reports:
        found.append(advance(live, one, knowledge(), now=NOW))
        live = found[-1].case
    return found


def version(*reports: Report) -> Version:
    last = outcomes(*reports)[-1].version
    assert last is not None
    return last


def codes(found: Version) -> list[str]:
    return [finding["code"] for finding in found.findings]


def liver_alerts(outcome: Outcome) -> list[Alert]:
    return [alert for alert in outcome.alerts if alert.kind == "potential_hys_law"]


class TestLiver:
    def test_tests_of_a_case_that_look_like_hys_law_are_a_finding_and_an_alert(self) -> None:
        (only,) = outcomes(report(tests=slips(ALT, BILIRUBIN, ALP)))

        assert only.version is not None
        assert "potential_hys_law" in codes(only.version)
        liver = only.version.trace["clinical"]["liver"]
        assert (liver["met"], liver["criterion"], liver["pattern"]) == (
            True,
            "FDA-2009",
            "hepatocellular",
        )
        assert liver["peaks"] == {"ALP": "1.12", "ALT": "8.24", "TBL": "2.8488"}
        assert liver["r_value"] == "7.3571"  # 8.24 / 1.12
        (alert,) = liver_alerts(only)
        assert alert.case_id == "EDC:16621-01-001-AE01"

    def test_a_transaminase_alone_is_a_proposal_with_what_to_think_of_first(self) -> None:
        # 8.24 x ULN, the baseline unknown and taken as normal: interrupt, regulatory facts 3.5
        told = version(
            report(
                tests=slips(ALT),
                patient={
                    "sex": "male",
                    "history": [
                        {"history_id": "h1", "condition": {"text": "慢性乙型病毒性肝炎"}},
                        {
                            "history_id": "h2",
                            "condition": {"text": "TACE"},
                            "start": day("2026-02-20"),
                        },
                    ],
                },
            )
        )

        found = {f["code"]: f["path"] for f in told.findings if f["code"].startswith("liver_")}
        assert found == {
            "liver_interrupt": "tests/ALT-2026-02-27",
            "liver_tace": "patient/history/h2.condition.text",
            "liver_hbv": "patient/history/h1.condition.text",
        }
        (action,) = told.trace["clinical"]["liver"]["actions"]
        assert (action["row"], action["missing"]) == ("IQ-DILI-INTERRUPT-NORMAL", [])

    def test_a_symptom_among_the_reactions_decides_for_a_raised_baseline(self) -> None:
        # ALT 3 x ULN before treatment, 9 x under it: three times the baseline
        drug = {
            "drug_id": "d1",
            "role": "suspect",
            "name": "sorafenib",
            "doses": [{"dose_id": "1", "start": day("2026-02-01")}],
        }
        tests = [*slips(("ALT", 150, 50), on="2026-01-20"), *slips(("ALT", 450, 50))]
        nausea = [
            {
                "reaction_id": "r1",
                "term": {"text": "nausea", "language": "en"},
                "onset": day("2026-02-26"),
            }
        ]

        def asked(**changes: Any) -> bool:
            told = version(report(drugs=[drug], tests=tests, **changes))
            (only,) = [f for f in told.findings if f["code"] == "liver_interrupt"]
            return "whether there were symptoms" in only["message"]

        assert asked(reactions=nausea) is False
        assert asked() is True

    def test_it_alerts_once(self) -> None:
        again = follow_up("m2", tests=slips(ALT, BILIRUBIN, ALP, on="2026-03-05"))

        _, second = outcomes(report(tests=slips(ALT, BILIRUBIN, ALP)), again)

        assert liver_alerts(second) == []

    def test_both_rises_without_alp_ask_for_it(self) -> None:
        first, second = outcomes(
            report(tests=slips(ALT, BILIRUBIN)), follow_up("m2", tests=slips(ALP))
        )

        assert first.version is not None
        assert second.version is not None
        assert "hys_law_undecided" in codes(first.version)
        assert "ALP" in liver_alerts(first)[0].text
        assert "potential_hys_law" in codes(second.version)
        assert len(liver_alerts(second)) == 1

    def test_tests_before_the_first_dose_are_the_baseline(self) -> None:
        # ALT 4 x ULN before treatment; 8.24 x ULN is 2.06 x the baseline, bilirubin 1.9 x its own
        drug = {
            "drug_id": "d1",
            "role": "suspect",
            "name": "sorafenib",
            "doses": [{"dose_id": "1", "start": day("2026-02-01")}],
        }
        before = [
            ("ALT", 200, 50),
            ("Total bilirubin", 30.7, 20.5),
            ("Alkaline phosphatase", 120, 125),
        ]
        told = [
            *slips(*before, on="2026-01-10"),
            *slips(*before, on="2026-01-20"),
            *slips(ALT, BILIRUBIN, ALP),
        ]

        assert "potential_hys_law" not in codes(version(report(drugs=[drug], tests=told)))

    def test_a_case_without_our_product_or_tests_is_not_screened(self) -> None:
        other = [{"drug_id": "d1", "role": "suspect", "name": "aspirin"}]
        told = version(report(drugs=other, tests=slips(ALT, BILIRUBIN, ALP)))

        assert told.trace["clinical"]["liver"] is None
        assert version(report()).trace["clinical"]["liver"] is None

    def test_a_void_case_alerts_nobody(self) -> None:
        late = follow_up("m1", "2026-03-01", tests=slips(ALT, BILIRUBIN, ALP))

        _, _, last = outcomes(report(), nullification(), late)

        assert liver_alerts(last) == []


class TestDosesAndInteractions:
    def test_what_does_not_fit_the_label_is_a_finding(self) -> None:
        drugs = [
            {
                "drug_id": "d1",
                "role": "suspect",
                "name": "sorafenib",
                "doses": [
                    {
                        "dose_id": "1",
                        "dose": {"value": 300, "unit": "mg"},
                        "interval": {"value": 12, "unit": "h"},
                    }
                ],
            },
            {"drug_id": "d2", "role": "concomitant", "name": "warfarin"},
        ]

        found = version(report(drugs=drugs))

        # 600 mg a day is no dose of the label; warfarin is listed: regulatory facts 4.4 and 4.5
        assert {"dose_not_of_label", "interaction"} <= set(codes(found))

    def test_a_modification_below_the_label_is_a_finding(self) -> None:
        told = report(
            drugs=[
                {
                    "drug_id": "d1",
                    "role": "suspect",
                    "name": "sorafenib",
                    "action_taken": "dose_not_changed",
                }
            ],
            reactions=[
                {
                    "reaction_id": "r1",
                    "term": {"text": "Stevens-Johnson syndrome", "language": "en"},
                    "grade": {"grade": 3, "ctcae": "5.0"},
                    "seriousness": {"hospitalisation": True},
                }
            ],
        )

        assert "less_than_label" in codes(version(told))


class TestPairs:
    def test_are_stored_with_the_version_and_flat(self) -> None:
        drug = {
            "drug_id": "d1",
            "role": "suspect",
            "name": "sorafenib",
            "action_taken": "withdrawn",
            "doses": [
                {
                    "dose_id": "1",
                    "dose": {"value": 400, "unit": "mg"},
                    "interval": {"value": 12, "unit": "h"},
                    "start": day("2026-02-01"),
                    "end": day("2026-02-28"),
                }
            ],
        }

        found = version(report(drugs=[drug]))

        (pair,) = found.trace["clinical"]["pairs"]
        # onset 27 February, first dose 1 February, still taken, 2 x 400 mg
        assert (pair["from_first_dose"], pair["from_last_dose"]) == ([26, 26], [0, 0])
        assert pair["dose_at_onset"]["lowest_mg"] == "800"
        assert pair["proposal"]["category"] == "possible"
        (flat,) = found.pairs
        assert (flat["onset_days_least"], flat["onset_days_most"]) == (26, 26)
        assert flat["dose_at_onset_mg"] == "800"
        assert flat["causality_proposed"] == "possible"

    def test_of_drugs_that_are_not_suspect_hold_nothing_derived(self) -> None:
        drugs = [
            {"drug_id": "d1", "role": "suspect", "name": "sorafenib"},
            {"drug_id": "d2", "role": "concomitant", "name": "entecavir"},
        ]

        ours, other = version(report(drugs=drugs)).pairs

        assert ours["dechallenge"] == "unknown"
        assert other["dechallenge"] is None

    def test_a_proposal_is_nobodys_assessment(self) -> None:
        found = version(report(relatedness=None))

        assert found.pairs[0]["causality_proposed"] is not None
        assert found.events[0]["related_sponsor"] is None
        assert found.events[0]["related"] is None


NARANJO = {"kind": "answer_naranjo", "drug_id": "d1", "reaction_id": "r1"}
RUCAM = {"kind": "answer_rucam", "drug_id": "d1", "reaction_id": "r1"}


class TestForms:
    def form(self, *reports: Report) -> dict[str, Any]:
        (form,) = version(*reports).trace["clinical"]["forms"]
        assert isinstance(form, dict)
        return form

    def test_naranjo_is_scored_from_stored_answers(self) -> None:
        # 1 yes +1, 2 yes +2, 3 yes +1, 5 no +2, 10 yes +1: 7, probable (regulatory facts 3.2)
        answers = {"q1": "yes", "q2": "yes", "q3": "yes", "q5": "no", "q10": "yes"}

        form = self.form(report(), decision("d", {**NARANJO, "answers": answers}))

        assert (form["score"], form["category"]) == (7, "probable")

    def test_an_empty_naranjo_form_is_refused(self) -> None:
        told = version(report(), decision("d", {**NARANJO, "answers": {}}))

        (form,) = told.trace["clinical"]["forms"]
        assert form["score"] is None
        assert "question 2, 5" in form["refused"][0]
        assert "form_not_assessable" in codes(told)

    def test_a_form_filled_in_again_replaces_the_older_one(self) -> None:
        first = decision("d1", {**NARANJO, "answers": {"q2": "yes", "q5": "no", "q4": "yes"}})
        second = decision(
            "d2", {**NARANJO, "answers": {"q2": "yes", "q5": "yes"}}, day="2026-03-06"
        )

        assert self.form(report(), first, second)["score"] == 1  # +2 -1

    def test_a_form_about_a_drug_the_case_lacks_is_not_scored(self) -> None:
        stray = decision("d", {**NARANJO, "drug_id": "d9", "answers": {"q2": "yes", "q5": "no"}})

        assert version(report(), stray).trace["clinical"]["forms"] == []

    def test_rucam_takes_time_and_first_sample_from_the_case(self) -> None:
        drug = {
            "drug_id": "d1",
            "role": "suspect",
            "name": "sorafenib",
            "doses": [{"dose_id": "1", "start": day("2026-01-18")}],
        }
        # onset 40 days after the first dose +2; ALT down by half within 8 days +3; age 58 +1; no
        # alcohol 0; no other drug 0; all causes of group I out +1; labelled +2; no re-exposure 0
        answers = {
            "course": "half_in_8_days",
            "alcohol": False,
            "concomitant": "none",
            "causes": dict.fromkeys(
                ("hav", "hbv", "hcv", "hev", "imaging", "alcoholism", "hypotension"), "ruled_out"
            ),
            "hepatotoxicity": "labelled",
        }

        form = self.form(
            report(drugs=[drug], tests=slips(ALT, ALP)),
            decision("d", {**RUCAM, "answers": answers}),
        )

        assert (form["score"], form["category"]) == (9, "highly_probable")
        assert ["onset", 2, "suggestive"] in form["items"]

    def test_rucam_below_its_entry_criteria_is_refused(self) -> None:
        form = self.form(report(), decision("d", {**RUCAM, "answers": {}}))

        assert form["score"] is None
        assert "ALT and ALP of the first abnormal sample are not known" in form["refused"][0]
