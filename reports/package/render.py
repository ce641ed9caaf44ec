"""A package as a zip; the same package is the same bytes, whenever and wherever it is written."""

import zipfile
from io import BytesIO

from reports.package.model import Package

_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold; the manifest has the instant
_READ_BY_ALL = 0o644 << 16
_UNIX = 3
_LEVEL = 6


def render_zip(package: Package) -> bytes:
    """Write the package, its files by name."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for file in sorted(package.files, key=lambda file: file.name):
            entry = zipfile.ZipInfo(file.name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READ_BY_ALL
            entry.create_system = _UNIX
            archive.writestr(entry, file.content)
    return out.getvalue()
