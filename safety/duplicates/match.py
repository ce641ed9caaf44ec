"""Which reactions and drugs of two cases are the same? A proposal for whoever merges them."""

from collections.abc import Iterable, Iterator

from safety.assessment import assess_case
from safety.case import CaseState, Entry
from safety.coding.folding import fold, key_of
from safety.knowledge import Knowledge

Same = dict[str, str]  # as a merge has it: family, here, there


def propose_same(gives_way: CaseState, remains: CaseState, knowledge: Knowledge) -> list[Same]:
    """
    Match the reactions by term, else by folded words, and the drugs by name.

    Each entry is matched once, in the order of ids; what has no counterpart is not named.
    """
    reactions = (dict(_terms(state, knowledge)) for state in (gives_way, remains))
    drugs = (dict(_names(state)) for state in (gives_way, remains))
    return [*_matched("reactions", *reactions), *_matched("drugs", *drugs)]


def _matched(family: str, here: dict[str, str], there: dict[str, str]) -> Iterator[Same]:
    free = dict(there)
    for key, name in here.items():
        other = next((each for each, known in free.items() if known == name), None)
        if other is not None:
            del free[other]
            yield {"family": family, "here": key, "there": other}


def _terms(state: CaseState, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for reaction in assess_case(state, knowledge).reactions:
        entry = Entry(reaction.path, state.entities[reaction.path])
        words = key_of(fold(entry.known("term.text") or entry.known("english") or ""))
        name = reaction.coding.term or words
        if name:
            yield reaction.key, name


def _names(state: CaseState) -> Iterator[tuple[str, str]]:
    for drug in state.drugs:
        if (name := _first(_told_names(state, drug))) is not None:
            yield drug.key, key_of(fold(name))


def _told_names(state: CaseState, drug: Entry) -> Iterator[str | None]:
    yield from (entry.known("name") for entry in state.entries(f"{drug.path}/substances"))
    yield drug.known("name")


def _first(names: Iterable[str | None]) -> str | None:
    return next((name for name in names if name), None)
