"""`safety causality`: read an answer, score a form; each scale as its own command."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from consumers.input_files import InputFileError
from desk.cli.arguments import Json
from desk.cli.failures import UsageFault
from desk.cli.screen import print_json, screen, table
from safety.causality import (
    DayCount,
    NaranjoNotAssessable,
    Relatedness,
    RucamNotAssessable,
    RucamScore,
    assess_naranjo,
    read_answer,
)
from safety.causality.scales import load_scales
from safety.clinical import plain, score_rucam
from schemas.messages.decision import RucamAnswers

app = typer.Typer(
    no_args_is_help=True,
    help="Read answers on causality by their scales, and score the Naranjo and RUCAM forms.",
)

QUESTIONS = 10  # of the Naranjo form
_READ = {True: "related", False: "not related", None: "unknown: taken as related"}


@app.command("scales")
def scales(as_json: Json = False) -> None:
    """
    List the scales: who published each, its categories, and whether each counts as related.

    WHO-UMC, yes or no, the Chinese six values, the Korean codes, Naranjo's bands.
    """
    known = load_scales().tables.values()
    if as_json:
        print_json(
            [
                {
                    "scale": scale.scale.value,
                    "name": scale.name,
                    "source": scale.source,
                    "categories": {each.id: each.related for each in scale.categories},
                }
                for scale in known
            ]
        )
        return
    shown = table("scale", "category", "counts as", "source")
    for scale in known:
        for number, category in enumerate(scale.categories):
            shown.add_row(
                scale.name if number == 0 else "",
                category.id.replace("_", " "),
                _READ[category.related],
                scale.source if number == 0 else "",
            )
    screen().print(shown)


@app.command("read")
def read(
    answer: Annotated[str, typer.Argument(help="The answer as given, such as 'Possible' or 可能.")],
    method: Annotated[
        str | None, typer.Option(help="The method as given, such as WHO-UMC.", show_default=False)
    ] = None,
    unlikely_is_related: Annotated[
        bool, typer.Option("--unlikely-is-related", help="Count 'unlikely' as related.")
    ] = False,
    as_json: Json = False,
) -> None:
    """
    Read one answer: which scale holds it, which category it is, and whether it counts as related.

    The answer itself is never changed. One that no scale holds is unknown, and a person reads it.
    """
    found = read_answer(method, answer, unlikely_is_related=unlikely_is_related)
    if as_json:
        print_json(_reading(found))
    else:
        screen().print(f"{_READ[found.related]}: {found.reason}", soft_wrap=True)


@app.command("naranjo")
def naranjo(
    yes: Annotated[str, typer.Option(metavar="NUMBERS", help="Answered yes, such as 1,2,3.")] = "",
    no: Annotated[str, typer.Option(metavar="NUMBERS", help="Answered no, such as 5.")] = "",
    as_json: Json = False,
) -> None:
    """
    Score the Naranjo form: ten questions by their numbers; those not named are unknown.

    Refused unless question 2 (did it come after the drug?) and 5 (other causes?) are answered: an
    empty form would score 0, "doubtful".
    """
    said_yes, said_no = _numbers(yes, "--yes"), _numbers(no, "--no")
    if said_yes & said_no:
        raise UsageFault("a question is answered both yes and no")
    told: dict[int, bool | None] = {
        **dict.fromkeys(said_yes, True),
        **dict.fromkeys(said_no, False),
    }
    scored = assess_naranjo(told)
    if isinstance(scored, NaranjoNotAssessable):
        asked = " and ".join(map(str, scored.open_questions))
        raise UsageFault(f"not assessable: answer question {asked} first, by --yes or --no")
    if as_json:
        print_json({"score": scored.score, **_reading(scored.reading)})
    else:
        screen().print(f"{scored.score}: {scored.reading.reason}", soft_wrap=True)


@app.command("rucam")
def rucam(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.json",
            help="Fields of the desk decision `answer_rucam`, and days and age.",
        ),
    ],
    as_json: Json = False,
) -> None:
    """
    Score RUCAM (2016) from a file of answers: R chooses the hepatocellular or the cholestatic form.

    A JSON object with the fields of the answers of `answer_rucam`, and besides
    `days_from_first_dose`, `days_from_last_dose` (0 while the drug is taken) and `age_years`.
    Refused below the entry criteria, and where the time to onset is not known or does not fit.
    """
    form = _read_form(path)
    scored = score_rucam(
        form.model_dump(mode="json", exclude_none=True),
        sample=None,
        from_first=_exactly(form.days_from_first_dose),
        from_last=_exactly(form.days_from_last_dose),
        age_years=form.age_years,
    )
    if isinstance(scored, RucamNotAssessable):
        raise UsageFault("not assessable: " + "; ".join(scored.reasons))
    if as_json:
        print_json(_score(scored))
        return
    shown = table("item", "points", "because", "evidence", right=("points",))
    for item in scored.items:
        shown.add_row(item.item, f"{item.points:+d}", item.reason, item.evidence)
    screen().print(shown)
    screen().print(
        f"{scored.score}, {scored.category.replace('_', ' ')}: the"
        f" {scored.form.replace('_', ' or ')} form, R {plain(scored.r_value)}."
        " It supports an assessment and is none.",
        soft_wrap=True,
    )


class _Form(RucamAnswers):
    """The answers of a form with what a case would tell."""

    days_from_first_dose: int | None = None
    days_from_last_dose: int | None = None
    age_years: int | None = None


def _read_form(path: Path) -> _Form:
    try:
        return _Form.model_validate_json(path.read_bytes(), strict=False)
    except OSError as error:
        raise InputFileError(f"{path} cannot be read ({error.strerror}); check the name") from None
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, fault["loc"])) or "the file"
        raise InputFileError(f"{path}, {where}: {fault['msg']}") from None


def _exactly(days: int | None) -> DayCount | None:
    return None if days is None else DayCount(days, days)


def _numbers(told: str, option: str) -> set[int]:
    parts = [part.strip() for part in told.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= QUESTIONS for part in parts):
        raise UsageFault(
            f"{option} takes numbers of questions from 1 to {QUESTIONS}, such as 1,2,3"
        )
    return {int(part) for part in parts}


def _reading(found: Relatedness) -> dict[str, object]:
    return {
        "scale": found.scale.value,
        "category": found.category,
        "related": found.related,
        "reason": found.reason,
    }


def _score(scored: RucamScore) -> dict[str, object]:
    return {
        "form": scored.form,
        "pattern": scored.pattern,
        "r_value": plain(scored.r_value),
        "score": scored.score,
        "category": scored.category,
        "items": [
            {"item": each.item, "points": each.points, "reason": each.reason}
            for each in scored.items
        ],
    }
