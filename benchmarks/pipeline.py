"""
Measure the pipeline, beside what this machine can do at best with the same messages.

One run: a stream of the simulated SECURE study on an embedded broker, a PostgreSQL of
our own, SQLite files; each measurement is a process of its own, one after the other.
Prints tables and keeps the figures as JSON, from which `benchmarks.report` writes the page.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter
from rich.console import Console

from benchmarks.environment import (
    Backend,
    Databases,
    broker_with,
    databases_in,
    describe_machine,
    write_stream,
)
from benchmarks.peers.run import PEERS, measure_peer
from benchmarks.report import PAGE, all_tables
from benchmarks.results import Figure, Growth, Results, Stream, save_results
from benchmarks.tasks import Task
from schemas.topics import ADVERSE_EVENTS, STUDY_RECORDS

BACKENDS: tuple[Backend, ...] = ("PostgreSQL", "SQLite")
COMMAND = "python -m benchmarks.pipeline"

Say = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for."""
    options = _options(arguments)
    screen = Console()
    errors = Console(stderr=True)

    def say(what: str) -> None:
        errors.print(f"{datetime.now(UTC):%H:%M:%S} {what}", highlight=False)

    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out.parent, prefix="run-") as folder:
        results = run(options, Path(folder), say)
    save_results(options.out, results)
    for table in all_tables(results):
        screen.print(table.as_rich(), "")
    screen.print(f"The figures are in {options.out}. The page about them: {PAGE}")


def run(options: argparse.Namespace, folder: Path, say: Say) -> Results:
    """Measure everything."""
    started = datetime.now(UTC)
    with databases_in(folder) as databases:
        machine = describe_machine(databases)
        stream, runs = _measure_speed(options, folder, databases, say)
        memory = _measure_memory(options, folder, databases, say)
    say("what a case message costs as cases grow")
    growth = TypeAdapter(list[Growth]).validate_json(_python("benchmarks.decide", "--json"))
    return Results(
        command=_command(options),
        started=started.isoformat(timespec="seconds"),
        machine=machine,
        stream=stream,
        runs=runs,
        memory=memory,
        growth=growth,
    )


def _measure_speed(
    options: argparse.Namespace, folder: Path, databases: Databases, say: Say
) -> tuple[Stream, list[dict[str, Figure]]]:
    file = folder / "stream.jsonl"
    say(f"a stream of {options.messages:,} messages")
    stream = write_stream(file, options.seed, options.messages)
    runs = []
    with broker_with(file) as broker:
        task = Task("poll", messages=options.messages, bootstrap=broker.bootstrap, file=file)
        for number in range(1, options.runs + 1):
            say(f"run {number} of {options.runs}")
            runs.append(_measure_run(task, stream, databases, say, options.peers))
    return stream, runs


def _measure_run(
    task: Task, stream: Stream, databases: Databases, say: Say, peers: Path | None
) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}

    def note(name: str, task: Task) -> None:
        figure = figures[name] = _measure(task)
        say(f"  {name}: {figure.messages / figure.seconds:,.0f} messages a second")

    note("poll", task)
    note("parse", replace(task, program="parse"))
    for name in PEERS if peers else ():
        with databases.fresh("PostgreSQL") as url:
            figure = figures[f"{name} PostgreSQL"] = measure_peer(str(peers), name, task, url)
            say(f"  {name}: {figure.messages / figure.seconds:,.0f} messages a second")
    for backend in BACKENDS:
        with databases.fresh(backend) as filled, databases.fresh(backend) as empty:
            note(f"consume {backend}", replace(task, program="consume", database=filled))
            note(f"bulk {backend}", replace(task, program="bulk", source=filled, database=empty))
            note(f"replay {backend}", replace(task, program="replay", database=filled))
    with databases.fresh("SQLite") as url:
        note("process SQLite", replace(task, program="process", database=url))
    timed = replace(task, program="consume", timers=True)
    for backend in BACKENDS:
        with databases.fresh(backend) as url:
            note(f"steps {backend}", replace(timed, database=url))
    for name, topic in (("cases", ADVERSE_EVENTS.name), ("records", STUDY_RECORDS.name)):
        some = replace(timed, topics=(topic,), messages=stream.by_topic[topic])
        with databases.fresh("PostgreSQL") as url:
            note(f"{name} PostgreSQL", replace(some, database=url))
    return figures


def _measure_memory(
    options: argparse.Namespace, folder: Path, databases: Databases, say: Say
) -> dict[str, dict[int, Figure]]:
    figures: dict[str, dict[int, Figure]] = {}
    for messages in options.memory_messages:
        say(f"memory with {messages:,} messages")
        file = folder / f"memory-{messages}.jsonl"
        write_stream(file, options.seed, messages)
        with ExitStack() as stack:
            sqlite = stack.enter_context(databases.fresh("SQLite"))
            task = Task("process", messages=messages, file=file, database=sqlite)
            figures.setdefault("process SQLite", {})[messages] = _measure(task)
        with ExitStack() as stack:
            broker = stack.enter_context(broker_with(file))
            url = stack.enter_context(databases.fresh("PostgreSQL"))
            task = Task("consume", messages, bootstrap=broker.bootstrap, database=url)
            figures.setdefault("consume PostgreSQL", {})[messages] = _measure(task)
        file.unlink()
        for name, by_size in figures.items():
            say(f"  {name}: {by_size[messages].peak_mib:,.0f} MiB")
    return figures


def _measure(task: Task) -> Figure:
    """Do a task in a process of its own."""
    answer = _python("benchmarks.tasks", given=TypeAdapter(Task).dump_json(task))
    return TypeAdapter(Figure).validate_json(answer)


def _python(module: str, *arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(  # noqa: S603 - a module of ours
        [sys.executable, "-m", module, *arguments], input=given, stdout=subprocess.PIPE, check=True
    )
    return done.stdout


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000, help="messages for speed")
    parser.add_argument(
        "--memory-messages",
        type=int,
        nargs="*",
        default=[10_000, 200_000],
        help="messages for memory, a short and a long stream; none: not measured",
    )
    parser.add_argument("--runs", type=int, default=3, help="how often speed is measured")
    parser.add_argument("--seed", type=int, default=1, help="which simulated study")
    parser.add_argument(
        "--peers",
        type=Path,
        help="Python of an environment with requirements/peers.txt; absent: not measured",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("var/bench/pipeline.json"), help="where the figures go"
    )
    return parser.parse_args(arguments)


def _command(options: argparse.Namespace) -> str:
    given = {
        "--messages": (options.messages,),
        "--memory-messages": options.memory_messages,
        "--runs": (options.runs,),
        "--seed": (options.seed,),
    }
    words = (str(word) for name, values in given.items() for word in (name, *values))
    return f"{COMMAND} {' '.join(words)}"


if __name__ == "__main__":
    main()
