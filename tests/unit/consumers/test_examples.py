"""The example messages that ship with the product."""

from consumers.backfill import process_records
from consumers.examples import incoming_examples, packaged_examples
from consumers.input_files import read_records
from safety.knowledge import load_knowledge
from safety.store.memory import MemoryStore
from schemas.parse import Message, parse_record
from schemas.topics import ACKNOWLEDGEMENTS, INCOMING, TOPICS


class TestPackagedExamples:
    def test_every_topic_has_some(self) -> None:
        assert {example.topic for example in packaged_examples()} == {t.name for t in TOPICS}


class TestIncomingExamples:
    def test_holds_what_is_for_us_to_read_and_all_of_it_can_be_read(self) -> None:
        records = incoming_examples()

        expected = {topic.name for topic in INCOMING} - {ACKNOWLEDGEMENTS.name}
        assert {record.topic for record in records} == expected
        for record in records:
            found = parse_record(record.topic, record.value, key=record.key)
            assert found
            assert all(isinstance(each, Message) for each in found)

    def test_the_acknowledgements_answer_the_example_of_a_transmission(self) -> None:
        chosen = [
            example.path
            for example in packaged_examples()
            if example.topic == ACKNOWLEDGEMENTS.name or example.path.stem == "decision.transmit"
        ]

        tallies = process_records(read_records(chosen), MemoryStore(), load_knowledge())

        assert tallies[ACKNOWLEDGEMENTS.name].accepted == len(chosen) - 1
