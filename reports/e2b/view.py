"""
One message as the rules of a receiver look at it: plain paths, no namespaces.

Rules must see what is in the XML, also what our reader has no field for.
"""

from functools import cache
from typing import cast

from lxml import etree

_CASE = "controlActProcess/subject/investigationEvent"
_ASSESSMENT = f"{_CASE}/component/adverseEventAssessment"
_ROLE = f"{_ASSESSMENT}/subject1/primaryRole"
_SHORT = {"IE": _CASE, "AEA": _ASSESSMENT, "PR": _ROLE}
_CHARACTERISTIC = "IE/subjectOf2/investigationCharacteristic[code/@code='{}']/value"
_IND = "2.16.840.1.113883.3.989.5.1.2.2.1.2"

Element = etree._Element  # noqa: SLF001 - lxml's public name is a function


@cache
def _compile(path: str) -> etree.XPath:
    head, slash, rest = path.partition("/")
    return etree.XPath(f"{_SHORT.get(head, head)}{slash}{rest}")


def without_namespaces(root: Element) -> Element:
    """Take the namespaces off all element names, in place."""
    for element in root.iter(etree.Element):
        element.tag = str(element.tag).rpartition("}")[2]
    return root


class View:
    """One message, with the batch around it."""

    def __init__(self, batch: Element, message: Element) -> None:
        self._batch = batch
        self._message = message
        self.batch_receiver = self._around("receiver")
        self.batch_sender = self._around("sender")
        self.receiver = self.one("receiver/device/id/@extension")
        self.sender = self.one("sender/device/id/@extension")
        self.report_type = self.one(f"{_CHARACTERISTIC.format(1)}/@code")
        self.study_type = self.one("PR/subjectOf1/researchStudy/code/@code")
        self.ind = self._number("1")
        self.generic = self._number("2")
        self.cross = self._number("3")
        self.patient = self.one("PR/player1/name/text()")
        self.amended = self.one(f"{_CHARACTERISTIC.format(3)}/@code")
        self.amendment_reason = self.one(f"{_CHARACTERISTIC.format(4)}/originalText/text()")
        self.expedited = self.one("IE/component/observationEvent[code/@code='23']/value/@value")
        self.local_type = self.one("IE/component/observationEvent[code/@code='C54588']/value/@code")
        self.combination = self.one(
            "IE/component/observationEvent[code/@code='C156384']/value/@value"
        )
        self.roles = self._drug_roles()

    def all(self, path: str) -> list[Element]:
        """Give the elements at a path; IE, AEA and PR stand for the usual beginnings."""
        return cast("list[Element]", _compile(path)(self._message))

    def one(self, path: str) -> str | None:
        """Give the first text or attribute at a path; None if there is none or it is blank."""
        found = cast("list[str]", _compile(path)(self._message))
        return str(found[0]).strip() or None if found else None

    def has(self, path: str) -> bool:
        """Tell whether something is at a path."""
        return bool(_compile(path)(self._message))

    @property
    def is_premarket(self) -> bool:
        """It goes to FDA's premarket address."""
        return (self.batch_receiver or "").endswith("_PREMKT")

    @property
    def is_ind(self) -> bool:
        """It is an IND safety report."""
        return self.receiver in {"CDER_IND", "CBER_IND"}

    def _around(self, tag: str) -> str | None:
        found = self._batch.find(f"{tag}/device/id")
        return None if found is None else found.get("extension")

    def _number(self, last: str) -> list[str]:
        path = (
            f"PR/subjectOf1/researchStudy/authorization/studyRegistration/id[@root='{_IND}.{last}']"
        )
        return [one.get("extension") or one.get("nullFlavor") or "" for one in self.all(path)]

    def _drug_roles(self) -> list[str]:
        """Give the role of each drug, in the order of the drugs; "" where it has none."""
        rows = {
            _root(row.find("subject2/productUseReference/id")): _code(row.find("value"))
            for row in self.all("AEA/component/causalityAssessment[code/@code='20']")
        }
        drugs = self.all(
            "PR/subjectOf2/organizer[code/@code='4']/component/substanceAdministration"
        )
        return [rows.get(_root(drug.find("id")), "") for drug in drugs]


def _root(element: Element | None) -> str:
    return "" if element is None else f"{element.get('root')}:{element.get('extension') or ''}"


def _code(element: Element | None) -> str:
    return "" if element is None else element.get("code") or ""
