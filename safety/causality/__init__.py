"""Did the drug cause it? Answers as given, their binary reading, and who decides."""

from safety.causality.answers import Relatedness, read_answer
from safety.causality.challenge import (
    DechallengeFinding,
    ReactionCourse,
    RechallengeFinding,
    check_rechallenge,
    derive_dechallenge,
    derive_rechallenge,
    derive_washout_days,
    read_course,
)
from safety.causality.days import DayCount, Days, count_days, parse_days
from safety.causality.dose_periods import Period, derive_daily_mg, read_doses, read_exposure
from safety.causality.evidence import Evidence, gather_evidence
from safety.causality.exposure import (
    Change,
    DoseAtOnset,
    ExposureHistory,
    count_from_first_dose,
    count_from_last_dose,
    derive_dose_at,
    derive_exposure,
    find_first_dose,
)
from safety.causality.naranjo import NaranjoNotAssessable, NaranjoScore, assess_naranjo
from safety.causality.parties import (
    Assessor,
    AssessorAnswer,
    Judgement,
    RelatednessAssessment,
    assess_relatedness,
    read_assessor,
)
from safety.causality.proposal import Argument, Proposal, propose_causality
from safety.causality.rucam import (
    LiverInjury,
    RucamNotAssessable,
    RucamScore,
    assess_rucam_cholestatic,
    assess_rucam_hepatocellular,
    derive_pattern,
)
from safety.causality.scales import Scale

__all__ = [
    "Argument",
    "Assessor",
    "AssessorAnswer",
    "Change",
    "DayCount",
    "Days",
    "DechallengeFinding",
    "DoseAtOnset",
    "Evidence",
    "ExposureHistory",
    "Judgement",
    "LiverInjury",
    "NaranjoNotAssessable",
    "NaranjoScore",
    "Period",
    "Proposal",
    "ReactionCourse",
    "RechallengeFinding",
    "Relatedness",
    "RelatednessAssessment",
    "RucamNotAssessable",
    "RucamScore",
    "Scale",
    "assess_naranjo",
    "assess_relatedness",
    "assess_rucam_cholestatic",
    "assess_rucam_hepatocellular",
    "check_rechallenge",
    "count_days",
    "count_from_first_dose",
    "count_from_last_dose",
    "derive_daily_mg",
    "derive_dechallenge",
    "derive_dose_at",
    "derive_exposure",
    "derive_pattern",
    "derive_rechallenge",
    "derive_washout_days",
    "find_first_dose",
    "gather_evidence",
    "parse_days",
    "propose_causality",
    "read_answer",
    "read_assessor",
    "read_course",
    "read_doses",
    "read_exposure",
]
