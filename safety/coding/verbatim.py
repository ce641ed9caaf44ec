"""
Which term is meant by what the reporter wrote?

The verbatim is never changed. It is looked up as it stands, then with less and less of what is not
the event (grade, brackets, measurements, qualifiers, site); only when no look-up succeeds is it
compared letter by letter. What stays doubtful stays uncoded, with the nearest terms for a person.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from safety.coding.dictionary import Dictionary, Term
from safety.coding.folding import bag_of, fold, has_cjk, key_of, load_language, plain, spell_out
from safety.coding.fuzzy import RUNNERS_UP, Candidate, match_fuzzily, nearest_terms
from safety.coding.intensity import strip_intensity
from safety.coding.reduction import is_only_qualifiers, reduce_qualifiers, reduce_site
from safety.coding.statements import is_marked_absent, read_statement, split_clauses, split_list

LONGEST_VERBATIM = 250  # characters; E2B(R3) E.i.1.1a allows no more
_CACHE = 16_384  # phrases, of LONGEST_VERBATIM characters at most: a few megabytes
_MOST_RUN_TOGETHER = 4  # Chinese names with nothing between them
_MOST_CLAUSES = 40  # of an overlong text that are looked at for suggestions

# How much of the phrase the look-up that succeeded had left aside, as a score.
_WHOLE, _NO_BRACKETS, _NO_MEASUREMENT, _NO_QUALIFIER, _NO_SITE = 100.0, 98.0, 98.0, 95.0, 90.0

# Death is an outcome: where a cause is named with it, the cause is the event.
_DEATHS = frozenset({"Death NOS", "Sudden death NOS"})

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_QUANTITY = r"\d[\d.,]*(?:\s*[-~/x*^至到]\s*\d[\d.,]*)*"
_UNIT = (
    r"(?:x\s*)?(?:uln|lln)\b|%|°\s*c?\b|c\b|mmhg\b|bpm\b"
    r"|(?:次|times?\b)(?:\s*(?:/|per\b|a\b|每)\s*(?:day|d|日|天|h|周|week)\b)?"
    r"|(?:/|per\s|每)\s*(?:day|d|日|天|night)\b|days?\b|d\b|weeks?\b|wks?\b|months?\b|years?\b|hours?\b|hrs?\b"
    r"|天|日|周|个月|月|小时|年|kg\b|公斤|斤"
    r"|(?:[mnµμup]?(?:mol|g|iu|u)|[mk]iu|iu|u|g)\s*/\s*(?:ml|dl|l|24\s*h|d|h)\b|/\s*(?:l|ml|dl|ul|mm3)\b"
    r"|ml\b|cm\b|mm\b|度|余|多"
)
_MEASUREMENT = re.compile(
    rf"(?:\b(?:bp|for|x|about|approx|up\s+to)\s*|[<>=≥≤约达近])?{_QUANTITY}\s*(?:(?:{_UNIT})\s*)*"
)
_FIGURES = re.compile(rf"{_QUANTITY}\s*(?:(?:{_UNIT})\s*)*")


class CodingMethod(StrEnum):
    """How a verbatim came to its term, or why it has none."""

    EXACT = "exact"
    NORMALISED = "normalised"
    SYNONYM = "synonym"
    FUZZY = "fuzzy"
    UNCODED = "uncoded"
    NOT_AN_EVENT = "not_an_event"
    AS_RECORDED = "as_recorded"


@dataclass(frozen=True, slots=True)
class Coding:
    """
    A verbatim as coded; term, code and soc are None unless it was.

    `score` is 100 where the whole phrase is a known name, less where words were left aside or
    letters differ, and 0 without a term. `reason` says in words what was done, and never holds
    words of the verbatim. `parts` are the events that an uncoded verbatim names together, each as
    coded by itself; a part that no name is near enough to is among them, uncoded.
    """

    term: str | None
    code: str | None
    soc: str | None
    method: CodingMethod
    score: float
    runners_up: tuple[Candidate, ...]
    dictionary: str
    reason: str
    parts: tuple["Coding", ...] = ()
    llt: str | None = None
    llt_code: str | None = None
    known_as: str | None = None  # the term as labels and grades name it; see `Term.concept`


@dataclass(frozen=True, slots=True)
class _Hit:
    term: Term
    method: CodingMethod
    score: float
    reason: str


def code_verbatim(text: str, dictionary: Dictionary) -> Coding:
    """
    Code what the reporter wrote to a term of the dictionary.

    Taken in this order, the first that applies decides:

    1. empty, or longer than `LONGEST_VERBATIM`: uncoded;
    2. the phrase is the name of a term, letter for letter: exact;
    3. the folded phrase is a folded name: normalised; a folded synonym: synonym; not where a sign
       such as (-), which folding does not see, says that it is not there;
    4. the phrase states no event (negation, indication, history): not an event;
    5. several statements, or several events in one: uncoded, each event a part and a candidate,
       for one term cannot stand for two (a dictionary that has a name for both was asked in 3);
    6. as 3, without grade and intensity, brackets, measurements, qualifiers and, where the site
       does not matter, the site;
    7. the letters differ so little from one name, and from no other, that it is a misspelling
       (see `fuzzy`): fuzzy;
    8. uncoded, with the nearest terms.
    """
    if len(text) > LONGEST_VERBATIM:
        return _code_overlong(text, dictionary)
    return _code_cached(text, dictionary)


@lru_cache(maxsize=_CACHE)
def _code_cached(text: str, dictionary: Dictionary) -> Coding:
    phrase = plain(text)
    if not fold(phrase):
        return _without_term(CodingMethod.UNCODED, "no word in the verbatim", (), dictionary)

    exact = dictionary.by_name.get(text.strip())
    if exact is not None:
        return _with_term(_Hit(exact, CodingMethod.EXACT, _WHOLE, "the name itself"), dictionary)
    whole = None
    if not is_marked_absent(phrase):
        whole = _look_up(phrase, dictionary, _WHOLE, "the whole phrase")
    if whole is not None:
        return _with_term(whole, dictionary)

    statement = read_statement(
        spell_out(phrase), lambda part: _look_up(part, dictionary, _WHOLE, "") is not None
    )
    if not statement.is_event:
        return _without_term(CodingMethod.NOT_AN_EVENT, f"read as {statement.kind}", (), dictionary)
    return _code_clauses(statement.clauses, dictionary)


def _code_clauses(clauses: tuple[str, ...], dictionary: Dictionary) -> Coding:
    told = tuple(
        clause for clause in clauses if not is_only_qualifiers(_without_measurement(clause))
    )
    if not told:
        reason = "nothing but grade, measurement or qualifier"
        return _without_term(CodingMethod.UNCODED, reason, (), dictionary)
    if len(told) > 1:
        codings = [_code_clause(clause, dictionary) for clause in told]
        events = [coding for coding in codings if not _is_death(coding)] or codings
        if len({coding.term for coding in events}) == 1 and events[0].term is not None:
            return events[0]
        return _several("several statements in one verbatim: split it", events, dictionary)
    return _code_clause(told[0], dictionary)


def _code_clause(clause: str, dictionary: Dictionary) -> Coding:
    hit = _look_up_reduced(clause, dictionary)
    if hit is not None:
        return _with_term(hit, dictionary)

    together = _events_together(clause, dictionary)
    events = [coding for coding in together if not _is_death(coding)] or together
    if len(_terms(events)) > 1:
        return _several("several events in one verbatim: split it", events, dictionary)
    if events and all(coding.score >= _NO_SITE for coding in together):
        reason = "names of one event" if events == together else "the cause named with the death"
        score = min(coding.score for coding in events)
        return replace(events[0], method=CodingMethod.SYNONYM, score=score, reason=reason)

    phrase = _without_measurement(clause)
    for reduced, score, what in _without_context(phrase):
        hit = _look_up(reduced, dictionary, score, what)
        if hit is not None and not (score == _NO_SITE and _site_matters(hit.term)):
            return _with_term(hit, dictionary)

    return _code_fuzzily(phrase, together, dictionary)


def _code_fuzzily(phrase: str, parts: Iterable[Coding], dictionary: Dictionary) -> Coding:
    found = match_fuzzily(reduce_qualifiers(phrase)[-1:] or (phrase,), dictionary)
    suggested = nearest_terms(phrase, dictionary)
    if found is not None:
        term, score = found
        others = tuple(candidate for candidate in suggested if candidate.term != term.name)
        hit = _Hit(term, CodingMethod.FUZZY, score, "a misspelling of one name only")
        return _with_term(hit, dictionary, others[:RUNNERS_UP])
    told = (candidate for part in parts if part.term for candidate in _as_candidates(part))
    candidates = _merge((*told, *suggested))
    return _without_term(CodingMethod.UNCODED, "no name is near enough", candidates, dictionary)


def _code_overlong(text: str, dictionary: Dictionary) -> Coding:
    phrase = spell_out(plain(text[: LONGEST_VERBATIM * _MOST_CLAUSES]))
    clauses = split_clauses(phrase)[:_MOST_CLAUSES]
    hits = (
        _look_up_reduced(clause, dictionary)
        for clause in clauses
        if len(clause) <= LONGEST_VERBATIM
    )
    candidates = _merge(_candidate(hit.term) for hit in hits if hit is not None)
    reason = f"longer than the {LONGEST_VERBATIM} characters of a reaction term"
    return _without_term(CodingMethod.UNCODED, reason, candidates, dictionary)


def _look_up(phrase: str, dictionary: Dictionary, score: float, reason: str) -> _Hit | None:
    tokens = fold(phrase)
    key = key_of(tokens)
    by_name = dictionary.by_key.get(key)
    if by_name is not None:
        return _Hit(by_name, CodingMethod.NORMALISED, score, reason)
    by_synonym = dictionary.by_synonym.get(key)
    if by_synonym is None:
        bag = bag_of(tokens)
        by_synonym = None if bag is None else dictionary.by_bag.get(bag)
    if by_synonym is None:
        return None
    return _Hit(by_synonym, CodingMethod.SYNONYM, score, reason)


def _look_up_reduced(clause: str, dictionary: Dictionary) -> _Hit | None:
    """Look a clause up with less and less of what never belongs to the name of an event."""
    graded = strip_intensity(clause)
    unbracketed = _BRACKETS.sub(" ", graded)
    reductions = (
        (clause, _WHOLE, "the whole clause"),
        (graded, _WHOLE, "without grade and intensity"),
        (unbracketed, _NO_BRACKETS, "without brackets"),
        (_MEASUREMENT.sub(" ", unbracketed), _NO_MEASUREMENT, "without measurements"),
        (_FIGURES.sub(" ", unbracketed), _NO_MEASUREMENT, "without figures"),  # "raised BP 180/110"
    )
    for phrase, score, reason in reductions:
        hit = _look_up(phrase, dictionary, score, reason)
        if hit is not None:
            return hit
    return None


def _without_context(phrase: str) -> Iterator[tuple[str, float, str]]:
    for reduced in reduce_qualifiers(phrase):
        yield reduced, _NO_QUALIFIER, "without qualifiers"
    for reduced in reduce_site(phrase):
        yield reduced, _NO_SITE, "without qualifiers and site"


def _without_measurement(clause: str) -> str:
    unbracketed = _BRACKETS.sub(" ", strip_intensity(clause))
    return " ".join(_MEASUREMENT.sub(" ", unbracketed).split())


def _site_matters(term: Term) -> bool:
    return term.known_as in load_language().site_matters


def _events_together(clause: str, dictionary: Dictionary) -> list[Coding]:
    """Code each of the events that a clause names side by side; nothing if it names but one."""
    parts = split_list(clause)
    if len(parts) > 1:
        codings = [_code_clause(part, dictionary) for part in parts]
        return [part for coding in codings for part in coding.parts or (coding,)]
    terms = _run_together(key_of(fold(_without_measurement(clause))), dictionary)
    reason = "one of the names written together"
    return [
        _with_term(_Hit(term, CodingMethod.SYNONYM, _WHOLE, reason), dictionary) for term in terms
    ]


def _run_together(key: str, dictionary: Dictionary) -> tuple[Term, ...]:
    """Find Chinese names written with nothing between them, as few as make up the whole."""
    if not has_cjk(key):
        return ()
    for count in range(2, _MOST_RUN_TOGETHER + 1):
        terms = _cut(key, count, dictionary)
        if len({term.name for term in terms}) > 1:
            return terms
    return ()


def _cut(key: str, count: int, dictionary: Dictionary) -> tuple[Term, ...]:
    """Cut a key into so many names; nothing if it cannot be."""
    if count == 1:
        term = dictionary.by_key.get(key) or dictionary.by_synonym.get(key)
        return () if term is None else (term,)
    for cut in range(2, len(key) - 1):
        first = dictionary.by_key.get(key[:cut]) or dictionary.by_synonym.get(key[:cut])
        rest = () if first is None else _cut(key[cut:], count - 1, dictionary)
        if first is not None and rest:
            return (first, *rest)
    return ()


def _several(reason: str, events: Iterable[Coding], dictionary: Dictionary) -> Coding:
    """Leave several events in one verbatim uncoded, each of them once as a part."""
    told = [part for coding in events for part in coding.parts or (coding,)]
    parts = {part.term or f"uncoded {number}": part for number, part in enumerate(told)}
    candidates = _merge(candidate for part in told for candidate in _as_candidates(part))
    uncoded = _without_term(CodingMethod.UNCODED, reason, candidates, dictionary)
    return replace(uncoded, parts=tuple(parts.values()))


def _terms(codings: Iterable[Coding]) -> set[str]:
    return {coding.term for coding in codings if coding.term is not None}


def _is_death(coding: Coding) -> bool:
    return coding.known_as in _DEATHS


def _as_candidates(coding: Coding) -> tuple[Candidate, ...]:
    if coding.term is None or coding.code is None:
        return coding.runners_up[:1]
    return (Candidate(coding.term, coding.code, coding.score),)


def _candidate(term: Term) -> Candidate:
    return Candidate(term.name, term.code, _WHOLE)


def _merge(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.term, candidate)
    return tuple(best.values())[:RUNNERS_UP]


def _with_term(hit: _Hit, dictionary: Dictionary, runners_up: tuple[Candidate, ...] = ()) -> Coding:
    return Coding(
        term=hit.term.name,
        code=hit.term.code,
        soc=hit.term.soc,
        method=hit.method,
        score=hit.score,
        runners_up=runners_up,
        dictionary=dictionary.label,
        reason=hit.reason,
        llt=hit.term.llt,
        llt_code=hit.term.llt_code,
        known_as=hit.term.known_as,
    )


def _without_term(
    method: CodingMethod, reason: str, runners_up: tuple[Candidate, ...], dictionary: Dictionary
) -> Coding:
    return Coding(
        term=None,
        code=None,
        soc=None,
        method=method,
        score=0.0,
        runners_up=runners_up,
        dictionary=dictionary.label,
        reason=reason,
    )
