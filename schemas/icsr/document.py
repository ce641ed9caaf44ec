"""
How are bytes from outside turned into an XML tree without doing harm?

The text is decoded here, not by the parser, so that what is checked is what is
parsed. A document type declaration is refused before anything of it is read: with
it go entities of every kind; only the bare address that E2B(R2) files carry is cut
out. Nothing is fetched, no schemaLocation is followed.
"""

import codecs
import re

from lxml import etree

from schemas.errors import ContractError, Reason

MAX_DEPTH = 100  # an ICSR is about 30 elements deep

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_BOM = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")

# Encodings that keep ASCII bytes as they are; the others are recognised by their first bytes.
_ENCODINGS = frozenset(
    {
        *("utf-8", "ascii", "gb18030", "gbk", "gb2312", "big5", "big5hkscs"),
        *("shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "cp1250", "cp1251", "cp1252"),
        *(f"iso8859-{part}" for part in (1, 2, 5, 7, 9, 15)),
    }
)

_PARSER = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "remove_blank_text": True,
    "encoding": "utf-8",
}

_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
# E2B(R2) names its document type by an address; anything in brackets behind it is refused.
_R2_TYPE = re.compile(
    r"""<!DOCTYPE\s+ichicsr\s+(?:SYSTEM|PUBLIC\s+(?:"[^"<>]*"|'[^'<>]*'))\s+"""
    r"""(?:"[^"<>]*"|'[^'<>]*')\s*>"""
)
_CUT = re.compile("end of data|incomplete|truncated")
_TAIL = 200  # characters that may follow the last tag: blanks and a comment
_NAME = re.compile(r"<([^\s/>]+)")


def parse_document(value: bytes) -> etree._Element:
    """
    Parse one XML document and give its root element.

    Raises:
        ContractError: EMPTY, NOT_UTF8, NOT_XML, TRUNCATED, FORBIDDEN_XML, TOO_DEEP or TOO_LARGE.
    """
    text = _decode(value)
    if not text.strip():
        raise ContractError(Reason.EMPTY, "", "the file holds no text")
    start = _PROLOG.match(text).end()  # type: ignore[union-attr]
    if external := _R2_TYPE.match(text, start):
        # Its address is cut out unread: nothing is fetched, and no entity can be declared.
        text = text[:start] + text[external.end() :]
        start = _PROLOG.match(text).end()  # type: ignore[union-attr]
    if text.startswith("<!DOCTYPE", start):
        raise ContractError(
            Reason.FORBIDDEN_XML,
            "",
            "remove the document type declaration; E2B(R3) has none and entities are not accepted",
        )
    parser = etree.XMLParser(**_PARSER)  # type: ignore[arg-type]
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(error, text, start) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ContractError(Reason.FORBIDDEN_XML, "", "remove the document type declaration")
    return root


def _decode(value: bytes) -> str:
    encoding, skip = _encoding_of(value)
    try:
        return value[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        if error.end >= len(value) - skip and (
            "end of data" in error.reason
            or "incomplete" in error.reason
            or "truncated" in error.reason
        ):
            raise ContractError(
                Reason.TRUNCATED, "", "the file ends in the middle of a character; send it again"
            ) from None
        raise ContractError(
            Reason.NOT_UTF8,
            "",
            f"the bytes are not {encoding} text; declare the encoding that was used, best UTF-8",
        ) from None


def _encoding_of(value: bytes) -> tuple[str, int]:
    """Give the codec and the length of the byte order mark."""
    for mark, encoding in _BOMS:
        if value.startswith(mark):
            return encoding, len(mark)
    for first, encoding in _WITHOUT_BOM:
        if value.startswith(first):
            return encoding, 0
    declared = _DECLARED.match(value)
    if declared is None:
        return "utf-8", 0
    try:
        encoding = codecs.lookup(declared[1].decode("ascii")).name
    except LookupError:
        encoding = ""
    if encoding not in _ENCODINGS:
        raise ContractError(
            Reason.NOT_UTF8,
            "",
            "the encoding that the XML declaration names is not known; use UTF-8",
        )
    return encoding, 0


def _refusal(error: etree.XMLSyntaxError, text: str, start: int) -> ContractError:
    """Say what is wrong with text that does not parse; the parser's own words may quote it."""
    types = etree.ErrorTypes
    code: int = error.code  # type: ignore[attr-defined]  # the stubs do not know it
    place = f"line {error.lineno}"
    if code == types.ERR_RESOURCE_LIMIT:
        if "depth" in (error.msg or ""):
            return ContractError(Reason.TOO_DEEP, place, "the XML is nested too deeply")
        return ContractError(Reason.TOO_LARGE, place, "one value is larger than 10 million bytes")
    if code in {types.ERR_UNDECLARED_ENTITY, types.WAR_UNDECLARED_ENTITY}:
        return ContractError(
            Reason.FORBIDDEN_XML, place, "write the character itself in place of the entity"
        )
    if _lacks_its_end(text, start):
        return ContractError(
            Reason.TRUNCATED, place, "the XML ends before its last closing tag; send the whole file"
        )
    return ContractError(Reason.NOT_XML, place, "this is not well-formed XML")


def _lacks_its_end(text: str, start: int) -> bool:
    """Tell whether the closing tag of the root, which is not an empty element, never comes."""
    root = _NAME.match(text, start)
    if root is None or text[start : text.find(">", start) + 1].endswith("/>"):
        return False
    return f"</{root[1]}" not in text[-_TAIL - len(root[1]) :]
