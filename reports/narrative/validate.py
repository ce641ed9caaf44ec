"""
Does the narrative say what the case says, and say it as a narrative should?

Run before a narrative leaves the house. It trusts no template: sources, dates and
quoted words are compared with the case again, and style is checked on the words
that the templates wrote, not on those of the source. Findings name part and
sentence, never a value.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from reports.narrative.model import ABSENT, PARTS, Narrative, Part, Sentence
from safety.case import CaseState, Entry, Value
from safety.findings import Finding

_FACTUAL = frozenset(PARTS[:6])
_ENDINGS = re.compile(r"[.!?。！？][\"”]?$")
_ARTEFACTS = re.compile(
    r"\b(None|null|nan|NaN|True|False|undefined)\b|\{\{|\}\}|\{%|%\}|\?|[\ue000\ue001␣]|\s\s"
    r"|[,;:，；：、。][,.;:，；：、。]"
)
# Codes and symbols that a Chinese text keeps; every other Latin word would be left over English.
_SYMBOLS = "AFP|ALP|ALT|AST|BCLC|BMI|CRP|CTCAE|ECG|ECOG|GGT|HBV|HCV|INR|LDH|LVEF|TSH|WBC|kg|cm|C"
_STYLE = {
    "en": {
        "judgement_in_facts": re.compile(
            r"\b(unfortunately|fortunately|surprisingly|remarkably|interestingly|obviously"
            r"|clearly|regrettably|sadly|luckily|hopefully|of course)\b",
            re.IGNORECASE,
        ),
        "not_past_tense": re.compile(r"\b(is|are|has|have|does|do|will|shall|can)\b"),
        "first_person": re.compile(r"\b(I|we|We|our|Our|my|My|us)\b"),
    },
    "zh": {
        "judgement_in_facts": re.compile(
            "不幸|幸运|幸好|万幸|令人惊讶|出人意料|意外地|显然|明显地|可惜|遗憾|居然|竟然|有趣的是|值得注意的是"
        ),
        "not_past_tense": re.compile("将要|将会|即将|将于|会出现|会发生|应当|目前|现在|正将"),
        "first_person": re.compile("我们|我司|我方|咱们|本人|我"),
    },
}
_LANGUAGE = {  # what must not be found anywhere in our own words
    "zh": re.compile(
        rf"(?<![A-Za-z])(?!(?:{_SYMBOLS})(?![A-Za-z]))[A-Za-z]+|[\u4e00-\u9fff] (?!→)"
    ),
}
_NUMERIC_DATE = re.compile(r"\d{4}[-/.]\d{1,2}(?!\d)|\d{1,2}/\d{1,2}/\d{2,4}")
_MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_DATES = re.compile(
    r"(?P<day>\d\d)-(?P<short>[A-Z]{3})-(?P<y1>\d{4})"
    r"|(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December) (?P<y2>\d{4})"
    r"|(?P<y4>\d{4})年(?:(?P<m4>\d{1,2})月(?:(?P<d4>\d{1,2})日)?)?"
    r"|(?<![\w.-])(?P<y3>\d{4})(?![\w-]|\.\d)"
)
_PERSONS = ("given_name", "middle_name", "family_name", "organisation", "email", "telephone")
_SHORTEST_NAME = 3  # letters; a shorter Latin name is a word or an abbreviation as well


def validate_narrative(narrative: Narrative, state: CaseState) -> tuple[Finding, ...]:
    """
    Check a narrative against the case it was made of.

    Args:
        narrative: The narrative.

        state: The case as it stood when the narrative was made.

    Returns:
        What is wrong, in reading order; empty if it may leave.
    """
    facts = _Facts(narrative, state)
    findings = list(_structure(narrative))
    for part in narrative.paragraphs:
        for place, sentence in enumerate(part.sentences, start=1):
            where = f"narrative.{part.name}.{place}"
            findings += _form(sentence, where)
            findings += _dates_in_words(sentence, where)
            findings += _style(part, sentence, where, narrative.language)
            findings += facts.check(sentence, where)
    return tuple(findings)


def _structure(narrative: Narrative) -> Iterator[Finding]:
    if tuple(part.name for part in narrative.parts) != PARTS:
        yield Finding("wrong_parts", "narrative", "the eight parts are not there in their order")
    for part in narrative.paragraphs:
        if not part.sentences:
            yield Finding(
                "empty_part", f"narrative.{part.name}", "the part is empty; say what is missing"
            )


def _form(sentence: Sentence, where: str) -> Iterator[Finding]:
    if not sentence.sources:
        yield Finding("no_source", where, "the sentence names no field it was made from")
    if not _ENDINGS.search(sentence.text):
        yield Finding("no_full_stop", where, "the sentence has no punctuation at its end")
    if _ARTEFACTS.search(sentence.own_words):
        yield Finding(
            "artefact", where, "the sentence shows an unresolved value or a stray character"
        )


def _dates_in_words(sentence: Sentence, where: str) -> Iterator[Finding]:
    if _NUMERIC_DATE.search(sentence.own_words):
        yield Finding("date_in_figures", where, "the sentence writes a date in bare figures")


def _style(part: Part, sentence: Sentence, where: str, language: str) -> Iterator[Finding]:
    foreign = _LANGUAGE.get(language)
    if foreign is not None and foreign.search(sentence.own_words):
        yield Finding(
            "other_language", where, "the sentence has words of another language, or its spaces"
        )
    if part.name in _FACTUAL:
        for code, pattern in _STYLE.get(language, {}).items():
            if pattern.search(sentence.own_words):
                yield Finding(
                    code, where, "facts are told in the past tense, third person, unjudged"
                )


class _Facts:
    """All that a narrative may draw on, in the forms in which it may appear."""

    def __init__(self, narrative: Narrative, state: CaseState) -> None:
        self._state = state
        self._derived = narrative.derived
        self._fields = {
            f"{path}.{name}": fact.value
            for path, facts in state.entities.items()
            for name, fact in facts.items()
        }
        self._dates: set[str] = set()
        self._words: set[str] = set()
        for value in (*self._fields.values(), *narrative.derived.values()):
            self._learn(value)
        self._names = tuple(_names(state))

    def check(self, sentence: Sentence, where: str) -> Iterator[Finding]:
        """Compare one sentence with the case."""
        if not all(map(self._is_source, sentence.sources)):
            yield Finding("unknown_source", where, "a source of the sentence is not in the case")
        if not all(words.casefold() in self._words for words in sentence.quoted()):
            yield Finding("not_verbatim", where, "words shown as the source's are not in the case")
        if not all(self._is_date(found) for found in _DATES.finditer(sentence.own_words)):
            yield Finding("invented_date", where, "a date of the sentence is not in the case")
        if any(name.search(sentence.text) for name in self._names):
            yield Finding(
                "name_of_person", where, "the sentence names a person or an institution; mask it"
            )

    def _is_source(self, source: str) -> bool:
        if not source.startswith(ABSENT):
            return source in self._fields or source in self._derived
        place = source.removeprefix(ABSENT)
        if place in self._fields:
            return not _tells(self._fields[place])
        family, _, name = place.rpartition(".")
        listed = self._state.entries(family) if family else ()
        return not self._state.entries(place) and not any(_tells(e.known(name)) for e in listed)

    def _is_date(self, found: re.Match[str]) -> bool:
        part = found.groupdict()
        if part["short"]:
            iso = f"{part['y1']}-{_month(part['short'])}-{part['day']}"
        elif part["month"]:
            iso = f"{part['y2']}-{_month(part['month'])}"
        else:
            pieces = (part["y3"] or part["y4"], part["m4"], part["d4"])
            iso = "-".join(piece.zfill(2) for piece in pieces if piece)
        return iso in self._dates

    def _learn(self, value: Value) -> None:
        match value:
            case {"value": str(moment), "precision": _}:
                day = moment[:10]
                self._dates |= {day[:length] for length in (4, 7, 10) if length <= len(day)}
            case {"value": number}:
                plain = _plain(number)
                self._words |= {plain, f"{value.get('comparator') or ''}{plain}"}
                self._words.add(str(value.get("unit") or "").casefold())
            case {"system": str(system), "code": str(code)}:
                parts = (system, value.get("version"), code)
                self._words.add(" ".join(part for part in parts if part).casefold())
            case dict():
                for inner in value.values():
                    self._learn(inner)
            case list():
                for inner in value:
                    self._learn(inner)
            case _:
                self._words |= {str(value).strip().casefold(), _plain(value)}


def _tells(value: Value) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _month(name: str) -> str:
    return f"{_MONTHS.find(name[:3].upper()) // 3 + 1:02}"


def _plain(number: Value) -> str:
    try:
        return f"{Decimal(str(number)):f}"
    except InvalidOperation:
        return str(number).casefold()


def _names(state: CaseState) -> Iterator[re.Pattern[str]]:
    sender = Entry("sender", state.entities.get("sender", {}))
    for person in (*state.entries("reporters"), sender):
        names: Mapping[str, str] = {
            field: str(person.known(field)).strip()
            for field in _PERSONS
            if person.known(field) is not None
        }
        whole = names.get("family_name", "") + names.get("given_name", "")
        for name in {*names.values(), whole}:
            if name.isascii() and len(name) >= _SHORTEST_NAME:
                yield re.compile(rf"\b{re.escape(name)}\b")
            elif not name.isascii() and len(name) > 1:
                yield re.compile(re.escape(name))
