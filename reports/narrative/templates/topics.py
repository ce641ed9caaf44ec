"""
What is the report about, and where does it come from? By this its templates are chosen.

The terms that make a case one of the liver are rows of `topics.toml`.
"""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from safety.deadlines import AssessedStep


def derive_topics(step: AssessedStep) -> Iterator[str]:
    """
    Give every topic of a case, the special before the general.

    1. death: an outcome is fatal, death is a criterion, or a date of death is told;
    2. liver: an event is coded to a term of the liver;
    3. literature, spontaneous or study: always one of them.
    """
    state, assessment = step.state, step.assessment
    fatal = any(judged.seriousness.fatal for judged in assessment.reactions)
    if fatal or state.patient.known("death.date") is not None:
        yield "death"
    classes, terms = _liver_terms()
    for judged in assessment.reactions:
        if judged.coding.soc in classes or (judged.coding.known_as or judged.coding.term) in terms:
            yield "liver"
            break
    kind = assessment.context.kind
    yield kind if kind in {"literature", "spontaneous"} else "study"


@lru_cache(maxsize=1)
def _liver_terms() -> tuple[frozenset[str], frozenset[str]]:
    package = files("reports.narrative.templates")
    rows = tomllib.loads(package.joinpath("topics.toml").read_text())["liver"]
    return (
        frozenset(row["class"] for row in rows if "class" in row),
        frozenset(row["term"] for row in rows if "term" in row),
    )
