"""
The code lists of ICH E2B(R2) where they differ from R3, as values of the contract.

Source: ICH E2B(R2) data elements (A.2.1.4, B.1.2.2b, B.2.i.8, B.4.k.5, B.4.k.16) and ICH M2
specification 2.3, attachments on units and routes; whatever R2 shares with R3 stands in
`schemas.icsr.vocabulary`.
"""

from collections.abc import Mapping

from schemas.values import Explicit
from schemas.vocabulary import ActionTaken, AgeGroup, NullFlavor, Outcome, Rechallenge

# Format codes of dates: how many digits a date of that format has.
DATE_DIGITS: Mapping[str, int] = {"602": 4, "610": 6, "102": 8, "203": 12, "204": 14}

TIME_UNITS: Mapping[str, str] = {
    "800": "{decade}",
    "801": "a",
    "802": "mo",
    "803": "wk",
    "804": "d",
    "805": "h",
    "806": "min",
    "807": "s",
    "810": "{trimester}",
}
INTERVAL_UNITS: Mapping[str, str] = {
    **{code: unit for code, unit in TIME_UNITS.items() if code not in {"800", "807", "810"}},
    "810": "{cyclical}",
    "811": "{trimester}",
    "812": "{asnecessary}",
    "813": "{total}",
}
DOSE_UNITS: Mapping[str, str] = {
    "001": "kg",
    "002": "g",
    "003": "mg",
    "004": "ug",
    "005": "ng",
    "006": "pg",
    "007": "mg/kg",
    "008": "ug/kg",
    "009": "mg/m2",
    "010": "ug/m2",
    "011": "l",
    "012": "ml",
    "013": "ul",
    "014": "Bq",
    "015": "GBq",
    "016": "MBq",
    "017": "kBq",
    "018": "Ci",
    "019": "mCi",
    "020": "uCi",
    "021": "nCi",
    "022": "mol",
    "023": "mmol",
    "024": "umol",
    "025": "[iU]",
    "026": "k[iU]",
    "027": "M[iU]",
    "028": "[iU]/kg",
    "029": "meq",
    "030": "%",
    "031": "[drp]",
    "032": "{DF}",
}
HOURS: Mapping[str, int] = {"h": 1, "d": 24, "wk": 168}

AGE_GROUPS: Mapping[str, AgeGroup] = {
    "1": AgeGroup.NEONATE,
    "2": AgeGroup.INFANT,
    "3": AgeGroup.CHILD,
    "4": AgeGroup.ADOLESCENT,
    "5": AgeGroup.ADULT,
    "6": AgeGroup.ELDERLY,
}
OUTCOMES: Mapping[str, Outcome] = {
    "1": Outcome.RECOVERED,
    "2": Outcome.RECOVERING,
    "3": Outcome.NOT_RECOVERED,
    "4": Outcome.SEQUELAE,
    "5": Outcome.FATAL,
    "6": Outcome.UNKNOWN,
}
ACTIONS: Mapping[str, ActionTaken] = {
    "1": ActionTaken.WITHDRAWN,
    "2": ActionTaken.REDUCED,
    "3": ActionTaken.INCREASED,
    "4": ActionTaken.NOT_CHANGED,
    "5": ActionTaken.UNKNOWN,
    "6": ActionTaken.NOT_APPLICABLE,
}
RECHALLENGES: Mapping[str, Rechallenge] = {
    "1": Rechallenge.RECURRED,
    "2": Rechallenge.DID_NOT_RECUR,
    "3": Rechallenge.OUTCOME_UNKNOWN,
}
YES_NO: Mapping[str, bool] = {"1": True, "2": False}
CONTINUES: Mapping[str, bool | Explicit] = {
    "1": True,
    "2": False,
    "3": Explicit(null=NullFlavor.UNK),
}
YES_NO_UNKNOWN: Mapping[str, bool | None] = {"1": True, "2": False, "3": None}

# A.1.5.2: the flags of the whole case, by criterion of the contract.
CRITERIA: Mapping[str, str] = {
    "seriousnessdeath": "death",
    "seriousnesslifethreatening": "life_threatening",
    "seriousnesshospitalization": "hospitalisation",
    "seriousnessdisabling": "disability",
    "seriousnesscongenitalanomali": "congenital_anomaly",
    "seriousnessother": "other_important",
}
