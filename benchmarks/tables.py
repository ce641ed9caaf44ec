"""Results as tables, the same for the screen and for the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.table import Table as RichTable

from benchmarks.results import Figure, Growth, Results

# The measurements of a run, in their order, and in words.
PROGRAMS: Mapping[str, str] = {
    "poll": "bare kafka-python poll loop",
    "parse": "poll and validate by contract",
    "faststream PostgreSQL": "FastStream: parse and insert one row, PostgreSQL",
    "quix PostgreSQL": "Quix Streams: parse and insert one row, PostgreSQL",
    "consume PostgreSQL": "whole pipeline, Kafka to PostgreSQL",
    "bulk PostgreSQL": "bare COPY of the same rows",
    "consume SQLite": "whole pipeline, Kafka to SQLite",
    "bulk SQLite": "bare executemany of the same rows",
    "process SQLite": "whole pipeline, file to SQLite, no Kafka",
    "replay PostgreSQL": "replay --check on PostgreSQL",
    "replay SQLite": "replay --check on SQLite",
}
KINDS: Mapping[str, str] = {
    "cases PostgreSQL": "messages about cases",
    "records PostgreSQL": "study records",
}
TIMED: Mapping[str, str] = {
    "steps PostgreSQL": "all, to PostgreSQL",
    "steps SQLite": "all, to SQLite",
    "cases PostgreSQL": "cases only",
    "records PostgreSQL": "study records only",
}
# Which rate is divided by which.
RATIOS: Sequence[tuple[str, str]] = (
    ("consume PostgreSQL", "poll"),
    ("consume PostgreSQL", "parse"),
    ("consume PostgreSQL", "bulk PostgreSQL"),
    ("consume PostgreSQL", "faststream PostgreSQL"),
    ("consume PostgreSQL", "quix PostgreSQL"),
    ("consume SQLite", "poll"),
    ("consume SQLite", "parse"),
    ("consume SQLite", "bulk SQLite"),
    ("process SQLite", "consume SQLite"),
)
STEPS: Mapping[str, str] = {
    "poll": "poll, and tell Kafka the offsets",
    "parse": "parse and validate",
    "read": "read: known messages, heads of cases",
    "restore": "restore cases that are not in memory",
    "intake": "contract to report",
    "decide": "decide",
    "decide/fold": "- fold",
    "decide/assess": "- assess",
    "decide/rules": "- find what changed, ask the rules",
    "decide/clocks": "- clocks and duties",
    "decide/trace": "- trace",
    "decide/seal": "- seal",
    "decide/rest": "- the rest",
    "book": "keep the batch's books, build outgoing messages",
    "save": "save",
    "commit": "begin, commit, give back",
    "publish": "publish, and mark as published",
    "read file": "read the file",
    "collect": "Python's garbage collection",
    "none": "outside the timers",
}
PARTS: Mapping[str, str] = {
    "whole": "whole",
    "fold": "fold",
    "assess": "assess",
    "rules": "rules",
    "clocks": "clocks",
    "trace": "trace",
    "seal": "seal",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first column is text, the others are figures."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def as_rich(self) -> RichTable:
        """For the screen."""
        table = RichTable(title=self.title, title_justify="left")
        for place, name in enumerate(self.head):
            table.add_column(name, justify="right" if place else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def as_markdown(self) -> str:
        """For the page."""
        lines = (self.head, ("---", *["---:"] * (len(self.head) - 1)), *self.rows)
        return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def rate_table(results: Results) -> Table:
    """Messages a second, CPU and cores of each program."""
    rows = []
    for name, words in PROGRAMS.items():
        figures = [run[name] for run in results.runs if name in run]
        if not figures:
            continue
        rows.append(
            (
                words,
                f"{figures[0].messages:,}",
                _spread([f.messages / f.seconds for f in figures], ",.0f"),
                _spread([_cpu_per_thousand(f) for f in figures], ".3f"),
                _spread([f.cpu_seconds / f.seconds for f in figures], ".2f"),
            )
        )
    head = ("program", "messages", "messages a second", "CPU s per 1,000", "cores used")
    return Table("Speed", head, rows)


def ratio_table(results: Results) -> Table:
    """What the pipeline reaches of what the machine can do, pair by pair within a run."""
    rows = []
    for above, below in RATIOS:
        pairs = [(run[above], run[below]) for run in results.runs if below in run]
        if not pairs:
            continue
        rates = [(a.messages / a.seconds) / (b.messages / b.seconds) for a, b in pairs]
        cpu = [_cpu_per_thousand(a) / _cpu_per_thousand(b) for a, b in pairs]
        rows.append(
            (f"{PROGRAMS[above]} / {PROGRAMS[below]}", _spread(rates, ".3f"), _spread(cpu, ".1f"))
        )
    return Table("Ratios", ("pair", "ratio of rates", "ratio of CPU"), rows)


def kind_table(results: Results) -> Table:
    """What a message costs by its kind."""
    rows = []
    for name, words in KINDS.items():
        figures = [run[name] for run in results.runs]
        rows.append(
            (
                words,
                f"{figures[0].messages:,}",
                _spread([f.messages / f.seconds for f in figures], ",.0f"),
                _spread([_cpu_per_thousand(f) for f in figures], ".3f"),
            )
        )
    head = ("kind", "messages", "messages a second", "CPU s per 1,000")
    return Table("By kind of message, Kafka to PostgreSQL, with timers", head, rows)


def step_table(results: Results) -> Table:
    """The share of each step: of CPU time, and of wall time."""
    shares = {name: [step_shares(run[name]) for run in results.runs] for name in TIMED}
    rows = []
    for step, words in STEPS.items():
        cells = []
        for of_runs in shares.values():
            found = [of_run.get(step) for of_run in of_runs]
            known = [one for one in found if one is not None]
            cells.append(_percents(known) if known else "")
        if any(cells):
            rows.append((words, *cells))
    return Table(
        "Share of each step: of CPU time / of wall time, in percent",
        ("step", *TIMED.values()),
        rows,
    )


def step_shares(figure: Figure) -> dict[str, tuple[float, float]]:
    """
    Give each step's share of the measured CPU and wall time; what is left is `none`.

    A step holds its parts (`decide` holds `decide/fold`), and `decide/rest` what no part has.
    """
    shares: dict[str, tuple[float, float]] = {}

    def add(step: str, cpu: float, wall: float) -> None:
        old = shares.get(step, (0.0, 0.0))
        shares[step] = (old[0] + cpu / figure.cpu_seconds, old[1] + wall / figure.seconds)

    for name, spent in figure.steps.items():
        step, _, part = name.partition("/")
        add(step, spent.cpu, spent.wall)
        if step == "decide":
            add(f"decide/{part or 'rest'}", spent.cpu, spent.wall)
    spent_cpu = sum(spent.cpu for spent in figure.steps.values())
    spent_wall = sum(spent.wall for spent in figure.steps.values())
    add("none", figure.cpu_seconds - spent_cpu, figure.seconds - spent_wall)
    return shares


def memory_table(results: Results) -> Table:
    """Peak memory of a short and a long stream."""
    rows = []
    sizes: Sequence[int] = ()
    for program, figures in results.memory.items():
        sizes = sorted(figures)
        short, long = figures[sizes[0]], figures[sizes[-1]]
        peaks = [figures[size].peak_mib for size in sizes]
        rows.append(
            (
                PROGRAMS[program],
                f"{short.before_mib:,.0f}",
                *(f"{peak:,.0f}" for peak in peaks),
                f"{long.peak_mib / short.peak_mib:.2f}",
            )
        )
    head = (
        "program",
        "before the first message",
        *(f"{size:,} messages" for size in sizes),
        "ratio",
    )
    return Table("Peak memory, MiB", head, rows)


def growth_table(growth: Iterable[Growth]) -> Table:
    """What one case message costs as its case grows."""
    rows = [
        (
            f"{one.reactions} / {one.reports}{' late' if one.late else ''}",
            *(f"{one.parts[part]:,.0f}" if part in one.parts else "" for part in PARTS),
        )
        for one in growth
    ]
    return Table(
        "Deciding on one case message, microseconds of CPU",
        ("reactions / reports", *PARTS.values()),
        rows,
    )


def _cpu_per_thousand(figure: Figure) -> float:
    return figure.cpu_seconds / figure.messages * 1000


def _spread(values: Sequence[float], form: str) -> str:
    middle = f"{median(values):{form}}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):{form}} to {max(values):{form}})"


def _percents(shares: Sequence[tuple[float, float]]) -> str:
    cpu, wall = (median(values) * 100 for values in zip(*shares, strict=True))
    return f"{cpu:.1f} / {wall:.1f}"
