"""
What is on a CIOMS I form: boxes of lines, and ticks.

Titles and order are those of the classic form (1991), which ends at box 25a; the extended variant
that many companies use adds weight, two seriousness ticks, reporter and remarks.
"""

from dataclasses import dataclass

from reports.paper.boxes import PrintedForm

VARIANTS = ("classic", "extended")
BANDS = {
    "I": "I. REACTION INFORMATION",
    "II": "II. SUSPECT DRUG(S) INFORMATION",
    "III": "III. CONCOMITANT DRUG(S) AND HISTORY",
    "IV": "IV. MANUFACTURER INFORMATION",
}
TITLES = {
    "1": "1. PATIENT INITIALS (first, last)",
    "1a": "1a. COUNTRY",
    "2": "2. DATE OF BIRTH",
    "2a": "2a. AGE",
    "3": "3. SEX",
    "3a": "3a. WEIGHT",
    "4-6": "4-6. REACTION ONSET",
    "8-12": "8-12. CHECK ALL APPROPRIATE TO ADVERSE REACTION",
    "7+13": "7 + 13. DESCRIBE REACTION(S) (including relevant tests/lab data)",
    "14": "14. SUSPECT DRUG(S) (include generic name)",
    "15": "15. DAILY DOSE(S)",
    "16": "16. ROUTE(S) OF ADMINISTRATION",
    "17": "17. INDICATION(S) FOR USE",
    "18": "18. THERAPY DATES (from/to)",
    "19": "19. THERAPY DURATION",
    "20": "20. DID REACTION ABATE AFTER STOPPING DRUG?",
    "21": "21. DID REACTION REAPPEAR AFTER REINTRODUCTION?",
    "22": "22. CONCOMITANT DRUG(S) AND DATES OF ADMINISTRATION"
    " (exclude those used to treat reaction)",
    "23": "23. OTHER RELEVANT HISTORY"
    " (e.g. diagnostics, allergies, pregnancy with last month of period, etc.)",
    "24a": "24a. NAME AND ADDRESS OF MANUFACTURER",
    "24": "ORIGINAL REPORT NO.",
    "24b": "24b. MFR CONTROL NO.",
    "24c": "24c. DATE RECEIVED BY MANUFACTURER",
    "24d": "24d. REPORT SOURCE",
    "date": "DATE OF THIS REPORT",
    "25a": "25a. REPORT TYPE",
    "25b": "25b. NAME AND ADDRESS OF REPORTER",
    "26": "26. REMARKS",
}
DATES = frozenset({"2", "4-6"})  # three lines: day, month, year
EXTENDED_ONLY = frozenset({"3a", "24", "25b", "26"})


@dataclass(frozen=True, slots=True)
class CiomsForm(PrintedForm):
    """The form of one version of a case; boxes are those of the variant."""

    variant: str

    def __repr__(self) -> str:
        return f"CiomsForm({self.case_id}, version {self.version})"
