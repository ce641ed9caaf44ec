"""
What does one E2B(R3) message cost, and does a batch take more memory the longer it is?

A packaged study case is built, written and judged: by ICH's rules, for FDA by FDA's too, and by the
ICH schema where SAFETY_E2B_SCHEMA_DIR names it. The peer on PyPI, e2br3, writes nothing and has no
rules; it reads a part of the standard and asks the same schema, and is timed beside our reading of
the whole message. Then batches are judged and written to a file that is thrown away, as
`safety e2b` does it. `python -m benchmarks.e2b [BATCH]` prints two tables; BATCH is the size of the
longest batch, 10,000 unless given.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from statistics import quantiles
from tempfile import TemporaryFile
from time import perf_counter, process_time

import e2br3
from rich.console import Console
from rich.table import Table

from benchmarks.meter import Meter, peak_mib
from consumers.e2b import Sending, judge
from consumers.schema_gate import SchemaGate
from consumers.settings import load_settings
from consumers.wiring import build_schema_gate
from reports.e2b.build import build_icsr
from reports.e2b.model import Icsr, Identity, OwnSender
from reports.e2b.profiles import load_profile
from reports.e2b.render import render_batch, write_batch
from reports.e2b.validate import validate_batch
from safety.case import Case, fold
from safety.intake import read_report
from schemas.icsr.document import parse_document
from schemas.icsr.read import Icsr as Received
from schemas.icsr.read import parse_icsr_batch

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CASES = 300
SENDER = OwnSender("BENCHMARK")
EXAMPLE = "icsr/study-follow-up.xml"
BATCH = 10_000

Times = list[tuple[float, float]]  # wall and CPU, milliseconds


def main() -> None:
    """Measure, and print two tables."""
    longest = int(sys.argv[1]) if len(sys.argv) > 1 else BATCH
    steps = Table("one message", "CPU ms p50", "CPU ms p95", "wall ms p50", "wall ms p95")
    for name, times in measure_steps():
        wall, cpu = (quantiles(column, n=20) for column in zip(*times, strict=True))
        steps.add_row(name, *(f"{cuts[at]:.2f}" for cuts in (cpu, wall) for at in (9, 18)))
    Console().print(steps)
    batches = Table("messages in a batch", "CPU ms each", "wall ms each", "peak MiB")
    sending = Sending(load_profile("ich"), SENDER, NOW)
    gate = build_schema_gate(load_settings())
    for size in (longest // 10, longest):
        meter = Meter()
        with TemporaryFile() as out:
            write_batch(out, _judged(size, sending, gate), sending.wrapper(), sending.profile)
        meter.lap()
        each = (1_000 * time / size for time in (meter.cpu_seconds, meter.seconds))
        batches.add_row(f"{size:,}", *(f"{time:.2f}" for time in each), f"{peak_mib():,.0f}")
    Console().print(batches)


def measure_steps() -> Iterator[tuple[str, Times]]:
    """Give the times of each step, one a case, after one unmeasured round."""
    settings = load_settings()
    gate = build_schema_gate(settings)
    schema = ", schema" if gate else ""
    icsr = example()
    sending = Sending(load_profile("ich"), SENDER, NOW)
    xml = render_batch([icsr], sending.wrapper(), sending.profile)

    yield "build from the case", _times(example)
    yield "write", _times(lambda: render_batch([icsr], sending.wrapper(), sending.profile))
    yield "ICH's rules", _times(lambda: validate_batch(xml, now=NOW))
    for name in ("ich", "fda-postmarket"):
        out = Sending(load_profile(name), SENDER, NOW)
        made = example(name)
        yield (
            f"write, rules{schema}: {name}",
            _times(lambda made=made, out=out: judge(made, out, gate)),  # type: ignore[misc]
        )

    def read() -> None:
        list(parse_icsr_batch(xml))
        if gate is not None:
            gate.faults(parse_document(xml))

    def read_by_peer() -> None:
        e2br3.to_dict(e2br3.parse(xml))
        if gate is not None:
            e2br3.validate(xml, schema_dir=settings.e2b_schema_dir)

    yield f"read all{schema}", _times(read)
    yield f"e2br3: read a part{schema}", _times(read_by_peer)


def example(profile: str = "ich") -> Icsr:
    """Build a packaged study case from its report."""
    report = read_report("benchmark", _received().data)
    case = fold(Case("benchmark"), report)
    return build_icsr(case.case_id, case.steps, report, load_profile(profile), SENDER, created=NOW)


def _received() -> Received:
    value = (files("schemas") / "examples" / EXAMPLE).read_bytes()
    [icsr] = parse_icsr_batch(value)
    assert isinstance(icsr, Received)  # noqa: S101 - a packaged example can be read
    return icsr


def _judged(size: int, sending: Sending, gate: SchemaGate | None) -> Iterator[Icsr]:
    icsr = example()
    for number in range(size):
        identity = Identity(f"CN-BENCHMARK-{number}", f"CN-BENCHMARK-{number}")
        numbered = replace(icsr, identity=identity)
        judge(numbered, sending, gate)
        yield numbered


def _times(step: Callable[[], object]) -> Times:
    step()
    found = []
    for _ in range(CASES):
        wall, cpu = perf_counter(), process_time()
        step()
        found.append((1_000 * (perf_counter() - wall), 1_000 * (process_time() - cpu)))
    return found


if __name__ == "__main__":
    main()
