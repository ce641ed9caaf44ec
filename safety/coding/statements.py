"""
Does this phrase say that something happened?

"No diarrhoea" and "for hepatocellular carcinoma" name a disorder and report none. A reported event
that is taken for a non-event is lost, so the reading is cautious: a phrase counts as negation,
indication or history only where all that stands behind the cue is known to be the name of a
disorder. "No bowel movement" is left for a person; "no improvement of diarrhoea" is diarrhoea.
The cues are data: `data/language.toml`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from safety.coding.folding import has_cjk, load_language

IsTerm = Callable[[str], bool]

_LIST_MARKS = r"[/&+、]"
_CLAUSE_MARKS = r"[,;。\n]|(?<=[a-z]{3})\.\s"
_DURATION = re.compile(r"\d+\s*(?:余?年|个?月|[天日]|years?|months?|weeks?|days?)余?$")
_ABSENT = ("(-)", "(-ve)")  # punctuation, which no look-up of words sees
_EDGES = " \t,;:。.、!?-"


class StatementKind(StrEnum):
    """What a phrase says about the disorder it names."""

    EVENT = "event"
    NEGATED = "negated"
    INDICATION = "indication"
    HISTORY = "history"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Statement:
    """A phrase as read: its kind, and the clauses that report an event."""

    kind: StatementKind
    clauses: tuple[str, ...]

    @property
    def is_event(self) -> bool:
        """Whether anything is left that may be an event."""
        return self.kind is StatementKind.EVENT


def read_statement(phrase: str, is_term: IsTerm) -> Statement:
    """
    Read what a phrase in plain form states.

    Taken in this order, the first that applies decides:

    1. the phrase is one of the ways of saying that there is nothing: nothing;
    2. it begins with an explicit marker ("indication:"): indication;
    3. it is one negated list ("no fever, chills or rash"): negated;
    4. clause by clause: negated, indication and history clauses are dropped, and so is the
       negated tail of a clause, a tail that blames the treatment of a disorder ("due to treatment
       of"), and a head that does ("treatment of HCC caused"); if none is left, the kind of the
       first one dropped;
    5. otherwise an event, with the clauses that are left.

    Args:
        phrase: The verbatim in plain form, see `folding.plain()`.

        is_term: Whether a phrase is the name of a disorder, exactly.
    """
    words = load_language().statements
    if phrase.strip(_EDGES) in words.nothing or phrase in words.nothing:
        return Statement(StatementKind.NOTHING, ())
    if phrase.startswith(words.indication_marker):
        return Statement(StatementKind.INDICATION, ())

    phrase = _without_pseudo_negation(phrase, words.pseudo_negation)
    if _is_negated_list(phrase, is_term):
        return Statement(StatementKind.NEGATED, ())

    kept: list[str] = []
    dropped: list[StatementKind] = []
    for clause in split_clauses(phrase):
        kind = _kind_of_clause(clause, is_term)
        if kind is StatementKind.EVENT:
            told = _behind_blamed_treatment(_before_negated_tail(clause), is_term)
            kept.append(_before_blamed_treatment(told, is_term))
        else:
            dropped.append(kind)
    if not kept and dropped:
        return Statement(dropped[0], ())
    return Statement(StatementKind.EVENT, tuple(clause for clause in kept if clause))


def is_marked_absent(phrase: str) -> bool:
    """Say whether a sign says that what the phrase names is not there."""
    return phrase.endswith(_ABSENT) or phrase.startswith(_ABSENT)


def split_clauses(phrase: str) -> tuple[str, ...]:
    """Cut a phrase at the marks and words that stand between statements."""
    return _split(phrase, _CLAUSE_MARKS, load_language().statements.clause_words)


def split_list(phrase: str) -> tuple[str, ...]:
    """Cut a clause at the marks and words that stand between two events named together."""
    return _split(phrase, _LIST_MARKS, load_language().statements.list_words)


def _kind_of_clause(clause: str, is_term: IsTerm) -> StatementKind:
    words = load_language().statements
    cues = (
        (StatementKind.NEGATED, words.negation_before, words.negation_after),
        (StatementKind.INDICATION, words.indication_before, words.indication_after),
        (StatementKind.HISTORY, words.history_before, words.history_after),
    )
    said = _after_cue(clause, words.before_cue)[:1] or (clause,)
    for kind, before, after in cues:
        if any(_all_terms(rest, is_term) for rest in _rests((clause, *said), before, after)):
            return kind
    if any(_is_indication(rest, is_term) for rest in _after_cue(clause, words.cause_before)):
        return StatementKind.INDICATION
    return StatementKind.EVENT


def _is_indication(clause: str, is_term: IsTerm) -> bool:
    words = load_language().statements
    rests = _rests((clause,), words.indication_before, words.indication_after)
    return any(_all_terms(rest, is_term) for rest in rests)


def _rests(
    clauses: Iterable[str], before: tuple[str, ...], after: tuple[str, ...]
) -> Iterator[str]:
    """Give what a clause is about, with the cues before it and after it taken away."""
    trailers = load_language().statements.negated_trailer
    for clause in clauses:
        undated = _DURATION.sub("", clause).strip(_EDGES)
        begun = _after_cue(clause, before)
        yield from _before_cue(undated, after)
        for rest in begun:
            yield from (rest, *_before_cue(rest, trailers), *_before_cue(rest, after))


def _is_negated_list(phrase: str, is_term: IsTerm) -> bool:
    words = load_language().statements
    if not re.search(r"\b(?:or|nor)\b|或", phrase):
        return False
    return any(
        all(_all_terms(part, is_term) for part in split_clauses(rest))
        for rest in _after_cue(phrase, words.negation_before)
    )


def _all_terms(rest: str, is_term: IsTerm) -> bool:
    parts = _split(rest, _LIST_MARKS, load_language().statements.negated_list_words)
    return is_term(rest) or (bool(parts) and all(is_term(part) for part in parts))


def _after_cue(clause: str, cues: Iterable[str]) -> tuple[str, ...]:
    """Give what stands behind each cue that the clause begins with, longest cue first."""
    return tuple(
        clause[len(cue) :].strip(_EDGES)
        for cue in cues
        if clause.startswith(cue) and _ends_word(clause, len(cue))
    )


def _before_cue(clause: str, cues: Iterable[str]) -> tuple[str, ...]:
    """Give what stands before each cue that the clause ends with, longest cue first."""
    return tuple(
        clause[: -len(cue)].strip(_EDGES)
        for cue in cues
        if clause.endswith(cue) and _ends_word(clause, len(clause) - len(cue))
    )


def _ends_word(text: str, position: int) -> bool:
    """Say whether a word boundary is at the position; Chinese has one between any two signs."""
    if position in (0, len(text)):
        return True
    left, right = text[position - 1], text[position]
    return has_cjk(left + right) or not (left.isalnum() and right.isalnum())


def _before_negated_tail(clause: str) -> str:
    for cue in load_language().statements.negated_tail:
        position = clause.find(cue)
        if position > 0 and _ends_word(clause, position):
            return clause[:position].strip(_EDGES)
    return clause


def _before_blamed_treatment(clause: str, is_term: IsTerm) -> str:
    for cue in load_language().statements.cause_before:
        position = clause.rfind(cue)
        if position <= 0 or not _ends_word(clause, position):
            continue
        blamed = _after_cue(clause[position:], (cue,))
        if any(_is_indication(rest, is_term) for rest in blamed):
            return clause[:position].strip(_EDGES)
    return clause


def _behind_blamed_treatment(clause: str, is_term: IsTerm) -> str:
    for found in _effect_cues().finditer(clause):
        start, end = found.span()
        bounded = _ends_word(clause, start) and _ends_word(clause, end)
        if bounded and clause[end:].strip(_EDGES):
            head = clause[:start].strip(_EDGES)
            if _is_indication(head, is_term) or _is_treatment(head):
                return clause[end:].strip(_EDGES)
    return clause


def _is_treatment(head: str) -> bool:
    words = load_language().statements
    begun = (head, *_after_cue(head, words.treated_before))
    ended = [rest for part in begun for rest in _before_cue(part, words.treated_after)]
    return any(rest in words.treatments for rest in (*begun[1:], *ended))


@lru_cache(maxsize=1)
def _effect_cues() -> re.Pattern[str]:
    cues = "|".join(map(re.escape, load_language().statements.effect_before))
    return re.compile(rf"(?:{cues})(?!\s+(?:by|to|with)\b)")


def _without_pseudo_negation(phrase: str, cues: tuple[str, ...]) -> str:
    for cue in cues:
        if cue in phrase:
            phrase = phrase.replace(cue, " ")
    return " ".join(phrase.split()).strip(_EDGES)


def _split(phrase: str, marks: str, words: tuple[str, ...]) -> tuple[str, ...]:
    parts = _separator(marks, words).split(phrase)
    return tuple(part for part in (part.strip(_EDGES) for part in parts) if part)


@lru_cache(maxsize=8)
def _separator(marks: str, words: tuple[str, ...]) -> re.Pattern[str]:
    latin = [re.escape(word) for word in words if not has_cjk(word)]
    chinese = [re.escape(word) for word in words if has_cjk(word)]
    return re.compile("|".join([marks, rf"\b(?:{'|'.join(latin)})\b", *chinese]))
