"""
Whatever a message says that can be read: it is written, valid, and read again as the same case.

The input is read as a recipe: which packaged example, and what is changed where. So nearly every
input is well-formed, and the changes meet the writer instead of the parser.
"""

import re
import sys

import atheris
from lxml import etree

with atheris.instrument_imports(include=["schemas", "reports"]):
    from schemas.messages.adverse_event import AdverseEventReport
    from tests.fuzz.laws import read_without_loss, write_and_read_again
    from tests.unit.schemas.icsr.files import REPORTS, load_example

EXAMPLES = tuple(load_example(name) for name in REPORTS)
CHANGES = 6
LONGEST = 40
_NOT_XML = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def try_one(data: bytes) -> None:
    """Cook one recipe, read it, write each report, and read that again."""
    for icsr in read_without_loss(cook(atheris.FuzzedDataProvider(data))):
        if isinstance(icsr.data, AdverseEventReport):
            write_and_read_again(icsr.data)


def cook(recipe: atheris.FuzzedDataProvider) -> bytes:
    """Change an example: texts, attributes, elements taken away, doubled or moved."""
    root = etree.fromstring(recipe.PickValueInList(list(EXAMPLES)))
    for _ in range(recipe.ConsumeIntInRange(1, CHANGES)):
        elements = list(root.iter(etree.Element))[1:]
        chosen = recipe.PickValueInList(elements)
        other = recipe.PickValueInList(elements)
        above = chosen.getparent()
        match recipe.ConsumeIntInRange(0, 5):
            case 0:
                chosen.text = printable(recipe)
            case 1 if chosen.attrib:
                name = recipe.PickValueInList(sorted(map(str, chosen.attrib)))
                chosen.set(name, printable(recipe))
            case 2 if other.attrib:
                name = recipe.PickValueInList(sorted(map(str, other.attrib)))
                chosen.set(name, str(other.get(name)))
            case 3 if above is not None:
                above.remove(chosen)
            case 4 if above is not None:
                above.append(etree.fromstring(etree.tostring(chosen)))
            case _ if chosen not in set(other.iterancestors()) and chosen is not other:
                other.append(chosen)
    return etree.tostring(root)


def printable(recipe: atheris.FuzzedDataProvider) -> str:
    """Give a text that XML can hold."""
    return _NOT_XML.sub("", recipe.ConsumeUnicodeNoSurrogates(LONGEST))


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
