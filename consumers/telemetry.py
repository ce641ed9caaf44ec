"""
Where an operator's tools look into a running process: metrics, and whether it is well.

One small HTTP server on an address of the settings, off unless a port is set:
`/metrics` for Prometheus, `/healthz` for what restarts a process that is stuck. Neither
shows anything of a case.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from consumers.metrics import Metrics
from consumers.settings import Settings, SettingsError
from consumers.tracing import Tracing, build_tracing

STUCK_S = 120.0  # longer than any batch; a retrying process beats all the while

Respond = Callable[..., Any]


class Pulse:
    """Beats while its process does what it is there for; without a beat for long, it is stuck."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def beat(self) -> None:
        """Say that all is well now."""
        self._at = time.monotonic()

    def well(self) -> bool:
        """Tell whether the last beat is recent."""
        return time.monotonic() - self._at < STUCK_S


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What a process tells of itself while it runs; by itself it is heard by nobody."""

    metrics: Metrics = field(default_factory=Metrics)
    pulse: Pulse = field(default_factory=Pulse)
    tracing: Tracing = field(default_factory=Tracing)


@contextmanager
def telemetry_of(settings: Settings) -> Iterator[Telemetry]:
    """
    Give what a process tells of itself, and let it be heard where the settings say so.

    Raises:
        SettingsError: The address for metrics cannot be had.
    """
    telling = Telemetry(tracing=build_tracing(settings))
    try:
        with _served(settings, telling.metrics, telling.pulse):
            yield telling
    finally:
        telling.tracing.close()


@contextmanager
def _served(settings: Settings, metrics: Metrics, pulse: Pulse) -> Iterator[None]:
    if settings.metrics_port is None:
        yield
        return
    try:
        server = make_server(
            settings.metrics_host,
            settings.metrics_port,
            _application(metrics, pulse),
            server_class=_Server,
            handler_class=_Silent,
        )
    except OSError as error:
        raise SettingsError(
            f"SAFETY_METRICS_HOST, SAFETY_METRICS_PORT: cannot listen there ({error.strerror});"
            " is another process using the port?"
        ) from None
    serving = threading.Thread(target=server.serve_forever, daemon=True, name="telemetry")
    serving.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Write no access log."""


def _application(metrics: Metrics, pulse: Pulse) -> Respond:
    shown = make_wsgi_app(metrics.registry)

    def answer(environ: dict[str, Any], start: Respond) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            answered: Iterable[bytes] = shown(environ, start)
            return answered
        if path == "/healthz":
            well = pulse.well()
            start("200 OK" if well else "503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"well\n" if well else b"stuck: nothing was done for a while; restart it\n"]
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"there are /metrics and /healthz\n"]

    return answer
