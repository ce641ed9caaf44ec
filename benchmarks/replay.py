"""
How long does it take to decide a whole history again, and does memory stay flat?

    nice -n 19 python -m benchmarks.replay --out var/bench/replay.json
    python -m benchmarks.replay_page var/bench/replay.json > docs/replay.md

A simulated SECURE study is taken into a SQLite file. Then the commands that a person would type run
on it, each as a process of its own: `safety replay --check` with one process and with two, and
`safety what-if` by today's law. A second, smaller study shows whether memory grows with history.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

MESSAGES_PER_SUBJECT = 72  # of a simulated study, repeats and broken ones left out, at the least
FIND_NOTHING, FIND = 0, 1  # exit codes


@dataclass(frozen=True, slots=True)
class Run:
    """
    One command.

    Attributes:
        seconds: Wall time, loading of code and knowledge included.
        cpu_seconds: User and system time of the command and of the processes it started.
        peak_mib: Most memory resident in any one of them.
        said: What it printed as JSON.
    """

    command: str
    seconds: float
    cpu_seconds: float
    peak_mib: float
    said: dict[str, Any]


def main() -> None:
    """Measure, and write the figures as JSON after each history."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--messages", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--law", type=date.fromisoformat, default=date(2026, 11, 26))
    asked = parser.parse_args()
    figures: dict[str, Any] = {
        "day": date.today().isoformat(),  # noqa: DTZ011 - the day on the wall of the machine
        "command": "python -m benchmarks.replay",
        "cores": os.cpu_count(),
        "nice": os.nice(0),
        "seed": asked.seed,
        "law": asked.law.isoformat(),
        "histories": [],
    }
    for count in asked.messages:
        figures["histories"].append(measure(count, asked.seed, asked.law))
        asked.out.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def measure(messages: int, seed: int, law: date) -> dict[str, Any]:
    """Fill a store with so many messages at least, and decide them again."""
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        file = Path(folder, "study.jsonl")
        database = f"sqlite:///{Path(folder, 'safety.db')}"
        subjects = messages // MESSAGES_PER_SUBJECT + 1
        run(database, "simulate", "secure", "--out", file, "--seed", seed, "--subjects", subjects)
        run(database, "migrate")
        told = [run(database, "process", "--json", file)]
        for processes in (1, 2):
            check = ("replay", "--check", "--json", "--processes", processes)
            told.append(run(database, *check))
        other = ("what-if", "--json", "--under-rules-of", law, "--as-of", law)
        told.append(run(database, *other, fine=(FIND_NOTHING, FIND)))
    return {
        "load": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
        "subjects": subjects,
        "runs": [asdict(each) for each in told],
    }


def run(database: str, *arguments: object, fine: Sequence[int] = (FIND_NOTHING,)) -> Run:
    """Run the command line as a person would, and say what it took."""
    words = [str(argument) for argument in arguments]
    _say(f"safety {' '.join(words)}")
    begun = time.monotonic()
    with subprocess.Popen(  # noqa: S603 - our own command
        [Path(sys.executable).with_name("safety"), *words],
        env={**os.environ, "SAFETY_DATABASE_URL": database},
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in fine:
        raise SystemExit(f"safety {words[0]} ended with {process.returncode}")
    told = Run(
        command=f"safety {' '.join(words)}",
        seconds=round(time.monotonic() - begun, 1),
        cpu_seconds=round(used.ru_utime + used.ru_stime, 1),
        peak_mib=round(used.ru_maxrss / 1024),
        said=_short(json.loads(printed)) if "--json" in words else {},
    )
    _say(f"  {told.seconds} s, of CPU {told.cpu_seconds} s, at most {told.peak_mib} MiB")
    return told


def _say(text: str) -> None:
    Console(stderr=True).print(text, highlight=False, markup=False, soft_wrap=True)


def _short(said: dict[str, Any]) -> dict[str, Any]:
    """Give counts in the place of long lists."""
    return {name: len(what) if isinstance(what, list) else what for name, what in said.items()}


if __name__ == "__main__":
    main()
