"""
Nothing an ICSR says is dropped in silence.

The test changes every attribute and every text of a file, one at a time, and reads
the file again: whatever the reader overlooks makes no difference. What may make
none is listed here, independently of the reader's own list.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from schemas.errors import ContractError
from schemas.icsr.read import parse_icsr_batch
from tests.unit.schemas.icsr.files import REPORTS, load_file

MARK = "~"

# Path, without prefixes and positions, of what carries nothing about a case.
SILENT = (
    # Who is to receive the transmission, and the second spelling of its sender
    r"MCCI_IN200100UV01/receiver/device/id/@extension",
    r".*/PORR_IN049016UV/(receiver|sender)/device/id/@extension",
    # Where a validator would find its schema
    r"MCCI_IN200100UV01/@(ITSVersion|schemaLocation)",
    # The words beside a code, and the version of a list whose codes never change their meaning
    r".*/@displayName",
    r".*\[[^]]*(2\.16\.840\.1\.113883\.3\.989\.2\.1\.1\.|3\.26\.1\.1)[^]]*\]/@codeSystemVersion",
)
SILENT_PATHS = tuple(re.compile(path) for path in SILENT)

Leaf = tuple[etree._Element, str | None]


def leaves(root: etree._Element) -> Iterator[tuple[str, Leaf]]:
    """Every attribute and text with its path; a coded element shows its list."""
    for element in root.iter(etree.Element):
        path = "/".join(_step(one) for one in (*reversed(list(element.iterancestors())), element))
        for name in map(str, element.attrib):
            yield f"{path}/@{name.rpartition('}')[2]}", (element, name)
        if element.text and element.text.strip():
            yield f"{path}/text()", (element, None)


def _step(element: etree._Element) -> str:
    name = etree.QName(element).localname
    system = element.get("codeSystem")
    return f"{name}[{system}]" if system else name


def write(leaf: Leaf, content: str) -> str:
    """Replace the content of a leaf and give what was there."""
    element, name = leaf
    if name is None:
        before, element.text = element.text or "", content
    else:
        before = element.get(name) or ""
        element.set(name, content)
    return before


def reading(root: etree._Element) -> object:
    try:
        return [
            (icsr.source, icsr.message_id, icsr.type, icsr.subject, icsr.data)
            if not isinstance(icsr, ContractError)
            else icsr.path
            for icsr in parse_icsr_batch(etree.tostring(root))
        ]
    except ContractError as error:
        return error.reason


def silent_leaves(xml: bytes) -> set[str]:
    """Give the paths of leaves that make no difference to what is read."""
    root = etree.fromstring(xml)
    unchanged = reading(root)
    tried: set[str] = set()
    silent = set()
    for path, leaf in list(leaves(root)):
        code = leaf[0].getparent()
        beside = code.find("{*}code") if code is not None else None
        kind = f"{path} {'' if beside is None else beside.get('code')}"
        if kind in tried:
            continue
        tried.add(kind)
        before = write(
            leaf, (leaf[0].text or "" if leaf[1] is None else leaf[0].get(leaf[1]) or "") + MARK
        )
        if reading(root) == unchanged:
            silent.add(path)
        write(leaf, before)
    return silent


class TestCompleteness:
    @pytest.mark.slow
    @pytest.mark.parametrize("name", REPORTS)
    def test_every_leaf_of_our_examples_makes_a_difference(self, name: str) -> None:
        silent = silent_leaves(load_file(name))

        assert {
            path for path in silent if not any(p.fullmatch(path) for p in SILENT_PATHS)
        } == set()

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "name",
        [
            "FAERS2022Scenario1",
            "FAERS2022Scenario3",
            "FAERS2022Scenario8",
            "sorafenib-study-case-synthetic",
        ],
    )
    def test_every_leaf_of_the_samples_does_too(self, shared_data: Path, name: str) -> None:
        silent = silent_leaves((shared_data / "e2b" / "samples" / f"{name}.xml").read_bytes())

        assert {
            path for path in silent if not any(p.fullmatch(path) for p in SILENT_PATHS)
        } == set()

    def test_a_leaf_that_nobody_reads_would_be_seen(self) -> None:
        assert "MCCI_IN200100UV01/@ITSVersion" in silent_leaves(load_file(REPORTS[0]))
