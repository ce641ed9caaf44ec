"""Is what is installed what was released, and what tells this installation from another?"""

import base64
import hashlib
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from sqlalchemy import make_url

from consumers.dictionary_files import build_knowledge
from consumers.release import DISTRIBUTION, installed_version
from consumers.settings import Settings
from reports.qualification import Check

# What the results depend on most; all others are in the list of parts (`make sbom`).
PARTS = ("kafka-python", "pydantic", "sqlalchemy", "lxml", "typst", "psycopg")


def installation_facts(settings: Settings, scratch: str | None) -> dict[str, str]:
    """Give what tells this installation from another; no password is among it."""
    knowledge = build_knowledge(settings)
    return {
        "Software": f"{DISTRIBUTION} {installed_version()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Machine": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Prefix": sys.prefix,
        "Database of the settings": _place(settings.database_url.get_secret_value()),
        "Database of the operational checks": _place(scratch) if scratch else "SQLite, thrown away",
        "Brokers": settings.kafka_bootstrap,
        "Dictionary": knowledge.dictionary.name,
        "Digest of the knowledge": knowledge.digest,
        "Parts": ", ".join(f"{name} {_version(name)}" for name in PARTS),
    }


def installed_files() -> Check:
    """Compare every installed file with the digest that the release gives for it."""
    title = "Every file of the installed software is as it was released"
    expected = "all digests of the release's RECORD"
    try:
        found = distribution(DISTRIBUTION)
    except PackageNotFoundError:
        return Check("", ("R11",), title, expected, "the software is not installed", passed=False)
    files = list(_digests(found))
    changed = [name for name, same in files if not same]
    if not any(name.startswith("safety/") for name, _ in files):
        said = "installed for development (editable): its files are those of the checkout"
        return Check("", ("R11",), title, expected, said, passed=True)
    said = f"{len(files) - len(changed)} of {len(files)} files as released"
    if changed:
        said += f"; changed: {', '.join(sorted(changed)[:5])}"
    return Check("", ("R11",), title, expected, said, passed=not changed)


def _digests(found: Distribution) -> Iterator[tuple[str, bool]]:
    """Name each file that the release has a digest of, and tell whether it still has it."""
    for path in found.files or ():
        if path.hash is None:
            continue
        try:
            content = Path(str(path.locate())).read_bytes()
        except OSError:
            yield str(path), False
            continue
        made = hashlib.new(path.hash.mode, content).digest()
        yield str(path), base64.urlsafe_b64encode(made).rstrip(b"=").decode() == path.hash.value


def _place(url: str) -> str:
    return make_url(url).difference_update_query(["password"]).render_as_string(hide_password=True)


def _version(name: str) -> str:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return "absent"
