"""
Which rules fire for which case.

Expected rules and days are the vectors of the regulatory brief, section 1.6 (a
Chinese site of a non-interventional study).
Pulmonary embolism is unexpected and diarrhoea is expected: section 4.3.
"""

from typing import Any

import pytest

from safety.rulebooks import Duty
from tests.support.decisions import initial, obligations
from tests.support.reports import BASE, answers, reaction, report

UNEXPECTED = "Pulmonary embolism"
EXPECTED = "Diarrhoea"


def case(
    term: str,
    *,
    criteria: tuple[str, ...] = (),
    day: str = "2026-03-02",
    related: dict[str, str | None] | None = None,
    **changes: Any,
) -> dict[str, int]:
    told = reaction(
        term={"text": term, "language": "en"},
        seriousness=dict.fromkeys(criteria, True),
        outcome="fatal" if "death" in criteria else "unknown",
        onset={"value": day[:7], "precision": "month"},
    )
    views = related or {"investigator": "related", "sponsor": "related"}
    return initial(
        report(
            received_at=f"{day}T09:00:00+08:00",
            most_recent_information=day,
            reactions=told,
            relatedness=answers(**views),
            **changes,
        )
    )


class TestTodayInChina:
    def test_serious_related_unexpected(self) -> None:
        assert case(UNEXPECTED, criteria=("hospitalisation",)) == {
            "US-6": 15,
            "EU-4": 15,
            "CN-4": 15,
            "JP-4": 15,
            "UK-3": 15,
            "CA-4": 15,
        }

    def test_serious_related_expected(self) -> None:
        assert case(EXPECTED, criteria=("hospitalisation",)) == {
            "EU-4": 15,
            "CN-4": 15,
            "UK-3": 15,
        }

    def test_not_serious_related_expected(self) -> None:
        assert case(EXPECTED) == {"CN-6": 30}

    def test_serious_unrelated_for_both(self) -> None:
        views: dict[str, str | None] = {"investigator": "not related", "sponsor": "not related"}

        assert case(UNEXPECTED, criteria=("hospitalisation",), related=views) == {}

    def test_the_sponsor_does_not_overrule_the_investigator_outside_fda(self) -> None:
        views: dict[str, str | None] = {"investigator": "related", "sponsor": "not related"}

        assert case(UNEXPECTED, criteria=("hospitalisation",), related=views) == {
            "EU-4": 15,
            "CN-4": 15,
            "JP-4": 15,
            "UK-3": 15,
            "CA-4": 15,
        }

    def test_fatal_related_expected(self) -> None:
        # gastrointestinal haemorrhage: listed, and listed as possibly fatal
        fired = case("Gastrointestinal haemorrhage", criteria=("death",))

        assert fired == {"CN-5": 0, "EU-4": 15, "UK-3": 15}


class TestUnderTheLawOf2014:
    def test_serious_related_expected(self) -> None:
        fired = case(EXPECTED, criteria=("hospitalisation",), day="2014-05-06")

        assert fired == {"CN-H1a": 15, "EU-4": 15}

    def test_new_though_not_serious(self) -> None:
        assert case(UNEXPECTED, day="2014-05-06") == {"CN-H1a": 15}

    def test_known_and_not_serious(self) -> None:
        assert case(EXPECTED, day="2014-05-06") == {"CN-H1c": 30}


