"""
The page about replay and what-if, written from the figures of one run.

`python -m benchmarks.replay_page var/bench/replay.json > docs/replay.md`; see `benchmarks.replay`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_WORDS = """\
# How long a whole history takes

`safety replay --check` computes every decision again from the log and compares it, byte for byte,
with what is stored. `safety what-if` decides every case twice. Both read the log in pieces of 200
cases, so that memory does not grow with history; both show a progress bar at a terminal. With
`--processes` the pieces are shared out; the answer is the same, in the same order.

Measured on {day} by `nice -n {nice} {command}`, each command a process of its own on one SQLite
file. This page was written from its figures by
`python -m benchmarks.replay_page var/bench/replay.json > docs/replay.md`.

**The machine was busy.** It has {cores} cores, and others wanted them all the time: the load was
{loads}. Seconds of the wall say how long it took then; CPU seconds and ratios travel. Loading code
and knowledge is in all figures, once for each process.

The history is a simulated SECURE study, seed {seed}. What-if asks for the law of {law}."""

_HEAD = ("command", "seconds", "of CPU", "messages a CPU second", "peak MiB")


def main() -> None:
    """Write the page to standard output."""
    sys.stdout.write(render(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))


def render(figures: dict[str, Any]) -> str:
    """Give the page, as Markdown."""
    loads = [load for each in figures["histories"] for load in (each["load"], each["load_after"])]
    parts = [_WORDS.format(loads=f"{min(loads):.0f} to {max(loads):.0f}", **figures)]
    for history in figures["histories"]:
        parts += [_title(history), _table(history), _differences(history)]
    parts += ["## What it comes to", "\n".join(f"- {line}" for line in _verdict(figures))]
    return "\n\n".join(parts) + "\n"


def _title(history: dict[str, Any]) -> str:
    counted, told = _counts(history), _told(history)
    return (
        f"## {told:,} messages about {history['subjects']:,} subjects\n\n"
        f"{counted['messages']:,} of them were accepted; the others are repeats and broken ones."
        f" They make {counted['cases']:,} cases with {counted['versions']:,} versions."
    )


def _table(history: dict[str, Any]) -> str:
    messages = _counts(history)["messages"]
    lines = [_HEAD, ("---", "---:", "---:", "---:", "---:")]
    lines += [
        (
            f"`{_short(run['command'])}`",
            f"{run['seconds']:,.0f}",
            f"{run['cpu_seconds']:,.0f}",
            f"{messages / run['cpu_seconds']:,.0f}",
            f"{run['peak_mib']:,}",
        )
        for run in history["runs"]
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _differences(history: dict[str, Any]) -> str:
    found = sum(run["said"]["differences"] for run in _runs(history, "replay"))
    changed = _runs(history, "what-if")[0]["said"]
    return (
        f"Differences found by the replays: {found:,}. What-if found {changed['changes']:,} duties"
        f" that differ, in {changed['changed']:,} cases."
    )


def _verdict(figures: dict[str, Any]) -> Iterator[str]:
    small, large = figures["histories"][0], figures["histories"][-1]
    times = _counts(large)["messages"] / _counts(small)["messages"]
    for name in ("replay", "what-if"):
        one, other = _runs(small, name)[0], _runs(large, name)[0]
        yield (
            f"`safety {name}` over {times:.1f} times the messages took"
            f" {other['cpu_seconds'] / one['cpu_seconds']:.1f} times the CPU and"
            f" {other['peak_mib'] / one['peak_mib']:.2f} times the memory."
        )
    alone, shared = _runs(large, "replay")
    cpu = shared["cpu_seconds"] / alone["cpu_seconds"]
    wall = shared["seconds"] / alone["seconds"]
    yield (
        f"Two processes took {cpu:.2f} times the CPU of one: each loads code and knowledge for"
        f" itself. By the wall it was {wall:.2f} times as long, on a machine of which no core was"
        " free: more processes help where cores are."
    )
    decided = _runs(large, "what-if")[0]
    yield (
        f"Deciding {decided['said']['cases']:,} cases twice took {decided['seconds']:,.0f} seconds."
        " The changes are held until the end, to show first what would be late longest; by them its"
        " memory grows."
    )


def _runs(history: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [run for run in history["runs"] if run["command"].startswith(f"safety {name} ")]


def _counts(history: dict[str, Any]) -> dict[str, int]:
    counted: dict[str, int] = _runs(history, "replay")[0]["said"]
    return counted


def _told(history: dict[str, Any]) -> int:
    (run,) = _runs(history, "process")
    return sum(topic["messages"] for topic in run["said"]["topics"].values())


def _short(command: str) -> str:
    return " ".join(word for word in command.split() if "/" not in word and word != "--json")


if __name__ == "__main__":
    main()
