"""A package: the files about one case version, and what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file in a package."""

    name: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """The sha256 of its content, hex."""
        return sha256(self.content).hexdigest()

    def __repr__(self) -> str:
        return f"PackageFile({self.name}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Package:
    """
    What goes to one authority about one case version.

    Attributes:
        batch, number: Under which the message in it goes out (N.1.2, N.2.r.1).
        knowledge: Digest of what the documents were made with.
        draft: It may not be sent: a rule rejects the message.
    """

    case_id: str
    version: int
    authority: str
    profile: str
    batch: str
    number: str
    made_at: datetime
    knowledge: str
    files: tuple[PackageFile, ...]
    draft: bool = False

    def documents(self) -> list[Mapping[str, str]]:
        """Name the files as a transmission records them."""
        return [
            {"name": file.name, "media_type": file.media_type, "digest": file.digest}
            for file in self.files
        ]

    def __repr__(self) -> str:
        return f"Package({self.case_id}, version {self.version}, {self.authority})"