class TestTrial:
    def test_life_threatening_and_only_the_investigator_sees_a_relation(self) -> None:
        views: dict[str, str | None] = {"investigator": "related", "sponsor": "not related"}
        fired = case(
            UNEXPECTED,
            criteria=("life_threatening",),
            related=views,
            study={"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "01-001"},
        )

        # the brief's vector, and China's investigators and committees (row EC-1)
        assert fired == {"EU-1": 7, "CN-1": 7, "CN-EC1": 7, "JP-1": 7, "UK-1": 7, "CA-1": 7}


class TestOneReaction:
    def test_criteria_of_two_reactions_are_not_added_up(self) -> None:
        # serious but unrelated, and related but not serious: not a serious related case
        two = reaction(reaction_id="r1") + reaction(
            reaction_id="r2", term={"text": EXPECTED, "language": "en"}, seriousness=None
        )
        views = [
            {"drug_id": "d1", "reaction_id": key, "assessor": who, "result": result}
            for key, result in (("r1", "not related"), ("r2", "related"))
            for who in ("investigator", "sponsor")
        ]

        assert initial(report(reactions=two, relatedness=views)) == {"CN-6": 30}


class TestUnknown:
    @pytest.mark.parametrize("missing", [(), ("sponsor",), ("investigator", "sponsor")])
    def test_missing_causality_holds_a_conservative_clock(self, missing: tuple[str, ...]) -> None:
        views = {"investigator": "related", "sponsor": "related"} | dict.fromkeys(missing)
        told = obligations(report(relatedness=answers(**views) or None))
        fda = [o for o in told if o.rule_id == "US-6"]

        assert [o.days for o in fda] == [15]
        assert fda[0].decided is ("sponsor" not in missing)
        assert bool(fda[0].missing) is ("sponsor" in missing)

    def test_an_uncoded_term_is_taken_as_unexpected_and_says_so(self) -> None:
        strange = reaction(term={"text": "xqzv wplk", "language": "en"})
        (fda,) = [o for o in obligations(report(reactions=strange)) if o.rule_id == "US-6"]

        assert not fda.decided
        assert any("unexpected" in fact for fact in fda.missing)

    def test_a_fatal_outcome_without_the_criterion_holds_the_immediate_clock(self) -> None:
        told = reaction(seriousness=None, outcome="fatal")
        found = {o.rule_id: o.decided for o in obligations(report(reactions=told))}

        assert found["CN-5"] is False

    def test_a_case_that_is_not_valid_starts_no_clock(self) -> None:
        assert obligations(report(reporters=None)) == ()

    def test_a_case_without_our_product_starts_no_clock(self) -> None:
        other = [BASE["drugs"][0] | {"name": "entecavir"}]

        assert obligations(report(drugs=other)) == ()


class TestComputedVectors:
    @pytest.mark.parametrize(
        ("day", "country", "changes", "rule", "due"),
        [
            ("2026-02-20", "CN", {}, "EU-4", "2026-03-07"),  # a Saturday stays
            ("2024-02-20", "CN", {}, "EU-4", "2024-03-06"),  # leap day
            (
                "2026-12-24",
                "CN",
                {
                    "criteria": ("life_threatening",),
                    "study": {"study_id": "X-1", "study_type": "clinical_trial"},
                },
                "EU-1",
                "2026-12-31",  # holidays count
            ),
            ("2026-03-31", "CN", {"criteria": ()}, "CN-6", "2026-04-30"),  # end of month
            ("2026-01-15", "DE", {"criteria": ()}, "EU-5", "2026-04-15"),  # 90 days, not 3 months
            ("2014-05-06", "CN", {}, "CN-H1a", "2014-05-21"),  # the edition of its time
        ],
    )
    def test_the_vectors_of_the_brief(
        self, day: str, country: str, changes: dict[str, Any], rule: str, due: str
    ) -> None:
        """Section 1.6 of the regulatory brief, first table."""
        criteria = changes.get("criteria", ("hospitalisation",))
        study = {name: value for name, value in changes.items() if name == "study"}
        found = obligations(
            report(
                received_at=f"{day}T09:00:00+08:00",
                most_recent_information=day,
                reactions=reaction(
                    seriousness=dict.fromkeys(criteria, True), country=country, onset=None
                ),
                **study,
            )
        )

        assert {
            o.due.isoformat() for o in found if o.rule_id == rule and o.duty is Duty.INITIAL
        } == {due}


class TestDuties:
    def test_a_chinese_death_also_asks_for_an_investigation_report(self) -> None:
        told = reaction(seriousness={"death": True}, outcome="fatal")
        found = {
            (o.recipient, o.duty): o.due.isoformat()
            for o in obligations(report(reactions=told))
            if o.authority == "NMPA"
        }

        assert found == {
            ("CDR", Duty.INITIAL): "2026-03-02",
            ("CDR", Duty.INVESTIGATION): "2026-03-17",
            ("provincial_centre", Duty.INITIAL): "2026-03-02",
            ("provincial_centre", Duty.INVESTIGATION): "2026-03-17",
        }

    def test_a_fatal_susar_is_due_in_seven_days_and_complete_in_fifteen(self) -> None:
        # section 1.6: D0 2026-03-02, initial 2026-03-09, complete 2026-03-17
        told = reaction(seriousness={"death": True}, outcome="fatal")
        trial = {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "01-001"}
        found = {
            o.duty: o.due.isoformat()
            for o in obligations(report(reactions=told, study=trial))
            if o.authority == "EMA"
        }

        assert found == {Duty.INITIAL: "2026-03-09", Duty.COMPLETE: "2026-03-17"}

    def test_each_duty_names_rule_provision_and_arithmetic(self) -> None:
        (ema,) = [o for o in obligations(report()) if o.authority == "EMA"]

        assert ema.provision == "Directive 2001/83/EC, Article 107(3); GVP VI.C.3"
        assert ema.evidence == "V"
        assert ema.trigger == "test m1"
        assert ema.arithmetic == (
            "day zero 2026-03-02 (received: 2026-03-02T09:00:00+08:00 is 2026-03-02 in"
            " Asia/Shanghai) + 15 calendar days = 2026-03-17"
        )
