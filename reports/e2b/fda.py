"""
FDA's own rules for ICSRs, by the ids of its business rule sheet.

"R" rejects, "W" warns. What concerns devices and combination products is not
here: this product is a small molecule; docs/e2b.md lists each such rule with the reason.
"""

from collections.abc import Iterator

from reports.e2b.fda_case import CASE_RULES
from reports.e2b.fda_report import REPORT_RULES
from reports.e2b.fda_rule import DOSE, DRUG, HISTORY, MEDDRA, PARENT, PAST, REACTION, TEST
from reports.e2b.view import View

# Element, rule if the number is missing, rule if the unit is missing, where.
_AMOUNTS = (
    ("D.2.2", "R0029", "R0030", "PR/subjectOf2/observation[code/@code='3']/value"),
    ("D.2.2.1", "R0031", "R0032", "PR/subjectOf2/observation[code/@code='16']/value"),
    ("D.10.2.2", "R0049", "R0050", f"{PARENT}/subjectOf2/observation[code/@code='3']/value"),
    ("E.i.6", "R0059", "R0060", f"{REACTION}/effectiveTime//width"),
    ("F.r.3", "", "R0067", f"{TEST}/value/*[@value]"),
    ("G.k.2.3.r.3", "", "R0073", f"{DRUG}/consumable//ingredient/quantity/numerator"),
    ("G.k.4.r.1", "", "R0075", f"{DOSE}/doseQuantity"),
    ("G.k.4.r.3", "", "R0076", f"{DOSE}/effectiveTime//period | {DOSE}/effectiveTime/period"),
    ("G.k.4.r.6", "R0077", "R0078", f"{DOSE}/effectiveTime//width"),
    (
        "G.k.5",
        "R0079",
        "R0080",
        f"{DRUG}/outboundRelationship2/observation[code/@code='14']/value",
    ),
    (
        "G.k.6",
        "R0081",
        "R0082",
        f"{DRUG}/outboundRelationship2/observation[code/@code='16']/value",
    ),
    (
        "G.k.9.i.3.1",
        "R0088",
        "R0089",
        f"{DRUG}/outboundRelationship1[@typeCode='SAS']/pauseQuantity",
    ),
    (
        "G.k.9.i.3.2",
        "R0090",
        "R0091",
        f"{DRUG}/outboundRelationship1[@typeCode='SAE']/pauseQuantity",
    ),
)
# Element, rule if the version is missing, rule if the code is missing, where.
_CODED = (
    ("D.7.1.r.1", "R0033", "R0034", f"PR/subjectOf2/{HISTORY}/code[{MEDDRA}]"),
    ("D.8.r.6", "R0037", "R0038", f"PR/subjectOf2/{PAST}//observation[code/@code='19']/value"),
    ("D.8.r.7", "R0039", "R0040", f"PR/subjectOf2/{PAST}//observation[code/@code='29']/value"),
    ("D.9.2.r.1", "R0042", "R0043", "PR/subjectOf2/observation[code/@code='32']/value"),
    ("D.9.4.r.1", "R0046", "R0047", "PR/subjectOf2/observation//observation[code/@code='8']/value"),
    ("D.10.7.1.r.1", "R0052", "R0053", f"{PARENT}/subjectOf2/{HISTORY}/code[{MEDDRA}]"),
    (
        "D.10.8.r.6",
        "R0054",
        "R0055",
        f"{PARENT}/subjectOf2/{PAST}//observation[code/@code='19']/value",
    ),
    (
        "D.10.8.r.7",
        "R0056",
        "R0057",
        f"{PARENT}/subjectOf2/{PAST}//observation[code/@code='29']/value",
    ),
    ("F.r.2.2", "R0063", "", f"{TEST}/code"),
    (
        "G.k.7.r.2",
        "R0083",
        "R0084",
        f"{DRUG}/inboundRelationship/observation[code/@code='19']/value",
    ),
    ("H.3.r.1", "R0097", "R0098", "AEA/component1/observationEvent[code/@code='15']/value"),
)


def broken_rules(view: View) -> Iterator[tuple[str, str, str]]:
    """Give the id, element and sentence of each FDA rule that a message breaks."""
    for rule in (*REPORT_RULES, *CASE_RULES):
        if rule.is_broken(view):
            yield rule.rule_id, rule.element, rule.says
    for element, number, unit, path in _AMOUNTS:
        for found in view.all(path):
            has_number, has_unit = found.get("value") is not None, found.get("unit") is not None
            if number and has_unit and not has_number:
                yield number, f"{element}a", "A unit needs its number."
            if unit and has_number and not has_unit:
                yield unit, f"{element}b", "A number needs its unit."
    yield from _broken_codes(view)


def _broken_codes(view: View) -> Iterator[tuple[str, str, str]]:
    for element, version, code, path in _CODED:
        for found in view.all(path):
            has_code = found.get("code") is not None
            has_version = found.get("codeSystemVersion") is not None
            if has_code and not has_version:
                yield version, f"{element}a", "A MedDRA code needs its version."
            if code and has_version and not has_code:
                yield code, f"{element}b", "A MedDRA version needs its code."


def rule_ids() -> frozenset[str]:
    """Give the ids of all rules that are checked."""
    paired = {rule for row in (*_AMOUNTS, *_CODED) for rule in row[1:3] if rule}
    return frozenset({rule.rule_id for rule in (*REPORT_RULES, *CASE_RULES)} | paired)
