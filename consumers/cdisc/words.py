"""
Which of our words does a word of CDISC controlled terminology stand for?

Source: CDISC SDTM Controlled Terminology, code lists OUT (C66768), ACN (C66767), AESEV (C66769),
FREQ (C71113), NCOMPLT (C66727), and the variants that sponsors write. A word that is not here is
not guessed: the field stays empty, and a finding says so.
"""

import re

OUTCOMES = {
    "FATAL": "fatal",
    "DEATH": "fatal",
    "DIED": "fatal",
    "NOT RECOVERED/NOT RESOLVED": "not_recovered",
    "NOT RECOVERED": "not_recovered",
    "NOT RESOLVED": "not_recovered",
    "UNRESOLVED": "not_recovered",
    "ONGOING": "not_recovered",
    "RECOVERED/RESOLVED": "recovered",
    "RECOVERED": "recovered",
    "RESOLVED": "recovered",
    "RECOVERED/RESOLVED WITH SEQUELAE": "recovered_with_sequelae",
    "RECOVERED WITH SEQUELAE": "recovered_with_sequelae",
    "RESOLVED WITH SEQUELAE": "recovered_with_sequelae",
    "RECOVERING/RESOLVING": "recovering",
    "RECOVERING": "recovering",
    "RESOLVING": "recovering",
    "IMPROVING": "recovering",
    "UNKNOWN": "unknown",
}

ACTIONS = {
    "DRUG WITHDRAWN": "withdrawn",
    "DRUG DISCONTINUED": "withdrawn",
    "PERMANENTLY DISCONTINUED": "withdrawn",
    "DOSE REDUCED": "dose_reduced",
    "DOSE RATE REDUCED": "dose_reduced",
    "DOSE INCREASED": "dose_increased",
    "DOSE NOT CHANGED": "dose_not_changed",
    "NONE": "dose_not_changed",
    "DRUG INTERRUPTED": "interrupted",
    "DOSE INTERRUPTED": "interrupted",
    "NOT APPLICABLE": "not_applicable",
    "NOT EVALUABLE": "unknown",
    "UNKNOWN": "unknown",
}

SEVERITIES = {
    "MILD": "mild",
    "MODERATE": "moderate",
    "SEVERE": "severe",
    "LIFE THREATENING": "life_threatening",
    "LIFE-THREATENING": "life_threatening",
    "FATAL": "fatal",
    "DEATH": "fatal",
}

SEXES = {"M": "male", "MALE": "male", "F": "female", "FEMALE": "female"}

AGE_UNITS = {"YEARS": "a", "MONTHS": "mo", "WEEKS": "wk", "DAYS": "d", "HOURS": "h"}

# Administrations a day, and every how many days; None: not a regular schedule.
FREQUENCIES: dict[str, tuple[int, int]] = {
    "QD": (1, 1),
    "DAILY": (1, 1),
    "ONCE DAILY": (1, 1),
    "QAM": (1, 1),
    "QPM": (1, 1),
    "QHS": (1, 1),
    "Q24H": (1, 1),
    "BID": (2, 1),
    "TWICE DAILY": (2, 1),
    "Q12H": (2, 1),
    "TID": (3, 1),
    "Q8H": (3, 1),
    "QID": (4, 1),
    "Q6H": (4, 1),
    "Q4H": (6, 1),
    "QOD": (1, 2),
    "EVERY OTHER DAY": (1, 2),
    "EVERY WEEK": (1, 7),
    "QW": (1, 7),
    "QS": (1, 7),
    "EVERY 2 WEEKS": (1, 14),
    "Q2W": (1, 14),
    "EVERY 3 WEEKS": (1, 21),
    "Q3W": (1, 21),
    "EVERY 4 WEEKS": (1, 28),
    "Q4W": (1, 28),
    "QM": (1, 28),
}

# Disposition: our status by the sponsor's coded word; another word of an ending is `discontinued`.
ENDINGS = {
    "COMPLETED": "completed",
    "DEATH": "dead",
    "DIED": "dead",
    "LOST TO FOLLOW-UP": "lost_to_follow_up",
    "LOST TO FOLLOW UP": "lost_to_follow_up",
}

