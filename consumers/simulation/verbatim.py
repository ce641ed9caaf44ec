"""
How an investigator writes a term down: in Chinese or English, in haste.

Six in ten write Chinese. Of the rest, some shout, some mistype, some add the
grade; so the coding of terms meets what it would meet in a study database.
"""

from consumers.simulation.chance import Chance

CHINESE_PERCENT = 60
_GRADES_ZH = ("", "Ⅰ度", "Ⅱ度", "Ⅲ度", "Ⅳ度", "Ⅴ度")
_SHORTEST_MISTYPED = 6  # letters; abbreviations are typed with care


def say_term(
    chance: Chance, zh: tuple[str, ...], en: tuple[str, ...], grade: int
) -> tuple[str, str]:
    """Give a verbatim term and its language, ISO 639."""
    if chance.percent(CHINESE_PERCENT):
        return _chinese(chance, chance.pick(zh), grade), "zh"
    return _english(chance, chance.pick(en), grade), "en"


def _chinese(chance: Chance, term: str, grade: int) -> str:
    style = chance.weighted(
        (("plain", 80), ("grade", 8), ("stop", 4), ("space", 4), ("question", 2), ("width", 2))
    )
    match style:
        case "grade" if "度" not in term:
            return term + _GRADES_ZH[grade]
        case "stop":
            return term + "。"
        case "space":
            return f" {term} "
        case "question":
            return term + "？"
        case "width":
            return term + "（" + "ＡＥ" + "）"
        case _:
            return term


def _english(chance: Chance, term: str, grade: int) -> str:
    style = chance.weighted(
        (
            ("plain", 62),
            ("capital", 12),
            ("shout", 6),
            ("grade", 6),
            ("swapped", 5),
            ("dropped", 4),
            ("stop", 5),
        )
    )
    match style:
        case "capital":
            return term[0].upper() + term[1:]
        case "shout":
            return term.upper()
        case "grade" if "gr" not in term:
            return f"{term} (grade {grade})"
        case "swapped" if len(term) >= _SHORTEST_MISTYPED:
            at = chance.between(1, len(term) - 3)
            return term[:at] + term[at + 1] + term[at] + term[at + 2 :]
        case "dropped" if len(term) >= _SHORTEST_MISTYPED:
            at = chance.between(1, len(term) - 2)
            return term[:at] + term[at + 1 :]
        case "stop":
            return term + "."
        case _:
            return term
