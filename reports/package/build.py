"""From documents to a package with its manifest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from reports.package.model import MANIFEST, Package, PackageFile

XML, PDF, TEXT, JSON = "application/xml", "application/pdf", "text/plain", "application/json"
_READABLE = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


def build_package(  # noqa: PLR0913  (each document, and what it is about)
    case_id: str,
    version: int,
    *,
    authority: str,
    profile: str,
    batch: str,
    number: str,
    made_at: datetime,
    knowledge: str,
    icsr: bytes,
    form: bytes,
    narrative: str,
    trace: Mapping[str, Any],
    validation: Sequence[Mapping[str, Any]],
    schema_asked: bool,
) -> Package:
    """
    Put the documents about a case version together.

    Args:
        case_id: The case.

        version: Its version.

        authority: Whom the package is for.

        profile: By whose rules the message was judged.

        batch: Batch number of the message.

        number: Message number.

        made_at: The instant on the documents.

        knowledge: Digest of what they were made with.

        icsr: The batch with the one message.

        form: The CIOMS I form.

        narrative: The narrative as text.

        trace: The stored reasons of the version.

        validation: Every rule that the message breaks.

        schema_asked: The ICH schema was at hand.
    """
    is_draft = any(row["severity"] == "rejection" for row in validation)
    judged = {
        "profile": profile,
        "schema": "asked" if schema_asked else "not at hand",
        "outcome": "rejected" if is_draft else "accepted",
        "rules": list(validation),
    }
    files = (
        PackageFile("cioms.pdf", PDF, form),
        PackageFile("icsr.xml", XML, icsr),
        PackageFile("narrative.txt", TEXT, narrative.encode()),
        PackageFile("trace.json", JSON, orjson.dumps(trace, option=_READABLE)),
        PackageFile("validation.json", JSON, orjson.dumps(judged, option=_READABLE)),
    )
    told = Package(
        case_id=case_id,
        version=version,
        authority=authority,
        profile=profile,
        batch=batch,
        number=number,
        made_at=made_at,
        knowledge=knowledge,
        files=files,
        draft=is_draft,
    )
    manifest = PackageFile(MANIFEST, JSON, orjson.dumps(_manifest(told), option=_READABLE))
    return Package(
        **{name: getattr(told, name) for name in Package.__dataclass_fields__ if name != "files"},
        files=(*files, manifest),
    )


def _manifest(package: Package) -> dict[str, Any]:
    return {
        "case": package.case_id,
        "version": package.version,
        "authority": package.authority,
        "profile": package.profile,
        "batch": package.batch,
        "message": package.number,
        "made_at": package.made_at.isoformat(),
        "knowledge": package.knowledge,
        "draft": package.draft,
        "files": [
            {**named, "bytes": len(file.content)}
            for named, file in zip(package.documents(), package.files, strict=True)
        ],
    }
