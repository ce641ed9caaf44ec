"""Generated files: schemas that refuse what the contract refuses, and no loose ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from schemas import generate
from schemas.asyncapi import build_asyncapi
from schemas.generate import find_faults, main, render_files, save_files
from schemas.json_schema import Example, build_schema, load_examples, schema_file
from schemas.reference import render_topics
from schemas.topics import TOPICS, Kind

EXAMPLES = load_examples()
KINDS = {kind.type: kind for topic in TOPICS for kind in topic.kinds}
SCHEMAS = {kind.type: build_schema(kind, EXAMPLES) for kind in KINDS.values()}

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda each: each.type)
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)


def objects(content: Any) -> Iterator[dict[str, Any]]:
    """Give every object inside a JSON value, the outermost first."""
    if isinstance(content, dict):
        yield content
        for each in content.values():
            yield from objects(each)
    elif isinstance(content, list):
        for each in content:
            yield from objects(each)


class TestBuildSchema:
    @each_kind
    def test_is_a_schema_of_its_dialect(self, kind: Kind) -> None:
        schema = SCHEMAS[kind.type]

        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"urn:sorafenib-safety:schema:{kind.type}"
        assert schema["title"] == kind.type
        assert kind.says in schema["description"]
        assert schema["examples"]

    @each_example
    def test_accepts_the_examples_of_its_kind(self, example: Example) -> None:
        errors = list(
            Draft202012Validator(SCHEMAS[example.type]).iter_errors(orjson.loads(example.text))
        )

        assert errors == []

    @each_example
    def test_accepts_no_example_of_another_kind(self, example: Example) -> None:
        event = orjson.loads(example.text)

        accepting = [
            type_
            for type_, schema in SCHEMAS.items()
            if Draft202012Validator(schema).is_valid(event)
        ]

        assert accepting == [example.type]

    @each_example
    def test_refuses_an_unknown_field_wherever_it_stands(self, example: Example) -> None:
        validator = Draft202012Validator(SCHEMAS[example.type])
        places = len(list(objects(orjson.loads(example.text))))

        for place in range(places):
            event = orjson.loads(example.text)
            list(objects(event))[place]["unheard_of"] = 1
            assert not validator.is_valid(event), f"object {place}"

    @each_example
    def test_refuses_an_envelope_without_what_it_needs(self, example: Example) -> None:
        validator = Draft202012Validator(SCHEMAS[example.type])

        for name in ("specversion", "id", "source", "type", "subject", "data"):
            event = orjson.loads(example.text)
            del event[name]
            assert not validator.is_valid(event), name

    def test_a_field_left_out_has_no_default_of_null(self) -> None:
        for schema in SCHEMAS.values():
            for part in objects(schema["$defs"]):
                assert part.get("default", "something") is not None


class TestBuildAsyncapi:
    document = build_asyncapi(TOPICS, "1.0.0")

    def test_every_reference_leads_somewhere(self) -> None:
        references = [part["$ref"] for part in objects(self.document) if "$ref" in part]

        assert references
        for reference in references:
            if reference.startswith("./"):
                assert reference[2:] in {schema_file(kind) for kind in KINDS.values()}
                continue
            target: Any = self.document
            for step in reference.removeprefix("#/").split("/"):
                assert step in target, reference
                target = target[step]

    def test_channels_are_the_topics(self) -> None:
        channels = self.document["channels"]

        assert list(channels) == [
            "pv.adverse-events",
            "pv.icsr",
            "pv.acknowledgements",
            "pv.study-records",
            "pv.case-decisions",
            "pv.alerts",
            "pv.dead-letters",
        ]
        assert all(name == channel["address"] for name, channel in channels.items())

    def test_the_system_receives_what_comes_in_and_sends_what_goes_out(self) -> None:
        actions = {
            operation["channel"]["$ref"].rpartition("/")[2]: operation["action"]
            for operation in self.document["operations"].values()
        }

        assert actions == {
            "pv.adverse-events": "receive",
            "pv.icsr": "receive",
            "pv.acknowledgements": "receive",
            "pv.study-records": "receive",
            "pv.case-decisions": "send",
            "pv.alerts": "send",
            "pv.dead-letters": "send",
        }

    def test_every_kind_is_a_message_with_its_schema(self) -> None:
        messages = self.document["components"]["messages"]

        assert set(messages) == {*KINDS, "icsr-batch", "icsr-acknowledgement"}
        assert messages["icsr-batch"]["contentType"] == "application/xml"
        for type_, kind in KINDS.items():
            assert messages[type_]["payload"]["schema"] == {"$ref": f"./{schema_file(kind)}"}

    def test_json_messages_have_a_key_and_topics_their_partitions(self) -> None:
        messages = self.document["components"]["messages"]

        for type_ in KINDS:
            assert messages[type_]["bindings"]["kafka"]["key"]["type"] == "string"
        for topic in TOPICS:
            kafka = self.document["channels"][topic.name]["bindings"]["kafka"]
            assert kafka["partitions"] == topic.partitions


class TestRenderTopics:
    page = render_topics(TOPICS)

    def test_every_topic_and_kind_has_a_heading(self) -> None:
        headings = {line.lstrip("# ") for line in self.page.splitlines() if line.startswith("#")}

        assert {topic.name for topic in TOPICS} <= headings
        assert set(KINDS) <= headings

    def test_every_link_leads_to_a_heading(self) -> None:
        anchors = {
            line.lstrip("# ").lower().replace(".", "").replace(" ", "-")
            for line in self.page.splitlines()
            if line.startswith("#")
        }
        links = {text.partition(")")[0] for text in self.page.split("](#")[1:]}

        assert links
        assert links <= anchors

    @pytest.mark.parametrize(
        "row",
        [
            "| `received_at` | instant with UTC offset | yes |",
            "| `weight_kg` | number or [Explicit](#explicit) |  |",
            "| `grade` | integer from 1 to 5 | yes |",
            "| `reactions` | list of [Reaction](#reaction) |  |",
            "| `death` | `true` or [Explicit](#explicit) |  |",
            "| `first_sender` | `regulator`, `other` |  |",
            "| `sender` | key | yes |",
        ],
    )
    def test_a_field_is_told_in_a_few_words(self, row: str) -> None:
        assert row in self.page.splitlines()


class TestMain:
    def test_the_committed_files_are_current(self) -> None:
        assert find_faults(render_files(), generate.PROJECT) == []

    def test_writes_files_that_are_then_current(self, tmp_path: Path) -> None:
        assert main([], tmp_path) == 0
        assert main(["--check"], tmp_path) == 0

    def test_names_what_is_stale_missing_or_left_over(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        save_files(render_files(), tmp_path)
        (tmp_path / "schemas/generated/asyncapi.json").unlink()
        (tmp_path / "docs/reference/generated/topics.md").write_text("old", encoding="utf-8")
        (tmp_path / "schemas/generated/pv.gone.v1.schema.json").write_text("{}", encoding="utf-8")

        assert main(["--check"], tmp_path) == 1
        assert capsys.readouterr().err.splitlines() == [
            "stale: docs/reference/generated/topics.md",
            "missing: schemas/generated/asyncapi.json",
            "left over: schemas/generated/pv.gone.v1.schema.json",
            "run: python -m schemas.generate",
        ]

    def test_checks_without_writing(self, tmp_path: Path) -> None:
        assert main(["--check"], tmp_path) == 1
        assert list(tmp_path.iterdir()) == []

    def test_writing_removes_what_is_left_over_and_nothing_of_others(self, tmp_path: Path) -> None:
        left = tmp_path / "schemas/generated/pv.gone.v1.schema.json"
        other = tmp_path / "docs/reference/generated/spec.md"
        for path in (left, other):
            path.parent.mkdir(parents=True)
            path.write_text("{}", encoding="utf-8")

        main([], tmp_path)

        assert not left.exists()
        assert other.exists()

    def test_another_argument_is_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--chekc"], tmp_path) == 2
        assert "usage" in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == []

    def test_every_file_ends_with_one_line_feed(self) -> None:
        for text in render_files().values():
            assert text.endswith("\n")
            assert not text.endswith("\n\n")
