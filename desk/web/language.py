"""
The desk in English and Chinese.

English is written in the templates and is the key of the translation; what has none is shown in
English. Words of the field, of a rule or of a source are never translated.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "English", "zh": "中文"}


def translate(language: str, text: str, **values: object) -> str:
    """Give a text of the desk in a language, with values put in."""
    told = _catalogue(language).get(text)
    if told is None:
        return _translate_sentence(language, text) if not values else text.format(**values)
    return told.format(**values) if values else told


def _translate_sentence(language: str, text: str) -> str:
    """Give a sentence that came with its values put in, such as a refusal; else as it is."""
    if len(text) < _SHORTEST:
        return text
    for pattern, told in _sentences(language):
        found = pattern.fullmatch(text)
        if found is not None:
            return told.format(
                **{
                    name: _translate_words(language, said)
                    for name, said in found.groupdict().items()
                }
            )
    return text


def _translate_words(language: str, said: str) -> str:
    """Give the words that stood in a sentence; several with a comma or an "or" between them."""
    known = _catalogue(language)
    return _BETWEEN.sub("、", "、".join(known.get(one, one) for one in _BETWEEN.split(said)))


_SHORTEST = 20  # characters; a shorter text is a word or a name
_BETWEEN = re.compile(", | or ")
_HOLE = re.compile(r"\\\{(\w+)\\\}")


def preferred(accepted: str) -> str:
    """Give the language of ours that a browser's `Accept-Language` asks for first."""
    for part in accepted.lower().split(","):
        name = part.partition(";")[0].strip().partition("-")[0]
        if name in LANGUAGES:
            return name
    return "en"


@cache
def _sentences(language: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """Give the texts with holes as patterns; those with the most fixed words are asked first."""
    holed = [(text, told) for text, told in _catalogue(language).items() if "{" in text]
    return [
        (re.compile(_HOLE.sub(r"(?P<\1>.+?)", re.escape(text))), told)
        for text, told in sorted(holed, key=lambda each: -len(each[0]))
    ]


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    found = files("desk.web") / "locale" / f"{language}.toml"
    if not found.is_file():
        return {}
    told: Mapping[str, str] = tomllib.loads(found.read_text(encoding="utf-8"))["texts"]
    return told
