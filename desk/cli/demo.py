"""`safety demo`: the whole flow on one machine, and what it made."""

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.rule import Rule
from rich.text import Text

from consumers.demo import NARRATIVES, SUMMARY, Demo, run_demo
from desk.cli.arguments import Json
from desk.cli.documents import save_text
from desk.cli.screen import (
    hint,
    json_text,
    print_json,
    progress,
    screen,
    table,
    tally_json,
    tally_table,
)
from desk.cli.trace_view import render_trace


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")] = Path(
        "var/demo"
    ),
    subjects: Annotated[int, typer.Option(min=1, help="Subjects of the simulated study.")] = 106,
    seed: Annotated[int, typer.Option(help="Which simulated study.")] = 1,
    as_json: Json = False,
) -> None:
    """
    Run the whole flow on examples and a simulated study, and explain one case.

    Starts a Kafka broker of its own, publishes, consumes into a fresh SQLite database, writes a
    narrative for each case with an expedited duty, sends E2B messages to a gateway that it plays
    and takes in its answers. Takes less than three minutes, needs no server, and starts afresh each
    time. All people in it are invented.
    """
    made = run_demo(out, seed=seed, subjects=subjects, display=_told_progress)
    summary = _summary(made, seed=seed, subjects=subjects)
    save_text(out / SUMMARY, json_text(summary))
    if as_json:
        print_json(summary)
    else:
        _print(made, out)


@contextmanager
def _told_progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Say what begins, and show how far it is where somebody looks."""
    hint(f"... {label}" if total is None else f"... {label}: {total:,}")
    with progress(label, total) as done:
        yield done


def _print(made: Demo, out: Path) -> None:
    console = screen()
    counts = made.summary
    console.print(Rule("Messages", align="left"))
    console.print(tally_table(made.topics))
    console.print(Rule("Cases", align="left"))
    cases = table("cases", "valid", "pending", "nullified", "serious", "seriousness unknown")
    by_status = (counts.cases.get(status, 0) for status in ("valid", "pending", "nullified"))
    numbers = (sum(counts.cases.values()), *by_status, counts.serious, counts.unassessed)
    cases.add_row(*(f"{number:,}" for number in numbers))
    console.print(cases)
    console.print(Rule("Expedited duties to report", align="left"))
    duties = table(
        "authority", "duties", "conservative", "cases", "first due", "last due",
        right=("duties", "conservative", "cases"),
    )  # fmt: skip
    for each in made.expedited:
        duties.add_row(
            each.authority,
            f"{each.duties:,}",
            f"{each.conservative:,}",
            f"{each.cases:,}",
            str(each.first_due),
            str(each.last_due),
        )
    console.print(duties)
    if made.exchange:
        console.print(Rule("Sent to a played gateway of EMA, and what came back", align="left"))
        sent = table(
            "batch", "accepted", "refused", "duties open again",
            right=("accepted", "refused", "duties open again"),
        )  # fmt: skip
        for batch in made.exchange:
            numbers = (batch.accepted, batch.refused, batch.reopened)
            sent.add_row(batch.batch, *(f"{number:,}" for number in numbers))
        console.print(sent)
    if made.explained is not None:
        console.print(Rule("Why one of them is due", align="left"))
        console.print(render_trace(made.explained, brief=True))
    console.print(Rule("What to type next", align="left"))
    console.print(_next(made, out))


def _next(made: Demo, out: Path) -> Text:
    case = "CASE" if made.explained is None else shlex.quote(made.explained.case_id)
    first = "" if not made.narratives else f", such as {made.narratives[0].name}"
    lines = [
        f"{len(made.narratives):,} narratives are in {out / NARRATIVES}{first},",
        f"the numbers above in {out / SUMMARY}. It took {made.seconds:.0f} seconds.",
        "",
        f"export SAFETY_DATABASE_URL=sqlite:///{made.database}",
        "safety case list --serious",
        f"safety case show {case}",
        f"safety case trace {case}",
        f"safety narrative {case} --sources",
        "safety due --as-of 2014-06-01",
        "safety transmissions",
        "safety quarantine list",
        "safety replay --check",
        "safety desk --demo --as-of 2014-06-01",
    ]
    return Text("\n".join(lines), no_wrap=True, overflow="fold")


def _summary(made: Demo, *, seed: int, subjects: int) -> dict[str, Any]:
    counts = made.summary
    return {
        "seed": seed,
        "subjects": subjects,
        "seconds": round(made.seconds, 1),
        "database": str(made.database),
        "topics": tally_json(made.topics),
        "messages_stored": dict(counts.messages),
        "cases": {
            "all": sum(counts.cases.values()),
            **counts.cases,
            "serious": counts.serious,
            "seriousness_unknown": counts.unassessed,
        },
        "expedited": [
            {
                "authority": each.authority,
                "duties": each.duties,
                "conservative": each.conservative,
                "cases": each.cases,
                "first_due": each.first_due,
                "last_due": each.last_due,
            }
            for each in made.expedited
        ],
        "standing": [
            {
                "authority": each.authority,
                "duties": each.obligations,
                "conservative": each.undecided,
                "first_due": each.nearest,
            }
            for each in counts.standing
        ],
        "quarantine": dict(counts.quarantine),
        "waiting_in_outbox": counts.unpublished,
        "narratives": [path.name for path in made.narratives],
        "exchange": [
            {
                "batch": batch.batch,
                "accepted": batch.accepted,
                "refused": batch.refused,
                "duties_open_again": batch.reopened,
            }
            for batch in made.exchange
        ],
        "explained_case": None if made.explained is None else made.explained.case_id,
    }
