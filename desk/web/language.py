"""
The desk in English and Chinese.

English is written in the templates and is the key of the translation; what has none is shown in
English. Words of the field, of a rule or of a source are never translated.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "English", "zh": "中文"}


def translate(language: str, text: str, **values: object) -> str:
    """Give a text of the desk in a language, with values put in."""
    told = _catalogue(language).get(text, text)
    return told.format(**values) if values else told


def preferred(accepted: str) -> str:
    """Give the language of ours that a browser's `Accept-Language` asks for first."""
    for part in accepted.lower().split(","):
        name = part.partition(";")[0].strip().partition("-")[0]
        if name in LANGUAGES:
            return name
    return "en"


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    found = files("desk.web") / "locale" / f"{language}.toml"
    if not found.is_file():
        return {}
    told: Mapping[str, str] = tomllib.loads(found.read_text(encoding="utf-8"))["texts"]
    return told
