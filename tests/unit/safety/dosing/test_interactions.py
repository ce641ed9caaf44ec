"""Interacting drugs of a case; classes from regulatory facts 4.5."""

from importlib.resources import files
from typing import Any

import pytest

from safety.dosing import check_interactions, find_interactions
from safety.dosing.interactions import build_interactions
from safety.errors import KnowledgeError
from safety.profiles import load_product
from tests.support.reports import fold_all, report

PRODUCT = load_product()
SHIPPED = (files("safety.dosing") / "data" / "interactions.toml").read_text(encoding="utf-8")
SORAFENIB = {"drug_id": "d1", "role": "suspect", "name": "多吉美"}


def other(name: str, drug_id: str = "d2", **fields: Any) -> dict[str, Any]:
    return {"drug_id": drug_id, "role": "concomitant", "name": name} | fields


def period(start: str, end: str | None = None) -> list[dict[str, Any]]:
    told: dict[str, Any] = {"dose_id": "1", "start": {"value": start, "precision": "day"}}
    return [told if end is None else told | {"end": {"value": end, "precision": "day"}}]


def rows(*drugs: dict[str, Any]) -> list[str]:
    state = fold_all(report(drugs=list(drugs), relatedness=None)).state
    return [found.row.id for found in find_interactions(state, PRODUCT)]


class TestFindInteractions:
    @pytest.mark.parametrize(
        ("name", "row"),
        [
            ("Rifampicin 600 mg", "CYP3A4-INDUCER"),
            ("St. John's wort", "CYP3A4-INDUCER"),
            ("利福平胶囊", "CYP3A4-INDUCER"),
            ("DEXAMETHASONE", "CYP3A4-INDUCER"),
            ("Neomycin sulfate", "GUT-FLORA"),
            ("Rifaximin 550 mg", "GUT-FLORA-OTHER"),
            ("利福昔明片", "GUT-FLORA-OTHER"),
            ("phenytoin sodium", "CYP3A4-INDUCER"),
            ("carbamazepine", "CYP3A4-INDUCER"),
            ("phenobarbital", "CYP3A4-INDUCER"),
            ("phenprocoumon", "COUMARIN"),
            ("warfarin sodium", "COUMARIN"),
            ("华法林钠片", "COUMARIN"),
            ("docetaxel", "TAXANE"),
            ("多西紫杉醇", "TAXANE"),
            ("irinotecan hydrochloride", "TOPOISOMERASE"),
            ("阿霉素", "ANTHRACYCLINE"),
            ("Capecitabine", "FLUOROPYRIMIDINE"),
            ("digoxin", "P-GLYCOPROTEIN"),
            ("amiodarone", "QT"),
        ],
    )
    def test_names_in_english_and_chinese(self, name: str, row: str) -> None:
        assert rows(SORAFENIB, other(name)) == [row]

    @pytest.mark.parametrize("name", ["ketoconazole", "aspirin", "warfarinoid", "entecavir"])
    def test_other_drugs_are_none(self, name: str) -> None:
        # ketoconazole: no relevant effect
        assert rows(SORAFENIB, other(name)) == []

    def test_a_substance_names_the_drug_too(self) -> None:
        drug = other("Marevan", substances=[{"substance_id": "s1", "name": "warfarin"}])

        assert rows(SORAFENIB, drug) == ["COUMARIN"]

    def test_paclitaxel_interacts_only_with_carboplatin(self) -> None:
        assert rows(SORAFENIB, other("paclitaxel")) == []
        assert rows(SORAFENIB, other("紫杉醇"), other("carboplatin", "d3")) == ["TAXANE-PLATINUM"]
        assert rows(SORAFENIB, other("多西紫杉醇"), other("卡铂", "d3")) == ["TAXANE"]

    def test_without_our_product_there_is_none(self) -> None:
        assert rows(other("warfarin")) == []

    def test_a_drug_that_was_not_given_is_none(self) -> None:
        assert rows(SORAFENIB, other("warfarin", role="not_administered")) == []


class TestCheckInteractions:
    @pytest.mark.parametrize(
        ("doses", "severity"),
        [
            (None, "query"),
            (period("2025-12-01"), "query"),
            (period("2025-12-01", "2026-01-01"), "query"),
            (period("2025-12-01", "2025-12-31"), "note"),
            (period("2026-02-02"), "note"),
            (period("2026-02-01"), "query"),
        ],
    )
    def test_one_surely_taken_at_another_time_is_a_note(
        self, doses: list[dict[str, Any]] | None, severity: str
    ) -> None:
        # ours: 1 January to 1 February 2026
        ours = SORAFENIB | {"doses": period("2026-01-01", "2026-02-01")}
        drug = other("warfarin") | ({} if doses is None else {"doses": doses})
        state = fold_all(report(drugs=[ours, drug], relatedness=None)).state
        (found,) = check_interactions(state, PRODUCT)

        assert (found.code, found.path, found.severity) == (
            "interaction",
            "drugs/d2.name",
            severity,
        )

    def test_the_message_names_the_row_and_never_the_drug(self) -> None:
        drugs = [SORAFENIB, other("digoxin")]
        (found,) = check_interactions(
            fold_all(report(drugs=drugs, relatedness=None)).state, PRODUCT
        )

        assert "(P-GLYCOPROTEIN, V)" in found.message
        assert "digoxin" not in found.message


class TestBuildInteractions:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('effect = "adds_risk"', 'effect = "bad"', "an effect is one of"),
            ('names = ["neomycin"', 'names = ["warfarin"', "two rows"),
        ],
    )
    def test_a_faulty_file_is_refused(self, old: str, new: str, fault: str) -> None:
        assert old in SHIPPED

        with pytest.raises(KnowledgeError, match=fault):
            build_interactions(SHIPPED.replace(old, new))
