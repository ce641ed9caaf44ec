"""What a rule of FDA is, and the places that several rules look at."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.e2b.view import View

HISTORY = "organizer[code/@code='1']/component/observation"
PAST = "organizer[code/@code='2']/component/substanceAdministration"
DRUG = "PR/subjectOf2/organizer[code/@code='4']/component/substanceAdministration"
DOSE = f"{DRUG}/outboundRelationship2/substanceAdministration"
REACTION = "PR/subjectOf2/observation[code/@code='29']"
TEST = "PR/subjectOf2/organizer[code/@code='3']/component/observation"
PARENT = "PR/player1/role"
MEDDRA = "@codeSystem='2.16.840.1.113883.6.163'"
AGGREGATE = frozenset({"AGGREGATE", "AGGREGRATE"})  # the sheet spells it both ways


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, its element, what it says, and when it is broken."""

    rule_id: str
    element: str
    says: str
    is_broken: Callable[[View], bool]


def is_ind_study(view: View) -> bool:
    """It is from a study under an IND."""
    return view.report_type == "2" and bool(view.ind)


def lacks(view: View, path: str, inside: str) -> bool:
    """Tell whether an element at a path is without something inside it."""
    return any(not one.xpath(inside) for one in view.all(path))
