"""The tree that remembers what was read."""

from schemas.icsr.document import parse_document
from schemas.icsr.node import NOTHING, Node, Paths, build_tree

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def unread(node: Node) -> list[tuple[str, str]]:
    found: list[tuple[Node, str, str]] = []
    node.gather_unread(found)
    paths = Paths([node])
    return [(f"{paths.of(one)}/{what}", content) for one, what, content in found]


def tree(inside: str, root: str = f'<root xmlns="urn:hl7-org:v3" {XSI}>') -> Node:
    return build_tree(parse_document(f"{root}{inside}</root>".encode()))


class TestUnread:
    def test_everything_is_unread_at_first(self) -> None:
        node = tree('<a b="1">two<c d="3"/></a>')

        assert unread(node) == [
            ("root/a/@b", "1"),
            ("root/a/text()", "two"),
            ("root/a/c/@d", "3"),
        ]

    def test_what_was_read_is_not(self) -> None:
        node = tree('<a b="1" e="4">two<c d="3"/></a>')

        node.find("a").read("b")
        node.find("a").read_text()

        assert unread(node) == [("root/a/@e", "4"), ("root/a/c/@d", "3")]

    def test_what_only_says_what_kind_of_element_it_is_carries_no_data(self) -> None:
        assert unread(tree('<a classCode="OBS" moodCode="EVN" typeCode="PERT" b=" "/>')) == []

    def test_an_unusual_kind_of_element_is_data(self) -> None:
        assert unread(tree('<a moodCode="INT"/>')) == [("root/a/@moodCode", "INT")]

    def test_elements_of_other_namespaces_are_unread_too(self) -> None:
        node = tree('<o:a xmlns:o="urn:other" b="1"/>')

        assert not node.find("a")
        assert unread(node) == [("root/a/@b", "1")]

    def test_text_around_elements_and_in_sections_is_one_text(self) -> None:
        node = tree("<a> one <b/><!-- no -->two<![CDATA[ & three]]> </a>")

        assert node.find("a").text is not None
        assert unread(node) == [("root/a/text()", "one two & three")]


class TestPath:
    def test_twins_are_counted_and_codes_shown(self) -> None:
        node = tree('<a><b/><b><observation><code code="34"/><v w="1"/></observation></b></a>')

        assert unread(node)[-1][0] == "root/a/b[2]/observation[code/@code='34']/v/@w"


class TestFind:
    def test_walks_down_by_the_first_of_each_name(self) -> None:
        node = tree('<a><b c="1"/><b c="2"/></a><a><b c="3"/></a>')

        assert node.find("a", "b").get("c") == "1"

    def test_what_is_not_there_is_false_and_empty(self) -> None:
        missing = tree("<a/>").find("a", "b", "c")

        assert missing is NOTHING
        assert not missing
        assert (missing.get("d"), missing.text, missing.all("e")) == (None, None, [])
        assert not missing.find("f")

    def test_an_id_is_found_by_its_namespace(self) -> None:
        node = tree('<id root="1" extension="a"/><id root="2" extension="b"/>')

        assert node.id("2").get("extension") == "b"
        assert node.id("3") is NOTHING

    def test_a_blank_attribute_is_absent(self) -> None:
        assert tree('<a b="  "/>').find("a").get("b") is None


class TestType:
    def test_the_default_namespace_resolves_a_type(self) -> None:
        node = tree('<value xsi:type="PQ"/>')

        assert (node.find("value").type, node.is_type_resolved) == ("PQ", True)

    def test_so_does_a_prefix_of_the_same_namespace(self) -> None:
        node = tree('<value xmlns:h="urn:hl7-org:v3" xsi:type="h:PQ"/>')

        assert (node.find("value").type, node.is_type_resolved) == ("PQ", True)

    def test_prefixed_elements_leave_a_bare_type_without_a_namespace(self) -> None:
        root = (
            f'<h:root xmlns:h="urn:hl7-org:v3" {XSI}><h:a><h:value xsi:type="PQ"/></h:a></h:root>'
        )

        node = build_tree(parse_document(root.encode()))

        assert (node.find("a", "value").type, node.is_type_resolved) == ("PQ", False)

    def test_a_prefix_that_leads_elsewhere_is_not_resolved(self) -> None:
        assert not tree('<value xmlns:o="urn:other" xsi:type="o:PQ"/>').is_type_resolved
