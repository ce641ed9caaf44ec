"""Which example messages ship with the product, and on which topic does each belong?"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from consumers.handlers import Record
from consumers.input_files import read_records
from schemas.json_schema import load_examples
from schemas.topics import ICSR, TOPICS


@dataclass(frozen=True, slots=True)
class PackagedExample:
    """One example file."""

    path: Path
    topic: str
    direction: str  # in or out, as of its topic
    type: str  # the CloudEvents type, or the media type where there is none


def packaged_examples() -> list[PackagedExample]:
    """Give all examples: those of JSON messages, then the E2B(R3) files."""
    folder = Path(str(files("schemas"))) / "examples"
    topic_of = {kind.type: topic for topic in TOPICS for kind in topic.kinds}
    found = [
        PackagedExample(
            folder / f"{example.name}.json",
            topic_of[example.type].name,
            topic_of[example.type].direction,
            example.type,
        )
        for example in load_examples()
    ]
    icsrs = sorted((folder / "icsr").glob("*.xml"))
    return found + [PackagedExample(path, ICSR.name, "in", ICSR.media_type) for path in icsrs]


def incoming_examples() -> list[Record]:
    """Give the records of the examples that are for us to read."""
    paths = [example.path for example in packaged_examples() if example.direction == "in"]
    return list(read_records(paths))
