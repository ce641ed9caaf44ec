"""FDA's rules on the patient, reactions, tests, drugs and texts (D to H)."""

from reports.e2b.fda_rule import (
    AGGREGATE,
    DRUG,
    HISTORY,
    MEDDRA,
    PARENT,
    PAST,
    REACTION,
    TEST,
    Rule,
    is_ind_study,
    lacks,
)
from reports.e2b.view import View

_NAMED = "code/@code or code/originalText"
_DATED = "effectiveTime/@value"
_RESULT = "value[*[@value] or @value or text()] | interpretationCode"


def _lacks_answer(view: View, inside: str) -> bool:
    """No assessment of a drug and a reaction has this part."""
    rows = view.all("AEA/component/causalityAssessment[code/@code='39']")
    return is_ind_study(view) and not any(row.xpath(inside) for row in rows)


def _past_drug_without_name(view: View) -> bool:
    return lacks(
        view,
        f"PR/subjectOf2/{PAST}",
        "consumable//kindOfProduct/name[text() or @nullFlavor]",
    )


def _test_without(view: View, named: str, inside: str) -> bool:
    return lacks(view, f"{TEST}[{named}]", inside)


def _history_is_told(view: View) -> bool:
    return view.has(f"PR/subjectOf2/{HISTORY}/code[{MEDDRA}][@code or originalText]")


