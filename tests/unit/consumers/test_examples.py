"""The example messages that ship with the product."""

from consumers.examples import incoming_examples, packaged_examples
from schemas.parse import Message, parse_record
from schemas.topics import INCOMING, TOPICS


class TestPackagedExamples:
    def test_every_topic_has_some(self) -> None:
        assert {example.topic for example in packaged_examples()} == {t.name for t in TOPICS}


class TestIncomingExamples:
    def test_holds_what_is_for_us_to_read_and_all_of_it_can_be_read(self) -> None:
        records = incoming_examples()

        assert {record.topic for record in records} == {topic.name for topic in INCOMING}
        for record in records:
            found = parse_record(record.topic, record.value, key=record.key)
            assert found
            assert all(isinstance(each, Message) for each in found)
