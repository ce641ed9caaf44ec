"""Which example messages ship with the product, and on which topic does each belong?"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from consumers.handlers import Record
from consumers.input_files import read_records
from schemas.json_schema import load_examples
from schemas.topics import ACKNOWLEDGEMENTS, ICSR, TOPICS


@dataclass(frozen=True, slots=True)
class PackagedExample:
    """One example file."""

    path: Path
    topic: str
    direction: str  # in or out, as of its topic
    type: str  # the CloudEvents type, or the media type where there is none


def packaged_examples() -> list[PackagedExample]:
    """Give all examples: those of JSON messages, then ICSRs and acknowledgements."""
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
    for topic, name in ((ICSR, "icsr"), (ACKNOWLEDGEMENTS, "acknowledgement")):
        found += [
            PackagedExample(path, topic.name, topic.direction, topic.media_type)
            for path in sorted((folder / name).glob("*.xml"))
        ]
    return found


def incoming_examples() -> list[Record]:
    """
    Give the records of the examples that are for us to read, in whatever order they arrive.

    Acknowledgements are not among them: they answer a batch that the store must have sent before.
    """
    paths = [
        example.path
        for example in packaged_examples()
        if example.direction == "in" and example.topic != ACKNOWLEDGEMENTS.name
    ]
    return list(read_records(paths))
