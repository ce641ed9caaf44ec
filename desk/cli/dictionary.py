"""`safety dictionary`: what verbatims are coded to, and what another dictionary would change."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from consumers.dictionary_files import (
    build_dictionary,
    keep_release,
    load_in_force,
    load_release,
)
from desk.cli.arguments import Json
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store, settings_of
from desk.cli.screen import hint, print_json, progress, screen, table
from safety.coding import Coding, code_verbatim
from safety.coding.impact import Move, find_moves
from safety.coding.licensed import build_licensed_dictionary
from safety.store.queries import coded_verbatims

app = typer.Typer(
    no_args_is_help=True,
    help="The dictionary that verbatims are coded to: load MedDRA, check it, try it.",
)


@app.command("load-meddra")
def load_meddra(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with llt.asc and others.")],
    version: Annotated[
        str | None,
        typer.Option(help="Such as 27.1, where no meddra_release.asc tells.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Check a licensed MedDRA release (MSSO ASCII files), keep it, and put it in force.

    Its files are copied into the folder of SAFETY_DICTIONARY_DIR. Processes that start from then on
    code with it; a running consumer goes on with what it began with. Case versions keep the
    dictionary they were coded with.
    """
    target = settings_of(context).dictionary_dir
    if target is None:
        raise UsageFault("no folder for dictionaries; name one in SAFETY_DICTIONARY_DIR")
    release = keep_release(folder, target, version=version)
    told: dict[str, str | int] = {
        "version": release.version,
        "language": release.language,
        "preferred_terms": len(release.pts),
        "lowest_level_terms": len(release.llts),
        "not_current": sum(not llt.is_current for llt in release.llts),
        "digest": release.digest,
    }
    if as_json:
        print_json(told)
        return
    shown = table("MedDRA", "")
    for name, value in told.items():
        shown.add_row(name.replace("_", " "), f"{value:,}" if isinstance(value, int) else value)
    screen().print(shown)
    hint("It counts for what starts from now on. See what labels lack: safety dictionary check")


@app.command("check")
def check(context: typer.Context, as_json: Json = False) -> None:
    """
    Say which dictionary is in force, and which label terms it lacks.

    A label term that the dictionary lacks cannot make an event expected: such events count as
    unlisted. Ends with exit code 1 if there are any.
    """
    knowledge = knowledge_of(context)
    licensed = load_in_force(settings_of(context))
    named = {
        term
        for label in knowledge.labels.values()
        for row in label.rows
        for term in (*row.terms, *row.ask, *row.graver)
    }
    lacking = sorted(named & set(licensed.unmapped)) if licensed is not None else []
    dictionary = knowledge.dictionary
    told: dict[str, Any] = {
        "dictionary": dictionary.label,
        "digest": dictionary.digest,
        "terms": len(dictionary.terms),
        "label_terms": len(named),
        "label_terms_lacking": lacking,
    }
    if as_json:
        print_json(told)
    else:
        screen().print(f"{dictionary.label}: {len(dictionary.terms):,} terms.")
        screen().print(f"{len(named) - len(lacking):,} of {len(named):,} label terms are in it.")
        for term in lacking:
            screen().print(Text(f"  lacking: {term}"))
    if lacking:
        raise typer.Exit(1)


@app.command("code")
def code(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What a reporter wrote.")],
    as_json: Json = False,
) -> None:
    """Show how a verbatim codes: the term, by which method, its score, the runners-up."""
    coding = code_verbatim(text, build_dictionary(settings_of(context)))
    if as_json:
        print_json(_coding_json(coding))
        return
    shown = table("term", "code", "class", "method", "score", right=("score",))
    for one in (coding, *coding.parts):
        shown.add_row(
            one.term or Text("uncoded" if one.method == "uncoded" else "no event", style="yellow"),
            one.llt_code or one.code or "",
            one.soc or "",
            one.method.value,
            f"{one.score:g}",
        )
    for other in coding.runners_up:
        shown.add_row(Text(f"or {other.term}", style="dim"), other.code, "", "", f"{other.score:g}")
    screen().print(shown)
    screen().print(Text(f"{coding.dictionary}: {coding.reason}"))


@app.command("impact")
def impact(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Folder of the release before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder of the release after.")],
    as_json: Json = False,
) -> None:
    """
    List the stored events that another MedDRA release would move to another term or class.

    Both folders hold a release with its meddra_release.asc. Nothing is written, and no case is
    coded anew: a case version keeps the dictionary it was coded with.
    """
    before, after = (
        build_licensed_dictionary(load_release(folder)).dictionary for folder in (old, new)
    )
    with opened_store(context) as store, progress("coding events") as done:
        moves = list(find_moves(_counted(coded_verbatims(store), done), before, after))
    if as_json:
        print_json([_move_json(move) for move in moves])
        return
    shown = table("case", "reaction", "from", "to")
    for move in moves:
        shown.add_row(move.case_id, move.reaction, _place(move.before), _place(move.after))
    screen().print(shown)
    screen().print(f"{len(moves):,} events would move from {before.label} to {after.label}.")


def _counted(
    rows: Iterable[tuple[str, str, str]],
    done: Any,  # noqa: ANN401 - a callable of the screen
) -> Iterable[tuple[str, str, str]]:
    for row in rows:
        done(1)
        yield row


def _place(coding: Coding) -> str:
    if coding.term is None:
        return coding.method.value.replace("_", " ")
    return f"{coding.term} ({coding.llt_code}), {coding.soc}"


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "case": move.case_id,
        "reaction": move.reaction,
        "before": _coding_json(move.before),
        "after": _coding_json(move.after),
    }


def _coding_json(coding: Coding) -> dict[str, Any]:
    return {
        "term": coding.term,
        "code": coding.code,
        "llt": coding.llt,
        "llt_code": coding.llt_code,
        "soc": coding.soc,
        "method": coding.method.value,
        "score": coding.score,
        "dictionary": coding.dictionary,
        "reason": coding.reason,
        "parts": [_coding_json(part) for part in coding.parts],
        "runners_up": [
            {"term": other.term, "code": other.code, "score": other.score}
            for other in coding.runners_up
        ],
    }
