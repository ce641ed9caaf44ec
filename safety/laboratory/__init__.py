"""What do laboratory results say of a reaction? Tests by name, results of cases and studies."""

from safety.laboratory.compute import ComputedGrade, choose_version, compute_grade
from safety.laboratory.results import (
    Measurement,
    derive_baselines,
    parse_case_tests,
    read_case_tests,
    read_measurement,
)
from safety.laboratory.tests import LaboratoryTest, find_test, fold_test, load_tests

__all__ = [
    "ComputedGrade",
    "LaboratoryTest",
    "Measurement",
    "choose_version",
    "compute_grade",
    "derive_baselines",
    "find_test",
    "fold_test",
    "load_tests",
    "parse_case_tests",
    "read_case_tests",
    "read_measurement",
]
