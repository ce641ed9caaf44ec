"""What the messages about cases share: which case it is, and a term as it was said."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.values import Closed, Code, Explicit, Key, Language

Line = Annotated[str, StringConstraints(min_length=1, max_length=2000)]

Many = 1000  # entries a list may have; larger reports are refused, not cut


class CaseReference(Closed):
    """Which case this is about, in the sender's and the world's numbering."""

    sender: Key  # organisation whose numbering `sender_case_id` is, as a short code
    sender_case_id: Key  # C.1.1
    worldwide_id: Key | None = None  # C.1.8.1
    sender_version: Annotated[int, Field(ge=0)] | None = None


class Term(Closed):
    """What was said, in which language, and how the sender coded it."""

    text: Line | Explicit | None = None
    language: Language | None = None  # ISO 639
    coded: Code | None = None
