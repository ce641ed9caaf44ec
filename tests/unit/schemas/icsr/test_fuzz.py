"""Whatever happens to the bytes on the way: a report without losses, or a refusal."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schemas.errors import ContractError
from schemas.icsr.read import Icsr, parse_icsr_batch
from tests.unit.schemas.icsr.files import DEATH, INTERACTION, load_example

BYTES = {name: load_example(name) for name in (DEATH, INTERACTION)}
NAMES = st.sampled_from(sorted(BYTES))

# Tags, attributes, roots and values that occur elsewhere in a message: likelier to be
# well-formed than random bytes, and wrong in more interesting ways.
PIECES = st.sampled_from(
    [
        b"",
        b"~",
        b'"',
        b"<",
        b"&amp;",
        b"29",
        b"nullFlavor",
        b"value",
        b"code",
        b"observation",
        b"organizer",
        b"2.16.840.1.113883.3.989.2.1.1.20",
        b"2.16.840.1.113883.6.163",
        b"51ec0e00-0000-4000-8000-000000000401",
        b"\xff",
        b"\x00",
        "手".encode(),
        b"<value/>",
        b'<id root="1"/>',
        b"<!-- -->",
        b"]]>",
    ]
)


def strings(value: Any) -> Iterator[str]:
    """Every text anywhere in a dumped model."""
    if isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def texts_of(xml: bytes) -> set[str]:
    """Every text of the message, as an independent reading of it gives them."""
    root = etree.fromstring(xml, etree.XMLParser(remove_comments=True, remove_pis=True))
    return {str(text).strip() for text in root.itertext() if str(text).strip()}


def check(xml: bytes) -> None:
    try:
        icsrs = list(parse_icsr_batch(xml))
    except ContractError:
        return
    for icsr in icsrs:
        assert isinstance(icsr, Icsr | ContractError)
        if isinstance(icsr, Icsr):
            said = "\n".join(strings(icsr.data.model_dump(mode="json")))
            assert {text for text in texts_of(icsr.payload) if text not in said} == set()


def splice(xml: bytes, start: int, length: int, piece: bytes) -> bytes:
    start %= len(xml)
    return xml[:start] + piece + xml[start + length :]


class TestAnyBytes:
    @given(st.binary(max_size=300))
    def test_random_bytes_are_read_or_refused(self, xml: bytes) -> None:
        check(xml)

    @given(NAMES, st.integers(0, 10**6), st.integers(0, 12), PIECES | st.binary(max_size=4))
    def test_a_splice_anywhere_loses_no_text(
        self, name: str, start: int, length: int, piece: bytes
    ) -> None:
        check(splice(BYTES[name], start, length, piece))

    @given(NAMES, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 3), PIECES), max_size=8))
    def test_nor_do_several(self, name: str, splices: list[tuple[int, int, bytes]]) -> None:
        xml = BYTES[name]
        for start, length, piece in splices:
            xml = splice(xml, start, length, piece)
        check(xml)


class TestAnyTree:
    @given(NAMES, st.data())
    def test_an_element_moved_elsewhere_loses_no_text(self, name: str, data: st.DataObject) -> None:
        root = etree.fromstring(BYTES[name])
        elements = list(root.iter(etree.Element))
        moved = data.draw(st.sampled_from(elements[1:]), label="moved")
        inside = set(moved.iter(etree.Element))
        target = data.draw(st.sampled_from([e for e in elements if e not in inside]), label="into")
        target.insert(data.draw(st.integers(0, len(target)), label="at"), moved)

        check(etree.tostring(root))

    @given(NAMES, st.data())
    def test_nor_does_one_that_takes_another_s_name_and_attributes(
        self, name: str, data: st.DataObject
    ) -> None:
        root = etree.fromstring(BYTES[name])
        elements = list(root.iter(etree.Element))[1:]
        changed = data.draw(st.sampled_from(elements), label="changed")
        other = data.draw(st.sampled_from(elements), label="like")
        changed.tag = other.tag
        changed.attrib.update(other.attrib)

        check(etree.tostring(root))
