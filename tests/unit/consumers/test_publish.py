"""Records on their way to a broker."""

from importlib.resources import files
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaTimeoutError

from consumers import publish as module
from consumers.embedded_broker import EmbeddedBroker
from consumers.handlers import Record
from consumers.publish import key_of, publish
from safety.errors import BrokerUnavailableError
from tests.support.broker import unique_name

ICSRS = Path(str(files("schemas"))) / "examples" / "icsr"


def record(topic: str, value: bytes | None, key: str | None = None) -> Record:
    return Record(topic, -1, 1, key, {"content-type": "text/plain"}, value)


class TestKeyOf:
    def test_a_key_that_is_given_stays(self) -> None:
        assert key_of(record("pv.icsr", b"<a/>", "K")) == "K"

    def test_an_icsr_goes_under_its_case(self) -> None:
        content = (ICSRS / "study-initial.xml").read_bytes()
        case = content.decode().partition('root="2.16.840.1.113883.3.989.2.1.3.2"')[0]

        key = key_of(record("pv.icsr", content))

        assert key is not None
        assert f'extension="{key}"' in case[-200:] + content.decode()

    def test_xml_that_cannot_be_read_has_none(self) -> None:
        assert key_of(record("pv.icsr", b"not xml")) is None

    def test_json_without_a_key_has_none(self) -> None:
        assert key_of(record("pv.adverse-events", b"{}")) is None


class TestPublish:
    @pytest.mark.kafka
    def test_everything_arrives_with_key_and_headers(
        self, broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "CHUNK", 2)
        topic = unique_name("published")
        broker.create_topics([topic], 1)
        seen: list[int] = []
        producer = KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all")

        sent = publish(
            (record(topic, str(n).encode(), "K" if n else None) for n in range(5)),
            producer,
            on_sent=seen.append,
        )
        producer.close()

        consumer = KafkaConsumer(
            topic, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest"
        )
        found = [next(consumer) for _ in range(5)]
        consumer.close()
        assert sent == {topic: 5}
        assert seen == [2, 2, 1]
        assert [each.value for each in found] == [b"0", b"1", b"2", b"3", b"4"]
        assert [each.key for each in found] == [None, b"K", b"K", b"K", b"K"]
        assert found[0].headers == [("content-type", b"text/plain")]

    def test_a_broker_that_does_not_take_them_is_named_with_what_to_do(self) -> None:
        class Silent:
            def send(self, *_: object, **__: object) -> None:
                raise KafkaTimeoutError("no metadata")

        with pytest.raises(BrokerUnavailableError, match="safety topics create"):
            publish([record("pv.icsr", b"<a/>")], Silent())
