"""
What does one E2B(R3) message cost, and does a batch take more memory the longer it is?

A packaged study case is built, written and judged: by the rules, and by the
ICH schema where SAFETY_E2B_SCHEMA_DIR names it. Then batches of it are written to a file
that is thrown away. `python -m benchmarks.e2b [BATCH]` prints the table; BATCH is the size
of the longest batch, 1,000 unless given.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from statistics import quantiles
from tempfile import TemporaryFile
from time import perf_counter

from lxml import etree
from rich.console import Console
from rich.table import Table

from benchmarks.meter import Meter, peak_mib
from consumers.settings import load_settings
from consumers.wiring import build_schema_gate
from reports.e2b.build import build_icsr
from reports.e2b.model import Icsr, Identity, OwnSender, Wrapper
from reports.e2b.profiles import load_profile
from reports.e2b.render import render_batch, write_batch
from reports.e2b.validate import validate_batch
from safety.case import Case, fold
from safety.intake import read_report
from schemas.icsr.read import Icsr as Received
from schemas.icsr.read import parse_icsr_batch

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CASES = 300
SENDER = OwnSender("BENCHMARK")
PROFILE = load_profile("ich")
EXAMPLE = "icsr/study-follow-up.xml"


def main() -> None:
    """Measure, and print two tables."""
    longest = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    steps = Table("step", "ms p50", "ms p95")
    for name, milliseconds in measure_steps():
        cuts = quantiles(milliseconds, n=20)
        steps.add_row(name, f"{cuts[9]:.2f}", f"{cuts[18]:.2f}")
    batches = Table("messages in a batch", "ms each", "peak MiB")
    for size in (longest // 10, longest):
        meter = Meter()
        with TemporaryFile() as out:
            write_batch(out, _numbered(size), wrapper(), PROFILE)
        meter.lap()
        batches.add_row(f"{size:,}", f"{1_000 * meter.seconds / size:.2f}", f"{peak_mib():,.0f}")
    Console().print(steps)
    Console().print(batches)


def measure_steps() -> Iterator[tuple[str, list[float]]]:
    """Give milliseconds of each step, one a case, after one unmeasured round."""
    icsr = example()
    xml = render_batch([icsr], wrapper(), PROFILE)
    gate = build_schema_gate(load_settings())

    def judge() -> str | None:
        written = render_batch([icsr], wrapper(), PROFILE)
        validate_batch(written, now=NOW)
        return gate.place_of_fault(etree.ElementTree(etree.fromstring(written))) if gate else None

    yield "build", _times(example)
    yield "write", _times(lambda: render_batch([icsr], wrapper(), PROFILE))
    yield "rules", _times(lambda: validate_batch(xml, now=NOW))
    yield f"write, rules{', schema' if gate else ''}", _times(judge)


def example() -> Icsr:
    """Build a packaged study case from its report."""
    report = read_report("benchmark", _received().data)
    case = fold(Case("benchmark"), report)
    return build_icsr(case.case_id, case.steps, report, PROFILE, SENDER, created=NOW)


def _received() -> Received:
    value = (files("schemas") / "examples" / EXAMPLE).read_bytes()
    [icsr] = parse_icsr_batch(value)
    assert isinstance(icsr, Received)  # noqa: S101 - a packaged example can be read
    return icsr


def wrapper() -> Wrapper:
    """Give what stands around a batch that goes nowhere."""
    return Wrapper("benchmark", SENDER.identifier, "RECEIVER", "RECEIVER", NOW)


def _numbered(size: int) -> Iterator[Icsr]:
    icsr = example()
    for number in range(size):
        identity = Identity(f"CN-BENCHMARK-{number}", f"CN-BENCHMARK-{number}")
        yield replace(icsr, identity=identity)


def _times(step: Callable[[], object]) -> list[float]:
    step()
    found = []
    for _ in range(CASES):
        before = perf_counter()
        step()
        found.append(1_000 * (perf_counter() - before))
    return found


if __name__ == "__main__":
    main()
