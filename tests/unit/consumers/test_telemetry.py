"""The small server for operators, and traces that cross Kafka."""

import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from consumers import metrics, telemetry
from consumers.embedded_broker import find_free_port
from consumers.handlers import Record
from consumers.settings import SettingsError, load_settings
from consumers.telemetry import Telemetry, telemetry_of
from consumers.tracing import Tracing, build_tracing

# Version, trace id, span id, sampled: as the W3C recommendation "Trace Context" prints it.
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
CASE_KEY = "EDC:case-4711"


def record(**headers: str) -> Record:
    return Record("pv.adverse-events", 2, 41, CASE_KEY, headers, b"{}")


class TestTelemetryOf:
    @pytest.fixture
    def port(self) -> int:
        return find_free_port()

    @pytest.fixture
    def telling(self, port: int) -> Iterator[Telemetry]:
        with telemetry_of(load_settings(metrics_port=port)) as given:
            yield given

    def test_shows_metrics_to_prometheus(self, telling: Telemetry, port: int) -> None:
        telling.metrics.count(metrics.BATCHES, amount=3)

        assert "safety_batches_total 3.0" in fetch(port, "/metrics")

    def test_says_that_a_process_is_well(self, telling: Telemetry, port: int) -> None:
        telling.pulse.beat()

        assert fetch(port, "/healthz") == "well\n"

    def test_says_that_a_process_is_stuck(
        self, telling: Telemetry, port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        telling.pulse.beat()
        monkeypatch.setattr(telemetry, "STUCK_S", -1.0)

        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(port, "/healthz")
        refused.value.close()

        assert refused.value.code == 503

    def test_has_nothing_else(self, telling: Telemetry, port: int) -> None:
        del telling
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(port, "/cases")
        refused.value.close()

        assert refused.value.code == 404

    def test_gives_the_port_back(self, port: int) -> None:
        for _ in range(2):
            with telemetry_of(load_settings(metrics_port=port)):
                fetch(port, "/healthz")

    def test_refuses_a_port_that_is_taken(self, telling: Telemetry, port: int) -> None:
        del telling
        with (
            pytest.raises(SettingsError, match="SAFETY_METRICS_PORT"),
            telemetry_of(load_settings(metrics_port=port)),
        ):
            pytest.fail("it was had twice")

    def test_opens_nothing_unless_asked(self) -> None:
        with telemetry_of(load_settings()) as given:
            given.metrics.count(metrics.BATCHES)


def fetch(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


class TestTracing:
    @pytest.fixture
    def spans(self) -> InMemorySpanExporter:
        return InMemorySpanExporter()

    @pytest.fixture
    def tracing(self, spans: InMemorySpanExporter) -> Iterator[Tracing]:
        made = Tracing(SimpleSpanProcessor(spans))
        yield made
        made.close()

    def test_a_record_goes_on_in_its_senders_trace(
        self, tracing: Tracing, spans: InMemorySpanExporter
    ) -> None:
        with tracing.batch([record(traceparent=PARENT), record()]):
            pass

        batch, one = named(spans, "handle batch"), named(spans, "process pv.adverse-events")
        assert f"{one.context.trace_id:032x}" == TRACE
        assert one.parent is not None
        assert f"{one.parent.span_id:016x}" == "b7ad6b7169203331"
        assert [link.context.span_id for link in one.links] == [batch.context.span_id]
        assert [f"{link.context.trace_id:032x}" for link in batch.links] == [TRACE]

    def test_what_we_publish_carries_the_batchs_trace(
        self, tracing: Tracing, spans: InMemorySpanExporter
    ) -> None:
        with tracing.batch([record()]), tracing.step("publish"):
            headers = dict(tracing.headers())

        publish = named(spans, "publish")
        expected = f"00-{publish.context.trace_id:032x}-{publish.context.span_id:016x}-"
        assert headers["traceparent"].decode().startswith(expected)

    @pytest.mark.parametrize(
        "told", ["", "nonsense", PARENT[:-1], PARENT.replace("0a", "zz"), "张三", "00-" + "0" * 49]
    )
    def test_a_header_that_is_no_trace_is_left_alone(
        self, tracing: Tracing, spans: InMemorySpanExporter, told: str
    ) -> None:
        with tracing.batch([record(traceparent=told)]):
            pass

        assert [span.name for span in spans.get_finished_spans()] == ["handle batch"]

    def test_spans_hold_nothing_of_a_case(
        self, tracing: Tracing, spans: InMemorySpanExporter
    ) -> None:
        with pytest.raises(ValueError, match=CASE_KEY), tracing.batch([record(traceparent=PARENT)]):
            raise ValueError(CASE_KEY)

        told = "".join(span.to_json() for span in spans.get_finished_spans())
        assert '"description": "ValueError"' in told
        assert CASE_KEY not in told

    def test_off_it_makes_no_headers(self) -> None:
        tracing = build_tracing(load_settings())

        with tracing.batch([record(traceparent=PARENT)]), tracing.step("publish"):
            assert tracing.headers() == []


def named(spans: InMemorySpanExporter, name: str) -> ReadableSpan:
    found: Sequence[ReadableSpan] = [s for s in spans.get_finished_spans() if s.name == name]
    (span,) = found
    return span
