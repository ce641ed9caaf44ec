"""`safety case duplicates` and what a person decides about two cases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from consumers.search_again import search_again
from consumers.two_cases import (
    Decided,
    DecisionRefusedError,
    judge_distinct,
    merge_case,
    propose_merge,
    undo_merge,
)
from desk.cli.arguments import CaseId, Json
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import hint, print_json, progress, screen, table
from safety.duplicates import Event, Fingerprint
from safety.duplicates.fingerprint import UNCODED
from safety.store.duplicates import ComparedPair, duplicate_pairs
from safety.store.queries import load_version

STATES = ("open", "dismissed", "merged", "all")

OtherId = Annotated[str, typer.Argument(metavar="OTHER", help="Id of the other case.")]
By = Annotated[str, typer.Option(metavar="NAME", help="Who decides: a name or number.")]
Reason = Annotated[str, typer.Option(help="Why.")]
Zone = Annotated[
    str, typer.Option(metavar="ZONE", help="IANA zone of the office: its calendar counts.")
]


def duplicates(
    context: typer.Context,
    case_id: Annotated[
        str | None,
        typer.Argument(metavar="CASE", help="Only pairs of this case.", show_default=False),
    ] = None,
    state: Annotated[
        str, typer.Option(metavar="STATE", help=f"Only pairs that are {', '.join(STATES)}.")
    ] = "open",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    as_json: Json = False,
) -> None:
    """
    Show pairs of cases that may tell of one event, side by side, the likeliest first.

    Each field shows what both tell and the bits that adds to the score; a field that one of them
    does not tell adds nothing. Nothing is merged until a person does it with `case merge`.
    """
    if state not in STATES:
        raise UsageFault(f"there is no state {state}; there are {', '.join(STATES)}")
    wanted = None if state == "all" else state
    with opened_store(context) as store:
        if case_id is not None and load_version(store, case_id) is None:
            raise UsageFault(f"there is no case {case_id}; see: safety case list")
        found = duplicate_pairs(store, case_id=case_id, state=wanted, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    if as_json:
        print_json([pair_json(each) for each in found])
    elif not found:
        screen().print("No pairs.")
    else:
        screen().print(Group(*(render_pair(each) for each in found)))
    if more:
        hint(f"There are more than {limit}; see them with --limit.")


def find_duplicates(context: typer.Context) -> None:
    """
    Compare all stored cases anew: those stored before there was a search, or after other weights.

    What comes in is compared as it comes; this is needed once after an upgrade.
    """
    with opened_store(context) as store, progress("comparing cases") as done:
        raised = search_again(
            store, knowledge_of(context), now=datetime.now(UTC), on_case=lambda: done(1)
        )
    screen().print(f"{raised:,} new pairs; see: safety case duplicates")


def merge(
    context: typer.Context,
    case_id: CaseId,
    into: Annotated[str, typer.Option(metavar="CASE", help="The case that remains.")],
    by: By,
    reason: Reason,
    same: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LIST:HERE=THERE",
            help="A reaction or drug that is one of the case that remains, such as reactions:R1=r1;"
            " matched by term and name unless given.",
            show_default=False,
        ),
    ] = None,
    zone: Zone = "UTC",
) -> None:
    """
    Let a case give way to another that tells of the same event.

    The case that remains keeps the earliest day zero and the numbers of both; what was due of the
    other is due of it, and so is what comes later under the old number. `case undo-merge` takes it
    back.
    """
    with opened_store(context) as store:
        knowledge = knowledge_of(context)
        try:
            matched = _matches(same) if same else propose_merge(store, knowledge, case_id, into)
            decided = Decided(by, reason, datetime.now(UTC), zone)
            merge_case(store, knowledge, case_id, into, same=matched, decided=decided)
        except DecisionRefusedError as error:
            raise UsageFault(str(error)) from None
    screen().print(f"{case_id} is merged into {into}.")
    for entry in matched:
        screen().print(Text(f"  {entry['family']}: {entry['here']} is {entry['there']}"))


def undo(
    context: typer.Context, case_id: CaseId, by: By, reason: Reason, zone: Zone = "UTC"
) -> None:
    """Let a case that was merged stand by itself again, with what is due of it."""
    with opened_store(context) as store:
        try:
            decided = Decided(by, reason, datetime.now(UTC), zone)
            into = undo_merge(store, knowledge_of(context), case_id, decided=decided)
        except DecisionRefusedError as error:
            raise UsageFault(str(error)) from None
    screen().print(f"{case_id} stands by itself again, and {into} without it.")


def distinct(
    context: typer.Context,
    case_id: CaseId,
    other: OtherId,
    by: By,
    reason: Reason,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="They may be one after all: ask again.")
    ] = False,
    zone: Zone = "UTC",
) -> None:
    """Record that two cases tell of two events, so that the pair is asked about no more."""
    with opened_store(context) as store:
        decided = Decided(by, reason, datetime.now(UTC), zone)
        try:
            judge_distinct(
                store,
                knowledge_of(context),
                case_id,
                other,
                distinct=not take_back,
                decided=decided,
            )
        except DecisionRefusedError as error:
            raise UsageFault(str(error)) from None
    said = "may be one event" if take_back else "are two events"
    screen().print(f"Recorded: {case_id} and {other} {said}.")


def _matches(told: Sequence[str]) -> list[dict[str, str]]:
    matched = []
    for each in told:
        family, colon, rest = each.partition(":")
        here, equals, there = rest.partition("=")
        if family not in {"reactions", "drugs"} or not colon or not equals:
            raise UsageFault(f"{each} names no match; write it as reactions:R1=r1 or drugs:D1=d1")
        matched.append({"family": family, "here": here, "there": there})
    return matched


def render_pair(found: ComparedPair) -> RenderableType:
    """Lay out two cases side by side, field by field."""
    pair = found.raised.pair
    shown = table("field", pair.case_id, pair.other_id, "agree", "bits", right=("bits",))
    for each in pair.evidence:
        style = "" if each.bits >= 0 else "yellow"
        shown.add_row(
            each.field,
            value_of(found.left, each.field),
            value_of(found.right, each.field),
            Text(each.level, style=style),
            f"{each.bits:+.1f}",
        )
    title = Text.assemble(
        (f"{pair.case_id} and {pair.other_id}", "bold"),
        (f"   {pair.state}, {pair.score:.1f} bits", "dim"),
        (f"   since {found.raised.raised_at:%Y-%m-%d}", "dim"),
    )
    return Group(title, shown, Text())


def value_of(told: Fingerprint, field: str) -> str:
    """Give what a case tells of a field that is compared, as a reader writes it."""
    match field:
        case "number":
            return "; ".join(told.numbers)
        case "country":
            return "; ".join(told.countries)
        case "event":
            return "; ".join(sorted({event.term.removeprefix(UNCODED) for event in told.events}))
        case "onset" | "end" | "course":
            return "; ".join(sorted(set(_days(told.events, field))))
        case "drug":
            return "; ".join(told.drugs)
        case "reporter":
            return "; ".join(told.reporters)
        case "subject":
            return (told.subject or "-").replace("|", " ")
        case _:
            return str(getattr(told, field))


def _days(events: Iterable[Event], field: str) -> Iterator[str]:
    for event in events:
        if field == "course":
            yield f"{event.onset or '?'} to {event.ended or '?'}"
        elif (day := event.onset if field == "onset" else event.ended) is not None:
            yield day


def pair_json(found: ComparedPair) -> Mapping[str, Any]:
    """Give the same for machines."""
    pair = found.raised.pair
    return {
        "case": pair.case_id,
        "other": pair.other_id,
        "score": pair.score,
        "state": pair.state,
        "since": found.raised.raised_at.isoformat(),
        "evidence": [
            {
                "field": each.field,
                "level": each.level,
                "bits": each.bits,
                "case": value_of(found.left, each.field),
                "other": value_of(found.right, each.field),
            }
            for each in pair.evidence
        ],
    }
