"""
How does one message travel, seen by the tools that follow requests through many systems?

Off unless an endpoint is set. A batch is a span; a record that came with a W3C
`traceparent` gets a span of its own in the sender's trace, linked to the batch; what we
publish carries the batch's `traceparent` on. Spans hold counts and names of topics,
never a case's number or a value of a message.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from consumers.handlers import Record
from consumers.settings import Settings

MOST_LINKS = 100  # of a batch to the traces its records came from
FORMAT = TraceContextTextMapPropagator()
HEADERS = ("traceparent", "tracestate")


class Tracing:
    """
    Makes spans, or nothing where no processor takes them.

    Args:
        processor: Where spans go; None: tracing is off.
    """

    def __init__(self, processor: SpanProcessor | None = None) -> None:
        self._provider: TracerProvider | None = None
        if processor is not None:
            self._provider = TracerProvider(
                resource=Resource.create({SERVICE_NAME: "sorafenib-safety"}),
                shutdown_on_exit=False,  # `close` does it
            )
            self._provider.add_span_processor(processor)

    @contextmanager
    def batch(self, records: Sequence[Record]) -> Iterator[None]:
        """Make a span of a batch, and one for each record that belongs to a sender's trace."""
        if self._provider is None:
            yield
            return
        tracer = self._provider.get_tracer("consumers")
        origins = [(record, context) for record in records if (context := _origin(record))]
        links = [Link(get_current_span(context).get_span_context()) for _, context in origins]
        began = time.time_ns()
        with (
            tracer.start_as_current_span(
                "handle batch",
                kind=SpanKind.CONSUMER,
                links=links[:MOST_LINKS],
                attributes={
                    "messaging.system": "kafka",
                    "messaging.batch.message_count": len(records),
                    "messaging.destination.names": sorted({record.topic for record in records}),
                },
                record_exception=False,  # the text of an error could quote a value
                set_status_on_exception=False,
            ) as span,
            _marking(span),
        ):
            yield
        for record, context in origins:
            tracer.start_span(
                f"process {record.topic}",
                context=context,
                kind=SpanKind.CONSUMER,
                links=[Link(span.get_span_context())],
                start_time=began,
                attributes={
                    "messaging.system": "kafka",
                    "messaging.destination.name": record.topic,
                    "messaging.destination.partition.id": str(record.partition),
                    "messaging.kafka.offset": record.offset,
                },
            ).end()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Make a span of a step of the batch at hand; `name` is fixed text."""
        if self._provider is None:
            yield
            return
        tracer = self._provider.get_tracer("consumers")
        with tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        ):
            yield

    def headers(self) -> list[tuple[str, bytes]]:
        """Give the Kafka headers that carry the present trace on; none where there is none."""
        if self._provider is None:
            return []
        carrier: dict[str, str] = {}
        FORMAT.inject(carrier)
        return [(name, value.encode()) for name, value in carrier.items()]

    def close(self) -> None:
        """Send what is left."""
        if self._provider is not None:
            self._provider.shutdown()


def build_tracing(settings: Settings) -> Tracing:
    """Send spans to the endpoint that is set, else make none."""
    if settings.traces_endpoint is None:
        return Tracing()
    # Loaded only where it is used: the exporter costs a consumer that has none 100 ms and 20 MiB.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )

    return Tracing(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.traces_endpoint)))


@contextmanager
def _marking(span: Span) -> Iterator[None]:
    """Mark a span as failed, with the class of the error."""
    try:
        yield
    except BaseException as error:
        span.set_status(StatusCode.ERROR, type(error).__name__)
        raise


def _origin(record: Record) -> Context | None:
    """Give the sender's trace, if the record names one that is well formed."""
    carrier = {name: record.headers[name] for name in HEADERS if name in record.headers}
    if "traceparent" not in carrier:
        return None
    context = FORMAT.extract(carrier, context=Context())
    return context if get_current_span(context).get_span_context().is_valid else None
