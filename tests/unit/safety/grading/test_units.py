"""Units: which spellings are known, and conversion factors counted by hand."""

from decimal import Decimal
from importlib.resources import files

import pytest

from safety.errors import KnowledgeError
from safety.grading.units import build_units, fold_unit, load_units

SHIPPED = (files("safety.grading") / "data" / "laboratory-units.toml").read_text(encoding="utf-8")


class TestFoldUnit:
    @pytest.mark.parametrize(
        ("written", "folded"),
        [
            ("MG/DL", "mg/dl"),
            (" mmol / L ", "mmol/l"),
            ("µmol/L", "umol/l"),  # micro sign
            ("μmol/L", "umol/l"),  # Greek letter
            ("×10⁹/L", "x10^9/l"),
            ("10**9/L", "10^9/l"),
            ("10*9/L", "10^9/l"),  # UCUM
            ("cells/mm³", "cells/mm^3"),
        ],
    )
    def test_spelling_is_no_difference(self, written: str, folded: str) -> None:
        assert fold_unit(written) == folded


class TestUnitOf:
    @pytest.mark.parametrize(
        ("analyte", "written", "unit"),
        [
            ("hemoglobin", "G/L", "g/L"),
            ("platelets", "G/L", "10^9/L"),  # giga
            ("platelets", "10⁹/L", "10^9/L"),
            ("platelets", "K/uL", "10^3/uL"),
            ("lymphocytes", "cells/mm³", "/mm3"),
            ("lymphocytes", "1/uL", "/mm3"),
            ("cholesterol", "Mmol/L", "mmol/L"),
            ("urate", "µmol/L", "umol/L"),
            ("potassium", "mEq/L", "mEq/L"),
            ("INR", "", "INR"),
        ],
    )
    def test_a_unit_in_which_the_analyte_is_reported_is_known(
        self, analyte: str, written: str, unit: str
    ) -> None:
        assert load_units().analytes[analyte].unit_of(written) == unit

    @pytest.mark.parametrize(
        ("analyte", "written"),
        [
            ("hemoglobin", "g/cL"),
            ("lymphocytes", "10^8/L"),
            ("cholesterol", "umol/L"),
            ("calcium", "mEq/L"),  # two charges an ion
            ("white blood cells", "10^9/M"),
            ("glucose", ""),
            ("glucose", "mg/dL" + " " * 40),
        ],
    )
    def test_any_other_is_unknown(self, analyte: str, written: str) -> None:
        assert load_units().analytes[analyte].unit_of(written) is None

    def test_no_unit_is_not_a_unit(self) -> None:
        assert load_units().analytes["glucose"].unit_of(None) is None


class TestFactor:
    @pytest.mark.parametrize(
        ("analyte", "unit", "into", "factor"),
        [
            ("hemoglobin", "g/dL", "g/L", "10"),
            ("fibrinogen", "g/L", "mg/dL", "100"),
            ("platelets", "10^3/uL", "10^9/L", "1"),
            ("platelets", "10^3/mL", "10^9/L", "0.001"),
            ("platelets", "10^9/L", "/mm3", "1000"),
            ("lymphocytes", "10^6/L", "/mm3", "1"),
            ("urate", "umol/L", "mmol/L", "0.001"),
            ("sodium", "mEq/L", "mmol/L", "1"),
            # 1 mg/dL is 10 mg/L; 10 mg/L by 40 mg/mmol is 0.25 mmol/L
            ("calcium, ionized", "mg/dL", "mmol/L", "0.25"),
        ],
    )
    def test_is_exact(self, analyte: str, unit: str, into: str, factor: str) -> None:
        units = load_units()

        assert units.factor(units.analytes[analyte], unit, into) == Decimal(factor)

    def test_without_a_molar_mass_a_mass_is_no_amount_of_substance(self) -> None:
        units = load_units()

        assert units.factor(units.analytes["glucose"], "mg/dL", "mmol/L") is None
        assert not units.same_dimension("mg/dL", "mmol/L")

    def test_figures_without_a_dimension_are_not_converted(self) -> None:
        units = load_units()

        assert units.factor(units.analytes["INR"], "INR", "pH") is None
        assert units.factor(units.analytes["INR"], "INR", "INR") == 1


class TestBuildUnits:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('unit = "g/dL"\nquantity', 'unit = "g/L"\nquantity', "unit 'g/L' is stated twice"),
            (
                'analyte = "urate"',
                'analyte = "glucose"',
                "analyte 'glucose' is stated twice",
            ),
            ('"gm/dL"', '"g/L"', "'g/L' is two units of 'hemoglobin'"),
            ('units = ["INR"]', 'units = ["furlong"]', "missing or unknown: 'furlong'"),
        ],
    )
    def test_a_faulty_row_is_named(self, old: str, new: str, fault: str) -> None:
        assert old in SHIPPED

        with pytest.raises(KnowledgeError, match=fault):
            build_units(SHIPPED.replace(old, new))
