"""
What does disproportionality of a file of reports cost, beside PyPI's vigipy on the same file?

Two files: FDA's CAERS reports, if named with `--caers`, and a made-up one of as many reports
as asked for, with one product and one event each, so that both programs count alike. Each program
runs in a process of its own, reads the CSV file, counts, and gives PRR, ROR, information component
and EBGM of every pair. vigipy needs an environment of its own, of requirements/peers.txt:

    python -m benchmarks.signals --peer /path/to/peers/bin/python --caers caers-reports.csv

On the made-up file it is also told how far the measures of the two lie apart.
"""

import argparse
import csv
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from benchmarks.meter import Meter, peak_mib
from consumers.signal_file import SkippedRows, read_mentions, write_signals
from reports.signals import build_signals, count_reports

PRODUCTS, EVENTS = 1_000, 3_000
TOGETHER = 0.2  # share of the reports whose event is one that the product is known for
SEED = 20261126
_PEER = Path(__file__).with_name("signals_vigipy.py")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a program took for one file."""

    program: str
    pairs: int
    count_seconds: float  # CPU, to read and to count
    measure_seconds: float  # CPU, for all measures of all pairs
    peak_mib: float
    prior: Sequence[float]  # the five hyperparameters


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--caers", type=Path)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--ours", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ours is not None:  # one measurement, for the parent
        sys.stdout.buffer.write(TypeAdapter(Cost).dump_json(measure(*asked.ours)))
        return
    shown = Table("reports of", "program", "pairs", "read, count s", "measure s", "peak MiB")
    console = Console()
    with TemporaryDirectory() as folder:
        made = Path(folder, "made-up.csv")
        write_reports(made, asked.reports)
        for name, file in (("CAERS", asked.caers), ("made up", made)):
            if file is None:
                continue
            found = _both(file, asked.peer, Path(folder))
            for cost in found:
                shown.add_row(
                    name,
                    cost.program,
                    f"{cost.pairs:,}",
                    f"{cost.count_seconds:,.1f}",
                    f"{cost.measure_seconds:,.1f}",
                    f"{cost.peak_mib:,.0f}",
                )
                prior = ", ".join(f"{each:.4f}" for each in cost.prior)
                console.print(f"{name}, {cost.program}: hyperparameters {prior}")
        if asked.peer is not None:
            for line in compare(Path(folder, "ours.csv"), Path(folder, "vigipy.csv")):
                console.print(line)
    console.print(shown)


def _both(file: Path, peer: Path | None, folder: Path) -> list[Cost]:
    commands = [
        [sys.executable, "-m", "benchmarks.signals", "--ours", str(file), str(folder / "ours.csv")]
    ]
    if peer is not None:
        commands.append([str(peer), str(_PEER), str(file), str(folder / "vigipy.csv")])
    return [
        TypeAdapter(Cost).validate_json(
            subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603 - named by who runs it
        )
        for command in commands
    ]


def measure(file: Path, out: Path) -> Cost:
    """Count and measure as `safety signals` does, and keep the pairs."""
    meter = Meter()
    meter.start()
    counts = count_reports(read_mentions(file, None, SkippedRows()))
    meter.lap()
    counting = meter.cpu_seconds
    report = build_signals(counts)
    meter.lap()
    prior = report.prior
    write_signals(report, out)
    return Cost(
        "sorafenib-safety",
        len(report.signals),
        counting,
        meter.cpu_seconds - counting,
        peak_mib(),
        []
        if prior is None
        else [prior.alpha1, prior.beta1, prior.alpha2, prior.beta2, prior.weight],
    )


def write_reports(out: Path, reports: int) -> None:
    """Write made-up reports: few products and events are common, some go together."""
    dice = np.random.default_rng(SEED)
    products = dice.choice(PRODUCTS, reports, p=_falling(PRODUCTS))
    events = dice.choice(EVENTS, reports, p=_falling(EVENTS))
    own = (products * 37 + dice.integers(0, 5, reports)) % EVENTS
    events = np.where(dice.random(reports) < TOGETHER, own, events)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("report_id", "product", "event"))
        writer.writerows(
            (number, f"PRODUCT {product:04d}", f"EVENT {event:04d}")
            for number, (product, event) in enumerate(zip(products, events, strict=True))
        )


def _falling(count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    weights: np.ndarray[tuple[int], np.dtype[np.float64]] = 1 / np.arange(1.0, count + 1)
    weights /= weights.sum()
    return weights


def compare(ours: Path, theirs: Path) -> list[str]:
    """Say how far the measures lie apart, of the pairs that both measured."""
    mine, peer = _measured(ours), _measured(theirs)
    both = [pair for pair in mine if pair in peer]
    lines = [f"pairs measured by both: {len(both):,} of {len(mine):,} and {len(peer):,}"]
    for name in ("prr", "ror", "ebgm", "eb05"):
        apart = [
            abs(float(peer[pair][name]) / float(mine[pair][name]) - 1)
            for pair in both
            if mine[pair][name] and float(mine[pair][name]) and peer[pair][name]
        ]
        if apart:
            lines.append(
                f"{name}: {len(apart):,} pairs, apart at the median by {np.median(apart):.1e},"
                f" at the most by {max(apart):.1e}"
            )
    return lines


def _measured(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["product"], row["event"]): row for row in csv.DictReader(file)}


if __name__ == "__main__":
    main()
