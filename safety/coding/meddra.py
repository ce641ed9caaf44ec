"""
What does a licensed user's MedDRA release hold?

Reads the ASCII files of the MSSO distribution: one record a line, fields parted by `$`, the terms
of the five levels in a file each, the links between levels in three more, and all paths in
`mdhier.asc`, where one path of each preferred term is marked as the primary one. Nothing of MedDRA
is part of this project. A release that does not hold together is refused with file and line.

Source: MedDRA Distribution File Format Document (MSSO), sections on general file information and
table definition.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from safety.errors import KnowledgeError

RELEASE_FILE = "meddra_release.asc"  # optional: version$language
# Fields of a record, and how many of them must be there for what is read.
_FIELDS = {
    "soc.asc": (10, 2),
    "hlgt.asc": (9, 2),
    "hlt.asc": (9, 2),
    "pt.asc": (11, 4),
    "llt.asc": (11, 10),
    "soc_hlgt.asc": (2, 2),
    "hlgt_hlt.asc": (2, 2),
    "hlt_pt.asc": (2, 2),
    "mdhier.asc": (12, 12),
}
FILES = tuple(_FIELDS)
_LINKS = (
    ("soc_hlgt.asc", "soc.asc", "hlgt.asc"),
    ("hlgt_hlt.asc", "hlgt.asc", "hlt.asc"),
    ("hlt_pt.asc", "hlt.asc", "pt.asc"),
)
_CODE = re.compile(r"[0-9]{8}")
_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]")
_YES_OR_NO = {"Y": True, "N": False}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

Record = tuple[int, list[str]]  # line, counted from 1, and its fields


@dataclass(frozen=True, slots=True)
class PreferredTerm:
    """A preferred term with the names along its primary path."""

    code: str
    name: str
    hlt: str
    hlgt: str
    soc: str


@dataclass(frozen=True, slots=True)
class LowestLevelTerm:
    """A lowest level term; one that is not current is kept for old data and not coded to."""

    code: str
    name: str
    pt: PreferredTerm
    is_current: bool


@dataclass(frozen=True, slots=True, eq=False)
class MeddraRelease:
    """A release that holds together; `digest` covers its files and its version."""

    version: str
    language: str
    digest: str
    pts: tuple[PreferredTerm, ...]
    llts: tuple[LowestLevelTerm, ...]


def parse_meddra(files: Mapping[str, bytes], *, version: str | None = None) -> MeddraRelease:
    """
    Read a release from its files and check that it holds together.

    Args:
        files: Lower-case file name to content; those of `FILES`, and `RELEASE_FILE` if there.

        version: Version such as 27.1, where the distribution has no `RELEASE_FILE`.

    Raises:
        KnowledgeError: A file is missing, empty, cut short or not text; a code or name is faulty or
            occurs twice; a link leads nowhere; a preferred term has not one primary path. Names
            file and line.
    """
    missing = [name for name in FILES if name not in files]
    if missing:
        raise KnowledgeError(
            f"{', '.join(missing)}: not in the folder; name the folder that has all of"
            f" {', '.join(FILES)}"
        )
    told, language = _read_release(files)
    if told is not None and version is not None and told != version:
        raise KnowledgeError(
            f"{RELEASE_FILE}: says another version than the one named; leave the name out"
        )
    found = told or version
    if found is None:
        raise KnowledgeError(f"{RELEASE_FILE}: not in the folder; name the version yourself")
    if not _VERSION.fullmatch(found):
        raise KnowledgeError("a MedDRA version is written like 27.1: name it so")

    names = {name: _read_terms(files, name) for name in FILES[:5]}
    links = {name: _read_links(files, name, names[up], names[down]) for name, up, down in _LINKS}
    pts = _read_pts(files, names, _read_paths(files, names, links))
    return MeddraRelease(
        version=found,
        language=language or "unknown",
        digest=_digest(files, found),
        pts=tuple(pts.values()),
        llts=tuple(_read_llts(files, pts)),
    )


def _read_terms(files: Mapping[str, bytes], file: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for line, fields in _records(files, file):
        code, name = fields[:2]
        if code in names:
            raise KnowledgeError(f"{file}, line {line}: the code {code} occurs twice")
        names[code] = name
    return names


def _read_links(
    files: Mapping[str, bytes], file: str, upper: Mapping[str, str], lower: Mapping[str, str]
) -> frozenset[tuple[str, str]]:
    links = set()
    for line, (above, below) in _records(files, file):
        if above not in upper or below not in lower:
            raise KnowledgeError(f"{file}, line {line}: a code of the link is no term")
        links.add((above, below))
    orphans = sorted(set(lower) - {below for _, below in links})
    if orphans:
        raise KnowledgeError(f"{file}: no link leads to the term {orphans[0]}")
    return frozenset(links)


def _read_paths(
    files: Mapping[str, bytes],
    names: Mapping[str, Mapping[str, str]],
    links: Mapping[str, frozenset[tuple[str, str]]],
) -> dict[str, tuple[str, str, str]]:
    """Give the primary path of each preferred term: codes of HLT, HLGT and SOC."""
    file = "mdhier.asc"
    primary: dict[str, tuple[str, str, str]] = {}
    for line, fields in _records(files, file):
        pt, hlt, hlgt, soc = fields[:4]
        steps = {"hlt_pt.asc": (hlt, pt), "hlgt_hlt.asc": (hlgt, hlt), "soc_hlgt.asc": (soc, hlgt)}
        broken = [link for link, step in steps.items() if step not in links[link]]
        if broken:
            raise KnowledgeError(f"{file}, line {line}: {broken[0]} has no such step of the path")
        if not _yes_or_no(file, line, fields[11]):
            continue
        if pt in primary:
            raise KnowledgeError(f"{file}, line {line}: a second primary path of {pt}")
        primary[pt] = (hlt, hlgt, soc)
    without = sorted(set(names["pt.asc"]) - set(primary))
    if without:
        raise KnowledgeError(f"{file}: the preferred term {without[0]} has no primary path")
    return primary


def _read_pts(
    files: Mapping[str, bytes],
    names: Mapping[str, Mapping[str, str]],
    paths: Mapping[str, tuple[str, str, str]],
) -> dict[str, PreferredTerm]:
    pts: dict[str, PreferredTerm] = {}
    seen: set[str] = set()
    for line, fields in _records(files, "pt.asc"):
        code, name, soc_told = fields[0], fields[1], fields[3]
        hlt, hlgt, soc = paths[code]
        if soc != soc_told:
            raise KnowledgeError(
                f"pt.asc, line {line}: the class is not that of the primary path in mdhier.asc"
            )
        if name in seen:
            raise KnowledgeError(f"pt.asc, line {line}: the name of {code} occurs twice")
        seen.add(name)
        pts[code] = PreferredTerm(
            code, name, names["hlt.asc"][hlt], names["hlgt.asc"][hlgt], names["soc.asc"][soc]
        )
    return pts


def _read_llts(
    files: Mapping[str, bytes], pts: Mapping[str, PreferredTerm]
) -> Iterator[LowestLevelTerm]:
    own: set[str] = set()
    for line, fields in _records(files, "llt.asc"):
        code, name, pt = fields[:3]
        if pt not in pts:
            raise KnowledgeError(f"llt.asc, line {line}: its preferred term is not in pt.asc")
        if code in pts:
            if code != pt:
                raise KnowledgeError(f"llt.asc, line {line}: has the code of another pt.asc term")
            own.add(code)
        yield LowestLevelTerm(code, name, pts[pt], _yes_or_no("llt.asc", line, fields[9]))
    without = sorted(set(pts) - own)
    if without:
        raise KnowledgeError(
            f"llt.asc: the preferred term {without[0]} is not among the lowest level terms"
        )


def _yes_or_no(file: str, line: int, flag: str) -> bool:
    if flag not in _YES_OR_NO:
        raise KnowledgeError(f"{file}, line {line}: the flag must be Y or N")
    return _YES_OR_NO[flag]


def _read_release(files: Mapping[str, bytes]) -> tuple[str | None, str | None]:
    if RELEASE_FILE not in files:
        return None, None
    fields = _decode(files, RELEASE_FILE).strip().split("$")
    if not _VERSION.fullmatch(fields[0].strip()):
        raise KnowledgeError(f"{RELEASE_FILE}, line 1: does not begin with a version such as 27.1")
    return fields[0].strip(), (fields[1].strip() if len(fields) > 1 else "") or None


def _records(files: Mapping[str, bytes], file: str) -> Iterator[Record]:
    """Give the records of a file, their codes and names checked for shape."""
    most, least = _FIELDS[file]
    is_link = most == 2  # noqa: PLR2004 - two codes and nothing else
    line = 0
    for line, text in enumerate(_lines(files, file), start=1):
        fields = [field.strip() for field in text.split("$")]
        while len(fields) > most and not fields[-1]:
            fields.pop()
        if not least <= len(fields) <= most:
            raise KnowledgeError(
                f"{file}, line {line}: {len(fields)} fields, must be {least} to {most};"
                " the file may be cut short"
            )
        codes = fields[:2] if is_link else fields[:1]
        if not all(_CODE.fullmatch(code) for code in codes):
            raise KnowledgeError(f"{file}, line {line}: a code must have 8 digits")
        if not fields[1]:
            raise KnowledgeError(f"{file}, line {line}: the name is empty")
        yield line, fields
    if not line:
        raise KnowledgeError(f"{file}: is empty")


def _lines(files: Mapping[str, bytes], file: str) -> Iterable[str]:
    # not splitlines(), which also cuts at marks that may stand inside a name
    text = _decode(files, file).replace("\r\n", "\n").removesuffix("\n")
    return text.split("\n") if text else ()


def _decode(files: Mapping[str, bytes], file: str) -> str:
    """Decode UTF-8, which most languages use, else Latin-1, as in English and western ones."""
    content = files[file]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        raise KnowledgeError(f"{file}, line {line}: is neither UTF-8 nor Latin-1 text")
    return text


def _digest(files: Mapping[str, bytes], version: str) -> str:
    parts = [version, *(hashlib.sha256(files[name]).hexdigest() for name in FILES)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
