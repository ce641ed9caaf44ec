"""Why does a laboratory result have the grade it has, or none? The codes, each with its meaning."""

from enum import StrEnum


class Reason(StrEnum):
    """
    The outcome of grading one result, as a code that a program can branch on.

    The first three come with a grade, all others without: what cannot be graded is not graded, and
    it is not normal either.
    """

    CRITERION_MET = "criterion_met"  # a published criterion is met, no graver one is
    AT_LEAST = (
        "at_least"  # one is met; a graver one lacks a limit or baseline, or the value is a bound
    )
    NO_CRITERION_MET = "no_criterion_met"  # grade 0: all were decided, none is met

    VALUE_MISSING = "value_missing"
    VALUE_MALFORMED = "value_malformed"  # no plain number that a laboratory can find
    BOUND_UNDECIDED = "bound_undecided"  # the value is a bound ("<0.5") that allows several grades
    NUMBER_MALFORMED = "number_malformed"  # of a limit, the baseline or the change
    TERM_NOT_A_LABORATORY_TERM = "term_not_a_laboratory_term"
    TERM_NOT_IN_VERSION = "term_not_in_version"
    NOT_GRADED_ON_VALUE_ALONE = "not_graded_on_value_alone"
    DIRECTION_MISMATCH = "direction_mismatch"  # the term is about the other direction
    DIRECTION_UNKNOWN = "direction_unknown"
    VERSION_UNKNOWN = "version_unknown"
    MISSING_UNIT = "missing_unit"
    UNKNOWN_UNIT = "unknown_unit"  # none of the units in which the analyte is reported
    MISSING_LIMIT = "missing_limit"
    MISSING_BASELINE = "missing_baseline"