CASE_RULES: tuple[Rule, ...] = (
    Rule(
        "W0010",
        "D.1",
        "A study report with linked reports and an IND is an aggregate.",
        lambda v: (
            is_ind_study(v)
            and v.patient not in AGGREGATE
            and v.has("IE/outboundRelationship/relatedInvestigation[code/@nullFlavor='NA']")
        ),
    ),
    Rule(
        "R0035",
        "D.7.2",
        "Without structured history its text is needed.",
        lambda v: (
            not _history_is_told(v)
            and not v.has(f"PR/subjectOf2/{HISTORY}[code/@code='18']/value[text() or @nullFlavor]")
        ),
    ),
    Rule("R0036", "D.8.r.1", "A past drug needs its name.", _past_drug_without_name),
    Rule(
        "R0041",
        "D.9.1",
        "An IND report of a death needs its date.",
        lambda v: (
            v.is_ind
            and v.report_type == "2"
            and v.has(f"{REACTION}//observation[code/@code='34']/value[@value='true']")
            and not v.has("PR/player1/deceasedTime")
        ),
    ),
    Rule(
        "R0044",
        "D.9.2.r.2",
        "A coded cause of death needs its words.",
        lambda v: lacks(
            v, "PR/subjectOf2/observation[code/@code='32'][value/@code]", "value/originalText"
        ),
    ),
    Rule(
        "R0045",
        "D.9.3",
        "A date of death needs to say whether there was an autopsy.",
        lambda v: (
            v.has("PR/player1/deceasedTime[@value]")
            and not v.has("PR/subjectOf2/observation[code/@code='5']/value")
        ),
    ),
    Rule(
        "R0048",
        "D.9.4.r.2",
        "A coded cause found at autopsy needs its words.",
        lambda v: lacks(
            v,
            "PR/subjectOf2/observation//observation[code/@code='8'][value/@code]",
            "value/originalText",
        ),
    ),
    Rule(
        "R0051",
        "D.10.6",
        "The parent's sex is missing.",
        lambda v: (
            v.has(PARENT) and not v.has(f"{PARENT}/associatedPerson/administrativeGenderCode")
        ),
    ),
    Rule(
        "W0003",
        "FDA.D.11.r",
        "Without a patient the race is NA.",
        lambda v: (
            (v.patient in AGGREGATE | {"SUMMARY"} or v.has("PR/player1/name[@nullFlavor='NA']"))
            and not v.has("PR/subjectOf2/observation[code/@code='C17049']/value[@nullFlavor='NA']")
        ),
    ),
    Rule(
        "W0004",
        "FDA.D.12",
        "Without a patient the ethnicity is NA.",
        lambda v: (
            (v.patient in AGGREGATE | {"SUMMARY"} or v.has("PR/player1/name[@nullFlavor='NA']"))
            and not v.has("PR/subjectOf2/observation[code/@code='C16564']/value[@nullFlavor='NA']")
        ),
    ),
    Rule(
        "R0058",
        "E.i.1.1b",
        "The reporter's words need their language.",
        lambda v: v.has(f"{REACTION}/value/originalText[text() and not(@language)]"),
    ),
    Rule(
        "R0061",
        "F.r.1",
        "A named test needs its date.",
        lambda v: _test_without(v, _NAMED, "effectiveTime[@value or @nullFlavor]"),
    ),
    Rule(
        "R0062",
        "F.r.2.1",
        "A dated test needs a name or a code.",
        lambda v: _test_without(v, _DATED, "code/originalText[text()] | code/@code"),
    ),
    Rule(
        "R0064",
        "F.r.2.2b",
        "A dated test needs a name or a code.",
        lambda v: _test_without(v, _DATED, "code/originalText[text()] | code/@code"),
    ),
    *(
        Rule(
            rule_id,
            element,
            "A coded test needs a result.",
            lambda v: _test_without(v, "code/@code", _RESULT),
        )
        for rule_id, element in (("R0065", "F.r.3.1"), ("R0066", "F.r.3.2"), ("R0068", "F.r.3.4"))
    ),
    Rule(
        "R0071",
        "G.k.1",
        "Of an exempt study at least one drug is suspect, interacting or not administered.",
        lambda v: (
            v.report_type == "2"
            and v.receiver == "CDER_IND_EXEMPT_BA_BE"
            and not {"1", "3", "4"} & set(v.roles)
        ),
    ),
    Rule(
        "R0069",
        "G.k.1",
        "No drug is suspect, interacting or not administered.",
        lambda v: v.receiver == "CDER" and not {"1", "3", "4"} & set(v.roles),
    ),
    Rule(
        "W0005",
        "G.k.1",
        "The first drug should be suspect or interacting.",
        lambda v: v.receiver == "CDER" and (v.roles or [""])[0] not in {"1", "3", "4"},
    ),
    Rule(
        "R0070",
        "G.k.1",
        "An IND report needs a suspect or interacting drug.",
        lambda v: v.is_ind and v.report_type == "2" and not {"1", "3"} & set(v.roles),
    ),
    Rule(
        "R0114",
        "G.k.3.1",
        "The authorisation number is not an IND number here.",
        lambda v: (
            v.receiver == "CDER"
            and v.report_type == "2"
            and v.study_type in {"2", "3"}
            and any(
                word in (one.get("extension") or "").upper()
                for word in ("IND", "PANDA")
                for one in v.all(f"{DRUG}/consumable//approval/id")
            )
        ),
    ),
    Rule(
        "R0074",
        "G.k.3.2",
        "An authorisation number needs its country.",
        lambda v: lacks(
            v,
            f"{DRUG}/consumable//approval[id/@extension]",
            "author/territorialAuthority/territory/code[@code]",
        ),
    ),
    Rule(
        "R0085",
        "G.k.9.i.2.r.1",
        "An IND report needs the source of an assessment.",
        lambda v: _lacks_answer(v, "author/assignedEntity/code/originalText[text()]"),
    ),
    Rule(
        "R0086",
        "G.k.9.i.2.r.2",
        "An IND report needs the method of an assessment.",
        lambda v: _lacks_answer(v, "methodCode/originalText[text()]"),
    ),
    Rule(
        "R0087",
        "G.k.9.i.2.r.3",
        "An IND report needs the result of an assessment.",
        lambda v: _lacks_answer(v, "value[text()]"),
    ),
    Rule(
        "R0099",
        "H.5.r.1b",
        "The summary needs its language.",
        lambda v: v.has(
            "IE/component/observationEvent[code/@code='36']/value[text() and not(@language)]"
        ),
    ),
)
