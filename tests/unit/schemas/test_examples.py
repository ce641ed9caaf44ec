"""Every kind of message has examples, and every example says only what its contract knows."""

from pathlib import Path

import orjson
import pytest

import schemas
from schemas.json_schema import Example, load_examples
from schemas.parse import Message, parse_record
from schemas.topics import INCOMING, TOPICS, Kind, event_model

EXAMPLES = load_examples()
KINDS = {kind.type: kind for topic in TOPICS for kind in topic.kinds}
BY_NAME = {example.name: example for example in EXAMPLES}

example_of_each = pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)


class TestExamples:
    @pytest.mark.parametrize("kind", KINDS.values(), ids=lambda each: each.type)
    def test_every_kind_has_one(self, kind: Kind) -> None:
        assert [example for example in EXAMPLES if example.type == kind.type]

    @pytest.mark.parametrize(
        "name",
        [
            "adverse-event.initial",
            "adverse-event.follow-up",
            "adverse-event.correction",
            "adverse-event.nullified",
            "adverse-event.several-drugs-several-reactions",
            "adverse-event.chinese-verbatim",
            "adverse-event.partial-dates",
            "adverse-event.explicitly-unknown",
            "adverse-event.laboratory-results",
            "adverse-event.death",
            "exposure.dose-reduced",
            "disease.death",
        ],
    )
    def test_every_situation_has_one(self, name: str) -> None:
        assert name in BY_NAME

    def test_every_decision_at_the_desk_has_one(self) -> None:
        told = {
            orjson.loads(example.text)["data"]["action"]["kind"]
            for example in EXAMPLES
            if example.type == "pv.decision.recorded.v1"
        }

        assert told == {
            "recode",
            "confirm_grade",
            "confirm_seriousness",
            "assess_causality",
            "assess_listedness",
            "mark_significance",
            "record_submission",
            "merge",
            "undo_merge",
            "not_a_duplicate",
            "request_information",
            "sign",
            "undo",
            "lock",
            "transmit",
            "accept",
            "assign",
            "review",
            "approve",
            "reopen",
        }

    def test_every_alert_has_one(self) -> None:
        told = {
            orjson.loads(example.text)["data"]["kind"]
            for example in EXAMPLES
            if example.type == "pv.alert.raised.v1"
        }

        assert told == {
            "submission_rejected",
            "expedited",
            "undecidable",
            "due_soon",
            "overdue",
            "undecided",
            "possible_duplicate",
            "potential_hys_law",
            "quarantined",
            "report_after_nullification",
        }

    def test_no_id_is_used_twice(self) -> None:
        ids = [orjson.loads(example.text)["id"] for example in EXAMPLES]

        assert len(set(ids)) == len(ids)

    @example_of_each
    def test_what_is_read_and_written_is_the_same_message(self, example: Example) -> None:
        model = event_model(KINDS[example.type])
        event = model.model_validate_json(example.text)

        again = model.model_validate_json(event.model_dump_json(exclude_unset=True))

        assert again == event

    @example_of_each
    def test_every_field_that_is_written_down_is_kept(self, example: Example) -> None:
        event = event_model(KINDS[example.type]).model_validate_json(example.text)
        kept = orjson.loads(event.model_dump_json(exclude_unset=True))

        assert fields(kept) == fields(orjson.loads(example.text))

    @example_of_each
    def test_it_is_marked_synthetic_where_the_contract_can_say_so(self, example: Example) -> None:
        if "synthetic" in KINDS[example.type].data.model_fields:
            assert orjson.loads(example.text)["data"]["synthetic"] is True

    @example_of_each
    def test_it_names_its_schema(self, example: Example) -> None:
        assert orjson.loads(example.text)["dataschema"] == (
            f"urn:sorafenib-safety:schema:{example.type}"
        )

    def test_every_file_of_the_folder_is_an_example(self) -> None:
        folder = Path(schemas.__file__).parent / "examples"
        names = {path.name for path in folder.iterdir() if path.is_file()}

        assert names == {f"{example.name}.json" for example in EXAMPLES}

    def test_incoming_examples_are_read_as_records(self) -> None:
        for topic in INCOMING:
            kinds = {kind.type for kind in topic.kinds}
            for example in EXAMPLES:
                if example.type in kinds:
                    key = orjson.loads(example.text)["subject"]
                    [message] = parse_record(topic.name, example.text, key=key)
                    assert isinstance(message, Message), example.name


def fields(content: object, path: str = "") -> set[str]:
    """Give the paths of all fields of a JSON value."""
    if isinstance(content, dict):
        return {path}.union(*(fields(each, f"{path}.{name}") for name, each in content.items()))
    if isinstance(content, list):
        return {path}.union(*(fields(each, f"{path}[{at}]") for at, each in enumerate(content)))
    return {path}
