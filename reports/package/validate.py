"""Does a zip hold what its manifest says, all of it, and nothing else?"""

import zipfile
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO

import orjson

from reports.package.model import MANIFEST


def validate_zip(content: bytes) -> list[str]:
    """Give every fault, in words; none if the package is whole."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return list(_faults(archive))
    except zipfile.BadZipFile:
        return ["the file is no zip, or is damaged"]


def _faults(archive: zipfile.ZipFile) -> Iterator[str]:
    names = archive.namelist()
    if MANIFEST not in names:
        yield f"there is no {MANIFEST}"
        return
    try:
        told = {row["name"]: row for row in orjson.loads(archive.read(MANIFEST))["files"]}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        yield f"{MANIFEST} cannot be read"
        return
    for name in sorted(told.keys() - set(names)):
        yield f"{name} is in the manifest and not in the package"
    for name in sorted(set(names) - told.keys() - {MANIFEST}):
        yield f"{name} is in the package and not in the manifest"
    for name in sorted(told.keys() & set(names)):
        if sha256(archive.read(name)).hexdigest() != told[name]["digest"]:
            yield f"{name} is not what the manifest says"