NOT_CODED = frozenset(
    {"NO CODING AVAILABLE", "UNCODED", "NOT CODED", "UNCODABLE", "NO CODE AVAILABLE", "MISSING"}
)

NOT_AN_ARM = frozenset(
    {
        *("SCREEN FAILURE", "SCRNFAIL", "NOT ASSIGNED", "NOTASSGN", "NOT TREATED", "NOTTRT"),
        *("UNPLANNED TREATMENT", "UNPLAN", "UNASSIGNED"),
    }
)

# Why an exposure record changed or ended, by the words of EXADJ and DCSREAS.
_REASONS = (
    (r"ADVERSE|TOXIC", "adverse_event"),
    (r"PROGRESS|RELAPSE|RECURR", "progression"),
    (r"DEATH|DIED", "death"),
    (r"SUBJECT|PATIENT|CONSENT", "patient_wish"),
    (r"COMPLET|PLANNED|PROTOCOL", "planned"),
)

# What a subject died of, by the words of DTHCAT.
_CAUSES = (
    (r"ADVERSE|TOXIC", "adverse_event"),
    (r"PROGRESS|DISEASE|CANCER|TUMOU?R", "disease"),
    (r"UNKNOWN", "unknown"),
)

# What a time of ADTTE is to, by the words of PARAM, else by PARAMCD.
_ENDPOINTS = (
    (r"OVERALL SURVIVAL", r"OS|OSR|OSURV", "survival"),
    (r"PROGRESSION.FREE|TIME TO .*PROGRESSION", r"PFS|PFSINV|TTP|TTPROG", "progression"),
    (
        r"(DISEASE|RECURRENCE|RELAPSE|METASTASIS).FREE|TIME TO .*(RECURRENCE|RELAPSE)",
        r"I?DFS|RFS|DMFS|MFS|TTR|TTREC",
        "recurrence",
    ),
    (r"EVENT.FREE", r"EFS", "progression or recurrence"),
)
# Codes that some sponsors give to another time: TTR also to the response. PARAM must say it.
_AMBIGUOUS = frozenset({"TTR"})
# What is told beside the investigator's view of the first course of the disease.
_ANOTHER_COURSE = re.compile(r"INDEPENDENT|CENTRAL|BLINDED|\bI?IRC\b|BICR|PFS2|NEXT.LINE|SECOND")

_CANCER = re.compile(r"CANCER|ONCOLOG|CHEMO|RADIOTHER|ANTINEOPLAS|TUMOU?R", re.IGNORECASE)


def read_word(text: str | None, words: dict[str, str]) -> str | None:
    """Give our word for a cell; None where it is blank or not in the list."""
    return words.get(" ".join((text or "").upper().split()))


def read_reason(text: str) -> str:
    """Give our word for a reason told in words; `other` where none is near."""
    upper = text.upper()
    return next((ours for told, ours in _REASONS if re.search(told, upper)), "other")


def read_cause(text: str | None) -> str | None:
    """Give our category for a cause of death: `other` where none is near; None if none is told."""
    if text is None:
        return None
    upper = text.upper()
    return next((ours for told, ours in _CAUSES if re.search(told, upper)), "other")


def read_endpoint(code: str, parameter: str) -> str | None:
    """
    Give what a time to event is to: survival, progression, recurrence, or one of the last two.

    Returns:
        None where it is to something else, or was told by an independent committee beside the
        investigator: one course of the disease is told once.
    """
    code, words = code.upper(), parameter.upper()
    if _ANOTHER_COURSE.search(f"{code} {words}"):
        return None
    for told, codes, endpoint in _ENDPOINTS:
        if re.search(told, words):
            return endpoint
        if re.fullmatch(codes, code) and not (words and code in _AMBIGUOUS):
            return endpoint
    return None


def is_against_cancer(*texts: str | None) -> bool:
    """Whether a category or indication names treatment of cancer."""
    return any(_CANCER.search(text) for text in texts if text)
