"""
The page about performance, written from the figures of one benchmark run.

`python -m benchmarks.report var/bench/pipeline.json > docs/performance.md`. Every figure
on it is in that file, or is worked out from figures in it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.results import Machine, Results, Stream, load_results
from benchmarks.tables import (
    Table,
    growth_table,
    kind_table,
    memory_table,
    rate_table,
    ratio_table,
    step_table,
)

TARGET = 2_000  # messages a second, whole pipeline, one core
PAGE = "python -m benchmarks.report var/bench/pipeline.json > docs/performance.md"

# What stands under each table's heading on the page.
_WORDS = {
    rate_table: """\
A Kafka program is measured from the moment its partitions are assigned until its last batch is \
done: for the whole pipeline, stored with its offsets and published. Joining the consumer group, \
loading code and knowledge, and waiting for more are not in it. The bare loads put the rows that \
the pipeline made into empty tables of the same schema, with the same indexes and triggers, a \
transaction for each of the pipeline's. `replay --check` decides again, from the log, and \
compares: all messages about cases and, since 26 November 2026, the study records of every \
subject; figures measured before that day are of the cases alone. CPU is user and system time of \
the program alone, not of the broker or of PostgreSQL; SQLite runs inside the program. Cores used \
is CPU by wall time. FastStream and Quix Streams do much less: they read the envelope of each \
message with pydantic and insert one row of six columns, in batches of the same size; their time \
begins with the first message, not with the assignment.""",
    ratio_table: """\
Absolute figures belong to the machine; ratios travel. Each pair was measured in the same run; \
below are the rate of the first by that of the second, and CPU a message likewise.""",
    step_table: """\
From runs of their own, with timers around the product's functions; the speeds above are from \
runs without. A step's share is its own, without the steps inside it, save \
that a step holds its parts (`-`). Where the two shares differ, the program waited: for \
PostgreSQL, for the disk, for the broker, or for a core.""",
    kind_table: """\
The same stream, with one topic read at a time; a message about a case is folded, assessed and \
decided upon, a study record is validated and stored.""",
    memory_table: """\
The most memory that was resident in the program, in a process of its own for each figure. \
Streams are read as they come. What is held at once has a bound, not the stream: one batch \
(`SAFETY_BATCH_RECORDS`), the cases kept for their follow-ups (`SAFETY_CASE_CACHE`), and what the \
Kafka client fetches ahead. A stream too short to fill them takes less.""",
    growth_table: """\
Pure deciding, nothing read or stored, garbage collection off. The message measured is the last \
of so many reports about a case of so many reactions; `late`: it is older than all others, so \
that every later step is assessed again.""",
}


def main() -> None:
    """Write the page to standard output."""
    print(render(load_results(Path(sys.argv[1]))), end="")


def all_tables(results: Results) -> Iterator[Table]:
    """Give every table, in the order of the page."""
    yield from (table for table, _ in _explained(results))


def render(results: Results) -> str:
    """Give the page, as Markdown."""
    parts = [
        "# Performance",
        _how(results),
        _machine(results.machine),
        _stream(results.stream),
        _verdict(results),
    ]
    for table, words in _explained(results):
        parts += [f"## {table.title}", words, table.as_markdown()]
    parts += ["## What is not measured", _NOT_MEASURED]
    return "\n\n".join(parts) + "\n"


_NOT_MEASURED = """\
- A broker or a database on another machine: here all share the cores and no network lies between.
- A broker that keeps messages on disk or copies them: the embedded broker holds them in memory.
- Several consumers in a group, a database that has grown large, ICH E2B(R3) messages.
- The delay from a message's arrival to its alert."""


def _explained(results: Results) -> Iterator[tuple[Table, str]]:
    for make in (rate_table, ratio_table, step_table, kind_table):
        yield make(results), _WORDS[make]
    if results.memory:
        yield memory_table(results), _WORDS[memory_table]
    yield growth_table(results.growth), _WORDS[growth_table]


def _how(results: Results) -> str:
    return (
        f"Measured on {results.started[:10]} by `{results.command}`, each figure in a process of"
        f" its own, {_times(len(results.runs))}. This page was written from its figures by"
        f" `{PAGE}`."
    )


def _times(runs: int) -> str:
    if runs == 1:
        return "once"
    return f"{runs} times over (median, and least to most)"


def _machine(machine: Machine) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    settings = ", ".join(f"{name} {value}" for name, value in machine.postgresql.items())
    return (
        f"The machine: {machine.cores} cores ({machine.processor}), {machine.memory_gib:.0f} GiB,"
        f" {machine.system}, shared by the measured program, the broker and the database; load"
        f" {machine.load:.1f} before it began. {versions}. PostgreSQL: {settings}. SQLite: as"
        " the product opens it, waiting for the disk at each commit."
    )


def _stream(stream: Stream) -> str:
    topics = ", ".join(f"{count:,} on `{topic}`" for topic, count in stream.by_topic.items())
    return (
        f"The stream: the first {stream.messages:,} messages of a simulated SECURE study (seed"
        f" {stream.seed}), {stream.mean_bytes:,.0f} bytes each in the mean; {topics}."
    )


def _verdict(results: Results) -> str:
    found = []
    for backend in ("PostgreSQL", "SQLite"):
        figures = [run[f"consume {backend}"] for run in results.runs]
        rate = median(figure.messages / figure.seconds for figure in figures)
        cores = median(figure.cpu_seconds / figure.seconds for figure in figures)
        word = "reached" if rate >= TARGET else "missed"
        found.append(f"{word} on {backend} with {rate:,.0f} on {cores:.2f} cores")
    return (
        f"The first target, {TARGET:,} messages a second for the whole pipeline on one core, is "
        + " and ".join(found)
        + "."
    )


if __name__ == "__main__":
    main()
