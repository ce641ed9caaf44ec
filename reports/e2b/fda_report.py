"""FDA's rules on the wrapper, the report and its study (N, C)."""

from reports.e2b.fda_rule import AGGREGATE, Rule
from reports.e2b.view import Element, View

IND_DIGITS = 6


def _local_type_is_not(view: View, *, combination: bool, expedited: bool, codes: str) -> bool:
    return (
        not view.is_premarket
        and (view.combination == "true") is combination
        and (view.expedited == "true") is expedited
        and view.local_type not in codes.split()
    )


def _is_initial(view: View) -> bool:
    """No earlier report can be meant: first and latest information are of one day."""
    first = view.one("IE/effectiveTime/low/@value")
    return first is not None and first == view.one("IE/availabilityTime/@value")


def _primary(view: View) -> list[Element]:
    return view.all("IE/outboundRelationship[priorityNumber/@value='1']")


_PERSON = "relatedInvestigation/subjectOf2/controlActEvent/author/assignedEntity/assignedPerson"


_PREMARKET_RECEIVERS = frozenset({"CDER_IND", "CBER_IND", "CDER_IND_EXEMPT_BA_BE"})
_HELD = "IE/reference/document[code/@code='1']"

_POSTMARKET = frozenset({"ZZFDA", "ZZFDATST"})
_PREMARKET = frozenset({"ZZFDA_PREMKT", "ZZFDATST_PREMKT"})
_GENERIC = "CDER_IND_EXEMPT_BA_BE"

