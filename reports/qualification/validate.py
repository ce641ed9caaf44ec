"""Can a qualification be signed as it stands?"""

import re

from reports.qualification.build import PARTS
from reports.qualification.model import Qualification
from safety.findings import Finding

_NUMBER = re.compile(rf"(?:{'|'.join(PARTS)})-\d{{2}}")
_REQUIREMENT = re.compile(r"R(?:[1-9]|1\d|20)")


def validate_qualification(qualification: Qualification) -> tuple[Finding, ...]:
    """
    Find what a reader could not follow.

    1. a part without a check;
    2. a number that is none, or stands twice;
    3. a requirement that does not exist;
    4. a check that does not say what was expected and found.
    """
    numbers = [check.number for check in qualification.checks]
    found = [
        _fault("part_without_checks", part)
        for part in PARTS
        if not any(number.startswith(part) for number in numbers)
    ]
    for check in qualification.checks:
        if not _NUMBER.fullmatch(check.number) or numbers.count(check.number) > 1:
            found.append(_fault("number_unusable", check.number))
        if not all(_REQUIREMENT.fullmatch(each) for each in check.requirements):
            found.append(_fault("requirement_unknown", check.number))
        if not (check.title and check.expected and check.found):
            found.append(_fault("nothing_said", check.number))
    return tuple(found)


_SAYS = {
    "part_without_checks": "this part has no check",
    "number_unusable": "the number is none of a part, or stands twice",
    "requirement_unknown": "there are requirements R1 to R20 only",
    "nothing_said": "title, expected and found must all say something",
}


def _fault(code: str, path: str) -> Finding:
    return Finding(code, path, _SAYS[code])
