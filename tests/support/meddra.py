"""A small made-up dictionary in the file format of MedDRA; nothing in it is MedDRA's."""

from pathlib import Path

from safety.coding.licensed import LicensedDictionary, build_licensed_dictionary
from safety.coding.meddra import parse_meddra

RELEASES = Path(__file__).parents[1] / "data" / "meddra"


def release_files(version: str = "99.0") -> dict[str, bytes]:
    """Give the files of a made-up release by name."""
    return {path.name: path.read_bytes() for path in (RELEASES / version).iterdir()}


def licensed(version: str = "99.0") -> LicensedDictionary:
    """Give a made-up release, ready for coding."""
    return build_licensed_dictionary(parse_meddra(release_files(version)))
