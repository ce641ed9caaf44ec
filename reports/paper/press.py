"""
The press: typst, with its fonts and template kept between pages.

What is printed is PDF/A-2b and PDF/UA-1 (tagged), with its fonts embedded; equal documents give
equal bytes. Keeping one compiler and feeding it new inputs is what makes a page take milliseconds.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import Any, cast

import orjson
import typst

from reports.paper.typeface import FAMILIES, font_folders, left_to_accents
from safety.errors import SafetyError

PDF_STANDARDS: "typst.PDFStandards" = ["a-2b", "ua-1"]


class PrintError(SafetyError):
    """The document could not be set; it is not made."""


def print_pdf(package: str, name: str, document: Mapping[str, Any], *, what: str) -> bytes:
    """
    Set a document by a template.

    Args:
        package: Package that has the template.

        name: Its path there.

        document: All that the template shows.

        what: Name of the document in an error: of what case and version it is.

    Raises:
        PrintError: If it cannot be set; never with a text of the case.
    """
    whole = {**document, "fonts": FAMILIES, "accented": left_to_accents()}
    try:
        return _press(package, name).print(whole)
    except typst.TypstError:  # its text may quote the case
        raise PrintError(
            f"{what} cannot be set as PDF; write it as HTML, and report it with the version of"
            " the software"
        ) from None


def printed_date(made_at: datetime) -> dict[str, int]:
    """Give an instant as the document's own date."""
    names = ("year", "month", "day", "hour", "minute", "second")
    return {name: getattr(made_at, name) for name in names}


class _Press:
    """The compiler of one template; one document at a time."""

    def __init__(self, template: Path) -> None:
        self._compiler = typst.Compiler(template, root=template.parent, font_paths=_fonts())
        self._lock = Lock()

    def print(self, document: Mapping[str, Any]) -> bytes:
        inputs = {"form": orjson.dumps(document).decode()}
        with self._lock:
            made = self._compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=PDF_STANDARDS
            )
        return cast("bytes", made)


@lru_cache(maxsize=1)
def _fonts() -> "typst.Fonts":
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders()
    )


@lru_cache
def _press(package: str, name: str) -> _Press:
    with as_file(files(package).joinpath(*name.split("/"))) as path:
        return _Press(Path(path))