REPORT_RULES: tuple[Rule, ...] = (
    Rule(
        "R0004",
        "N.1.4",
        "A message for CDER or CBER goes to the post-market address, ZZFDA.",
        lambda v: v.receiver in {"CDER", "CBER"} and v.batch_receiver not in _POSTMARKET,
    ),
    Rule(
        "R0005",
        "N.1.4",
        "A message for an IND centre goes to the premarket address, ZZFDA_PREMKT.",
        lambda v: v.receiver in _PREMARKET_RECEIVERS and v.batch_receiver not in _PREMARKET,
    ),
    Rule(
        "R0025",
        "FDA.C.5.5b",
        "A study report from an exempt study has its pre-ANDA number.",
        lambda v: v.report_type == "2" and v.receiver == _GENERIC and not any(v.generic),
    ),
    Rule(
        "R0108",
        "FDA.C.5.5b",
        "A post-market report has no pre-ANDA number.",
        lambda v: not v.is_premarket and any(v.generic),
    ),
    Rule(
        "R0006",
        "N.2.r.3",
        "ZZFDA takes messages for CDER only.",
        lambda v: v.batch_receiver == "ZZFDA" and v.receiver != "CDER",
    ),
    Rule(
        "R0007",
        "N.2.r.3",
        "The premarket address takes messages for an IND centre only.",
        lambda v: v.is_premarket and v.receiver not in _PREMARKET_RECEIVERS,
    ),
    Rule(
        "R0100",
        "N.2.r.2",
        "The sender of the message is not that of the batch.",
        lambda v: v.sender != v.batch_sender,
    ),
    Rule(
        "R0008",
        "C.1.3",
        "With an IND number and a study type the report is from a study.",
        lambda v: (
            v.is_premarket
            and bool(v.ind)
            and v.study_type in {"1", "2", "3"}
            and v.report_type != "2"
        ),
    ),
    Rule(
        "R0110",
        "C.1.3",
        "With an IND number and no study type the report is spontaneous.",
        lambda v: (
            v.is_premarket
            and v.is_ind
            and bool(v.ind)
            and v.study_type is None
            and v.report_type != "1"
        ),
    ),
    Rule(
        "R0111",
        "C.1.3",
        "An exempt study's report is from a study.",
        lambda v: v.is_premarket and v.receiver == "CDER_IND_EXEMPT_BA_BE" and v.report_type != "2",
    ),
    Rule(
        "R0112",
        "C.1.3",
        "An IND report is spontaneous or from a study.",
        lambda v: v.is_premarket and v.is_ind and v.report_type in {"3", "4"},
    ),
    Rule(
        "R0009",
        "C.1.6.1.r.1",
        "Documents are said to be available, and none is named.",
        lambda v: (
            v.one("IE/component/observationEvent[code/@code='1']/value/@value") == "true"
            and not v.has(f"{_HELD}/title[text()]")
        ),
    ),
    Rule(
        "R0010",
        "C.1.6.1.r.2",
        "Documents go as base64, not compressed.",
        lambda v: v.has("IE/reference/document/text[@compression or @representation!='B64']"),
    ),
    Rule(
        "R0011",
        "C.1.7",
        "A first report must say whether it is expedited.",
        lambda v: (
            _is_initial(v)
            and v.has("IE/component/observationEvent[code/@code='23']/value[@nullFlavor='NI']")
        ),
    ),
    Rule(
        "R0012",
        "FDA.C.1.7.1",
        "An expedited combination product report is of type 1 or 4.",
        lambda v: _local_type_is_not(v, combination=True, expedited=True, codes="1 4"),
    ),
    Rule(
        "R0013",
        "FDA.C.1.7.1",
        "Another combination product report is of type 2 or 5.",
        lambda v: _local_type_is_not(v, combination=True, expedited=False, codes="2 5"),
    ),
    Rule(
        "R0014",
        "FDA.C.1.7.1",
        "An expedited report is of type 1.",
        lambda v: _local_type_is_not(v, combination=False, expedited=True, codes="1"),
    ),
    Rule(
        "R0015",
        "FDA.C.1.7.1",
        "A report that is not expedited is of type 2.",
        lambda v: _local_type_is_not(v, combination=False, expedited=False, codes="2"),
    ),
    Rule(
        "R0016",
        "FDA.C.1.7.1",
        "An expedited IND report is of type 1 or 6.",
        lambda v: (
            v.is_premarket
            and v.expedited == "true"
            and v.report_type in {"1", "2"}
            and v.local_type not in {"1", "6"}
        ),
    ),
    Rule(
        "R0017",
        "C.1.9.1.r.1",
        "Other case numbers are announced, and none has a source.",
        lambda v: (
            v.one("IE/subjectOf2/investigationCharacteristic[code/@code='2']/value/@value")
            == "true"
            and not v.has("IE/subjectOf1/controlActEvent/id/@assigningAuthorityName")
        ),
    ),
    Rule(
        "R0018",
        "C.1.9.1.r.2",
        "A source of another case number is without the number.",
        lambda v: v.has(
            "IE/subjectOf1/controlActEvent/id[@assigningAuthorityName and not(@extension)]"
        ),
    ),
    Rule(
        "R0101",
        "C.1.11.1",
        "A first report amends nothing.",
        lambda v: v.amended is not None and _is_initial(v),
    ),
    Rule(
        "C.1.11.2",
        "C.1.11.2",
        "An amendment needs its reason.",
        lambda v: v.amended is not None and v.amendment_reason is None,
    ),
    Rule(
        "R0019",
        "C.2.r.3",
        "The primary source's country is missing.",
        lambda v: any(
            not one.xpath(f"{_PERSON}/asLocatedEntity/location/code[@code]") for one in _primary(v)
        ),
    ),
    Rule(
        "R0020",
        "C.2.r.4",
        "The primary source's qualification is missing.",
        lambda v: any(not one.xpath(f"{_PERSON}/asQualifiedEntity/code") for one in _primary(v)),
    ),
    Rule("R0021", "C.2.r.5", "No source is primary.", lambda v: not _primary(v)),
    Rule(
        "R0022",
        "C.3.2",
        "The sender's organisation is missing.",
        lambda v: (
            v.one("IE/subjectOf1/controlActEvent/author/assignedEntity/code/@code") != "7"
            and not v.has(
                "IE/subjectOf1/controlActEvent/author/assignedEntity/representedOrganization"
                "/assignedEntity/representedOrganization/name[text()]"
            )
        ),
    ),
    Rule(
        "R0023",
        "C.5.4",
        "A report from a study needs the type of the study.",
        lambda v: v.report_type == "2" and v.study_type is None,
    ),
    Rule(
        "R0102",
        "C.5.4",
        "The type of the study is 1, 2 or 3.",
        lambda v: (
            v.report_type == "2"
            and v.is_premarket
            and v.study_type is not None
            and v.study_type not in {"1", "2", "3"}
        ),
    ),
    Rule(
        "R0103",
        "C.5.4",
        "A spontaneous report has no type of study.",
        lambda v: v.report_type == "1" and v.receiver == "CDER" and v.study_type is not None,
    ),
    Rule(
        "R0104",
        "C.5.4",
        "The type of the study is 1, 2 or 3.",
        lambda v: (
            v.report_type == "2"
            and v.receiver == "CDER"
            and v.study_type is not None
            and v.study_type not in {"1", "2", "3"}
        ),
    ),
    Rule(
        "R0113",
        "C.5.4",
        "A spontaneous IND report has no type of study.",
        lambda v: v.report_type == "1" and v.is_premarket and v.is_ind and v.study_type is not None,
    ),
    Rule(
        "W0001",
        "C.1.10.r",
        "An aggregate report names the reports it is made of.",
        lambda v: (
            v.patient in AGGREGATE
            and not v.has("IE/outboundRelationship/relatedInvestigation[code/@nullFlavor='NA']")
        ),
    ),
    Rule(
        "W0002",
        "C.5.4",
        "An aggregate report is from clinical trials.",
        lambda v: v.patient in AGGREGATE and v.study_type != "1",
    ),
    Rule(
        "R0024",
        "FDA.C.5.5a",
        "The IND number is missing or has not six digits.",
        lambda v: (
            v.is_ind
            and v.report_type in {"1", "2"}
            and not any(len(one) == IND_DIGITS and one.isdigit() for one in v.ind)
        ),
    ),
    Rule(
        "R0107",
        "FDA.C.5.5a",
        "A post-market report has no IND number.",
        lambda v: v.receiver in {"CDER", "CBER"} and bool(v.ind),
    ),
    Rule(
        "R0026",
        "FDA.C.5.6.r",
        "Name the cross-reported IND, or NA.",
        lambda v: bool(v.ind) and not any(v.cross),
    ),
    Rule(
        "R0109",
        "FDA.C.5.6.r",
        "A post-market report has no cross-reported IND.",
        lambda v: v.receiver in {"CDER", "CBER"} and bool(v.cross),
    ),
)
